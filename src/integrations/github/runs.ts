import { fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { RecordAnswer } from "../../core/feed.ts";
import type { RecordMeasure } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { readPages } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { GithubClient } from "./client.ts";
import { byAge, known } from "./pulls.ts";
import { receiptOf } from "./receipts.ts";
import { readRepositories } from "./repositories.ts";
import { type RepositoryNode, type RunRow, runsAnswer } from "./schema.ts";
import { type Found, joined } from "./search.ts";
import { AT_ONCE, halvesOf, holds, rangeOf, windowsOf } from "./windows.ts";

export const RUN_DIMENSIONS = ["repository", "workflow", "branch", "status", "event", "author"];
export const RUN_MEASURES: readonly RecordMeasure[] = [
  { name: "runs", unit: "count" },
  { name: "failed_runs", unit: "count", of: ({ labels: { status } }) => (status === "failure" ? 1 : 0) },
  {
    name: "failed_run_share",
    unit: "ratio",
    aggregate: "mean",
    of: ({ labels: { status } }) => (status === "failure" ? 1 : status === "success" ? 0 : undefined),
  },
  { name: "run_minutes", unit: "min", aggregate: "mean", of: ({ numbers }) => numbers.minutes },
];

/** A run of an Actions workflow and where. */
interface RepositoryRun extends RunRow {
  repository: string;
}

/** Only REST has runs, repository by repository; of more than these the ones pushed to last are read. */
const MOST_REPOSITORIES = 40;
const PAGE = 100;
/** GitHub gives no more of a filtered list. */
const MOST_RUNS = 1_000;
const HOUR_MS = 3_600_000;
const OPERATION = "list workflow runs";

/** Actions runs created in the period, as records. */
export async function loadRuns(client: GithubClient, period: Period, signal: AbortSignal): Promise<RecordAnswer> {
  const repositories = await readRepositories(client, signal);
  const alive = repositories.value.items.filter(({ isArchived }) => !isArchived);
  const asked = alive.slice(0, MOST_REPOSITORIES);
  const today = fromInstant(client.now());
  const parts = await inTurn(windowsOf(period, today), AT_ONCE, (window) => {
    const options = { operation: OPERATION, ...(window.to < today ? { ttlMs: HOUR_MS } : {}) };
    return client.http.cached(`runs ${window.from}`, (during) => loadWindow(client, asked, window, during), signal, options);
  });
  const found = joined(parts.map(({ value }) => value));
  const left = alive.length > asked.length ? `the ${asked.length} repositories of ${alive.length} that were pushed to last` : undefined;
  const truncated = [left, found.truncated].filter(Boolean).join("; ") || undefined;
  const receipt = receiptOf(client, { what: "runs", query: "Actions runs created", window: period, truncated }, [repositories, ...parts]);
  return {
    records: found.items
      .filter((run) => holds(period, run.created_at))
      .map(runRecord)
      .toSorted(byAge),
    receipts: [receipt],
  };
}

async function loadWindow(
  client: GithubClient,
  repositories: readonly RepositoryNode[],
  window: Period,
  signal: AbortSignal,
): Promise<Found<RepositoryRun>> {
  return joined(await inTurn(repositories, AT_ONCE, ({ nameWithOwner }) => loadRepository(client, nameWithOwner, window, signal)));
}

async function loadRepository(
  client: GithubClient,
  repository: string,
  window: Period,
  signal: AbortSignal,
): Promise<Found<RepositoryRun>> {
  const path = `repos/${repository.split("/").map(encodeURIComponent).join("/")}/actions/runs`;
  const halves = halvesOf(window);
  let total = 0;
  const { items } = await readPages<RunRow>(
    async (cursor) => {
      const page = Number(cursor ?? 1);
      const query = { created: rangeOf(window), per_page: PAGE, page };
      const answer = await client.http.json({ path, query, operation: OPERATION }, runsAnswer, signal);
      total = answer.total_count;
      const isLast = page * PAGE >= Math.min(total, MOST_RUNS) || answer.workflow_runs.length === 0;
      return { items: answer.workflow_runs, next: isLast || (total > MOST_RUNS && halves) ? undefined : String(page + 1) };
    },
    { pages: MOST_RUNS / PAGE, what: "runs" },
  );
  if (total > MOST_RUNS && halves)
    return joined([
      await loadRepository(client, repository, halves[0], signal),
      await loadRepository(client, repository, halves[1], signal),
    ]);
  const missing = total > items.length ? { truncated: `${items.length} of ${total} runs of ${repository} on ${window.from}` } : {};
  return { items: items.map((run) => ({ ...run, repository })), ...missing };
}

/** GitHub's conclusions in the words of pipelines; others stay as they are. */
const CONCLUSIONS: Readonly<Record<string, string>> = {
  success: "success",
  failure: "failure",
  timed_out: "failure",
  startup_failure: "failure",
  cancelled: "cancelled",
};

/**
 * A run, of which GitHub keeps the last attempt's times only. It has no end of its own: a completed run's last update is taken for it.
 * `minutes` is the last attempt's.
 */
function runRecord(run: RepositoryRun): FeedRecord {
  const isOver = run.status === "completed";
  const conclusion = run.conclusion ?? undefined;
  const started = run.run_started_at ?? run.created_at;
  return {
    id: `${run.repository}/runs/${run.id}`,
    at: run.created_at,
    ...(run.html_url ? { url: run.html_url } : {}),
    labels: known({
      repository: run.repository,
      workflow: run.name ?? undefined,
      branch: run.head_branch ?? undefined,
      status: isOver ? conclusion && (CONCLUSIONS[conclusion] ?? (/^[a-z_]{3,20}$/.test(conclusion) ? conclusion : undefined)) : "running",
      commit: run.head_sha,
      event: run.event,
      author: run.actor?.login,
    }),
    numbers: {
      ...(run.run_attempt === undefined ? {} : { attempt: run.run_attempt }),
      ...(isOver && run.updated_at >= started ? { minutes: (run.updated_at.getTime() - started.getTime()) / 60_000 } : {}),
    },
    times: { started: run.created_at, ...(isOver ? { finished: run.updated_at } : {}) },
  };
}
