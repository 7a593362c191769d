import { UserError } from "../errors.ts";
import { addDays, addUnits, fields, isCivilDate, makeDate, startOf, type Unit, weekday } from "./civil-date.ts";
import type { CivilDate, Period } from "./fact.ts";
import { ALL_TIME, wholeUnit } from "./period.ts";

/**
 * Single expressions of time in English: "last quarter", "3 March", "the past 14 days", "Q3 2025".
 * Ranges and comparisons of them are put together in `period-phrases.ts`.
 * "last N days" are complete days, ending yesterday; "last N months" are whole calendar months; weeks begin on Monday.
 */
export interface TimeWord {
  period: Period;
  /** Character offsets in the text given. */
  start: number;
  end: number;
  /** A calendar date rather than one relative to today: "from 3 March" then means since. */
  absolute: boolean;
  /** The year was not said: a range may move it. */
  yearless: boolean;
}

type Resolved = { period: Period; absolute?: boolean; yearless?: boolean };
interface Pattern {
  regex: RegExp;
  resolve(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined;
}

const MONTH_NAMES = [
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
const DAY_NAMES = ["mon(?:day)?", "tue(?:s|sday)?", "wed(?:nesday)?", "thu(?:r|rs|rsday)?", "fri(?:day)?", "sat(?:urday)?", "sun(?:day)?"];
const NUMBER_WORDS = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
  "twenty",
];
const TENS: Readonly<Record<string, number>> = { thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 };
const ORDINALS = ["first", "second", "third", "fourth"];

const MONTH = `(?<month>${MONTH_NAMES.join("|")})\\.?`;
const UNIT = "(?<unit>day|week|month|quarter|year|fortnight)s?";
const COUNT = `(?<count>\\d{1,4}|${[...NUMBER_WORDS.slice(1), ...Object.keys(TENS)].sort((a, b) => b.length - a.length).join("|")}|a couple of|couple of|a few|few)`;
const YEAR = "(?<year>(?:19|20)\\d{2})";
const YEAR_AFTER = `(?:,?\\s+(?:of\\s+)?(?:${YEAR}|(?<relyear>last year|this year)))?`;
const DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th)?";

