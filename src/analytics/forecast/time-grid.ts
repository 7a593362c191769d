import { middle } from "./autocorrelation.ts";
import { withWeek } from "./find-seasons.ts";

/** Values at even steps of time; NaN where a step has none. */
export interface Grid {
  values: Float64Array;
  /** Seasons the spacing suggests, in steps; undefined when it says nothing (counters), [] when there is none (years). */
  seasons?: readonly number[];
  /** Values that shared a step and were added up. */
  added: number;
  /** Steps between the first and the last without a value. */
  missing: number;
}

const DAY = 86_400_000;
const MOST_STEPS_PER_VALUE = 50;

/**
 * Puts values in order on an even grid. Dates a month, a quarter or a year apart are counted by the calendar; days that never fall on a
 * weekend are counted as five a week; everything else in steps of the median distance. Values of one step are added up.
 *
 * `times`: milliseconds since 1970 when `dated`, else any even counter. Throws RangeError when there are not two different times, or
 * when the steps are so small against the span that nearly all would be empty.
 */
export function toGrid(times: ArrayLike<number>, values: ArrayLike<number>, dated: boolean): Grid {
  const order = Array.from({ length: times.length }, (_, i) => i).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const distinct = Float64Array.from(new Set(order.map((i) => times[i] ?? 0)));
  if (distinct.length < 2) throw new RangeError("toGrid: there are not two different times");
  const { place, seasons } = gridOf(distinct, dated);
  const first = place(distinct[0] ?? 0);
  const length = place(distinct.at(-1) ?? 0) - first + 1;
  if (length > MOST_STEPS_PER_VALUE * distinct.length) throw new RangeError("toGrid: the times are too uneven");
  const grid = new Float64Array(length).fill(Number.NaN);
  let added = 0;
  for (const i of order) {
    const value = values[i] ?? Number.NaN;
    const at = place(times[i] ?? 0) - first;
    if (!Number.isFinite(value)) continue;
    const there = grid[at] ?? Number.NaN;
    if (!Number.isNaN(there)) added++;
    grid[at] = Number.isNaN(there) ? value : there + value;
  }
  const missing = grid.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  return { values: grid, ...(seasons ? { seasons } : {}), added, missing };
}

interface Spacing {
  place(time: number): number;
  seasons?: readonly number[];
}

function gridOf(distinct: Float64Array, dated: boolean): Spacing {
  const distances = distinct.subarray(1).map((time, i) => time - (distinct[i] ?? 0));
  const step = middle(distances);
  const start = distinct[0] ?? 0;
  const even = (size: number) => (time: number) => Math.round((time - start) / size);
  if (!dated) return { place: even(step) };
  const days = step / DAY;
  if (days >= 360) return { place: (time) => new Date(time).getUTCFullYear(), seasons: [] };
  if (days >= 85) return { place: (time) => Math.floor(monthOf(time) / 3), seasons: [4] };
  if (days >= 27 && days <= 32) return { place: monthOf, seasons: [12] };
  if (days >= 6.5 && days <= 7.5) return { place: even(7 * DAY), seasons: [52] };
  if (days >= 0.9 && days <= 1.1) return neverOnWeekends(distinct) ? { place: workday, seasons: [5] } : { place: even(DAY), seasons: [7] };
  const aDay = DAY / step;
  return days < 1 && Math.abs(aDay - Math.round(aDay)) < 1e-6
    ? { place: even(step), seasons: dayAndWeek(Math.round(aDay)) }
    : { place: even(step) };
}

function dayAndWeek(steps: number): number[] {
  return steps > 400 ? [] : steps === 24 ? withWeek(steps) : [steps, 7 * steps];
}

function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function neverOnWeekends(distinct: Float64Array): boolean {
  return distinct.length >= 10 && distinct.every((time) => weekday(time) < 5);
}

/** 0 is Monday. */
function weekday(time: number): number {
  return (((Math.floor(time / DAY) + 3) % 7) + 7) % 7;
}

function workday(time: number): number {
  const day = Math.floor(time / DAY) + 3;
  return Math.floor(day / 7) * 5 + weekday(time);
}
