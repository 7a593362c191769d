import type { z } from "zod";
import { type Fault, faultsOf } from "../core/faults.ts";
import { HttpError } from "../core/http.ts";

/** The input as the schema wants it. Throws HttpError 422 that names every wrong field and, for an unknown one, the near one. */
export function validate<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  const faults = result.success ? prototypesIn(input, "") : faultsOf(result.error, schema);
  if (result.success && faults.length === 0) return result.data;
  throw new HttpError(422, `The input does not fit: ${faults.map((f) => `${f.path || "body"} ${f.message}`).join("; ")}.`, {
    errors: faults,
  });
}

/** Levels of nesting: what is deeper could not be written down again. */
const DEEPEST = 100;

/** A record drops this name without a word; what a caller says is never dropped without a word. */
function prototypesIn(value: unknown, path: string, depth = 0): Fault[] {
  if (typeof value !== "object" || value === null) return [];
  if (depth > DEEPEST) return [{ path: path.slice(0, 80), message: `is nested deeper than ${DEEPEST} levels` }];
  return Object.keys(value).flatMap((key) => {
    const inner = path ? `${path}.${key}` : key;
    return key === "__proto__"
      ? [{ path: inner, message: "is not a name" }]
      : prototypesIn((value as Record<string, unknown>)[key], inner, depth + 1);
  });
}
