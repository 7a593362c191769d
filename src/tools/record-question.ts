import type { Period, Receipt } from "../core/fact.ts";
import type { Feed, RecordAnswer } from "../core/feed.ts";
import type { FeedRecord, RecordKind } from "../core/records.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import { COUNTED_ONCE, oncePerDeploy } from "./same-deploys.ts";

export interface RecordReading {
  /** Oldest first, of all sources together. */
  records: readonly FeedRecord[];
  receipts: readonly Receipt[];
  /** Names of the feeds that answered; empty when none of this kind is connected or all failed. */
  sources: readonly string[];
  /** Names of the feeds that are connected, know what is asked, and did not answer. */
  silent: readonly string[];
}

/**
 * Records of a kind from every source that has them. A source that fails becomes a note; none at all is no error here, because most
 * analyses go on without one input and say so. A filter by a label that a source does not know leaves that source out, with a note.
 */
export async function readRecords(
  kind: RecordKind,
  query: { period?: Period; filter?: Readonly<Record<string, readonly string[]>> },
  context: ToolContext,
  notes: string[],
): Promise<RecordReading> {
  const feeds = context.feeds.filter((feed) => feed.kind === kind && feed.records !== undefined);
  const settled = await Promise.allSettled(feeds.map((feed) => ask(feed, query, context.signal)));
  context.signal.throwIfAborted();
  const given: { name: string; answer: RecordAnswer }[] = [];
  for (const [i, result] of settled.entries()) {
    const name = feeds[i]?.name ?? "";
    if (result.status === "fulfilled") given.push({ name, answer: result.value });
    else notes.push(`Left out “${name}”: ${explainError(result.reason)}`);
  }
  const lists = given.map(({ answer }) => answer.records);
  const records = kind === "deploys" ? oncePerDeploy(lists) : lists.flat();
  if (records.length < lists.flat().length) notes.push(COUNTED_ONCE);
  return {
    records: records.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0)),
    receipts: given.flatMap(({ answer }) => answer.receipts),
    sources: given.map(({ name }) => name),
    silent: feeds.flatMap(({ name }, i) => (isOutOfReach(settled[i]) ? [name] : [])),
  };
}

/** A source that does not know what was asked is no loss; one that failed may hold most of it. */
function isOutOfReach(result: PromiseSettledResult<unknown> | undefined): boolean {
  return result?.status === "rejected" && !(result.reason instanceof UserError);
}

async function ask(feed: Feed, query: Parameters<NonNullable<Feed["records"]>>[0], signal: AbortSignal): Promise<RecordAnswer> {
  const answer = await feed.records?.(query, signal);
  return answer ?? { records: [], receipts: [] };
}
