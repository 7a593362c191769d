import { UserError } from "../errors.ts";
import { addDays, addUnits, fields } from "./civil-date.ts";
import type { CivilDate, Period } from "./fact.ts";
import { ALL_TIME, isPeriod, previousPeriod, unitOf, yearAgo } from "./period.ts";
import { backwards } from "./period-dates.ts";
import { findTimeWords, type TimeWord } from "./period-words.ts";

/** What a question says about time: the period, what to compare it with, and where in the text it says so. */
export interface TimePhrase {
  period?: Period;
  compare?: Comparison;
  /** Character ranges used up, in order. */
  spans: readonly { start: number; end: number }[];
}

export type Comparison = "previous" | "year_ago" | Period;

const VERSUS = "(?:vs\\.?|versus|compar(?:ed|ing|ison)?\\s+(?:it\\s+)?(?:to|with|against)|against|relative to|than|over|from|to|and|with)";
const COMPARISONS: readonly { regex: RegExp; compare: Comparison; period?: "week" | "month" | "quarter" | "year" | "day" }[] = [
  ...(["day", "week", "month", "quarter", "year"] as const).map((unit) => ({
    regex: new RegExp(`\\b${unit}[- ](?:over|on)[- ]${unit}\\b|\\b${unit[0]}o${unit[0]}\\b|\\b${unit[0]}/${unit[0]}\\b`, "g"),
    compare: (unit === "year" ? "year_ago" : "previous") as Comparison,
    period: unit,
  })),
  {
    regex: new RegExp(
      `(?:${VERSUS}\\s+)?(?:the\\s+)?(?:same (?:period|time|month|week|quarter|days?)(?: of| in)?(?: the)? (?:last|previous|prior) year|same (?:period|time|month|week|quarter|days?) a year (?:ago|earlier|before)|a year (?:earlier|before))\\b`,
      "g",
    ),
    compare: "year_ago",
  },
  {
    regex: new RegExp(
      `${VERSUS}\\s+(?:the\\s+)?(?:(?:day|week|month|quarter|year|period|one|weekend) (?:before(?: that)?(?! yesterday)|prior)|(?:previous|prior|preceding) (?:period|one|day|week|month|quarter|year|days|weeks|months)|before(?! yesterday)|last time)\\b`,
      "g",
    ),
    compare: "previous",
  },
  {
    regex:
      /\b(?:the )?(?:previous|prior|preceding) (?:period|one)\b|\b(?:the )?(?:day|week|month|quarter|year|period) (?:before(?: that)?(?! yesterday)|prior)\b/g,
    compare: "previous",
  },
];

/** Reads the time out of a question. Throws UserError for a date with two readings or a range that runs backwards. */
export function findTimePhrase(text: string, today: CivilDate): TimePhrase {
  const lower = text.toLowerCase();
  const relative = findComparison(lower);
  const words = findTimeWords(lower, today).filter((w) => !relative || w.end <= relative.start || w.start >= relative.end);
  const spans = relative ? [{ start: relative.start, end: relative.end }] : [];
  const first = readRange(lower, words, 0, today);
  const second = first && readRange(lower, words, first.used, today);
  for (const range of [first, second]) if (range) spans.push({ start: range.start, end: range.end });
  spans.sort((a, b) => a.start - b.start);
  if (first && second && isVersus(lower.slice(first.end, second.start))) return { ...pair(first.period, second.period, today), spans };
  if (first && !second && opensComparison(lower.slice(0, first.start))) return { ...againstOnly(first.period, today), spans };
  return {
    ...(first ? { period: first.period } : relative?.period ? { period: latestWhole(relative.period, today) } : {}),
    ...(relative ? { compare: relative.compare } : {}),
    spans: first ? spans.filter((s) => s.start !== second?.start) : spans,
  };
}

/** A period from words alone ("last quarter", "3 to 10 March", "2026-10"). Throws UserError when any of it is not understood. */
export function resolvePeriod(words: string, today: CivilDate): Period {
  const phrase = findTimePhrase(words, today);
  let rest = words;
  for (const span of [...phrase.spans].reverse()) rest = rest.slice(0, span.start) + rest.slice(span.end);
  const leftover = rest.replace(/\b(?:in|of|on|for|during|over|the|period|whole|full|and|to|from)\b|[\s.,?]/gi, "");
  if (phrase.compare !== undefined)
    throw new UserError(`“${words.slice(0, 80)}” names two periods. Give one as the period and the other as the one to compare with.`, {
      path: "period",
    });
  if (!phrase.period || leftover !== "")
    throw new UserError(
      `I do not know the period “${words.slice(0, 80)}”. Write it like “last month”, “Q3 2026”, “since 3 March”, or {"from": "2026-10-01", "to": "2026-10-31"}.`,
      { path: "period" },
    );
  return phrase.period;
}

/** The period a comparison names, beside `period`. */
export function resolveComparison(compare: Comparison, period: Period): Period {
  if (compare === "previous") return previousPeriod(period);
  if (compare === "year_ago") return yearAgo(period);
  return compare;
}

interface Range {
  period: Period;
  start: number;
  end: number;
  /** How many time words are used up. */
  used: number;
}

function readRange(text: string, words: readonly TimeWord[], index: number, today: CivilDate): Range | undefined {
  const word = words[index];
  if (!word) return undefined;
  const before = text.slice(0, word.start);
  const next = words[index + 1];
  if (next && isTo(text.slice(word.end, next.start), before)) {
    const start = word.start - (/(?:\bfrom|\bbetween)\s+(?:the\s+)?$/.exec(before)?.[0].length ?? 0);
    return { period: span(word, next), start, end: next.end, used: index + 2 };
  }
  return openRange(text, word, before, index, today);
}

