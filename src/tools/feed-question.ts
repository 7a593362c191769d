import { civilDate } from "../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedKind, Grain } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import { clip, formatDay, formatPeriod } from "../core/period.ts";
import { closest, listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError, UserError } from "../errors.ts";
import { chooseComparison, choosePeriod, coverage, noteBeginning, type Source, type TimeQuestion } from "./feed-period.ts";
import { resolveFilter } from "./filter-values.ts";
import { COUNTED_ONCE, toldTwice } from "./same-deploys.ts";
import { sameName } from "./same-name.ts";

/** What tools over feeds are asked; the shared parameters of `core/parameters.ts`. */
export interface FeedQuestion extends TimeQuestion {
  dataset?: string | undefined;
  feed?: FeedKind | undefined;
  measure?: string | undefined;
  by?: readonly string[];
  filter?: Readonly<Record<string, string | readonly string[]>> | undefined;
  grain?: Grain | undefined;
}

export interface FeedReading {
  facts: readonly Fact[];
  /** Facts of the period compared with; empty when nothing was asked or known. */
  before: readonly Fact[];
  /** Of averages alone, when they were split: the same over everything at once, weighed by the source itself. */
  overall?: { facts: readonly Fact[]; before: readonly Fact[] };
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

/**
 * Reads the feeds a question is about, in the one way every tool does: which sources, which measure, which days.
 * Throws UserError when nothing fits, naming what there is; a source that fails beside others that answer becomes a note.
 */
export async function readFeeds(question: FeedQuestion, kind: FeedKind | undefined, context: ToolContext): Promise<FeedReading> {
  const notes: string[] = [];
  const described = await describeSources(chooseFeeds(question, kind, context), question, context.signal, notes);
  const measure = measureOf(question, described);
  const sources = narrow(described, { ...question, measure }, notes);
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
  else if (comparePeriod) noteBeginning(comparePeriod, sources, notes);
  const overall = now.facts[0]?.average && (by.length > 0 || question.grain) ? await readOverall() : undefined;
  const receipts = [...now.receipts, ...then.receipts];
  const provisional = now.receipts.find((r) => r.provisional)?.provisional;
  const from = provisional && /\d{4}-\d{2}-\d{2}/.exec(provisional)?.[0];
  if (provisional) notes.push(`The days ${from ? `since ${formatDay(from)}` : provisional} are provisional and may still change.`);
  return {
    facts: now.facts,
    before: then.facts,
    ...(overall ? { overall } : {}),
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

  async function readOverall() {
    const { by: _by, grain: _grain, ...whole } = base;
    const read = async (of: Period | undefined) =>
      (await queryAll(sources, { ...whole, ...(of ? { period: of } : {}) }, context.signal, [])).facts;
    return { facts: await read(period), before: comparePeriod ? await read(comparePeriod) : [] };
  }
}

function chooseFeeds(question: FeedQuestion, kind: FeedKind | undefined, context: ToolContext): readonly Feed[] {
  const { feeds } = context;
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
  if (wanted === undefined) return feeds;
  const chosen = feeds.filter((f) => f.kind === wanted);
  if (chosen.length > 0) return chosen;
  throw new UserError(noSource(wanted, context), { path: "feed" });
}

/** Which variable turns on what a question needs. */
export function noSource(kind: FeedKind, { feeds, absent = [], scope }: Pick<ToolContext, "feeds" | "absent" | "scope">): string {
  const able = absent.filter((source) => source.kinds.includes(kind));
  const there = listWords([...new Set(feeds.map((f) => readable(f.kind)))]);
  const turnOn = able.map(({ title, requires }) => `${requires.join(" and ")} (${title})`).join(", or ");
  if (scope !== undefined)
    return `No connected source has ${readable(kind)} of this project. Its services, repositories, Jira project or cloud account say which are its own. ${turnOn ? `Set ${turnOn}` : "Connect one by its settings"} if there is none yet.`;
  return `No connected source has ${readable(kind)}. What is connected has ${there || "nothing"}. ${turnOn ? `Set ${turnOn}.` : "Connect one by its settings; `doctor` names them."}`;
}

/** Values of dimensions are only needed to understand a filter. */
async function describeSources(feeds: readonly Feed[], question: FeedQuestion, signal: AbortSignal, notes: string[]): Promise<Source[]> {
  const detail = Object.keys(question.filter ?? {}).length > 0 ? "values" : "names";
  return allThatAnswer(feeds, async (feed) => ({ feed, about: await feed.describe(signal, detail) }), signal, notes);
}

/** What each feed gave. One that fails beside others is named in a note; when all fail, or the asker has gone, the first failure is thrown. */
async function allThatAnswer<T>(
  feeds: readonly Feed[],
  ask: (feed: Feed) => Promise<T>,
  signal: AbortSignal,
  notes: string[],
): Promise<T[]> {
  const settled = await Promise.allSettled(feeds.map(ask));
  const given = settled.flatMap((s) => (s.status === "fulfilled" ? [s.value] : []));
  const failed = settled.flatMap((s, i) => (s.status === "rejected" ? [{ name: feeds[i]?.name ?? "", reason: s.reason as unknown }] : []));
  if (failed[0] && (given.length === 0 || signal.aborted)) throw failed[0].reason;
  for (const { name, reason } of failed) notes.push(`Left out “${name}”: ${explainError(reason)}`);
  return given;
}

/** Keeps the sources that have what is asked; names those left out. */
function narrow(sources: readonly Source[], question: FeedQuestion, notes: string[]): Source[] {
  const needed = [...(question.by ?? []), ...Object.keys(question.filter ?? {})];
  const has = (source: Source) =>
    (question.measure === undefined || source.about.measures.some((m) => sameName(m.name, question.measure ?? ""))) &&
    needed.every((name) => source.about.dimensions.some((d) => sameName(d.name, name)));
  const fitting = sources.filter(has);
  if (fitting.length === 0) return [...sources];
  const left = sources.filter((s) => !fitting.includes(s));
  const lacks = ({ about }: Source, name: string) => ![...about.dimensions, ...about.measures].some((known) => sameName(known.name, name));
  const missing = [...(question.measure ? [question.measure] : []), ...needed].filter((name) => left.some((source) => lacks(source, name)));
  if (left.length > 0)
    notes.push(
      `Without ${listWords(left.map(({ feed }) => feed.name))}, which ${left.length > 1 ? "have" : "has"} no ${listWords(missing.map(readable))}.`,
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
  throw new UserError(
    `There is no dimension “${wanted}”.${near ? ` Did you mean “${near}”?` : ""} There is ${listWords(all, 15) || "none"}.`,
    {
      path: "by",
      suggestions: near ? [near] : [],
    },
  );
}

async function queryAll(sources: readonly Source[], query: Parameters<Feed["query"]>[0], signal: AbortSignal, notes: string[]) {
  const feeds = sources.map((s) => s.feed);
  const twice = await toldTwice(feeds, query.period ? { period: query.period } : {}, signal);
  const ask = (feed: Feed) => {
    const without = twice[feeds.indexOf(feed)];
    return feed.query(without?.size ? { ...query, without } : query, signal);
  };
  const answers = await allThatAnswer(feeds, ask, signal, notes);
  if (twice.some(({ size }) => size > 0) && !notes.includes(COUNTED_ONCE)) notes.push(COUNTED_ONCE);
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
  const about = `${readable(measure)}${where.length ? ` for ${listWords(where)}` : ""}`;
  if (!period || !covers) return new UserError(`No ${about} on record in ${listWords(sources.map((s) => s.feed.name))}.`);
  const outside = clip(period, covers) === undefined;
  const there = `${listWords(sources.map((s) => s.feed.name))} ${sources.length > 1 ? "cover" : "covers"} ${formatPeriod(covers)}`;
  return new UserError(
    `No ${about} on record for ${formatPeriod(period)}${outside ? `: ${there}` : `, though ${there}`}. Ask for a period in there.`,
    { path: "period", suggestions: [`${measure} for ${formatPeriod(covers)}`] },
  );
}
