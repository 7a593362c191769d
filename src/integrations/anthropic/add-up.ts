import { startOf, toInstant } from "../../core/civil-date.ts";
import type { CivilDate, Fact, Period } from "../../core/fact.ts";
import type { FeedQuery, MeasureDescription } from "../../core/feed.ts";
import { listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import { type MinorAmount, toMajor } from "./money.ts";

export interface DayRow {
  day: CivilDate;
  labels: Readonly<Record<string, string>>;
}

export interface Measure<Row> extends MeasureDescription {
  unit: string;
  /** undefined: the row does not know it, and counts for nothing. */
  of(row: Row): Amount | undefined;
}

/** `of`: a share is its parts added up over what they are parts of, so that a day with much counts for much. */
export type Amount = { value: number; of?: number } | { amount: MinorAmount; currency: string };

/** What a filter calls a missing label. */
const NOT_SET = "(not set)";

/** One fact per unit, bucket and combination of labels; none where no row knows the measure. */
export function addUp<Row extends DayRow>(rows: readonly Row[], measure: Measure<Row>, query: FeedQuery, period: Period): Fact[] {
  const { by = [], filter = {}, grain } = query;
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    if (row.day < period.from || row.day > period.to) continue;
    if (!Object.entries(filter).every(([name, values]) => values.includes(row.labels[name] ?? NOT_SET))) continue;
    const amount = measure.of(row);
    if (amount === undefined) continue;
    const bucket = grain ? startOf(grain, row.day) : period.from;
    const labels = Object.fromEntries(by.flatMap((name) => (row.labels[name] === undefined ? [] : [[name, row.labels[name]]])));
    const unit = "currency" in amount ? amount.currency : measure.unit;
    const key = JSON.stringify([bucket, unit, ...by.map((name) => labels[name] ?? null)]);
    const sum = sums.get(key) ?? { at: toInstant(bucket), unit, labels, minor: 0n, value: 0, of: 0 };
    if ("currency" in amount) sum.minor += amount.amount;
    else {
      sum.value += amount.value;
      sum.of += amount.of ?? 0;
    }
    sums.set(key, sum);
  }
  return [...sums.values()]
    .filter(({ of }) => measure.aggregate !== "mean" || of > 0)
    .map((sum) => factOf(sum, measure))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

interface Sum {
  at: Date;
  unit: string;
  labels: Record<string, string>;
  minor: MinorAmount;
  value: number;
  of: number;
}

function factOf({ at, unit, labels, minor, value, of }: Sum, { name, unit: kind, aggregate }: Measure<never>): Fact {
  const base = { at, measure: name, unit, labels };
  if (kind === "currency") return { ...base, value: toMajor(minor, unit) };
  return aggregate === "mean" ? { ...base, value: value / of, average: true } : { ...base, value };
}

export function measureOf<Row>(source: string, measures: readonly Measure<Row>[], wanted: string | undefined): Measure<Row> {
  const found = wanted === undefined ? measures[0] : measures.find(({ name }) => name === wanted);
  if (found) return found;
  throw new UserError(`${source} has no measure “${wanted}”. It has ${listWords(measures.map(({ name }) => name))}.`, { path: "measure" });
}

/** The dimensions a query splits or filters by. Throws UserError for one there is not. */
export function dimensionsIn(source: string, dimensions: readonly string[], { by = [], filter = {} }: FeedQuery): readonly string[] {
  const asked = [...new Set([...by, ...Object.keys(filter)])];
  for (const name of asked)
    if (!dimensions.includes(name))
      throw new UserError(`${source} has no dimension “${name}”. It has ${listWords(dimensions)}.`, { path: "by" });
  return asked;
}

/** Values of each dimension, the most used first. */
export function valuesOf<Row extends DayRow>(rows: readonly Row[], dimension: string, weight: (row: Row) => number): string[] {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const value = row.labels[dimension];
    if (value !== undefined) sums.set(value, (sums.get(value) ?? 0) + weight(row));
  }
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}
