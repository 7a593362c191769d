import { type Amounts, addTo, backwards, nothing, type Scale, scaleOf } from "../analytics/explain/amounts.ts";
import { type Cell, type Cube, combinations, cubeOfTables } from "../analytics/explain/cube.ts";
import { evidence } from "../analytics/explain/evidence.ts";
import { NOT_SET } from "../analytics/explain/rows.ts";
import { addDays } from "../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedKind } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import { formatDay, formatPeriod, lengthOf } from "../core/period.ts";
import { listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type FeedQuestion, type FeedReading, readFeeds } from "./feed-question.ts";
import { byUnit } from "./finding.ts";
import { sameName } from "./same-name.ts";

/** A measure in two periods, added up by its most telling dimensions. */
export interface ChangeReading {
  question: FeedQuestion;
  kind: FeedKind | undefined;
  period: Period;
  comparePeriod: Period;
  measure: string;
  subject: string;
  unit: string;
  whole: Amounts;
  /** Before and after exchanged when `fall`. */
  cube(fall: boolean): Cube;
  scale(fall: boolean): Scale;
  dimensions: readonly string[];
  receipts: readonly Receipt[];
  notes: readonly string[];
  /** The whole period may still change. */
  provisional: boolean;
  /** Days of the period over days of the one before; 1 for equal lengths. Amounts before stand in the cube at this many days. */
  stretch: number;
}

const MOST_DIMENSIONS = 4;
const MOST_VALUES = 5000;

/**
 * Reads what is needed to decompose a change: each dimension alone, then every three of the four most telling ones. Throws UserError
 * when there is nothing to compare, for an average (its parts do not add up), and as `readFeeds` does.
 */
export async function readChange(asked: FeedQuestion, kind: FeedKind | undefined, context: ToolContext): Promise<ChangeReading> {
  const { base, provisional } = await settled(asked, kind, context);
  const { period, comparePeriod } = base;
  if (!period) throw new UserError(`The source of ${readable(base.measure)} has no dates, so there is no period before to compare with.`);
  if (!comparePeriod)
    throw new UserError(`There is no ${readable(base.measure)} before ${formatPeriod(period)} to compare with. Name a later period.`, {
      path: "period",
    });
  if (base.facts.some((fact) => fact.average))
    throw new UserError(
      `${readable(base.measure)} is an average: its parts do not add up to a change. Ask for it by a dimension, compared with the period before.`,
      { path: "measure" },
    );
  const [main, ...others] = byUnit(base);
  const unit = main?.unit ?? "";
  const notes = [...base.notes];
  const stretch = lengthOf(period) / lengthOf(comparePeriod);
  if (others.length > 0) notes.push(`Only ${unit || "one unit"} is explained; there is also ${listWords(others.map((o) => o.unit))}.`);
  const question = { ...asked, period, compare: comparePeriod, measure: base.measure };
  const read = (by: readonly string[]) => readFeeds({ ...question, by }, kind, context);
  const names = asked.by?.length ? asked.by : await dimensionNames(question, kind, context);
  if (names.length === 0) throw new UserError(`${readable(base.measure)} has no dimension to explain a change by.`);

  const singles = await allThatAnswer(
    names.map((name) => () => read([name])),
    notes,
  );
  const whole = amountsOf(main?.facts ?? [], main?.before ?? []);
  const usual = stretched(whole, stretch);
  const scale = scaleOf(usual, { rates: false, counts: isCount(unit, base), periods: 1 });
  const telling = mostTelling(singles, { unit, whole }, scale, notes);
  const dimensions = telling.map((reading) => reading.by[0] ?? "");
  const deep = await readTogether(dimensions, read, { most: splitsAtOnce(question, kind, context), notes });
  const tables = [...deep, ...telling].map((reading) => ({
    attributes: reading.by.map((name) => dimensions.indexOf(name)),
    cells: cellsOf(reading, unit).map((cell) => ({ ...stretched(cell, stretch), values: cell.values })),
  }));
  const receipts = [base, ...singles, ...deep].flatMap((reading) => reading.receipts);
  return {
    question,
    kind,
    period,
    comparePeriod,
    measure: base.measure,
    subject: base.subject,
    unit,
    whole,
    dimensions,
    receipts,
    notes,
    provisional,
    stretch,
    cube: (fall) => (fall ? cubeOfTables(dimensions, backwards(usual), tables.map(turned)) : cubeOfTables(dimensions, usual, tables)),
    scale: (fall) => (fall ? scaleOf(backwards(usual), { rates: false, counts: isCount(unit, base), periods: 1 }) : scale),
  };
}

