import { addDays, addUnits, daysBetween, endOf, fields, isCivilDate, startOf, type Unit } from "./civil-date.ts";
import type { CivilDate, Period } from "./fact.ts";

/** Everything a source has. */
export const ALL_TIME: Period = { from: "1970-01-01", to: "2999-12-31" };

export function isAllTime(period: Period): boolean {
  return period.from === ALL_TIME.from && period.to === ALL_TIME.to;
}

/** Number of days, both ends counted. */
export function lengthOf(period: Period): number {
  return daysBetween(period.from, period.to) + 1;
}

/** The last `days` complete days before `today`. */
export function lastCompleteDays(days: number, today: CivilDate): Period {
  return { from: addDays(today, -days), to: addDays(today, -1) };
}

/** The whole unit that holds `day`. */
export function wholeUnit(unit: Unit, day: CivilDate): Period {
  return { from: startOf(unit, day), to: endOf(unit, day) };
}

/** The calendar unit the period is exactly, if it is one. */
export function unitOf(period: Period): Unit | undefined {
  return (["day", "week", "month", "quarter", "year"] as const).find(
    (unit) => startOf(unit, period.from) === period.from && endOf(unit, period.from) === period.to,
  );
}

/** The part of `period` inside `bounds`; undefined when they do not meet. */
export function clip(period: Period, bounds: Period): Period | undefined {
  const from = period.from > bounds.from ? period.from : bounds.from;
  const to = period.to < bounds.to ? period.to : bounds.to;
  return from <= to ? { from, to } : undefined;
}

/**
 * The period before: the previous month for a whole month, the same days of the previous unit for a unit that has only begun
 * (1–20 November → 1–20 October, Monday to Thursday → Monday to Thursday), else as many days directly before.
 */
export function previousPeriod(period: Period): Period {
  const unit = unitOf(period);
  if (unit) return wholeUnit(unit, addUnits(unit, period.from, -1));
  const begun = (["month", "quarter", "year", "week"] as const).find(
    (u) => startOf(u, period.from) === period.from && endOf(u, period.from) > period.to,
  );
  if (begun) {
    const from = addUnits(begun, period.from, -1);
    const to = addDays(from, lengthOf(period) - 1);
    const last = endOf(begun, from);
    return { from, to: to < last ? to : last };
  }
  return { from: addDays(period.from, -lengthOf(period)), to: addDays(period.from, -1) };
}

/** The same dates a year earlier; the whole unit for a whole month, quarter or year. */
export function yearAgo(period: Period): Period {
  const unit = unitOf(period);
  const from = addUnits("year", period.from, -1);
  if (unit === "month" || unit === "quarter" || unit === "year") return wholeUnit(unit, from);
  return { from, to: addUnits("year", period.to, -1) };
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** "20 November 2026" */
export function formatDay(day: CivilDate): string {
  const { year, month, dayOfMonth } = fields(day);
  return `${dayOfMonth} ${MONTHS[month - 1]} ${year}`;
}

/** "October 2026", "Q3 2026", "1–20 November 2026", "28 October – 3 November 2026" */
export function formatPeriod(period: Period): string {
  if (isAllTime(period)) return "all time";
  const from = fields(period.from);
  const to = fields(period.to);
  const unit = unitOf(period);
  if (unit === "year") return `${from.year}`;
  if (unit === "quarter") return `Q${(from.month + 2) / 3} ${from.year}`;
  if (unit === "month") return `${MONTHS[from.month - 1]} ${from.year}`;
  if (unit === "day") return formatDay(period.from);
  if (from.year !== to.year) return `${formatDay(period.from)} – ${formatDay(period.to)}`;
  if (from.month !== to.month) return `${from.dayOfMonth} ${MONTHS[from.month - 1]} – ${formatDay(period.to)}`;
  return `${from.dayOfMonth}–${formatDay(period.to)}`;
}

/** True for a well-formed period whose ends are real days in order. */
export function isPeriod(value: Period): boolean {
  return isCivilDate(value.from) && isCivilDate(value.to) && value.from <= value.to;
}
