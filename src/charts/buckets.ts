import { addUnits, fields, fromInstant, startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import { UserError } from "../errors.ts";

export interface TimePoint {
  /** A day, or an instant whose UTC day counts. */
  at: CivilDate | Date;
  /** null: known to be missing. */
  value: number | null;
}

/** Labels of a time axis: positions in the list of buckets, and one or two lines each. */
export interface DateTicks {
  values: number[];
  texts: string[][];
}

/** About a tenth of a pixel each at most. */
const MOST_BUCKETS = 4000;
const MOST_TICKS = 14;
const GRAINS = ["day", "week", "month", "quarter", "year"] as const;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Every bucket from the first point to the last, by its first day, also those nobody has a value for. Throws UserError beyond 4,000. */
export function bucketsOf(grain: Grain, points: readonly TimePoint[]): CivilDate[] {
  const starts = points.map(({ at }) => bucketOf(grain, at)).sort();
  const last = starts.at(-1) ?? "";
  const buckets: CivilDate[] = [];
  for (let day = starts[0] ?? ""; day !== "" && day <= last; day = addUnits(grain, day, 1)) {
    if (buckets.length === MOST_BUCKETS)
      throw new UserError(`That is more than ${MOST_BUCKETS} points in time. Ask by week or by month, or for a shorter period.`);
    buckets.push(day);
  }
  return buckets;
}

/** Values in the order of `buckets`; null where there is none. Points of one bucket are added. */
export function alignToBuckets(grain: Grain, points: readonly TimePoint[], buckets: readonly CivilDate[]): (number | null)[] {
  const byBucket = new Map<CivilDate, number>();
  for (const { at, value } of points) {
    const bucket = bucketOf(grain, at);
    if (value !== null) byBucket.set(bucket, (byBucket.get(bucket) ?? 0) + value);
  }
  return buckets.map((bucket) => byBucket.get(bucket) ?? null);
}

/** Labels at round places of the calendar: days, Mondays, first days of months, quarters or years, whichever first leave room. */
export function dateTicks(grain: Grain, buckets: readonly CivilDate[]): DateTicks {
  for (const unit of GRAINS.slice(GRAINS.indexOf(grain))) {
    const values = firstsOf(unit, grain, buckets);
    if (values.length > 0 && values.length <= MOST_TICKS) return { values, texts: tickTexts(unit, values, buckets) };
  }
  const every = Math.ceil(buckets.length / MOST_TICKS);
  const values = buckets.flatMap((_, i) => (i % every === 0 ? [i] : []));
  return { values, texts: tickTexts(grain, values, buckets) };
}

/** "3 Nov 2026", "week of 2 Nov 2026", "Nov 2026", "Q4 2026", "2026" */
export function bucketName(grain: Grain, day: CivilDate): string {
  const { year } = fields(day);
  const name = shortName(grain, day);
  if (grain === "year") return name;
  return `${grain === "week" ? "week of " : ""}${name} ${year}`;
}

function bucketOf(grain: Grain, at: CivilDate | Date): CivilDate {
  return startOf(grain, at instanceof Date ? fromInstant(at) : at);
}

function firstsOf(unit: Grain, grain: Grain, buckets: readonly CivilDate[]): number[] {
  return buckets.flatMap((day, i) => {
    const before = addUnits(grain, day, -1);
    return startOf(unit, day) !== startOf(unit, before) ? [i] : [];
  });
}

function tickTexts(unit: Grain, values: readonly number[], buckets: readonly CivilDate[]): string[][] {
  let shownYear = 0;
  return values.map((i) => {
    const day = buckets[i] ?? "";
    const { year } = fields(day);
    const name = shortName(unit, day);
    if (unit === "year" || year === shownYear) return [name];
    shownYear = year;
    return [name, `${year}`];
  });
}

function shortName(grain: Grain, day: CivilDate): string {
  const { year, month, dayOfMonth } = fields(day);
  if (grain === "year") return `${year}`;
  if (grain === "quarter") return `Q${Math.ceil(month / 3)}`;
  const name = MONTHS[month - 1] ?? "";
  return grain === "month" ? name : `${dayOfMonth} ${name}`;
}
