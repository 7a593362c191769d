import { addDays, addUnits, daysBetween, endOf, fromInstant, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { clip } from "../../core/period.ts";

/** Months that are asked for and remembered one by one; what lies before is one window. */
const MONTHS = 25;
/** Nothing on GitHub is older. */
const GITHUB_BEGAN = "2008-01-01";

/** The calendar months a period touches, whole, oldest first, none after `today`; days more than two years back stand in one window. */
export function windowsOf(period: Period, today: string): Period[] {
  const known = clip(period, { from: GITHUB_BEGAN, to: today });
  if (!known) return [];
  const first = addUnits("month", startOf("month", today), 1 - MONTHS);
  const windows: Period[] = known.from < first ? [{ from: known.from, to: addDays(first, -1) }] : [];
  const start = known.from < first ? first : startOf("month", known.from);
  for (let from = start; from <= known.to; from = addUnits("month", from, 1)) windows.push({ from, to: endOf("month", from) });
  return windows;
}

/** Both halves of a window; undefined for a single day. */
export function halvesOf({ from, to }: Period): [Period, Period] | undefined {
  const days = daysBetween(from, to);
  if (days < 1) return undefined;
  const middle = addDays(from, Math.floor(days / 2));
  return [
    { from, to: middle },
    { from: addDays(middle, 1), to },
  ];
}

/** "2026-11-01T00:00:00Z..2026-11-30T23:59:59Z": both ends included, as GitHub's searches read ranges. */
export function rangeOf({ from, to }: Period): string {
  return `${from}T00:00:00Z..${to}T23:59:59Z`;
}

export function holds(period: Period, at: Date): boolean {
  const day = fromInstant(at);
  return day >= period.from && day <= period.to;
}

/** Two years back to today: what a question without bounds may mean. */
export function coversOf(now: Date): Period {
  const to = fromInstant(now);
  return { from: startOf("month", addUnits("month", to, -24)), to };
}

/** GitHub asks not to be asked for too much at once. */
export const AT_ONCE = 5;
