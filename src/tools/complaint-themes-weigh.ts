import type { Theme } from "../analytics/themes/find-themes.ts";
import { fixability } from "../analytics/themes/fixability.ts";
import { sentiment } from "../analytics/themes/sentiment.ts";
import { type Trend, trendOf } from "../analytics/themes/trend.ts";
import type { FeedRecord } from "../core/records.ts";
import { cut, plainWords } from "../core/text.ts";
import { quoteForeign } from "../errors.ts";
import type { CustomerWorth } from "./complaint-themes-customers.ts";

export interface WeighedTheme {
  name: string;
  words: string[];
  /** Tickets of the period, and of the one before. */
  tickets: number;
  share: number;
  before: number;
  /** null where the period before is not all there. */
  trend: Trend | null;
  /** Mean of the tickets that hold a word of the list, −1 to 1; null when too few do. */
  sentiment: number | null;
  /** Mean weight of the priorities: 1 low, 2 normal, 3 high, 4 urgent; null when no ticket has one. */
  urgency: number | null;
  /** Different customers, and what those known pay a month. */
  customers: number | null;
  revenue: number | null;
  service: string | null;
  fixability: number;
  /** tickets × urgency / 2 × mean revenue of its customers / mean revenue of all; factors that are not known are 1. */
  worth: number;
  /** Two typical tickets, as data: cut, addresses and numbers masked. */
  quotes: string[];
}

const URGENCY: Readonly<Record<string, number>> = {
  lowest: 1,
  trivial: 1,
  low: 1,
  minor: 1,
  p4: 1,
  p5: 1,
  normal: 2,
  medium: 2,
  moderate: 2,
  p3: 2,
  high: 3,
  major: 3,
  p2: 3,
  urgent: 4,
  critical: 4,
  highest: 4,
  blocker: 4,
  p1: 4,
  p0: 4,
};
const NORMAL = 2;
/** Tickets with a word of the list that a theme needs, and their share of it. */
const LEAST_FEELINGS = 5;
const LEAST_FELT = 0.2;
const QUOTES = 2;
const QUOTE_LENGTH = 180;

export interface Weighing {
  tickets: readonly FeedRecord[];
  isNow(ticket: FeedRecord): boolean;
  /** The period before is all there. */
  comparable: boolean;
  /** Tickets of the period, all themes together. */
  all: number;
  worth: CustomerWorth | undefined;
}

export function weighTheme(theme: Theme, { tickets, isNow, comparable, all, worth }: Weighing): WeighedTheme {
  const members = theme.members.flatMap((i) => tickets[i] ?? []);
  const now = members.filter(isNow);
  const judged = now.length > 0 ? now : members;
  const feelings = judged.flatMap((t) => sentiment(textOf(t)) ?? []);
  const urgencies = judged.flatMap(({ labels }) => URGENCY[(labels.priority ?? labels.severity ?? "").toLowerCase()] ?? []);
  const paying = judged.flatMap((t) => worth?.of(t) ?? []);
  const service = commonest(judged.flatMap(({ labels }) => labels.service ?? labels.component ?? []));
  const titled = judged.filter(({ title }) => title !== undefined);
  const urgency = urgencies.length ? mean(urgencies) : null;
  const weight = paying.length && worth ? mean(paying.map(({ mrr }) => mrr)) / worth.mean : 1;
  const names = judged.flatMap(({ labels }) => labels.customer ?? labels.account ?? labels.organization ?? []);
  const different = new Map(paying.map(({ id, mrr }) => [id, mrr]));
  const words = theme.words.map((word) => plainWords(cut(word, 40)));
  return {
    name: words.join(" · ") || "without telling words",
    words,
    tickets: now.length,
    share: all === 0 ? 0 : now.length / all,
    before: members.length - now.length,
    trend: comparable ? trendOf(now.length, members.length - now.length) : null,
    sentiment: feelings.length >= Math.max(LEAST_FEELINGS, LEAST_FELT * judged.length) ? mean(feelings) : null,
    urgency,
    customers: names.length ? new Set(names).size : null,
    revenue: different.size ? [...different.values()].reduce((sum, mrr) => sum + mrr, 0) : null,
    service: service && service.n * 2 > judged.length ? service.name : null,
    fixability: fixability({
      cohesion: theme.cohesion,
      ...(service ? { oneService: service.n / judged.length } : {}),
      ...(titled.length ? { reports: titled.filter(({ title }) => !/[?？؟]/u.test(title ?? "")).length / titled.length } : {}),
    }),
    worth: now.length * ((urgency ?? NORMAL) / NORMAL) * weight,
    quotes: quotesOf(judged),
  };
}

export function textOf({ title, text }: FeedRecord): string {
  return [title, text].filter(Boolean).join("\n");
}

/** The first different ones, which are the most typical. */
function quotesOf(tickets: readonly FeedRecord[]): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const { title, text } of tickets) {
    const key = (title ?? text ?? "").replace(/\d+/g, "").toLowerCase().slice(0, 60);
    if (seen.has(key)) continue;
    seen.add(key);
    found.push(cut(plainWords(masked(quoteForeign([title, text].filter(Boolean).join(" — ")))), QUOTE_LENGTH));
    if (found.length === QUOTES) break;
  }
  return found;
}

/** Addresses, links and long numbers say who someone is, not what is wrong. */
function masked(text: string): string {
  return text
    .replace(/\S+@\S+\.\S+/g, "[address]")
    .replace(/\b(?:https?:\/\/|www\.)\S+/gi, "[link]")
    .replace(/\+?\d[\d ()./-]{6,}\d/g, "[number]")
    .replace(/[*_`~<>|[\]#](?!(?:address|link|number))/g, (sign) => (sign === "[" || sign === "]" ? sign : ""));
}

function commonest(values: readonly string[]): { name: string; n: number } | undefined {
  const counts = [...Map.groupBy(values, (value) => value)].map(([name, some]) => ({ name, n: some.length }));
  return counts.sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1))[0];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
