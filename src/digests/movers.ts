import { addDays, addMonths, fromInstant } from "../core/civil-date.ts";
import type { CivilDate, Fact } from "../core/fact.ts";

/** Days of history before the day that is judged: enough for four of its weekday beside a month that was odd. */
export const HISTORY_DAYS = 63;

export interface Usual {
  /** Median of the newest four of the same weekday before, of those that are known. */
  value: number;
  low: number;
  high: number;
}

export interface Mover {
  name: string;
  value: number;
  usual: number;
  /** Money, from usual to value. */
  change: number;
  /** It had no cost on any day before. */
  isNew: boolean;
  /** It was about as far off on each of the days before: told by then, and no news any more. */
  goesOn: boolean;
}

export type Series = ReadonlyMap<CivilDate, number>;

/** Whether a series was not itself on a day, which then is no measure of what is usual. */
export type Odd = (name: string, date: CivilDate) => boolean;

const WEEKS = 4;
const WEEKS_BACK = HISTORY_DAYS / 7;
/** Robust standard deviations on each side: about one normal day in 2,000 lies beyond. */
const BEYOND = 3.5;
/** Of the day's total: less than that is not worth a line. */
const FLOOR_SHARE = 0.01;
/** What was as far off for so many days was told by then; as far off is so much of it. */
const TOLD_DAYS = 3;
const AS_FAR = 0.75;
/** A charge that comes each month on this date differs from the last one by at most so much of the change. */
const MONTHLY = 0.25;

/**
 * What a day was expected to be, from the days before it: the median of the newest four of its weekday, and around it 3.5 robust standard
 * deviations (1.4826 times the median absolute deviation of each day from the median of its own weekday; the Hampel identifier).
 * undefined with fewer than two such weekdays: too little to say.
 */
export function usualDay(series: Series, date: CivilDate): Usual | undefined {
  const peers = Array.from({ length: WEEKS_BACK }, (_, i) => series.get(addDays(date, -7 * (i + 1))))
    .filter((v) => v !== undefined)
    .slice(0, WEEKS);
  if (peers.length < 2) return undefined;
  const value = median(peers);
  const before = [...series].filter(([at]) => at < date);
  const noise = 1.4826 * median(before.map(([at, v]) => Math.abs(v - median(sameWeekdays(series, at, date)))));
  return { value, low: value - BEYOND * noise, high: value + BEYOND * noise };
}

/** Whether the day is out of its usual range, and not so as its date was a month before: a charge that comes each month. */
export function isUnusual(series: Series, date: CivilDate, usual: Usual): boolean {
  const value = series.get(date);
  if (value === undefined || (value >= usual.low && value <= usual.high)) return false;
  const change = value - usual.value;
  const monthBefore = addMonths(date, -1);
  const then = series.get(monthBefore);
  if (then === undefined) return true;
  const changeThen = then - median(sameWeekdays(series, monthBefore, date).filter((other) => other !== then));
  return Math.abs(change - changeThen) > MONTHLY * Math.abs(change);
}

/**
 * Parts whose day was unusual by at least 1 % of the day's total, the largest amount of money first. Needs the facts of the day and of
 * the `HISTORY_DAYS` before. A part with too little history is told only when it is new. What follows a month of odd days is held against
 * the time before them, so that the way back is no fall.
 */
export function moversOf(
  facts: readonly Fact[],
  day: { date: CivilDate; unit: string; total: number; dimension: string },
  odd: Odd = () => false,
): Mover[] {
  return [...seriesBy(facts, day)]
    .flatMap(([name, series]) => moverOf(name, series, day.date, odd) ?? [])
    .filter(({ change }) => Math.abs(change) >= FLOOR_SHARE * Math.abs(day.total))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

/** The sum of all parts per day. */
export function totalSeries(facts: readonly Fact[], unit: string): Map<CivilDate, number> {
  const days = new Map<CivilDate, number>();
  for (const fact of facts) if ((fact.unit ?? "") === unit) add(days, fact);
  return days;
}

/** Without the odd days before `date`. */
export function usualDays(series: Series, name: string, date: CivilDate, odd: Odd): Series {
  return new Map([...series].filter(([at]) => at >= date || !odd(name, at)));
}

export function seriesBy(
  facts: readonly Fact[],
  { unit, dimension }: { unit: string; dimension: string },
): Map<string, Map<CivilDate, number>> {
  const names = new Map<string, Map<CivilDate, number>>();
  for (const fact of facts) {
    const name = fact.labels[dimension];
    if (name === undefined || (fact.unit ?? "") !== unit) continue;
    const series = names.get(name) ?? new Map<CivilDate, number>();
    add(series, fact);
    names.set(name, series);
  }
  return names;
}

function add(series: Map<CivilDate, number>, { at, value }: Fact): void {
  const date = fromInstant(at);
  series.set(date, (series.get(date) ?? 0) + value);
}

function moverOf(name: string, all: Series, date: CivilDate, odd: Odd): Mover | undefined {
  const value = all.get(date);
  if (value === undefined) return undefined;
  if (all.size === 1) return { name, value, usual: 0, change: value, isNew: true, goesOn: false };
  const series = usualDays(all, name, date, odd);
  const usual = usualDay(series, date);
  if (!usual || !isUnusual(series, date, usual)) return undefined;
  return { name, value, usual: usual.value, change: value - usual.value, isNew: false, goesOn: goesOn(all, series, date) };
}

/** Whether each of the days before was off to the same side by most of what the day is, as an amount or as a share. `usual`: without odd days. */
export function goesOn(all: Series, usual: Series, date: CivilDate): boolean {
  const offBy = (day: CivilDate) => {
    const level = usualDay(usual, day)?.value ?? Number.NaN;
    const amount = (all.get(day) ?? Number.NaN) - level;
    return { amount, share: amount / level };
  };
  const now = offBy(date);
  const before = Array.from({ length: TOLD_DAYS }, (_, i) => offBy(addDays(date, -1 - i)));
  return before.every(({ amount, share }) => amount / now.amount >= AS_FAR || share / now.share >= AS_FAR);
}

/** The days before `until` that share the weekday of `at`. */
function sameWeekdays(series: Series, at: CivilDate, until: CivilDate): number[] {
  const days = Array.from({ length: 2 * WEEKS_BACK + 1 }, (_, i) => addDays(at, 7 * (i - WEEKS_BACK)));
  return days.flatMap((day) => (day < until ? (series.get(day) ?? []) : []));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
