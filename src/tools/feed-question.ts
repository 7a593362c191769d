import { addDays, civilDate } from "../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedDescription, FeedKind, Grain } from "../core/feed.ts";
import { clip, formatDay, formatPeriod, isAllTime, isPeriod, lastCompleteDays, lengthOf, previousPeriod, unitOf } from "../core/period.ts";
import { type Comparison, resolveComparison, resolvePeriod } from "../core/period-phrases.ts";
import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import { resolveFilter } from "./filter-values.ts";

/** What tools over feeds are asked; the shared parameters of `core/parameters.ts`. */
export interface FeedQuestion {
  dataset?: string | undefined;
  feed?: FeedKind | undefined;
  measure?: string | undefined;
  by?: readonly string[];
  filter?: Readonly<Record<string, string | readonly string[]>> | undefined;
  period?: Period | string | undefined;
  compare?: Comparison | string | undefined;
  grain?: Grain | undefined;
}

export interface FeedReading {
  facts: readonly Fact[];
  /** Facts of the period compared with; empty when nothing was asked or known. */
  before: readonly Fact[];
  /** The days the figures are of; absent when the source is undated. */
  period?: Period;
  comparePeriod?: Period;
  measure: string;
  by: readonly string[];
  /** What a filter narrows the figures to, in words: "Amazon S3 in us-east-1"; empty without one. */
  subject: string;
  receipts: readonly Receipt[];
  /** Product sentences a reader must know: what was left out, moved or assumed. */
  notes: readonly string[];
}

interface Source {
  feed: Feed;
  about: FeedDescription;
}

/**
 * Reads the feeds a question is about, in the one way every tool does: which sources, which measure, which days.
 * Throws UserError when nothing fits, naming what there is; a source that fails beside others that answer becomes a note.
 */
export async function readFeeds(question: FeedQuestion, kind: FeedKind | undefined, context: ToolContext): Promise<FeedReading> {
  const notes: string[] = [];
  const sources = narrow(await describeSources(chooseFeeds(question, kind, context.feeds), context.signal, notes), question, notes);
  const measure = measureOf(question, sources);
  const by = (question.by ?? []).map((name) => dimensionOf(name, sources));
  const filter = resolveFilter(
    question.filter ?? {},
    sources.map((s) => s.about),
    dimensionNames(sources),
  );
  const today = civilDate(context.now, context.user.timeZone);
  const period = choosePeriod(question, sources, today, notes);
  const base = { measure, by, ...(Object.keys(filter).length ? { filter } : {}), ...(question.grain ? { grain: question.grain } : {}) };

  const now = await queryAll(sources, { ...base, ...(period ? { period } : {}) }, context.signal, notes);
  if (now.facts.length === 0) throw nothingThere(period, sources, measure, filter);
  const comparePeriod = chooseComparison(question, period, today, notes);
  const then = comparePeriod
    ? await queryAll(sources, { ...base, period: comparePeriod }, context.signal, notes)
    : { facts: [], receipts: [] };
  if (comparePeriod && then.facts.length === 0) notes.push(`There is no data for ${formatPeriod(comparePeriod)} to compare with.`);
  const receipts = [...now.receipts, ...then.receipts];
  const provisional = now.receipts.find((r) => r.provisional)?.provisional;
  const from = provisional && /\d{4}-\d{2}-\d{2}/.exec(provisional)?.[0];
  if (provisional) notes.push(`The days ${from ? `since ${formatDay(from)}` : provisional} are provisional and may still change.`);
  return {
    facts: now.facts,
    before: then.facts,
    ...(period ? { period } : {}),
    ...(comparePeriod && then.facts.length ? { comparePeriod } : {}),
    measure,
    by,
    subject: Object.values(filter)
      .map((values) => listWords(values, 3))
      .join(" in "),
    receipts,
    notes,
  };
}