const PATTERNS: readonly Pattern[] = [
  word("all[- ]time|all of it|ever|the (?:whole|entire) (?:period|history|time)|since the beginning|overall history", () => ({
    period: ALL_TIME,
  })),
  word("today", (_, today) => ({ period: { from: today, to: today } })),
  word("(?:the )?day before yesterday", (_, today) => oneDay(addDays(today, -2))),
  word("yesterday", (_, today) => oneDay(addDays(today, -1))),
  word("tomorrow", (_, today) => oneDay(addDays(today, 1))),
  word("(?<date>\\d{4}-\\d{2}-\\d{2})", ({ date = "" }) => (isCivilDate(date) ? { ...oneDay(date), absolute: true } : undefined)),
  word(`${YEAR}-(?<number>\\d{2})`, ({ year, number }) => month(Number(year), Number(number))),
  word(`${YEAR}[- ]?q(?<number>[1-4])`, ({ year, number }) => quarter(Number(year), Number(number))),
  word("(?<a>\\d{1,2})[/.](?<b>\\d{1,2})[/.](?<year>\\d{4})", slashed),
  word("(?:the )?(?:start|beginning) of (?:the |this )?(?<unit>week|month|quarter|year)", ({ unit }, today) => ({
    ...oneDay(startOf(unit as Unit, today)),
    absolute: true,
  })),
  word(`(?:the )?week (?:of|starting|beginning|commencing) (?:the )?${DAY}\\s+(?:of\\s+)?${MONTH}${YEAR_AFTER}`, weekOf),
  word(
    `(?:the\\s+)?${DAY}\\s*(?:-|–|to|and|until|till|through|thru)\\s*(?:the\\s+)?(?<day2>\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}${YEAR_AFTER}`,
    dayRange,
  ),
  word(
    `${MONTH}\\s+(?:the\\s+)?${DAY}\\s*(?:-|–|to|and|until|till|through|thru)\\s*(?:the\\s+)?(?<day2>\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+${YEAR})?(?!\\d)`,
    dayRange,
  ),
  word(`(?:the\\s+)?${DAY}\\s+(?:of\\s+)?${MONTH}${YEAR_AFTER}`, dayOfMonth),
  word(`${MONTH}\\s+(?:the\\s+)?${DAY}(?:,?\\s+${YEAR})?(?!\\d)`, dayOfMonth),
  word(`(?:the\\s+)?(?:month of\\s+)?(?<rel>last|this|previous)?\\s*${MONTH}${YEAR_AFTER}`, namedMonth),
  word(`(?:the\\s+)?q(?:uarter\\s+)?(?<number>[1-4])${YEAR_AFTER}`, numberedQuarter),
  word(`(?:the\\s+)?(?<ordinal>${ORDINALS.join("|")})\\s+quarter${YEAR_AFTER}`, numberedQuarter),
  word(`(?:the\\s+)?(?:h(?<half>[12])|(?<ordinal>first|second)\\s+half(?:\\s+of)?)${YEAR_AFTER}`, halfYear),
  word(`(?:month|(?<unit>week|quarter|year))[- ]to[- ]date`, ({ unit = "month" }, today) => toDate(unit as Unit, today)),
  word("(?<short>[mqyw])td", ({ short = "m" }, today) =>
    toDate(({ w: "week", m: "month", q: "quarter", y: "year" } as const)[short as "m"], today),
  ),
  word(`(?:so far )?(?:this|the current|current)\\s+${UNIT}(?: so far)?`, ({ unit = "day" }, today) => toDate(unit as Unit, today)),
  word(
    `(?:the\\s+)?(?:last|past|previous|prior|trailing|preceding|recent)\\s+${COUNT}\\s+(?:full |complete |whole |calendar |business )?${UNIT}`,
    lastUnits,
  ),
  word("(?:the\\s+)?(?:last|past|previous|trailing)\\s+(?<count>\\d{1,4})\\s?(?<short>d|w|m|mo|q|y)", lastUnits),
  word("(?:the\\s+)?(?:last|past|previous)\\s+(?<count>\\d{1,3})\\s?(?:h|hours|hrs)", ({ count }, today) => ({
    period: { from: addDays(today, -Math.ceil(Number(count) / 24)), to: today },
  })),
  word("(?:the\\s+)?past\\s+(?<unit>week|month|quarter|year)", ({ unit }, today) =>
    trailing(({ week: 7, month: 30, quarter: 91, year: 365 } as const)[unit as "week"], today),
  ),
  word(`(?:the\\s+)?(?:last|previous|prior|preceding)\\s+(?:full |complete |whole |calendar )?${UNIT}`, ({ unit = "day" }, today) =>
    unitsAgo(unit, 1, today),
  ),
  word(`(?:the\\s+)?(?:coming|next)\\s+${UNIT}`, ({ unit = "day" }, today) => unitsAgo(unit, -1, today)),
  word(`(?:the\\s+)?(?:coming|next)\\s+${COUNT}\\s+${UNIT}`, nextUnits),
  word(`${COUNT}\\s+${UNIT}\\s+ago`, ({ count, unit = "day" }, today) => unitsAgo(unit, numberOf(count), today)),
  word("a (?<unit>week|month|quarter|year) ago", ({ unit = "week" }, today) => unitsAgo(unit, 1, today)),
  word("(?:the\\s+)?(?:last|past|previous) weekend|(?:over |at |on )?the weekend", (_, today) => lastWeekend(today)),
  word(`(?:last\\s+|on\\s+|this\\s+)(?<weekday>${DAY_NAMES.join("|")})`, ({ weekday: name = "" }, today) => namedDay(name, today)),
  word(`(?:the\\s+)?year\\s+${YEAR}`, ({ year }) => wholeYear(year)),
  word(YEAR, ({ year }) => wholeYear(year)),
];

