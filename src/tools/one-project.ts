import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { matchValues } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import { type KnownProject, knownProjects } from "./list-projects.ts";

/** The project the place is bound to. Throws UserError that asks which where there is none. */
export async function boundProject(context: ToolContext): Promise<KnownProject> {
  const all = await knownProjects(context);
  const bound = all.find(({ id }) => id === context.scope);
  if (bound) return bound;
  const known = all.length > 0 ? ` There is ${listWords(all.map(({ name }) => name))}.` : "";
  throw new UserError(`Which project? Say its name: this place is bound to none.${known}`, { path: "project" });
}

/** The one project a name means. Throws UserError with the near name, or what there is. */
export async function oneProject(spoken: string, context: ToolContext): Promise<KnownProject> {
  return nameIn(spoken, await knownProjects(context), "on record");
}

/** The same of given ones. */
export function nameIn<P extends { name: string }>(spoken: string, all: readonly P[], where: string): P {
  const names = matchValues(
    spoken,
    all.map(({ name }) => name),
  );
  const found = all.filter(({ name }) => names.includes(name));
  const [only, ...more] = found;
  if (only && more.length === 0) return only;
  if (only) throw new UserError(`“${spoken}” means several projects: ${listWords(names)}. Say which.`, { path: "project" });
  const near = closest(
    spoken,
    all.map(({ name }) => name),
  );
  const known = all.length > 0 ? ` There is ${listWords(all.map(({ name }) => name))}.` : ` There is none ${where} that you may see.`;
  throw new UserError(`There is no project “${spoken}”.${near ? ` Did you mean ${near}?` : known}`, { path: "project" });
}
