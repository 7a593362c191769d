import type { Sources } from "../core/tool.ts";
import { sightOf } from "../identity/sight.ts";
import { scopeFeeds } from "../records/project-scope.ts";
import { type Project, projects } from "../records/projects.ts";
import type { RouterOptions } from "../router/index.ts";
import type { Store } from "./store.ts";

/** More are cut off, oldest first: nobody keeps so many. */
const MOST = 1_000;

/** The projects tools may speak of: those the asker may see. */
export function projectsOf({ records }: Pick<Store, "records">): NonNullable<Sources["projects"]> {
  return async (user) => {
    const { records: found } = await records.list(projects, { limit: MOST }, sightOf(user));
    return found.map(({ id, data }) => ({ id, fields: data }));
  };
}

/** The project chosen, else the one a place is bound to, with the feeds narrowed to it. The same feeds while the project stays as it is: agents learn their names once. */
export function scopesOf(
  { records, bindings }: Pick<Store, "records" | "bindings">,
  sources: Sources,
  whole: ReadonlySet<string>,
): NonNullable<RouterOptions["scopeOf"]> {
  const known = new Map<string, { version: number; of: number; feeds: Sources["feeds"] }>();
  return async (conversation, chosen) => {
    const id = chosen ?? (await bindings.projectOf(conversation));
    const found = id === null ? null : await records.get(projects, id, "all");
    if (!found || found.archivedAt) return null;
    const project = found.data as Project;
    const { version } = found;
    const kept = known.get(found.id);
    const current =
      kept?.version === version && kept.of === sources.feeds.length
        ? kept
        : { version, of: sources.feeds.length, feeds: scopeFeeds(sources.feeds, project).feeds };
    known.set(found.id, current);
    return { project: found.id, name: project.name, feeds: current.feeds, whole, ...(chosen ? { chosen: true } : {}) };
  };
}
