import type { Period } from "../../core/fact.ts";
import type { Feed } from "../../core/feed.ts";
import type { FeedRecord } from "../../core/records.ts";

const MINUTE_MS = 60_000;
/** Conclusions that are neither success, failure nor cancelled, as webhooks read them. */
const STATUSES: Readonly<Record<string, string>> = {
  success: "success",
  neutral: "success",
  skipped: "success",
  cancelled: "cancelled",
  stale: "cancelled",
  running: "running",
  queued: "queued",
};

export function hasRuns({ kind, records }: Pick<Feed, "kind" | "records">): boolean {
  return kind === "pipelines" && records !== undefined;
}

/** The runs of a source as pipelines, under the ids that its webhooks use: told of twice, they are kept once. Throws what the feed throws. */
export async function runsIn(feed: Feed, period: Period, signal: AbortSignal): Promise<Record<string, unknown>[]> {
  const found = await feed.records?.({ period }, signal);
  return (found?.records ?? []).map((record) => runOf(feed.name, record)).filter((run) => run !== undefined);
}

function runOf(feed: string, { id, url, labels, numbers, times }: FeedRecord): Record<string, unknown> | undefined {
  const { repository, workflow, branch, commit, status } = labels;
  if (!repository || !status) return undefined;
  const github = feed === "github_actions" ? /\/runs\/(\d+)$/.exec(id)?.[1] : undefined;
  const { finished, started: created } = times;
  // Of a run that was tried again, the last attempt.
  const started = finished && numbers.minutes !== undefined ? new Date(finished.getTime() - numbers.minutes * MINUTE_MS) : created;
  return {
    externalId: github ? `github:run:${github}` : `${feed}:${id}`.slice(0, 300),
    repository,
    status: STATUSES[status] ?? "failure",
    ...(workflow ? { workflow } : {}),
    ...(branch ? { branch } : {}),
    ...(commit ? { commit } : {}),
    ...(url ? { url } : {}),
    ...(started ? { startedAt: started.toISOString() } : {}),
    ...(finished ? { finishedAt: finished.toISOString() } : {}),
  };
}
