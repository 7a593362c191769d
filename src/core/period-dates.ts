import { UserError } from "../errors.ts";
import { addDays, fields, isCivilDate, makeDate, startOf } from "./civil-date.ts";
import type { CivilDate, Period } from "./fact.ts";
import { wholeUnit } from "./period.ts";

/**
 * Calendar dates as people write them, from the named groups of the patterns in `period-words.ts`: "3 March", "Q3 2025", "week 46".
 * Without a year it is the latest one that has begun. undefined: no date after all. Throws UserError for a day that does not exist.
 */
export type Groups = Record<string, string | undefined>;

export interface Resolved {
  period: Period;
  /** A calendar date rather than one relative to today. */
  absolute?: boolean;
  /** The year was not said. */
  yearless?: boolean;
}

export const MONTH_NAMES = [
  "jan(?:uary)?",
  "feb(?:ruary)?",
  "mar(?:ch)?",
  "apr(?:il)?",
  "may",
  "june?",
  "july?",
  "aug(?:ust)?",
  "sept?(?:ember)?",
  "oct(?:ober)?",
  "nov(?:ember)?",
  "dec(?:ember)?",
];
export const ORDINALS = ["first", "second", "third", "fourth"];
/** 29 February comes back within eight years, also around 1900 and 2100. */
const YEARS_BACK = 8;

export function oneDay(day: CivilDate): Resolved {
  return { period: { from: day, to: day } };
}

export function isoDay(date: string): Resolved | undefined {
  if (isCivilDate(date)) return { ...oneDay(date), absolute: true };
  if (/^(?:19|20)/.test(date)) throw noSuchDay(date);
  return undefined;
}

export function month(year: number, number: number): Resolved | undefined {
  const first = makeDate(year, number, 1);
  return first ? { period: wholeUnit("month", first), absolute: true } : undefined;
}

export function quarter(year: number, number: number): Resolved | undefined {
  const first = makeDate(year, number * 3 - 2, 1);
  return first ? { period: wholeUnit("quarter", first), absolute: true } : undefined;
}

export function wholeYear(year: string | undefined): Resolved {
  return { period: { from: `${year}-01-01`, to: `${year}-12-31` }, absolute: true };
}

export function namedMonth(groups: Groups, today: CivilDate): Resolved | undefined {
  const number = monthNumber(groups.month);
  const said = yearOf(groups, today) ?? yearBeside(groups.rel, number, today);
  const result = month(said ?? latest(today, (year) => makeDate(year, number, 1)), number);
  return result && { ...result, yearless: said === undefined };
}

/** "this December" is of this year; "last November", said in November, is of the year before. */
function yearBeside(rel: string | undefined, number: number, today: CivilDate): number | undefined {
  const now = fields(today);
  if (rel === "this") return now.year;
  return rel !== undefined && now.month === number ? now.year - 1 : undefined;
}

export function dayOfMonth(groups: Groups, today: CivilDate): Resolved | undefined {
  const number = monthNumber(groups.month);
  const wanted = Number(groups.day);
  const said = yearOf(groups, today);
  const day = makeDate(said ?? latest(today, (year) => makeDate(year, number, wanted)), number, wanted);
  if (day) return { ...oneDay(day), absolute: true, yearless: said === undefined };
  if (wanted >= 29 && wanted <= 31) throw noSuchDay(`${wanted} ${groups.month}${said === undefined ? "" : ` ${said}`}`);
  return undefined;
}

/** "the 12th" is the last one there was. */
export function latestDay({ day }: Groups, today: CivilDate): Resolved | undefined {
  const wanted = Number(day);
  const { year, month: current } = fields(today);
  for (let back = 0; back < 3; back++) {
    const [y, m] = current - back >= 1 ? [year, current - back] : [year - 1, current - back + 12];
    const found = makeDate(y, m, wanted);
    if (found && found <= today) return { ...oneDay(found), absolute: true };
  }
  return undefined;
}

