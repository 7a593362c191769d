import { UserError } from "../errors.ts";
import { fromInstant, startOf, toInstant } from "./civil-date.ts";
import type { Fact, Period } from "./fact.ts";
import type { DimensionDescription, Feed, FeedAnswer, FeedQuery, RecordAnswer } from "./feed.ts";
import type { FeedRecord, RecordKind } from "./records.ts";
import { listWords } from "./text.ts";

/** A source that knows things one by one. Its facts are made from them, all in the same way. */
export interface RecordSource {
  name: string;
  kind: RecordKind;
  title: string;
  /** The first is the default. */
  measures: readonly RecordMeasure[];
  /** Labels one may split and filter by. */
  dimensions: readonly string[];
  /** First and last day that can be asked for. No network. */
  covers(): Period;
  /**
   * Records whose `at` lies in the period, both ends included, in UTC; oldest first. Throws VendorError. Cheap to repeat: cached.
   * Receipts say what was asked, when, and what was left out.
   */
  load(period: Period, signal: AbortSignal): Promise<RecordAnswer>;
}

export interface RecordMeasure {
  name: string;
  unit: string;
  aggregate?: "sum" | "mean";
  /** undefined: this record has no such value, and counts for nothing. Default: 1, which counts records. */
  of?(record: FeedRecord): number | undefined;
}

const MOST_VALUES = 200;
/** Days looked at to learn which values a dimension has. */
const VALUES_DAYS = 90;

export function recordFeed(source: RecordSource): Feed {
  const load = async (query: { period?: Period; filter?: FeedQuery["filter"] }, signal: AbortSignal): Promise<RecordAnswer> => {
    const period = query.period ?? source.covers();
    const { records, receipts } = await source.load(period, signal);
    const wanted = Object.entries(query.filter ?? {});
    for (const [name] of wanted) dimensionOf(source, name);
    const kept = records.filter((record) => wanted.every(([name, values]) => values.includes(record.labels[name] ?? NOT_SET)));
    return { records: kept, receipts };
  };
  return {
    name: source.name,
    kind: source.kind,
    withoutPeriod: "recent",
    records: load,
    async query(query, signal): Promise<FeedAnswer> {
      const measure = measureOf(source, query.measure);
      for (const name of query.by ?? []) dimensionOf(source, name);
      const { records, receipts } = await load(query, signal);
      const own = records.filter(({ id }) => !query.without?.has(id));
      return { facts: factsOf(own, measure, query), receipts };
    },
    async describe(signal, detail = "values") {
      const covers = source.covers();
      const dimensions =
        detail === "names"
          ? source.dimensions.map((name) => ({ name, values: [], more: true }))
          : dimensionsOf(source, (await source.load(recent(covers), signal)).records);
      const measures = source.measures.map(({ name, unit, aggregate }) => ({ name, unit, ...(aggregate ? { aggregate } : {}) }));
      return { title: source.title, measures, dimensions, covers };
    },
  };
}

/** What a filter calls a missing label. */
const NOT_SET = "(not set)";

function recent({ from, to }: Period): Period {
  const start = fromInstant(new Date(toInstant(to).getTime() - (VALUES_DAYS - 1) * 86_400_000));
  return { from: start > from ? start : from, to };
}

function dimensionsOf({ dimensions }: RecordSource, records: readonly FeedRecord[]): DimensionDescription[] {
  return dimensions.map((name) => {
    const counts = new Map<string, number>();
    for (const { labels } of records) {
      const value = labels[name];
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value);
    // Values of earlier days are not looked up, so there may always be more.
    return { name, values: values.slice(0, MOST_VALUES), more: true };
  });
}

/** One fact per unit, bucket and combination of labels; none where no record has the value. */
function factsOf(records: readonly FeedRecord[], measure: RecordMeasure, { by = [], grain, period }: FeedQuery): Fact[] {
  const sums = new Map<string, { at: Date; labels: Record<string, string>; sum: number; n: number }>();
  const first = period?.from ?? (records[0]?.at ? fromInstant(records[0].at) : undefined);
  for (const record of records) {
    const value = measure.of ? measure.of(record) : 1;
    if (value === undefined || !Number.isFinite(value) || !record.at) continue;
    const day = fromInstant(record.at);
    const bucket = grain ? startOf(grain, day) : (first ?? day);
    const labels = Object.fromEntries(by.flatMap((name) => (record.labels[name] === undefined ? [] : [[name, record.labels[name]]])));
    const key = JSON.stringify([bucket, ...by.map((name) => labels[name] ?? null)]);
    const known = sums.get(key) ?? { at: toInstant(bucket), labels, sum: 0, n: 0 };
    known.sum += value;
    known.n += 1;
    sums.set(key, known);
  }
  return [...sums.values()]
    .map(({ at, labels, sum, n }) => ({
      at,
      labels,
      measure: measure.name,
      unit: measure.unit,
      ...(measure.aggregate === "mean" ? { value: sum / n, average: true as const } : { value: sum }),
    }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function measureOf({ measures, name }: RecordSource, wanted: string | undefined): RecordMeasure {
  const found = wanted === undefined ? measures[0] : measures.find((m) => m.name === wanted);
  if (found) return found;
  throw new UserError(`${name} has no measure “${wanted}”. It has ${listWords(measures.map((m) => m.name))}.`, { path: "measure" });
}

function dimensionOf({ dimensions, name }: RecordSource, wanted: string): void {
  if (!dimensions.includes(wanted))
    throw new UserError(`${name} has no dimension “${wanted}”. It has ${listWords(dimensions)}.`, { path: "by" });
}
