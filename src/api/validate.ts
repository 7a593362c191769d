import type { z } from "zod";
import { HttpError } from "../core/http.ts";
import { closest } from "../core/text.ts";

/** The input as the schema wants it. Throws HttpError 422 that names every wrong field and, for an unknown one, the near one. */
export function validate<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => problemsOf(issue, schema));
  throw new HttpError(422, `The input does not fit: ${errors.map((e) => `${e.path || "body"} ${e.message}`).join("; ")}.`, { errors });
}

function problemsOf(issue: z.core.$ZodIssue, schema: z.ZodType): { path: string; message: string }[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [{ path, message: plain(issue) }];
  const known = issue.path.length === 0 && "shape" in schema ? Object.keys((schema as z.ZodObject).shape) : [];
  return issue.keys.map((key) => {
    const near = closest(key, known);
    return {
      path: [path, key].filter(Boolean).join("."),
      message: `is not a field${near ? `; did you mean “${near}”?` : known.length ? ` (there is ${known.join(", ")})` : ""}`,
    };
  });
}

function plain(issue: z.core.$ZodIssue): string {
  return issue.message.replace(/^Invalid input: /, "").replace(/^Too (?:small|big): /, "");
}
