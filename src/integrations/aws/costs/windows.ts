import { addDays, addUnits, startOf } from "../../../core/civil-date.ts";
import type { CivilDate, Period } from "../../../core/fact.ts";
import { clip } from "../../../core/period.ts";

/**
 * The stretches of days that are asked for and remembered as one, whatever part of them a question is about: each request costs
 * money, days do not. Cost Explorer keeps days for the running month and the thirteen before it, months for three years.
 */
export interface CostWindow {
  period: Period;
  /** The days in it may still change. */
  open: boolean;
}

const DAILY_MONTHS = 13;
const MONTHLY_MONTHS = 36;
/** A month's bill is made in the first days of the next. */
const SETTLING_DAYS = 10;
const NEAR_MONTHS = 3;

/** The last day that is over. */
export function lastDay(today: CivilDate): CivilDate {
  return addDays(today, -1);
}

/** The first day that can be asked for by itself. */
export function firstDay(today: CivilDate): CivilDate {
  return addUnits("month", startOf("month", today), -DAILY_MONTHS);
}

/** The months before the first day, which can only be asked for whole. */
export function olderMonths(today: CivilDate): Period {
  return { from: addUnits("month", startOf("month", today), -MONTHLY_MONTHS), to: addDays(firstDay(today), -1) };
}

/** The windows that hold the days of the period, oldest first: two for most questions, three at most. */
export function windowsOf(period: Period, today: CivilDate): CostWindow[] {
  const open = startOf("month", addDays(today, -SETTLING_DAYS));
  const near = addUnits("month", open, -NEAR_MONTHS);
  const all: CostWindow[] = [
    { period: { from: firstDay(today), to: addDays(near, -1) }, open: false },
    { period: { from: near, to: addDays(open, -1) }, open: false },
    { period: { from: open, to: lastDay(today) }, open: true },
  ];
  return all.filter((window) => clip(period, window.period) !== undefined);
}

/** The running month and the one before it: where names of things are learned. */
export function recentMonths(today: CivilDate): Period {
  const last = lastDay(today);
  return { from: addUnits("month", startOf("month", last), -1), to: last };
}
