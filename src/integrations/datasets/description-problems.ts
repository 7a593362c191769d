import type { z } from "zod";
import { closest, listWords } from "../../core/text.ts";
import { DESCRIPTION_KEYS } from "./schema.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong with a datasets file, each with the dataset and the key it is about. */
export function descriptionProblems(error: z.ZodError, content: unknown): string[] {
  return error.issues.flatMap(plainIssues).map((issue) => `${where(issue.path, content)}${issueText(issue)}.`);
}

/** Of a union (a name alone, or its keys) the problems of the kind that was written. */
function plainIssues(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant = issue.errors.find((some) => !some.some((inner) => inner.code === "invalid_type" && inner.path.length === 0));
  return (meant ?? issue.errors[0] ?? []).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function issueText(issue: Issue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  const list = issue.path.filter((step) => typeof step === "string" && step in DESCRIPTION_KEYS).at(-1);
  const known = list === undefined ? ["datasets"] : DESCRIPTION_KEYS[list as keyof typeof DESCRIPTION_KEYS];
  const unknown = issue.keys.map((key) => {
    const near = closest(key, known);
    return `“${key}” is not a key of it${near ? `; did you mean “${near}”?` : ""}`;
  });
  return `${listWords(unknown)} There is ${listWords(known, 20)}`;
}

function where(path: readonly PropertyKey[], content: unknown): string {
  const index = path[0] === "datasets" && typeof path[1] === "number" ? path[1] : undefined;
  if (index === undefined) return path.length ? `${path.join(".")}: ` : "";
  const entry = (content as { datasets?: { name?: unknown }[] }).datasets?.[index];
  const rest = path.slice(2).join(".");
  return `dataset ${typeof entry?.name === "string" ? `“${entry.name}”` : index + 1}${rest ? `, ${rest}` : ""}: `;
}

/** What the YAML parser says up to where it quotes the file: an address there may hold a password. */
export function yamlProblem(error: unknown): string {
  if (!(error instanceof Error)) return "not YAML";
  const said = error.message.split(/[\n:(]/, 1)[0]?.trim();
  const position = (error as { linePos?: readonly { line: number }[] }).linePos?.[0];
  return position && !said?.includes(" at line ") ? `${said} at line ${position.line}` : `${said}`;
}
