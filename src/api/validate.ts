import { z } from "zod";
import { HttpError } from "../core/http.ts";
import { closest } from "../core/text.ts";

interface Fault {
  /** Dotted; empty for the body as a whole. */
  path: string;
  message: string;
}

/** The input as the schema wants it. Throws HttpError 422 that names every wrong field and, for an unknown one, the near one. */
export function validate<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  const faults = result.success ? prototypesIn(input, "") : result.error.issues.flatMap((issue) => faultsOf(issue, schema, []));
  if (result.success && faults.length === 0) return result.data;
  throw new HttpError(422, `The input does not fit: ${faults.map((f) => `${f.path || "body"} ${f.message}`).join("; ")}.`, {
    errors: faults,
  });
}

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType, within: readonly PropertyKey[]): Fault[] {
  const whole = [...within, ...issue.path];
  const path = whole.map(String).join(".");
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(key, whole, schema));
  if (issue.code !== "invalid_union") return [{ path, message: plain(issue.message) }];
  // The form that was meant is the one whose parts are wrong, rather than its kind.
  const meant = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys"));
  if (meant) return meant.flatMap((inner) => faultsOf(inner, schema, whole));
  const purpose = describe(schema, whole[0]);
  return [
    { path, message: purpose ? `is in no form that is known here. ${purpose.replace(/\.$/, "")}` : "is in no form that is known here" },
  ];
}

function unknownField(key: string, within: readonly PropertyKey[], schema: z.ZodType): Fault {
  const known = within.length === 0 && schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const near = closest(key, known);
  return {
    path: [...within, key].map(String).join("."),
    message: `is not a field${near ? `; did you mean “${near}”?` : known.length ? ` (there is ${known.join(", ")})` : ""}`,
  };
}

function describe(schema: z.ZodType, field: PropertyKey | undefined): string | undefined {
  const type = schema instanceof z.ZodObject && typeof field === "string" ? (schema.shape[field] as z.ZodType | undefined) : undefined;
  return type?.description;
}

/** Zod's words as ours: "is needed, as a string", "must be a string, not a number", "must be one of viewer, analyst, admin". */
function plain(message: string): string {
  const text = message.replace(/^Invalid (?:input|option): /, "").replace(/^Too (?:small|big): /, "");
  const [, wanted, given] = /^expected (\w+), received (\w+)$/.exec(text) ?? [];
  if (wanted && given)
    return given === "undefined" ? `is needed, as ${withArticle(wanted)}` : `must be ${withArticle(wanted)}, not ${withArticle(given)}`;
  const [, options] = /^expected one of (.+)$/.exec(text) ?? [];
  if (options) return `must be one of ${options.replaceAll('"', "").split("|").join(", ")}`;
  const [, compared, amount] = /^expected \w+ to (?:be|have) ([<>]=?)(.+)$/.exec(text) ?? [];
  return compared && amount ? `must be ${COMPARED[compared]} ${amount}` : text;
}

const COMPARED: Readonly<Record<string, string>> = { "<": "below", "<=": "at most", ">": "above", ">=": "at least" };

function withArticle(type: string): string {
  const name = { int: "whole number", record: "object" }[type] ?? type;
  return /^(?:null|undefined|nan)$/i.test(name) ? name : `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
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