export function weekOf(groups: Groups, today: CivilDate): Resolved | undefined {
  const day = dayOfMonth(groups, today);
  return day && { period: wholeUnit("week", day.period.from), absolute: true };
}

/** Week 1 holds 4 January (ISO 8601); a year has 52 or 53. */
export function numberedWeek(groups: Groups, today: CivilDate): Resolved | undefined {
  const number = Number(groups.number);
  const monday = (year: number) => addDays(startOf("week", makeDate(year, 1, 4) ?? today), 7 * (number - 1));
  const exists = (year: number) => number >= 1 && fields(addDays(monday(year), 3)).year === year;
  const said = yearOf(groups, today);
  const thisOne = fields(addDays(startOf("week", today), 3)).year;
  const year = said ?? [thisOne, thisOne - 1].find((y) => exists(y) && monday(y) <= today);
  return year !== undefined && exists(year) ? { period: wholeUnit("week", monday(year)), absolute: true } : undefined;
}

export function dayRange(groups: Groups, today: CivilDate): Resolved | undefined {
  const from = dayOfMonth(groups, today);
  const to = dayOfMonth({ ...groups, day: groups.day2 }, today);
  if (!from || !to) return undefined;
  const period = { from: from.period.from, to: to.period.to };
  if (period.from <= period.to) return { period, absolute: true };
  if (groups.lead) throw backwards(period);
  return undefined;
}

export function numberedQuarter(groups: Groups, today: CivilDate): Resolved | undefined {
  const number = groups.number ? Number(groups.number) : ORDINALS.indexOf(groups.ordinal ?? "") + 1;
  const said = yearOf(groups, today);
  const result = quarter(said ?? latest(today, (year) => makeDate(year, number * 3 - 2, 1)), number);
  return result && { ...result, yearless: said === undefined };
}

export function halfYear(groups: Groups, today: CivilDate): Resolved | undefined {
  const second = groups.half === "2" || groups.ordinal === "second";
  const said = yearOf(groups, today);
  const year = said ?? latest(today, (y) => makeDate(y, second ? 7 : 1, 1));
  return {
    period: second ? { from: `${year}-07-01`, to: `${year}-12-31` } : { from: `${year}-01-01`, to: `${year}-06-30` },
    absolute: true,
    yearless: said === undefined,
  };
}

export function slashed({ a, b, year }: Groups): Resolved | undefined {
  const dayFirst = makeDate(Number(year), Number(b), Number(a));
  const monthFirst = makeDate(Number(year), Number(a), Number(b));
  if (dayFirst && monthFirst && dayFirst !== monthFirst)
    throw new UserError(`${a}/${b}/${year} can be ${dayFirst} or ${monthFirst}. Please write the date like ${dayFirst}.`, {
      suggestions: [dayFirst, monthFirst],
    });
  const day = dayFirst ?? monthFirst;
  return day ? { ...oneDay(day), absolute: true } : undefined;
}

export function backwards(period: Period): UserError {
  return new UserError(`The period runs backwards: ${period.from} is after ${period.to}. Please swap or correct the dates.`, {
    path: "period",
  });
}

function noSuchDay(written: string): UserError {
  return new UserError(`There is no day “${written}”. Please correct the date.`, { path: "period" });
}

function monthNumber(name: string | undefined): number {
  return MONTH_NAMES.findIndex((source) => new RegExp(`^(?:${source})$`).test(name ?? "")) + 1;
}

function yearOf(groups: Groups, today: CivilDate): number | undefined {
  if (groups.year) return Number(groups.year);
  if (groups.relyear) return fields(today).year - (groups.relyear === "last year" ? 1 : 0);
  return undefined;
}

/** The latest year whose date exists and has begun; last year when none has. */
function latest(today: CivilDate, make: (year: number) => CivilDate | undefined): number {
  const { year } = fields(today);
  for (let candidate = year; candidate > year - YEARS_BACK; candidate--) {
    const day = make(candidate);
    if (day && day <= today) return candidate;
  }
  return year - 1;
}
