import type { z } from "zod";
import { fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { type Cached, readPages } from "../http.ts";
import { inTurn } from "../in-turn.ts";
import type { GithubClient, GraphqlDocument } from "./client.ts";
import { searchAnswer } from "./schema.ts";
import { AT_ONCE, halvesOf, rangeOf, windowsOf } from "./windows.ts";

/** One kind of thing, searched over the whole organisation. */
export interface SearchKind<T> {
  /** In words: "pull requests". */
  what: string;
  document: GraphqlDocument;
  schema: z.ZodType<T>;
}

export interface Found<T> {
  items: readonly T[];
  truncated?: string;
}

/** GitHub gives no more of a search, whatever its pages. */
const MOST_FOUND = 1_000;
const PAGE = 50;

/** Everything a search finds, to GitHub's limit. `total` is what GitHub counts. */
export async function searchAll<T>(
  client: GithubClient,
  { what, document, schema }: SearchKind<T>,
  query: string,
  signal: AbortSignal,
  /** Called with the first page's count; true stops the reading: the caller will ask for less at a time. */
  tooMany: (total: number) => boolean = () => false,
): Promise<Found<T> & { total: number }> {
  const answer = searchAnswer(schema);
  let total = 0;
  let stopped = false;
  const { items, truncated } = await readPages<T>(
    async (after) => {
      const { search } = await client.graphql(document, { text: query, first: PAGE, after: after ?? null }, answer, signal);
      total = search.issueCount;
      stopped = after === undefined && tooMany(total);
      const next = search.pageInfo.hasNextPage && !stopped ? (search.pageInfo.endCursor ?? undefined) : undefined;
      return { items: search.nodes, next };
    },
    { pages: MOST_FOUND / PAGE, what },
  );
  const missing = total > items.length && !stopped ? `the first ${items.length} of ${total} ${what}` : undefined;
  const left = truncated ?? missing;
  return { items, total, ...(left ? { truncated: left } : {}) };
}

/** All of a window, in halves where there are more than a search gives. `query` makes the search text of a range. */
async function searchWindow<T>(
  client: GithubClient,
  kind: SearchKind<T>,
  query: (range: string) => string,
  window: Period,
  signal: AbortSignal,
): Promise<Found<T>> {
  const halves = halvesOf(window);
  const found = await searchAll(client, kind, query(rangeOf(window)), signal, (total) => total > MOST_FOUND && halves !== undefined);
  if (found.total <= MOST_FOUND || !halves) return found;
  const parts = [await searchWindow(client, kind, query, halves[0], signal), await searchWindow(client, kind, query, halves[1], signal)];
  return joined(parts);
}

export function joined<T>(parts: readonly Found<T>[]): Found<T> {
  const truncated = parts.flatMap((part) => part.truncated ?? []).join("; ");
  return { items: parts.flatMap(({ items }) => items), ...(truncated ? { truncated } : {}) };
}

/** What the memory must know of an item: which it is, when it last changed, and whether it may still change much. */
export interface Remembered {
  id: string;
  updatedAt: Date;
  state: "OPEN" | "CLOSED" | "MERGED";
}

export interface MonthsAnswer<T> extends Found<T> {
  /** One for each window; none when the period lies ahead. */
  parts: readonly Cached<unknown>[];
}

interface Month<T> {
  items: ReadonlyMap<string, T>;
  /** When all of it was read, and when its changes were. */
  readAt: Date;
  seenAt: Date;
}

const HOUR_MS = 3_600_000;
/** The search index runs behind by seconds, and clocks differ. */
const OVERLAP_MS = 10 * 60_000;

/**
 * Things by the month of their date, remembered: a month is read once a day, and in between only what changed in it since, which
 * is one request. Months that are over and hold nothing open are asked about once an hour, the others every five minutes.
 */
export function createMonths<T extends Remembered>(
  client: GithubClient,
  kind: SearchKind<T>,
  /** The search for a range of the date that decides: "is:pr created:RANGE". */
  queryOf: (range: string) => string,
): (period: Period, signal: AbortSignal) => Promise<MonthsAnswer<T>> {
  const kept = new Map<string, Month<T>>();

  async function load(key: string, window: Period, signal: AbortSignal): Promise<Found<T>> {
    const now = client.now();
    const known = kept.get(key);
    const isRecent = known !== undefined && isWithin(now, known.readAt, 24 * HOUR_MS);
    const since = isRecent ? ` updated:>=${new Date(known.seenAt.getTime() - OVERLAP_MS).toISOString().slice(0, 19)}Z` : "";
    const found = await searchWindow(
      client,
      kind,
      (range) => `org:${client.org} ${queryOf(range)}${since} sort:created-asc`,
      window,
      signal,
    );
    const items = new Map(isRecent ? known.items : []);
    for (const item of found.items) items.set(item.id, item);
    // A month that was not read to its end is read again from its beginning.
    if (found.truncated) kept.delete(key);
    else kept.set(key, { items, readAt: isRecent ? known.readAt : now, seenAt: now });
    return { items: [...items.values()], ...(found.truncated ? { truncated: found.truncated } : {}) };
  }

  return async (period, signal) => {
    const today = fromInstant(client.now());
    const parts = await inTurn(windowsOf(period, today), AT_ONCE, (window) => {
      const key = `${queryOf(rangeOf(window))}`;
      const known = kept.get(key);
      const isSettled = window.to < today && known !== undefined && [...known.items.values()].every(({ state }) => state !== "OPEN");
      const options = { operation: kind.document.operation, ...(isSettled ? { ttlMs: HOUR_MS } : {}) };
      return client.http.cached(key, (during) => load(key, window, during), signal, options);
    });
    return { ...joined(parts.map(({ value }) => value)), parts };
  };
}

function isWithin(now: Date, then: Date, ms: number): boolean {
  const age = now.getTime() - then.getTime();
  return age >= 0 && age < ms;
}
