import { addDays, addUnits, startOf, type Unit, weekday } from "./civil-date.ts";
import type { CivilDate, Period } from "./fact.ts";
import { ALL_TIME, wholeUnit } from "./period.ts";
import {
  dayOfMonth,
  dayRange,
  type Groups,
  halfYear,
  isoDay,
  latestDay,
  MONTH_NAMES,
  month,
  namedMonth,
  numberedQuarter,
  numberedWeek,
  ORDINALS,
  oneDay,
  quarter,
  type Resolved,
  slashed,
  weekOf,
  wholeYear,
} from "./period-dates.ts";

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

interface Pattern {
  regex: RegExp;
  resolve(groups: Groups, today: CivilDate): Resolved | undefined;
}

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

const MONTH = `(?<month>${MONTH_NAMES.join("|")})\\.?`;
const UNIT = "(?<unit>day|week|month|quarter|year|fortnight)s?";
const COUNT = `(?<count>\\d{1,4}|${[...NUMBER_WORDS.slice(1), ...Object.keys(TENS)].sort((a, b) => b.length - a.length).join("|")}|a couple of|couple of|a few|few)`;
const YEAR = "(?<year>(?:19|20)\\d{2})";
const YEAR_AFTER = `(?:,?\\s+(?:of\\s+)?(?:${YEAR}|(?<relyear>last year|this year)))?`;
const WEEK_OF = "(?:the )?week (?:of|starting|beginning|commencing)(?: on)? (?:the )?";
const DAY = "(?<day>\\d{1,2})(?:st|nd|rd|th)?";

