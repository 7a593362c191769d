import { addDays, toInstant } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import type { Instant } from "./types.ts";

/** The company's calendar. Inside the world an instant is seconds since 1970 while it is worked out, and text when it is shown. */

export const HOUR = 3_600;
export const DAY = 86_400;
export const WEEK = 7 * DAY;

/** Weeks and sprints are counted from this Monday. */
const WEEK_ZERO = seconds("2019-12-30");

export function seconds(day: CivilDate): number {
  return toInstant(day).getTime() / 1000;
}

export function secondsOf(at: Instant): number {
  return Date.parse(at) / 1000;
}

export function instant(at: number): Instant {
  const whole = Math.floor(at);
  const left = ((whole % DAY) + DAY) % DAY;
  return `${dayOf(whole)}T${two(Math.floor(left / HOUR))}:${two(Math.floor((left % HOUR) / 60))}:${two(left % 60)}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

const DATES = new Map<number, CivilDate>();

/** Days are asked for a hundred thousand times and are a few thousand: each is written once. */
export function dayOf(at: number): CivilDate {
  const index = Math.floor(at / DAY);
  const known = DATES.get(index);
  if (known !== undefined) return known;
  const date = new Date(index * DAY * 1000).toISOString().slice(0, 10);
  DATES.set(index, date);
  return date;
}

/** Number of the week that holds the instant; weeks begin on Monday. */
export function weekOf(at: number): number {
  return Math.floor((at - WEEK_ZERO) / WEEK);
}

export function weekStart(week: number): number {
  return WEEK_ZERO + week * WEEK;
}

/** 1 is Monday. */
export function weekdayOf(at: number): number {
  return (Math.floor((at - WEEK_ZERO) / DAY) % 7) + 1;
}

const HOLIDAYS = new Set(["01-01", "05-01", "12-24", "12-25", "12-26", "12-31"]);

/** Monday to Friday without the holidays all offices share. */
export function isWorkday(at: number): boolean {
  return weekdayOf(at) <= 5 && !HOLIDAYS.has(dayOf(at).slice(5));
}

/** How much of the usual work gets done on a day: 0 to 1. */
export function activity(at: number): number {
  if (!isWorkday(at)) return 0.03;
  const monthDay = dayOf(at).slice(5);
  if (monthDay >= "12-20" || monthDay <= "01-05") return 0.45;
  return monthDay >= "07-20" && monthDay <= "08-25" ? 0.78 : 1;
}

/** Yearly growth as a factor; 1 on 21 November 2024. */
export function growth(at: number, yearly: number): number {
  return (1 + yearly) ** ((at - GROWTH_START) / (365 * DAY));
}
const GROWTH_START = seconds("2024-11-21");

const WORKING_HOURS = 9;

/**
 * The instant after so many working hours of an office that opens at `opens` (UTC hour) for nine hours on workdays.
 * Work that begins outside begins with the next opening.
 */
export function afterWork(start: number, hours: number, opens: number): number {
  let at = start;
  let left = hours * HOUR;
  for (;;) {
    const midnight = Math.floor(at / DAY) * DAY;
    const open = midnight + opens * HOUR;
    const close = open + WORKING_HOURS * HOUR;
    if (isWorkday(midnight) && at < close) {
      at = Math.max(at, open);
      if (left < close - at) return Math.floor(at + left);
      left -= close - at;
    }
    at = midnight + DAY;
  }
}

export function eachDay(from: CivilDate, to: CivilDate): CivilDate[] {
  const days: CivilDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The instant of a clock time in UTC: `clock("2026-10-28", "09:40")`. */
export function clock(day: CivilDate, time: string): number {
  return Date.parse(`${day}T${time}:00Z`) / 1000;
}