function stretched(slice: Amounts, stretch: number): Amounts {
  return { ...slice, before: slice.before * stretch };
}

function turned(table: { attributes: readonly number[]; cells: readonly Cell[] }) {
  return { ...table, cells: table.cells.map((cell) => ({ ...backwards(cell), values: cell.values })) };
}

/** The two periods whole, without days that may still change: those are never judged. */
async function settled(asked: FeedQuestion, kind: FeedKind | undefined, context: ToolContext) {
  const { by: _, ...question } = asked;
  const base = await readFeeds(question, kind, context);
  const since = provisionalSince(base.receipts);
  if (!base.period || !since || since > base.period.to) return { base, provisional: false };
  if (since <= base.period.from) return { base, provisional: true };
  const firm = { from: base.period.from, to: addDays(since, -1) };
  const again = await readFeeds({ ...question, period: firm }, kind, context);
  const notes = [
    ...base.notes.filter((note) => !/provisional/.test(note)),
    `The days since ${formatDay(since)} are provisional and not judged.`,
  ];
  return {
    base: { ...again, notes: [...new Set([...notes, ...again.notes])], receipts: [...base.receipts, ...again.receipts] },
    provisional: false,
  };
}

export function provisionalSince(receipts: readonly Receipt[]): string | undefined {
  const days = receipts.flatMap((receipt) => /\d{4}-\d{2}-\d{2}/.exec(receipt.provisional ?? "")?.[0] ?? []);
  return days.sort()[0];
}

function feedsOf({ dataset, feed: wanted }: FeedQuestion, kind: FeedKind | undefined, { feeds }: ToolContext): readonly Feed[] {
  return feeds.filter((feed) =>
    dataset ? feed.name.toLowerCase() === dataset.toLowerCase() : kind === undefined || feed.kind === (wanted ?? kind),
  );
}

/** Dimensions every source of the question has, without those a filter leaves one value of. */
async function dimensionNames(question: FeedQuestion, kind: FeedKind | undefined, context: ToolContext): Promise<string[]> {
  const described = await Promise.all(
    feedsOf(question, kind, context).map((feed) => feed.describe(context.signal, "names").catch(() => undefined)),
  );
  context.signal.throwIfAborted();
  const fitting = described.filter((about) => about?.measures.some((m) => sameName(m.name, question.measure ?? "")));
  const [first, ...rest] = fitting.map((about) => about?.dimensions.map((d) => d.name) ?? []);
  const single = Object.entries(question.filter ?? {}).flatMap(([name, value]) =>
    typeof value === "string" || value.length === 1 ? [name] : [],
  );
  return (first ?? []).filter((name) => rest.every((own) => own.includes(name)) && !single.some((s) => sameName(s, name)));
}

/** What costs a look for each value is not split by: such sources may take money for each. */
function splitsAtOnce(question: FeedQuestion, kind: FeedKind | undefined, context: ToolContext): number {
  return Math.min(...feedsOf(question, kind, context).map((feed) => feed.splitsAtOnce ?? MOST_TOGETHER), MOST_TOGETHER);
}

const MOST_TOGETHER = 3;

/** Every three of the dimensions together; every two where the sources take no three; none where they take one alone. */
async function readTogether(
  dimensions: readonly string[],
  read: (by: readonly string[]) => Promise<FeedReading>,
  { most: atOnce, notes }: { most: number; notes: string[] },
): Promise<FeedReading[]> {
  for (const size of [3, 2].filter((one) => one <= Math.max(2, atOnce))) {
    const most = Math.min(size, dimensions.length);
    const sets = combinations(dimensions.length, most).filter((set) => set.length === most && most > 1);
    const asks = sets.map((set) => () => read(set.map((i) => dimensions[i] ?? "")));
    const given = asks.length > 0 ? await allThatAnswer(asks, notes).catch(notRefused) : [];
    if (given.length > 0 || sets.length === 0) return given;
  }
  notes.push("The source takes no several dimensions at once, so each was looked into alone.");
  return [];
}