function chooseFeeds(question: FeedQuestion, kind: FeedKind | undefined, feeds: readonly Feed[]): readonly Feed[] {
  if (feeds.length === 0)
    throw new UserError(
      "No source of data is connected. Set DATASETS to a file that describes a bill or a table, or try the demo with `npm run demo`.",
    );
  if (question.dataset) {
    const found = feeds.find((f) => f.name.toLowerCase() === question.dataset?.toLowerCase());
    if (found) return [found];
    const near = closest(
      question.dataset,
      feeds.map((f) => f.name),
    );
    throw new UserError(
      `There is no dataset “${question.dataset}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(feeds.map((f) => f.name))}.`,
      { path: "dataset", suggestions: near ? [near] : [] },
    );
  }
  const wanted = question.feed ?? kind;
  const chosen = wanted === undefined ? feeds : feeds.filter((f) => f.kind === wanted);
  if (chosen.length > 0) return chosen;
  const kinds = [...new Set(feeds.map((f) => f.kind))];
  throw new UserError(
    `No connected source has ${wanted}. What is connected has ${listWords(kinds)}. Connect one by its settings; \`doctor\` names them.`,
    { path: "feed" },
  );
}

async function describeSources(feeds: readonly Feed[], signal: AbortSignal, notes: string[]): Promise<Source[]> {
  const settled = await Promise.allSettled(feeds.map(async (feed) => ({ feed, about: await feed.describe(signal) })));
  const sources = settled.flatMap((s) => (s.status === "fulfilled" ? [s.value] : []));
  const failures = settled.flatMap((s) => (s.status === "rejected" ? [s.reason as unknown] : []));
  if (sources.length === 0) throw failures[0];
  for (const failure of failures) notes.push(`Left out: ${explainError(failure)}`);
  return sources;
}

/** Keeps the sources that have what is asked; names those left out. */
function narrow(sources: readonly Source[], question: FeedQuestion, notes: string[]): Source[] {
  const needed = [...(question.by ?? []), ...Object.keys(question.filter ?? {})];
  const has = (source: Source) =>
    (question.measure === undefined || source.about.measures.some((m) => sameName(m.name, question.measure ?? ""))) &&
    needed.every((name) => source.about.dimensions.some((d) => sameName(d.name, name)));
  const fitting = sources.filter(has);
  if (fitting.length === 0) return [...sources];
  const left = sources.filter((s) => !fitting.includes(s)).map((s) => s.feed.name);
  if (left.length > 0)
    notes.push(
      `Without ${listWords(left)}, which ${left.length > 1 ? "have" : "has"} no ${listWords([...(question.measure ? [question.measure] : []), ...needed])}.`,
    );
  return fitting;
}

function measureOf(question: FeedQuestion, sources: readonly Source[]): string {
  const all = [...new Set(sources.flatMap((s) => s.about.measures.map((m) => m.name)))];
  if (question.measure === undefined) return sources[0]?.about.measures[0]?.name ?? "";
  const found = all.find((name) => sameName(name, question.measure ?? ""));
  if (found) return found;
  const near = closest(question.measure, all);
  throw new UserError(
    `There is no measure “${question.measure}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(all, 15)}.`,
    { path: "measure", suggestions: near ? [near] : [] },
  );
}

function dimensionNames(sources: readonly Source[]): string[] {
  return [...new Set(sources.flatMap((s) => s.about.dimensions.map((d) => d.name)))];
}

function dimensionOf(wanted: string, sources: readonly Source[]): string {
  const all = dimensionNames(sources);
  const found = all.find((name) => sameName(name, wanted));
  if (found) return found;
  const near = closest(wanted, all);
  throw new UserError(`There is no dimension “${wanted}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(all, 15)}.`, {
    path: "by",
    suggestions: near ? [near] : [],
  });
}

/** Same name but for case, spaces, hyphens and a plural s. */
function sameName(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[\s_-]/g, "")
      .replace(/s$/, "");
  return plain(a) === plain(b);
}

