import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { matchValues } from "../core/value-names.ts";
import { UserError } from "../errors.ts";
import { type KnownProject, knownProjects } from "./list-projects.ts";

/** The one project a name means. Throws UserError with the near name, or what there is. */
export async function oneProject(spoken: string, context: ToolContext): Promise<KnownProject> {
  const all = await knownProjects(context);
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
  const known = all.length > 0 ? ` There is ${listWords(all.map(({ name }) => name))}.` : " There is none on record that you may see.";
  throw new UserError(`There is no project “${spoken}”.${near ? ` Did you mean ${near}?` : known}`, { path: "project" });
}
