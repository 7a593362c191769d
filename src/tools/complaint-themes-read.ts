import type { CivilDate, Period, Receipt } from "../core/fact.ts";
import type { Feed } from "../core/feed.ts";
import type { FeedRecord } from "../core/records.ts";
import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import { noSource } from "./feed-question.ts";
import { resolveFilter } from "./filter-values.ts";
import { sameName } from "./same-name.ts";

export interface TicketQuestion {
  dataset?: string | undefined;
  filter?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export interface TicketReading {
  /** Records with a text, oldest first. */
  tickets: readonly FeedRecord[];
  /** Records of the source without one. */
  silent: number;
  source: string;
  /** First day the source has; absent when it is not known. */
  begins?: CivilDate;
  receipts: readonly Receipt[];
}

/** Labels by which a ticket is one of a customer, the first that is there. */
export const CUSTOMER_LABELS = ["customer", "account", "organization"] as const;

/**
 * Tickets of one source: the one that was named, else the one whose tickets have texts and name a customer, else any with texts. Sources are
 * not mixed: what customers write and what engineers note down have other words. Throws UserError when none has texts.
 */
export async function readTickets(question: TicketQuestion, period: Period, context: ToolContext, notes: string[]): Promise<TicketReading> {
  const feeds = chooseFeeds(question.dataset, context);
  const settled = await Promise.allSettled(feeds.map((feed) => readOne(feed, question, period, context.signal)));
  context.signal.throwIfAborted();
  const found: TicketReading[] = [];
  const failures: unknown[] = [];
  for (const [i, result] of settled.entries()) {
    if (result.status === "fulfilled") found.push(result.value);
    else {
      failures.push(result.reason);
      notes.push(`Left out “${feeds[i]?.name ?? ""}”: ${explainError(result.reason)}`);
    }
  }
  if (found.length === 0) throw failures[0];
  const ranked = found.toSorted((a, b) => rank(b) - rank(a));
  const [best] = ranked;
  if (!best || best.tickets.length === 0)
    throw new UserError(
      `${listWords(found.map((f) => f.source))} ${found.length > 1 ? "have" : "has"} no ticket with a text in this period. Topics are found in titles and texts; ask for another period, or describe a dataset of tickets with \`records: { id, title, text }\`.`,
      { path: "dataset" },
    );
  const others = ranked.slice(1).filter(({ tickets }) => tickets.length > 0);
  if (others.length > 0)
    notes.push(
      `These are the tickets of ${best.source}; ${listWords(others.map((o) => o.source))} ${others.length > 1 ? "are" : "is"} looked at when named.`,
    );
  return best;
}

function rank({ tickets }: TicketReading): number {
  const asked = tickets.filter(({ labels }) => CUSTOMER_LABELS.some((name) => labels[name] !== undefined)).length;
  return tickets.length === 0
    ? -1
    : (asked > tickets.length / 2 ? 2 : 0) + (tickets.filter((t) => t.text).length > tickets.length / 2 ? 1 : 0);
}

function chooseFeeds(dataset: string | undefined, context: ToolContext): readonly Feed[] {
  if (dataset !== undefined) {
    const named = context.feeds.find((feed) => sameName(feed.name, dataset));
    if (named?.records) return [named];
    const able = context.feeds.filter((feed) => feed.records).map((feed) => feed.name);
    if (named)
      throw new UserError(`“${named.name}” only adds up and shows no single tickets. ${listWords(able) || "No source"} can.`, {
        path: "dataset",
      });
    const near = closest(dataset, able);
    throw new UserError(
      `There is no dataset “${dataset}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(able) || "none"}.`,
      { path: "dataset", suggestions: near ? [near] : [] },
    );
  }
  const feeds = context.feeds.filter((feed) => feed.kind === "issues" && feed.records);
  if (feeds.length === 0) throw new UserError(noSource("issues", context), { path: "dataset" });
  return feeds;
}

async function readOne(feed: Feed, question: TicketQuestion, period: Period, signal: AbortSignal): Promise<TicketReading> {
  const wanted = Object.keys(question.filter ?? {}).length > 0;
  const about = await feed.describe(signal, wanted ? "values" : "names");
  const names = about.dimensions.map((d) => d.name);
  const filter = wanted ? resolveFilter(question.filter ?? {}, [about], names) : undefined;
  const answer = await feed.records?.({ period, ...(filter ? { filter } : {}) }, signal);
  const records = answer?.records ?? [];
  const begins = about.covers ? { begins: about.covers.from } : {};
  const tickets = records.filter(({ title, text, at }) => at && `${title ?? ""}${text ?? ""}`.trim() !== "");
  return { tickets, silent: records.length - tickets.length, source: feed.name, ...begins, receipts: answer?.receipts ?? [] };
}
