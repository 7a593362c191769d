import type { Period } from "../../core/fact.ts";
import type { Feed } from "../../core/feed.ts";
import { explainError } from "../../errors.ts";
import { activities } from "../activities.ts";
import { externalIdOf, type People } from "../people.ts";
import { pipelines } from "../pipelines.ts";
import { type Project, projects } from "../projects.ts";
import type { Records } from "../record-store.ts";
import type { Resource } from "../resource.ts";
import { activitiesIn, hasActivities } from "./activities.ts";
import { hasRuns, runsIn } from "./runs.ts";

/** What came of asking one source. */
export interface Imported {
  source: string;
  kind: "activities" | "pipelines";
  /** Records that are there now: new, changed or as they were. */
  kept: number;
  /** Why some or all are missing. */
  problem: string | null;
}

/** More of one source are not taken at once. */
const MOST = 5_000;
const MOST_PROJECTS = 1_000;

export function importable(feeds: readonly Feed[]): boolean {
  return feeds.some((feed) => hasActivities(feed) || hasRuns(feed));
}

/**
 * Asks the connected sources for the days and keeps what they tell as activities and pipelines. Safe to repeat: each thing has the id its
 * source gives it. A source that fails is named and leaves the others be. Rejects only when our own database fails.
 */
export async function importRecords(
  { records, feeds, people }: { records: Records; feeds: readonly Feed[]; people: Pick<People, "standIn"> },
  period: Period,
  signal: AbortSignal,
): Promise<Imported[]> {
  const imported: Imported[] = [];
  const owners = await repositoryOwners(records);
  for (const feed of feeds) {
    if (hasActivities(feed))
      imported.push(
        await take(feed, activities as unknown as Resource, async () => withoutForgotten(await activitiesIn(feed, period, signal))),
      );
    if (hasRuns(feed))
      imported.push(
        await take(feed, pipelines as unknown as Resource, async () =>
          (await runsIn(feed, period, signal)).map((run) => ({ ...run, ...owners(String(run.repository)) })),
        ),
      );
  }
  return imported;

  /** Sources know nothing of whom we forgot. */
  async function withoutForgotten(told: readonly Record<string, unknown>[]): Promise<Record<string, unknown>[]> {
    const standIns = new Map<string, string | undefined>();
    for (const { user } of told) if (typeof user === "string" && !standIns.has(user)) standIns.set(user, await people.standIn(user));
    return told.map((one) => {
      const user = String(one.user);
      const standIn = standIns.get(user);
      return standIn === undefined ? one : { ...one, user: standIn, externalId: externalIdOf(String(one.externalId), user, standIn) };
    });
  }

  async function take(feed: Feed, resource: Resource, read: () => Promise<Record<string, unknown>[]>): Promise<Imported> {
    const told = { source: feed.name, kind: resource.name as Imported["kind"] };
    const given = await read().catch((error: unknown) => explainError(error));
    if (typeof given === "string") return { ...told, kept: 0, problem: given };
    let kept = 0;
    let unfit = 0;
    for (const fields of given.slice(0, MOST)) {
      signal.throwIfAborted();
      const parsed = resource.fields.safeParse(fields);
      if (!parsed.success) unfit++;
      else if ((await records.create(resource, parsed.data, { id: `import:${feed.name}`, sight: "all" })).state === "done") kept++;
    }
    const problems = [
      ...(given.length > MOST ? [`only the first ${MOST} of ${given.length} were taken; ask for fewer days`] : []),
      ...(unfit > 0 ? [`${unfit} have a shape that is not understood`] : []),
    ];
    return { ...told, kept, problem: problems.length > 0 ? problems.join("; ") : null };
  }
}

/** Gives the project that alone names a repository. */
export async function repositoryOwners(records: Pick<Records, "list">): Promise<(repository: string) => { projectId?: string }> {
  const { records: all } = await records.list(projects as unknown as Resource, { limit: MOST_PROJECTS }, "all");
  return (repository) => {
    const named = all.filter(({ data }) =>
      ((data as Project).repositories ?? []).some((one) => one.toLowerCase() === repository.toLowerCase()),
    );
    const [only, second] = named;
    return only && !second ? { projectId: only.id } : {};
  };
}
