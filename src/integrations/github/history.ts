import { fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Cached } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { GithubClient } from "./client.ts";
import { readNewest } from "./newest.ts";
import { HISTORY } from "./queries.ts";
import { type CommitNode, historyPage, type RepositoryNode } from "./schema.ts";
import type { Found } from "./search.ts";
import { AT_ONCE, windowsOf } from "./windows.ts";

export interface RepositoryCommit extends CommitNode {
  /** "owner/name". */
  repository: string;
}

export interface History extends Found<RepositoryCommit> {
  parts: readonly Cached<unknown>[];
}

const HOUR_MS = 3_600_000;
const NEVER = new Date(0);

/**
 * Commits of the default branches by month of their commit date, newest first within a month. A month that is over is asked for once
 * an hour. Throws VendorError.
 */
export async function readHistory(
  client: GithubClient,
  repositories: readonly RepositoryNode[],
  period: Period,
  signal: AbortSignal,
): Promise<History> {
  const today = fromInstant(client.now());
  const parts = await inTurn(windowsOf(period, today), AT_ONCE, (window) => {
    const options = { operation: HISTORY.first.operation, ...(window.to < today ? { ttlMs: HOUR_MS } : {}) };
    return client.http.cached(`commits ${window.from}`, (during) => load(client, repositories, window, during), signal, options);
  });
  const truncated = parts.flatMap(({ value }) => value.truncated ?? []).join("; ");
  return { items: parts.flatMap(({ value }) => value.items), parts, ...(truncated ? { truncated } : {}) };
}

async function load(
  client: GithubClient,
  repositories: readonly RepositoryNode[],
  window: Period,
  signal: AbortSignal,
): Promise<Found<RepositoryCommit>> {
  const listing = {
    documents: HISTORY,
    schema: historyPage,
    dateOf: ({ committedDate }: CommitNode) => committedDate,
    first: 100,
    variables: { since: `${window.from}T00:00:00Z`, until: `${window.to}T23:59:59Z` },
  };
  // Nothing was pushed to it since: asking would find nothing.
  const pushed = repositories.filter(({ pushedAt }) => pushedAt && fromInstant(pushedAt) >= window.from);
  const found = await readNewest(
    client,
    listing,
    pushed.map(({ id }) => ({ id, until: NEVER })),
    signal,
  );
  const cut = pushed.filter(({ id }) => found.get(id)?.isCut).map(({ name }) => name);
  return {
    items: pushed.flatMap(({ id, nameWithOwner }) =>
      (found.get(id)?.items ?? []).map((commit) => ({ ...commit, repository: nameWithOwner })),
    ),
    ...(cut.length ? { truncated: `older commits of ${cut.join(", ")} in ${window.from.slice(0, 7)}` } : {}),
  };
}
