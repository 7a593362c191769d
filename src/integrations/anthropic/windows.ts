import { addDays, addUnits, endOf, startOf } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import { clip } from "../../core/period.ts";

/** Days of the newer reports: nothing before this one, and nothing older than a year. */
const NEWER_SINCE = "2026-01-01";
const NEWER_DAYS = 365;

/** Two years back to today: what a question without bounds may mean. */
export function coversOf(today: CivilDate): Period {
  return { from: startOf("month", addUnits("month", today, -24)), to: today };
}

/** The calendar months a period touches, whole, oldest first; the running one up to today. */
export function monthsOf(period: Period, today: CivilDate): Period[] {
  const known = clip(period, coversOf(today));
  const months: Period[] = [];
  if (!known) return months;
  for (let from = startOf("month", known.from); from <= known.to; from = addUnits("month", from, 1)) {
    const to = endOf("month", from);
    months.push({ from, to: to < today ? to : today });
  }
  return months;
}

/** Whether the newer reports reach back to the window's first day. */
export function isWithinReach({ from }: Period, today: CivilDate): boolean {
  return from >= NEWER_SINCE && from > addDays(today, -NEWER_DAYS);
}

const FRESH_MS = 5 * 60_000;
const SETTLED_MS = 6 * 3_600_000;
/** Figures of a day may still come in for so long. */
export const SETTLING_DAYS = 3;

/** How long an answer about the window is fresh: days long past do not change any more. */
export function freshFor({ to }: Period, today: CivilDate): number {
  return to < addDays(today, -SETTLING_DAYS) ? SETTLED_MS : FRESH_MS;
}