/** The expressions in `text`, left to right, not overlapping; of two at one place the longer. Throws UserError for a date with two readings. */
export function findTimeWords(text: string, today: CivilDate): TimeWord[] {
  const found: TimeWord[] = [];
  for (const { regex, resolve } of PATTERNS) {
    for (const match of text.toLowerCase().matchAll(regex)) {
      const resolved = resolve({ ...match.groups }, today);
      if (!resolved || isModalMay(text.toLowerCase(), match)) continue;
      const { period, absolute = false, yearless = false } = resolved;
      found.push({ period, absolute, yearless, start: match.index, end: match.index + match[0].length });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  return found.filter((candidate) => !found.some((other) => other !== candidate && covers(other, candidate, found)));
}

function covers(other: TimeWord, candidate: TimeWord, all: readonly TimeWord[]): boolean {
  const overlap = other.start < candidate.end && candidate.start < other.end;
  if (!overlap) return false;
  const longer = other.end - other.start - (candidate.end - candidate.start);
  return longer > 0 || (longer === 0 && all.indexOf(other) < all.indexOf(candidate));
}

/** "we may spend", "march on", "sun", "mar": a bare short name is a month only after a word that puts it in time. */
function isModalMay(text: string, match: RegExpMatchArray): boolean {
  const bare = match[0].trim();
  if (!/^(?:may|mar|dec|sep|jan|jun|sat|sun|mon)\.?$/.test(bare)) return false;
  if (text.trim() === bare) return false;
  const before = text.slice(0, match.index);
  return !/(?:\b(?:in|of|for|since|from|during|until|till|to|and|through|between|vs|versus|than|with|before|after|about|only|month|last|this)\s+|[-–,(/]\s*)$/.test(
    before,
  );
}

function word(source: string, resolve: Pattern["resolve"]): Pattern {
  return { regex: new RegExp(`(?<![\\w-])(?:${source})(?![\\w]|-\\d)`, "g"), resolve };
}

function oneDay(day: CivilDate): Resolved {
  return { period: { from: day, to: day } };
}

function month(year: number, number: number): Resolved | undefined {
  const first = makeDate(year, number, 1);
  return first ? { period: wholeUnit("month", first), absolute: true } : undefined;
}

function quarter(year: number, number: number): Resolved | undefined {
  return month(year, number * 3) && { period: wholeUnit("quarter", makeDate(year, number * 3, 1) ?? ""), absolute: true };
}

function wholeYear(year: string | undefined): Resolved {
  return { period: { from: `${year}-01-01`, to: `${year}-12-31` }, absolute: true };
}

function toDate(unit: Unit, today: CivilDate): Resolved {
  return { period: { from: startOf(unit, today), to: today } };
}

function trailing(days: number, today: CivilDate): Resolved {
  return { period: { from: addDays(today, -days), to: addDays(today, -1) } };
}

function unitsAgo(name: string, count: number, today: CivilDate): Resolved {
  if (name === "fortnight") return trailing(14 * count, today);
  const unit = name as Unit;
  return { period: wholeUnit(unit, addUnits(unit, startOf(unit, today), -count)) };
}

function lastUnits(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const count = numberOf(groups.count);
  const name =
    groups.unit ??
    ({ d: "day", w: "week", m: "month", mo: "month", q: "quarter", y: "year" } as Record<string, string>)[groups.short ?? "d"] ??
    "day";
  if (count < 1) return undefined;
  if (name === "day") return trailing(count, today);
  if (name === "week" || name === "fortnight") return trailing(count * (name === "week" ? 7 : 14), today);
  const unit = name as Unit;
  const first = startOf(unit, today);
  return { period: { from: addUnits(unit, first, -count), to: addDays(first, -1) } };
}

function nextUnits(groups: Record<string, string | undefined>, today: CivilDate): Resolved {
  const unit = groups.unit === "fortnight" ? "week" : (groups.unit as Unit);
  const count = numberOf(groups.count) * (groups.unit === "fortnight" ? 2 : 1);
  const from = unit === "day" || unit === "week" ? addDays(today, 1) : addUnits(unit, startOf(unit, today), 1);
  return { period: { from, to: addDays(addUnits(unit, from, count), -1) } };
}

function numberOf(text: string | undefined): number {
  if (text === undefined) return 1;
  if (text.endsWith("couple of")) return 2;
  if (text.endsWith("few")) return 3;
  const index = NUMBER_WORDS.indexOf(text);
  return index >= 0 ? index : (TENS[text] ?? Number(text));
}

function monthNumber(name: string | undefined): number {
  return MONTH_NAMES.findIndex((source) => new RegExp(`^(?:${source})$`).test(name ?? "")) + 1;
}

function yearOf(groups: Record<string, string | undefined>, today: CivilDate): number | undefined {
  if (groups.year) return Number(groups.year);
  if (groups.relyear) return fields(today).year - (groups.relyear === "last year" ? 1 : 0);
  return undefined;
}

/** Without a year: the latest one that has begun. */
function latest(today: CivilDate, make: (year: number) => CivilDate | undefined): number {
  const { year } = fields(today);
  const candidate = make(year);
  return candidate && candidate <= today ? year : year - 1;
}

function namedMonth(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const number = monthNumber(groups.month);
  const said = yearOf(groups, today);
  const result = month(said ?? latest(today, (year) => makeDate(year, number, 1)), number);
  return result && { ...result, yearless: said === undefined };
}

function dayOfMonth(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const number = monthNumber(groups.month);
  const said = yearOf(groups, today);
  const day = makeDate(said ?? latest(today, (year) => makeDate(year, number, Number(groups.day))), number, Number(groups.day));
  return day ? { ...oneDay(day), absolute: true, yearless: said === undefined } : undefined;
}

function weekOf(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const day = dayOfMonth(groups, today);
  return day && { period: wholeUnit("week", day.period.from), absolute: true };
}

function dayRange(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const from = dayOfMonth(groups, today);
  const to = dayOfMonth({ ...groups, day: groups.day2 }, today);
  return from && to && from.period.from <= to.period.to
    ? { period: { from: from.period.from, to: to.period.to }, absolute: true }
    : undefined;
}

function numberedQuarter(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const number = groups.number ? Number(groups.number) : ORDINALS.indexOf(groups.ordinal ?? "") + 1;
  const said = yearOf(groups, today);
  const result = quarter(said ?? latest(today, (year) => makeDate(year, number * 3 - 2, 1)), number);
  return result && { ...result, yearless: said === undefined };
}

function halfYear(groups: Record<string, string | undefined>, today: CivilDate): Resolved | undefined {
  const second = groups.half === "2" || groups.ordinal === "second";
  const year = yearOf(groups, today) ?? latest(today, (y) => makeDate(y, second ? 7 : 1, 1));
  return {
    period: second ? { from: `${year}-07-01`, to: `${year}-12-31` } : { from: `${year}-01-01`, to: `${year}-06-30` },
    absolute: true,
  };
}

function slashed({ a, b, year }: Record<string, string | undefined>): Resolved | undefined {
  const dayFirst = makeDate(Number(year), Number(b), Number(a));
  const monthFirst = makeDate(Number(year), Number(a), Number(b));
  if (dayFirst && monthFirst && dayFirst !== monthFirst)
    throw new UserError(`${a}/${b}/${year} can be ${dayFirst} or ${monthFirst}. Please write the date like ${dayFirst}.`, {
      suggestions: [dayFirst, monthFirst],
    });
  const day = dayFirst ?? monthFirst;
  return day ? { ...oneDay(day), absolute: true } : undefined;
}

function lastWeekend(today: CivilDate): Resolved {
  const sunday = addDays(startOf("week", today), -1);
  return { period: { from: addDays(sunday, -1), to: sunday } };
}

function namedDay(name: string, today: CivilDate): Resolved {
  const wanted = DAY_NAMES.findIndex((source) => new RegExp(`^(?:${source})$`).test(name)) + 1;
  const back = (weekday(today) - wanted + 7) % 7 || 7;
  return oneDay(addDays(today, -back));
}
