import { changePoint } from "../analytics/explain/change-point.ts";
import { NOT_SET } from "../analytics/explain/rows.ts";
import { withoutWeekdays } from "../analytics/explain/without-weekdays.ts";
import { addDays, daysBetween } from "../core/civil-date.ts";
import type { CivilDate, Period, Receipt } from "../core/fact.ts";
import { lengthOf } from "../core/period.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type ChangeReading, provisionalSince } from "./explain-change-cube.ts";
import { readFeeds } from "./feed-question.ts";
import { sumBuckets } from "./finding.ts";

/** The day a slice left its level, and both levels by day. */
export interface Began {
  day: CivilDate;
  before: number;
  after: number;
}

export interface BeganReading {
  began?: Began;
  /** The days looked at. */
  window: Period;
  receipts: readonly Receipt[];
}

/** Longer than that, and the day of one step means little. */
const MOST_DAYS = 400;

/**
 * Finds the day on which the slice changed its level, the way the whole change went. Absent when no step stands out of its own noise
 * (a slow rise has no day), or a day's amounts cannot be read. Days that may still change are not looked at.
 */
export async function whenBegan(
  reading: ChangeReading,
  slice: Readonly<Record<string, string>>,
  rise: boolean,
  context: ToolContext,
): Promise<BeganReading> {
  const window = windowOf(reading);
  if (Object.values(slice).includes(NOT_SET) || lengthOf(window) > MOST_DAYS) return { window, receipts: [] };
  const { by: _by, compare: _compare, ...question } = reading.question;
  const read = async (filter: Readonly<Record<string, string | readonly string[]>>) =>
    readFeeds({ ...question, filter, period: window, grain: "day" }, reading.kind, context).catch((error: unknown) => {
      if (error instanceof UserError) return undefined;
      throw error;
    });
  const [all, own] = await Promise.all([read(question.filter ?? {}), read({ ...question.filter, ...slice })]);
  const receipts = [...(all?.receipts ?? []), ...(own?.receipts ?? [])];
  if (!all || !own) return { window, receipts };
  const inUnit = (facts: typeof all.facts) => sumBuckets(facts.filter((fact) => (fact.unit ?? "") === reading.unit));
  const known = inUnit(all.facts);
  const values = inUnit(own.facts);
  const firm = provisionalSince(receipts) ?? addDays(window.to, 1);
  const days = Array.from({ length: lengthOf(window) }, (_, i) => addDays(window.from, i)).filter((day) => day < firm);
  // A day that the source knows and the slice has nothing on is a day without any of it; a day the source lacks is missing.
  const series = days.map((day) => (known.has(day) ? (values.get(day) ?? 0) : Number.NaN));
  const point = changePoint(withoutWeekdays(series));
  const day = days[point?.at ?? -1];
  if (!point || !day || point.strength < 1 || point.after > point.before !== rise) return { window, receipts };
  const at = daysBetween(window.from, day);
  return { began: { day, before: mean(series.slice(0, at)), after: mean(series.slice(at)) }, window, receipts };
}

/** Both periods when one follows the other, else the period and as many days before it. */
function windowOf({ period, comparePeriod }: ChangeReading): Period {
  const adjacent = addDays(comparePeriod.to, 1) === period.from;
  return { from: adjacent ? comparePeriod.from : addDays(period.from, -Math.max(7, lengthOf(period))), to: period.to };
}

function mean(values: readonly number[]): number {
  const known = values.filter(Number.isFinite);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}
