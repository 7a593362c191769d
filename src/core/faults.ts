import { z } from "zod";
import { closest } from "./text.ts";

/** What is wrong with something a person wrote, in words that go on after its path: "is needed, as a string". */
export interface Fault {
  /** Dotted; empty for the whole. */
  path: string;
  message: string;
}

/** Every fault that `schema` found; for an unknown field the near one. */
export function faultsOf(error: z.ZodError, schema: z.ZodType): Fault[] {
  return error.issues.flatMap((issue) => faultOf(issue, schema, []));
}

/**
 * The entries of a list in firstmate.yaml. What is wrong joins `problems`, each with the list and the number of its entry; such an entry is
 * not among the result.
 */
export function readEntries<S extends z.ZodType>(
  list: string,
  schema: S,
  content: unknown,
  problems: string[],
): { entry: z.output<S>; where: string }[] {
  const given = z.array(z.unknown()).safeParse(content ?? []);
  if (!given.success) {
    problems.push(`firstmate.yaml: ${list} must be a list.`);
    return [];
  }
  return given.data.flatMap((raw, i) => {
    const where = `firstmate.yaml: ${list}, entry ${i + 1}:`;
    const parsed = schema.safeParse(raw);
    if (parsed.success) return [{ entry: parsed.data, where }];
    problems.push(...faultsOf(parsed.error, schema).map(({ path, message }) => `${[where, path, message].filter(Boolean).join(" ")}.`));
    return [];
  });
}

function faultOf(issue: z.core.$ZodIssue, schema: z.ZodType, within: readonly PropertyKey[]): Fault[] {
  const whole = [...within, ...issue.path];
  const path = whole.map(String).join(".");
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField(key, whole, schema));
  if (issue.code !== "invalid_union") return [{ path, message: plain(issue.message) }];
  // The form that was meant is the one whose parts are wrong, rather than its kind.
  const meant = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys"));
  if (meant) return meant.flatMap((inner) => faultOf(inner, schema, whole));
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
