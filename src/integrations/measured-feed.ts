import { addDays, addUnits, fromInstant, startOf, toInstant } from "../core/civil-date.ts";
import type { CivilDate, Fact, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedAnswer, FeedDescription, FeedQuery, Grain } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import { clip } from "../core/period.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";

/** A source that measures: requests, latencies, ratings. It gives figures with what they weigh, and its feed puts them together. */
export interface MeasuredSource {
  name: string;
  title: string;
  /** The first is the default. */
  measures: readonly SourceMeasure[];
  now(): Date;
  /** Days it keeps; what lies before is never asked for. */
  keepsDays: number;
  /** Values of a dimension, most used first. Throws VendorError. */
  values(dimension: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Throws VendorError. Cheap to repeat: cached. */
  read(question: MeasuredQuestion, signal: AbortSignal): Promise<MeasuredAnswer>;
}

export interface SourceMeasure {
  name: string;
  /** Absent for a score. */
  unit?: string;
  /** mean: days are put together by what they weigh. Default: sum. */
  aggregate?: "mean";
  /** A median or a percentile of several days is not to be had from those of each: the source is asked for every step. */
  isPercentile?: true;
  /** What it can be split and filtered by. */
  dimension: string;
}

export interface MeasuredQuestion {
  measure: string;
  by: string | undefined;
  /** Values of the measure's dimension; absent for all. */
  only: readonly string[] | undefined;
  /** Each is one figure (per value of `by`); with `daily` there is one window, and each of its days is a figure. */
  windows: readonly Period[];
  daily: boolean;
  /** For the receipt: "error_rate by service per day". */
  words: string;
  /** All the windows together. */
  period: Period;
}

export interface MeasuredAnswer {
  readings: readonly Reading[];
  receipt: Receipt;
}

export interface Reading {
  /** A day, or the first of its window. */
  day: CivilDate;
  /** Value of `by`. */
  label?: string | undefined;
  value: number;
  /** What it stands for: the requests behind a latency. Above zero. */
  weight: number;
}

/** Steps beyond this would be as many questions. */
const MOST_WINDOWS = 120;

export function measuredFeed(source: MeasuredSource): Feed {
  return {
    name: source.name,
    kind: "metrics",
    withoutPeriod: "recent",
    async describe(signal, detail = "values"): Promise<FeedDescription> {
      signal.throwIfAborted();
      const names = [...new Set(source.measures.map(({ dimension }) => dimension))];
      const dimensions = await Promise.all(
        names.map(async (name) => ({ name, values: detail === "names" ? [] : await source.values(name, signal), more: true })),
      );
      const measures = source.measures.map(({ name, unit, aggregate }) => ({
        name,
        ...(unit === undefined ? {} : { unit }),
        ...(aggregate ? { aggregate } : {}),
      }));
      return { title: source.title, measures, dimensions, covers: coversOf(source) };
    },
    async query(query, signal): Promise<FeedAnswer> {
      signal.throwIfAborted();
      const measure = measureOf(source, query.measure);
      const [by] = query.by ?? [];
      for (const name of [...(query.by ?? []), ...Object.keys(query.filter ?? {})]) dimensionOf(source, measure, name);
      const covers = coversOf(source);
      const asked = query.period ?? covers;
      const period = clip(asked, covers);
      const words = wordsOf(measure, query);
      const only = query.filter?.[measure.dimension];
      const base = { measure: measure.name, by, only, words };
      if (!period) {
        const { receipt } = await source.read({ ...base, windows: [], daily: false, period: asked }, signal);
        const ahead = asked.from > covers.to ? "No day of it has come yet." : `${source.title} keeps ${source.keepsDays} days.`;
        return { facts: [], receipts: [{ ...receipt, notes: [...(receipt.notes ?? []), ahead] }] };
      }
      const daily = query.grain !== undefined && (query.grain === "day" || !measure.isPercentile);
      const windows = daily || !query.grain ? [period] : windowsOf(source, period, query.grain);
      const { readings, receipt } = await source.read({ ...base, windows, daily, period }, signal);
      return { facts: factsOf(readings, measure, query, asked), receipts: [finished(receipt, source, asked, period)] };
    },
  };
}

function coversOf({ now, keepsDays }: MeasuredSource): Period {
  const today = fromInstant(now());
  return { from: addDays(today, 1 - keepsDays), to: today };
}

function finished(receipt: Receipt, source: MeasuredSource, asked: Period, period: Period): Receipt {
  const today = fromInstant(source.now());
  const early =
    period.from > asked.from ? [`${source.title} keeps ${source.keepsDays} days: those before ${period.from} are missing.`] : [];
  const notes = [...(receipt.notes ?? []), ...early];
  return {
    ...receipt,
    ...(notes.length > 0 ? { notes } : {}),
    ...(period.to >= today ? { provisional: `since ${today}: the day is not over` } : {}),
  };
}

/** The calendar steps a period touches, cut to it. */
function windowsOf(source: MeasuredSource, period: Period, grain: Grain): Period[] {
  const windows: Period[] = [];
  for (let from = period.from; from <= period.to; ) {
    const next = addUnits(grain, startOf(grain, from), 1);
    const to = addDays(next, -1);
    windows.push({ from, to: to < period.to ? to : period.to });
    from = next;
  }
  if (windows.length <= MOST_WINDOWS) return windows;
  throw new UserError(
    `That is ${windows.length} steps, and ${source.title} is asked for each of them. Ask for a shorter period or longer steps.`,
    {
      path: "grain",
    },
  );
}

function factsOf(readings: readonly Reading[], measure: SourceMeasure, { by: [by] = [], grain }: FeedQuery, asked: Period): Fact[] {
  const stepOf = ({ day }: Reading) => (grain ? startOf(grain, day) : asked.from);
  const groups = Map.groupBy(readings, (reading) => JSON.stringify([stepOf(reading), reading.label ?? null]));
  const facts = [...groups.values()].flatMap((group): Fact[] => {
    const [first] = group;
    const value = together(group, measure);
    if (!first || !Number.isFinite(value)) return [];
    return [
      {
        at: toInstant(stepOf(first)),
        measure: measure.name,
        value,
        ...(measure.unit === undefined ? {} : { unit: measure.unit }),
        ...(measure.aggregate === "mean" ? { average: true as const } : {}),
        labels: by !== undefined && first.label !== undefined ? { [by]: first.label } : {},
      },
    ];
  });
  return facts.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function together(group: readonly Reading[], { aggregate }: SourceMeasure): number {
  if (aggregate !== "mean") return group.reduce((sum, { value }) => sum + value, 0);
  const weight = group.reduce((sum, reading) => sum + reading.weight, 0);
  return group.reduce((sum, reading) => sum + reading.value * reading.weight, 0) / weight;
}

function measureOf({ measures, title }: MeasuredSource, wanted: string | undefined): SourceMeasure {
  const found = wanted === undefined ? measures[0] : measures.find(({ name }) => name === wanted);
  if (found) return found;
  throw new UserError(`${title} has no measure “${wanted}”. It has ${listWords(measures.map(({ name }) => name))}.`, { path: "measure" });
}

function dimensionOf({ measures, title }: MeasuredSource, measure: SourceMeasure, wanted: string): void {
  if (wanted === measure.dimension) return;
  const isKnown = measures.some(({ dimension }) => dimension === wanted);
  const problem = isKnown ? `has ${readable(measure.name)} not by ${wanted}` : `has no dimension “${wanted}”`;
  throw new UserError(`${title} ${problem}. It has ${readable(measure.name)} by ${measure.dimension}.`, { path: "by" });
}

function wordsOf(measure: SourceMeasure, { by = [], filter = {}, grain }: FeedQuery): string {
  const only = Object.values(filter).flat();
  return [
    measure.name,
    ...(by[0] === undefined ? [] : [`by ${by[0]}`]),
    ...(only.length === 0 ? [] : [`for ${listWords(only, 5)}`]),
    ...(grain ? [`per ${grain}`] : []),
  ].join(" ");
}