function notRefused(error: unknown): FeedReading[] {
  if (error instanceof UserError) return [];
  throw error;
}

/** A source may refuse a split; the others are enough. */
async function allThatAnswer(asks: readonly (() => Promise<FeedReading>)[], notes: string[]): Promise<FeedReading[]> {
  const results = await Promise.allSettled(asks.map((ask) => ask()));
  const given = results.flatMap((r) => (r.status === "fulfilled" ? [r.value] : []));
  const failed = results.flatMap((r) => (r.status === "rejected" ? [r.reason as unknown] : []));
  const serious = failed.find((reason) => !(reason instanceof UserError));
  if (serious) throw serious;
  if (failed[0] && given.length === 0) throw failed[0];
  if (failed.length > 0) notes.push(`${failed.length} of the splits could not be read: ${(failed[0] as UserError).message}`);
  return given;
}

/** A value that is nearly everything says nothing about where a change is. */
const NEARLY_ALL = 0.98;

/**
 * The dimensions in which one value left the common course most: against what it would be had everything moved alike. Those with
 * thousands of values, or one, tell nobody where to look.
 */
function mostTelling(
  singles: readonly FeedReading[],
  { unit, whole }: { unit: string; whole: Amounts },
  scale: Scale,
  notes: string[],
): FeedReading[] {
  const course = whole.before > 0 && whole.after > 0 ? whole.after / whole.before : 1;
  const own = (cell: Amounts) =>
    Math.max(evidence(cell.after, cell.before * course, scale.unit), evidence(cell.before, cell.after / course, scale.unit));
  const all = Math.abs(whole.before) + Math.abs(whole.after);
  const strength = (reading: FeedReading) => {
    const cells = cellsOf(reading, unit);
    const flat = cells.some((cell) => Math.abs(cell.before) + Math.abs(cell.after) >= NEARLY_ALL * all);
    return flat || cells.length > MOST_VALUES ? -1 : Math.max(0, ...cells.map(own));
  };
  const ranked = singles.map((reading) => ({ reading, strength: strength(reading) })).sort((a, b) => b.strength - a.strength);
  const kept = ranked.filter((r) => r.strength >= 0).slice(0, MOST_DIMENSIONS);
  if (kept.length === 0) return ranked.slice(0, 1).map(({ reading }) => reading);
  const left = ranked.filter((r) => !kept.includes(r)).map(({ reading }) => readable(reading.by[0] ?? ""));
  const names = listWords(kept.map(({ reading }) => readable(reading.by[0] ?? "")));
  if (left.length > 0) notes.push(`Looked into together: ${names}. ${listWords(left)} said less alone.`);
  return kept.map(({ reading }) => reading);
}

function cellsOf(reading: Pick<FeedReading, "facts" | "before" | "by">, unit: string): Cell[] {
  const cells = new Map<string, Cell>();
  const add = (facts: readonly Fact[], side: "before" | "after") => {
    for (const fact of facts) {
      if ((fact.unit ?? "") !== unit) continue;
      const values = reading.by.map((name) => fact.labels[name] ?? NOT_SET);
      const key = JSON.stringify(values);
      const cell = cells.get(key) ?? { ...nothing(), values };
      addTo(cell, { ...nothing(), [side]: fact.value });
      cells.set(key, cell);
    }
  };
  add(reading.before, "before");
  add(reading.facts, "after");
  return [...cells.values()];
}

function amountsOf(facts: readonly Fact[], before: readonly Fact[]): Amounts {
  const sum = nothing();
  for (const fact of facts) sum.after += fact.value;
  for (const fact of before) sum.before += fact.value;
  return sum;
}

function isCount(unit: string, { facts, before }: Pick<FeedReading, "facts" | "before">): boolean {
  return unit === "count" && [...facts, ...before].every((fact) => Number.isInteger(fact.value));
}
