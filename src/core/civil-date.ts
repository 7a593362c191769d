import type { CivilDate } from "./fact.ts";

/** Arithmetic on calendar days. A day is "YYYY-MM-DD" in the proleptic Gregorian calendar; no zone is involved. */

const DAY_MS = 86_400_000;

export type Unit = "day" | "week" | "month" | "quarter" | "year";

/** The day it is in `timeZone` (IANA) at the instant `at`. */
export function civilDate(at: Date, timeZone: string): CivilDate {
  // Most deployments and all bills: without loading the tables of time zones, which cost 6 MB.
  if (timeZone === "UTC") return fromInstant(at);
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** Midnight UTC that begins the day. */
export function toInstant(day: CivilDate): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function fromInstant(at: Date): CivilDate {
  return at.toISOString().slice(0, 10);
}

/** The day, or undefined when there is no such day (30 February). `month` is 1 to 12. */
export function makeDate(year: number, month: number, day: number): CivilDate | undefined {
  const at = new Date(Date.UTC(2000, 0, 1));
  at.setUTCFullYear(year, month - 1, day);
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? fromInstant(at) : undefined;
}

export function isCivilDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return match !== null && makeDate(Number(match[1]), Number(match[2]), Number(match[3])) === text;
}

export function addDays(day: CivilDate, days: number): CivilDate {
  return fromInstant(new Date(toInstant(day).getTime() + days * DAY_MS));
}

/** The same day of the month `months` later; the last day of that month when it is shorter. */
export function addMonths(day: CivilDate, months: number): CivilDate {
  const { year, month, dayOfMonth } = fields(day);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = (index % 12) + 1;
  return makeDate(targetYear, targetMonth, Math.min(dayOfMonth, daysInMonth(targetYear, targetMonth))) ?? day;
}

/** Days from `from` to `to`; 0 for the same day. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return Math.round((toInstant(to).getTime() - toInstant(from).getTime()) / DAY_MS);
}

/** 1 is Monday, 7 is Sunday. */
export function weekday(day: CivilDate): number {
  return toInstant(day).getUTCDay() || 7;
}

/** First day of the unit that holds `day`. Weeks begin on Monday (ISO 8601). */
export function startOf(unit: Unit, day: CivilDate): CivilDate {
  const { year, month } = fields(day);
  if (unit === "day") return day;
  if (unit === "week") return addDays(day, 1 - weekday(day));
  if (unit === "month") return `${day.slice(0, 7)}-01`;
  if (unit === "quarter") return makeDate(year, Math.floor((month - 1) / 3) * 3 + 1, 1) ?? day;
  return `${day.slice(0, 4)}-01-01`;
}

/** Last day of the unit that holds `day`. */
export function endOf(unit: Unit, day: CivilDate): CivilDate {
  return addDays(addUnits(unit, startOf(unit, day), 1), -1);
}

export function addUnits(unit: Unit, day: CivilDate, count: number): CivilDate {
  if (unit === "day") return addDays(day, count);
  if (unit === "week") return addDays(day, 7 * count);
  return addMonths(day, count * ({ month: 1, quarter: 3, year: 12 } as const)[unit]);
}

export function fields(day: CivilDate): { year: number; month: number; dayOfMonth: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), dayOfMonth: Number(day.slice(8, 10)) };
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** True for an IANA name this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