function choosePeriod(question: FeedQuestion, sources: readonly Source[], today: string, notes: string[]): Period | undefined {
  const covers = coverage(sources);
  if (question.period !== undefined) {
    const asked = asPeriod(question.period, today, "period");
    if (isAllTime(asked)) return covers;
    const inside = covers && asked.from > "1970-01-01" ? asked : covers ? clip(asked, covers) : asked;
    const ended = covers && inside && inside.to >= today && covers.to < inside.to && covers.to >= inside.from;
    if (!ended || !inside) return inside ?? asked;
    notes.push(`The data reaches to ${formatPeriod({ from: covers.to, to: covers.to })}.`);
    return { from: inside.from, to: covers.to };
  }
  if (!covers || sources.every((s) => s.feed.withoutPeriod === "all")) return covers;
  const recent = lastCompleteDays(30, today);
  if (covers.to >= recent.from) return recent;
  notes.push("There is nothing in the last 30 days; these are the last 30 days there are.");
  return { from: addDays(covers.to, -29), to: covers.to };
}

function coverage(sources: readonly Source[]): Period | undefined {
  const all = sources.flatMap((s) => (s.about.covers ? [s.about.covers] : []));
  return all.reduce<Period | undefined>(
    (sum, c) => (sum ? { from: c.from < sum.from ? c.from : sum.from, to: c.to > sum.to ? c.to : sum.to } : c),
    undefined,
  );
}

function asPeriod(value: Period | string, today: string, path: string): Period {
  if (typeof value === "string") return resolvePeriod(value, today);
  if (isPeriod(value)) return value;
  throw new UserError(`The ${path} ${value.from} to ${value.to} is not a range of days: both must exist, the first not after the second.`, {
    path,
  });
}

function chooseComparison(question: FeedQuestion, period: Period | undefined, today: string, notes: string[]): Period | undefined {
  const compare = question.compare;
  if (compare === undefined) return undefined;
  if (!period) {
    notes.push("The source has no dates, so there is no period before to compare with.");
    return undefined;
  }
  if (compare === "previous" || compare === "year_ago") return fair(resolveComparison(compare, period), period);
  return fair(asPeriod(compare as Period | string, today, "compare"), period);

  /** A whole unit against one that has only begun: the same number of days of it, else growth is invented. */
  function fair(before: Period, now: Period): Period {
    const unit = unitOf(before);
    if (!unit || unit === "day" || unitOf(now) || lengthOf(now) >= lengthOf(before) || previousPeriod(now).from !== before.from)
      return before;
    const cut = { from: before.from, to: addDays(before.from, lengthOf(now) - 1) };
    notes.push(`${formatPeriod(now)} is not over yet, so it is compared with ${formatPeriod(cut)}.`);
    return cut;
  }
}

async function queryAll(sources: readonly Source[], query: Parameters<Feed["query"]>[0], signal: AbortSignal, notes: string[]) {
  const settled = await Promise.allSettled(sources.map((s) => s.feed.query(query, signal)));
  const answers = settled.flatMap((s) => (s.status === "fulfilled" ? [s.value] : []));
  const failures = settled.flatMap((s) => (s.status === "rejected" ? [s.reason as unknown] : []));
  if (answers.length === 0) throw failures[0];
  for (const failure of failures) notes.push(`Left out: ${explainError(failure)}`);
  return { facts: answers.flatMap((a) => a.facts), receipts: answers.flatMap((a) => a.receipts) };
}

function nothingThere(
  period: Period | undefined,
  sources: readonly Source[],
  measure: string,
  filter: Readonly<Record<string, readonly string[]>>,
): UserError {
  const covers = coverage(sources);
  const where = Object.entries(filter).map(([d, v]) => `${d} ${listWords(v, 3)}`);
  const about = `${measure}${where.length ? ` for ${listWords(where)}` : ""}`;
  if (!period || !covers) return new UserError(`There is no ${about} in ${listWords(sources.map((s) => s.feed.name))}.`);
  const outside = clip(period, covers) === undefined;
  const there = `${listWords(sources.map((s) => s.feed.name))} ${sources.length > 1 ? "cover" : "covers"} ${formatPeriod(covers)}`;
  return new UserError(
    `There is no ${about} for ${formatPeriod(period)}${outside ? `: ${there}` : `, though ${there}`}. Ask for a period in there.`,
    { path: "period", suggestions: [`${measure} for ${formatPeriod(covers)}`] },
  );
}
