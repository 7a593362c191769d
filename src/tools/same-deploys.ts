import type { Feed, RecordQuery } from "../core/feed.ts";
import type { FeedRecord } from "../core/records.ts";

const HOUR_MS = 3_600_000;
/** What a reader is told where there were any. */
export const COUNTED_ONCE = "Deployments that two sources tell of are counted once.";

/**
 * Deployments of several sources, each once: what a platform deploys for a repository the forge tells of too. The same commit to the
 * same environment of the same repository within an hour is one deployment; the record with more labels stays. One source's own
 * records are never laid together: a commit may be deployed twice.
 */
export function oncePerDeploy(sources: readonly (readonly FeedRecord[])[]): FeedRecord[] {
  const [first = [], ...others] = sources.toSorted((a, b) => mostLabels(b) - mostLabels(a));
  const kept = [...first];
  for (const records of others) {
    const known = Map.groupBy(kept, keyOf);
    kept.push(...records.filter((record) => !(known.get(keyOf(record)) ?? []).some((other) => isClose(record, other))));
  }
  return kept;
}

/**
 * Per feed the ids of the deployments that another one tells of too and counts; empty where there is only one source. By the period alone,
 * so that the parts a question is split into add up.
 */
export async function toldTwice(feeds: readonly Feed[], query: RecordQuery, signal: AbortSignal): Promise<ReadonlySet<string>[]> {
  const deploys = feeds.filter(({ kind, records }) => kind === "deploys" && records);
  if (deploys.length < 2) return feeds.map(() => new Set());
  const lists = await Promise.all(
    feeds.map(async (feed) =>
      deploys.includes(feed) ? ((await feed.records?.(query, signal).catch(() => undefined))?.records ?? []) : [],
    ),
  );
  const kept = new Set(oncePerDeploy(lists));
  return lists.map((records) => new Set(records.filter((record) => !kept.has(record)).map(({ id }) => id)));
}

function keyOf({ labels: { repository, environment, commit } }: FeedRecord): string | undefined {
  return repository && environment && commit ? `${repository} ${environment} ${commit}` : undefined;
}

function isClose(a: FeedRecord, b: FeedRecord): boolean {
  return keyOf(a) !== undefined && a.at !== undefined && b.at !== undefined && Math.abs(a.at.getTime() - b.at.getTime()) <= HOUR_MS;
}

function mostLabels(records: readonly FeedRecord[]): number {
  return records.reduce((most, { labels }) => Math.max(most, Object.keys(labels).length), 0);
}