function openRange(text: string, word: TimeWord, before: string, index: number, today: CivilDate): Range {
  const after = text.slice(word.end);
  const onwards = /^\s+(?:onwards?|on|until now|till now|to now|to date)\b/.exec(after);
  const since =
    /(?:\bsince|\bstarting(?: from| on| in)?|\bbeginning(?: in| on)?|\bas of)\s+(?:the\s+)?(?:start of\s+|beginning of\s+|end of\s+)?$/.exec(
      before,
    );
  const from = word.absolute || word.yearless ? /\bfrom\s+$/.exec(before) : null;
  const end = word.end + (onwards?.[0].length ?? 0);
  if (since || onwards || (from && unitOf(word.period) === "day")) {
    const first = since && /end of\s+$/.test(since[0]) ? addDays(word.period.to, 1) : word.period.from;
    return { period: ordered({ from: first, to: today }), start: (since ?? from)?.index ?? word.start, end, used: index + 1 };
  }
  const later = /\bafter\s+(?:the\s+)?$/.exec(before);
  if (later) return { period: ordered({ from: addDays(word.period.to, 1), to: today }), start: later.index, end, used: index + 1 };
  const until = /\b(?:until|till|up to|through|before|prior to)\s+(?:the\s+)?(?:end of\s+)?$/.exec(before);
  if (until) {
    const exclusive = /^(?:before|prior)/.test(until[0]);
    return {
      period: { from: ALL_TIME.from, to: exclusive ? addDays(word.period.from, -1) : word.period.to },
      start: until.index,
      end,
      used: index + 1,
    };
  }
  const lead = /\b(?:in|on|for|during|over|of|from|between|within|throughout|across)\s+(?:the\s+)?$/.exec(before);
  return { period: word.period, start: lead ? lead.index : word.start, end, used: index + 1 };
}

function isTo(between: string, before: string): boolean {
  if (/\bbetween\s+(?:the\s+)?$/.test(before)) return /^\s*(?:and|to|-|–)\s*(?:the\s+)?$/.test(between);
  return /^\s*(?:to|until|till|through|thru|–|—|-|\/|\.\.+|→|up to|up until)\s*(?:the\s+)?(?:end of\s+)?$/.test(between);
}

/** From the first to the last day of both. A year said with one counts for the other: the nearest that puts the two in order. */
function span(from: TimeWord, to: TimeWord): Period {
  const joined = { from: from.period.from, to: to.period.to };
  const inYear = (day: CivilDate, year: number) => addUnits("year", day, year - fields(day).year);
  if (from.yearless && to.absolute) {
    const { year } = fields(joined.to);
    const near = inYear(joined.from, year);
    return ordered({ from: near <= joined.to ? near : inYear(joined.from, year - 1), to: joined.to });
  }
  if (to.yearless && from.absolute) {
    const { year } = fields(joined.from);
    const near = inYear(joined.to, year);
    return ordered({ from: joined.from, to: near >= joined.from ? near : inYear(joined.to, year + 1) });
  }
  return ordered(joined);
}

function ordered(period: Period): Period {
  if (isPeriod(period)) return period;
  throw backwards(period);
}

function isVersus(between: string): boolean {
  return new RegExp(`^[\\s,]*(?:and\\s+)?${VERSUS}\\s+(?:(?:the|in|that of|those of|it was)\\s+)*$`).test(between);
}

function opensComparison(before: string): boolean {
  return /(?:\bvs\.?|\bversus|\bcompar(?:ed|e|ing)\s+(?:it\s+)?(?:to|with|against)|\bagainst|\brelative to|\bthan)\s+(?:the\s+|in\s+)?$/.test(
    before,
  );
}

/** "yesterday vs the day before", "last month vs October": the later one is the subject whichever is said first, unless it is the second of "from … to". */
function pair(a: Period, b: Period, today: CivilDate): { period: Period; compare: Comparison } {
  if (same(a, b)) return { period: a, compare: "previous" };
  const [period, compare] = a.from >= b.from ? [a, b] : [b, a];
  const whole = unitOf(compare);
  const begun = period.to === today && whole !== undefined && whole !== "day" && previousPeriod(period).from === compare.from;
  return {
    period,
    compare: begun || same(previousPeriod(period), compare) ? "previous" : same(yearAgo(period), compare) ? "year_ago" : compare,
  };
}

/** "… compared with last week": the subject is the unit after it, so far. */
function againstOnly(compare: Period, today: CivilDate): { period?: Period; compare: Comparison } {
  const unit = unitOf(compare);
  if (!unit) return { compare };
  const from = addUnits(unit, compare.from, 1);
  if (from > today) return { compare };
  const whole = addDays(addUnits(unit, from, 1), -1);
  return { period: { from, to: whole < today ? whole : today }, compare: "previous" };
}

function same(a: Period, b: Period): boolean {
  return a.from === b.from && a.to === b.to;
}

function latestWhole(unit: "day" | "week" | "month" | "quarter" | "year", today: CivilDate): Period {
  if (unit === "day") return { from: addDays(today, -1), to: addDays(today, -1) };
  const word = findTimeWords(unit === "year" ? "this year" : `last ${unit}`, today)[0];
  return word?.period ?? { from: today, to: today };
}

function findComparison(
  text: string,
): { compare: Comparison; period?: "week" | "month" | "quarter" | "year" | "day"; start: number; end: number } | undefined {
  for (const { regex, compare, period } of COMPARISONS) {
    const match = [...text.matchAll(regex)][0];
    if (match) return { compare, ...(period ? { period } : {}), start: match.index, end: match.index + match[0].length };
  }
  return undefined;
}