const PATTERNS: readonly Pattern[] = [
  word("all[- ]time|all of it|ever|the (?:whole|entire) (?:period|history|time)|since the beginning|overall history", () => ({
    period: ALL_TIME,
  })),
  word("today", (_, today) => ({ period: { from: today, to: today } })),
  word("(?:the )?day before yesterday", (_, today) => oneDay(addDays(today, -2))),
  word("yesterday", (_, today) => oneDay(addDays(today, -1))),
  word("last night|overnight", (_, today) => ({ period: { from: addDays(today, -1), to: today } })),
  word("tomorrow", (_, today) => oneDay(addDays(today, 1))),
  word("(?<date>\\d{4}-\\d{2}-\\d{2})", ({ date = "" }) => isoDay(date)),
  word(`${YEAR}-(?<number>\\d{2})`, ({ year, number }) => month(Number(year), Number(number))),
  word(`${YEAR}[- ]?q(?<number>[1-4])`, ({ year, number }) => quarter(Number(year), Number(number))),
  word(`${YEAR}-?w(?<number>\\d{2})`, numberedWeek),
  word(
    `(?:(?:the\\s+)?(?:(?:iso|calendar)\\s+)?week\\s+(?:number\\s+|no\\.?\\s*)?|[ck]w\\s?)(?<number>\\d{1,2})${YEAR_AFTER}`,
    numberedWeek,
  ),
  word("(?<a>\\d{1,2})[/.](?<b>\\d{1,2})[/.](?<year>\\d{4})", slashed),
  word("(?:the )?(?:start|beginning) of (?:the |this )?(?<unit>week|month|quarter|year)", ({ unit }, today) => ({
    ...oneDay(startOf(unit as Unit, today)),
    absolute: true,
  })),
  word(`${WEEK_OF}${DAY}\\s+(?:of\\s+)?${MONTH}${YEAR_AFTER}`, weekOf),
  word(`${WEEK_OF}${MONTH}\\s+(?:the\\s+)?${DAY}(?:,?\\s+${YEAR})?(?!\\d)`, weekOf),
  word(
    `(?:(?<lead>from|between)\\s+)?(?:the\\s+)?${DAY}\\s*(?:-|–|to|and|until|till|through|thru)\\s*(?:the\\s+)?(?<day2>\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}${YEAR_AFTER}`,
    dayRange,
  ),
  word(
    `(?:(?<lead>from|between)\\s+)?${MONTH}\\s+(?:the\\s+)?${DAY}\\s*(?:-|–|to|and|until|till|through|thru)\\s*(?:the\\s+)?(?<day2>\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+${YEAR})?(?!\\d)`,
    dayRange,
  ),
  word(`(?:the\\s+)?${DAY}\\s+(?:of\\s+)?${MONTH}${YEAR_AFTER}`, dayOfMonth),
  word(`${MONTH}\\s+(?:the\\s+)?${DAY}(?:,?\\s+${YEAR})?(?!\\d)`, dayOfMonth),
  word(
    "(?<=\\b(?:on|around|about|since|from|until|till|to|before|after|between|and)\\s+)the\\s+(?<day>\\d{1,2})(?:st|nd|rd|th)(?!\\s+(?:percentile|quarter|time|of))",
    latestDay,
  ),
  word(`(?:the\\s+)?(?:month of\\s+)?(?<rel>last|this|previous)?\\s*${MONTH}${YEAR_AFTER}`, namedMonth),
  word(`(?:the\\s+)?q(?:uarter\\s+)?(?<number>[1-4])${YEAR_AFTER}`, numberedQuarter),
  word(`(?:the\\s+)?(?:(?<ordinal>${ORDINALS.join("|")})|(?<number>[1-4])(?:st|nd|rd|th))\\s+quarter${YEAR_AFTER}`, numberedQuarter),
  word(`(?:the\\s+)?(?:h(?<half>[12])|(?<ordinal>first|second)\\s+half(?:\\s+of)?)${YEAR_AFTER}`, halfYear),
  word(`(?:month|(?<unit>week|quarter|year))[- ]to[- ]date`, ({ unit = "month" }, today) => toDate(unit as Unit, today)),
  word("(?<short>[mqyw])td", ({ short = "m" }, today) =>
    toDate(({ w: "week", m: "month", q: "quarter", y: "year" } as const)[short as "m"], today),
  ),
  word(`(?:so far )?(?:this|the current|current)\\s+${UNIT}(?: so far)?`, ({ unit = "day" }, today) =>
    toDate(unit as Unit | "fortnight", today),
  ),
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
  word(`(?:the\\s+)?(?:coming|next)\\s+${UNIT}`, ({ unit = "day" }, today) =>
    unit === "fortnight" ? nextUnits({ unit }, today) : unitsAgo(unit, -1, today),
  ),
  word(`(?:the\\s+)?(?:coming|next)\\s+${COUNT}\\s+${UNIT}`, nextUnits),
  word(`${COUNT}\\s+${UNIT}\\s+ago`, ({ count, unit = "day" }, today) => unitsAgo(unit, numberOf(count), today)),
  word("a (?<unit>week|month|quarter|year|fortnight) ago", ({ unit = "week" }, today) => unitsAgo(unit, 1, today)),
  word("(?:the\\s+)?(?:last|past|previous) weekend|(?:over |at |on )?the weekend", (_, today) => lastWeekend(today)),
  word(`(?:last\\s+|on\\s+|this\\s+)(?<weekday>${DAY_NAMES.join("|")})`, ({ weekday: name = "" }, today) => namedDay(name, today)),
  word(
    "(?<=\\b(?:since|from|until|till|to|through|before|after|between|and|vs|versus)\\s+)(?<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    ({ weekday: name = "" }, today) => namedDay(name, today),
  ),
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
  return { regex: new RegExp(`(?<![\\w-])(?:${source})(?![\\w]|-w?\\d)`, "g"), resolve };
}

function toDate(unit: Unit | "fortnight", today: CivilDate): Resolved | undefined {
  if (unit === "fortnight") return undefined;
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

function lastUnits(groups: Groups, today: CivilDate): Resolved | undefined {
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

function nextUnits(groups: Groups, today: CivilDate): Resolved {
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

function lastWeekend(today: CivilDate): Resolved {
  const sunday = addDays(startOf("week", today), -1);
  return { period: { from: addDays(sunday, -1), to: sunday } };
}

function namedDay(name: string, today: CivilDate): Resolved {
  const wanted = DAY_NAMES.findIndex((source) => new RegExp(`^(?:${source})$`).test(name)) + 1;
  const back = (weekday(today) - wanted + 7) % 7 || 7;
  return oneDay(addDays(today, -back));
}
