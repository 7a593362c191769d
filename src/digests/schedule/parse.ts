import { isCivilDate } from "../../core/civil-date.ts";
import { UserError } from "../../errors.ts";
import { checkPattern } from "./slots.ts";
import { zoneCalled, zonesLike } from "./zones.ts";

export interface ParsedSchedule {
  /** Cron pattern of five fields, in wall time. */
  pattern: string;
  /** Absent when none was said. */
  timeZone?: string;
  /** Local days without a slot. */
  except: string[];
  /** As it will be shown: "every weekday at 09:00". */
  words: string;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const DAY = "(?:sun|mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur)(?:day)?s?";
const CRON = /^\s*["“`']?((?:[\d*/,\-L#?A-Za-z]+\s+){4}[\d*/,\-L#?A-Za-z]+)["”`']?(?=\s|$)/;
const TIME = /\b(?:at\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|uhr|h|o'clock)?(?![\d:/-])/i;
const EXAMPLES =
  "“every weekday at 9 in Berlin”, “daily 09:00 Europe/Berlin”, “mondays at 8:30”, “monthly on the 1st at 9”, or cron: “0 9 * * 1-5”";

/**
 * A schedule from people's words or a cron pattern, with its zone and the days it leaves out ("except 12-25, 2027-01-01").
 * Throws UserError that shows how to write it, and near names for a zone that does not exist.
 */
export function parseSchedule(said: string): ParsedSchedule {
  const { rest: withoutDays, except } = takeExcept(` ${said.trim()} `);
  const cron = CRON.exec(withoutDays);
  if (cron?.[1] && looksLikeCron(cron[1])) return fromCron(cron[1].trim().replace(/\s+/g, " "), withoutDays.slice(cron[0].length), except);
  const { rest, timeZone } = takeZone(withoutDays);
  const time = timeOf(rest);
  const when = daysOf(rest.replace(time.said, " "));
  const pattern = `${time.minute} ${time.hour} ${when.fields}`;
  return { pattern, ...(timeZone ? { timeZone } : {}), except, words: `${when.words} at ${clock(time.hour)}:${clock(time.minute)}` };
}

function looksLikeCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    fields.slice(0, 2).every((field) => /^[\d*/,-]+$/.test(field)) &&
    fields.slice(2).every((field) => /^[\d*/,\-L#?]+$|^(?:[a-z]{3}[,-]?)+$/i.test(field))
  );
}

/** More often than every quarter of an hour nobody reads a report. */
const LEAST_MINUTES = 15;

function fromCron(pattern: string, after: string, except: string[]): ParsedSchedule {
  checkPattern(pattern);
  const [minutes = ""] = pattern.split(" ");
  const step = /^(?:\*|\d+-\d+)(?:\/(\d+))?$/.exec(minutes);
  const often = step ? Number(step[1] ?? 1) < LEAST_MINUTES : minutes.split(",").length > 60 / LEAST_MINUTES;
  if (often)
    throw new UserError(`“${pattern}” is more often than every ${LEAST_MINUTES} minutes. Choose a calmer pattern.`, { path: "schedule" });
  const { rest, timeZone } = takeZone(` ${after} `);
  if (rest.trim()) throw notUnderstood(rest);
  return { pattern, ...(timeZone ? { timeZone } : {}), except, words: pattern };
}

function takeExcept(said: string): { rest: string; except: string[] } {
  const match = /\b(?:except|without|but not|not)\s+(?:on\s+)?((?:\d{4}-)?\d{2}-\d{2}(?:[\s,]+(?:and\s+)?(?:\d{4}-)?\d{2}-\d{2})*)/i.exec(
    said,
  );
  if (!match) return { rest: said, except: [] };
  const except = match[1]?.match(/(?:\d{4}-)?\d{2}-\d{2}/g) ?? [];
  const wrong = except.find((day) => !isCivilDate(day.length === 5 ? `2024-${day}` : day));
  if (wrong) throw new UserError(`There is no day ${wrong}. Write 2026-12-24, or 12-25 for each year.`, { path: "schedule" });
  return { rest: said.replace(match[0], " "), except };
}

function takeZone(said: string): { rest: string; timeZone?: string } {
  const named = /\s([A-Za-z_]+\/[A-Za-z_+\-/0-9]+)\s/.exec(said);
  if (named?.[1]) return { rest: said.replace(named[1], " "), timeZone: requireZone(named[1]) };
  const short = /\s(UTC|GMT|CET|CEST)\s/i.exec(said);
  if (short?.[1]) return { rest: said.replace(short[1], " "), timeZone: requireZone(short[1]) };
  const spoken =
    /\s(?:in|time in|zone)\s+(?!this\b|the\b)([A-Za-z][A-Za-z .'-]*?)(?:\s+time)?\s*(?=\s(?:at|every|on|daily|weekly|and|except)\b|,|\d|$)/i.exec(
      said,
    );
  if (spoken?.[1]) return { rest: said.replace(spoken[0], " "), timeZone: requireZone(spoken[1]) };
  return { rest: said };
}

function requireZone(said: string): string {
  const zone = zoneCalled(said);
  if (zone) return zone;
  const near = zonesLike(said);
  throw new UserError(
    `There is no time zone “${said.trim().slice(0, 60)}”.${near.length ? ` Did you mean ${near.join(" or ")}?` : " Write an IANA name like Europe/Berlin."}`,
    { path: "time_zone" },
  );
}

function timeOf(text: string): { hour: number; minute: number; said: string } {
  const noon = /\b(?:at\s+)?(noon|midnight)\b/i.exec(text);
  if (noon) return { hour: noon[1]?.toLowerCase() === "noon" ? 12 : 0, minute: 0, said: noon[0] };
  const withoutDates = text.replace(/\b\d{1,2}(?:st|nd|rd|th)\b/gi, (match) => " ".repeat(match.length));
  const match = TIME.exec(withoutDates);
  if (!match) throw new UserError(`At what time? For example ${EXAMPLES}.`, { path: "schedule" });
  const half = match[3]?.toLowerCase();
  const said = Number(match[1]);
  const hour = half === "pm" && said < 12 ? said + 12 : half === "am" && said === 12 ? 0 : said;
  const minute = Number(match[2] ?? 0);
  if (hour > 23 || minute > 59 || ((half === "am" || half === "pm") && (said < 1 || said > 12)))
    throw new UserError(`“${match[0].trim()}” is no time of day. Write 9:00 or 17:30.`, { path: "schedule" });
  return { hour, minute, said: match[0] };
}

function daysOf(text: string): { fields: string; words: string } {
  const plain = text
    .toLowerCase()
    .replace(/\b(?:and|at|on|the|each|every|of|in|this|channel|here)\b|[,;]/g, (word) =>
      word === "each" || word === "every" ? "every" : " ",
    )
    .replace(/\s+/g, " ")
    .trim();
  const monthly = /^(?:every )?(?:month(?:ly)?)?\s*(?:(\d{1,2})(?:st|nd|rd|th)|(last day|last))(?: (?:every )?month)?$/.exec(plain);
  if (monthly) return monthlyOn(monthly[1]);
  if (/^(?:every )?(?:day|daily|days)?$/.test(plain) && plain !== "every") return { fields: "* * *", words: "every day" };
  if (/^(?:every )?(?:weekdays?|workdays?|working days?|business days?)$/.test(plain)) return { fields: "* * 1-5", words: "every weekday" };
  if (/^(?:every )?weekends?$/.test(plain)) return { fields: "* * 0,6", words: "every Saturday and Sunday" };
  if (/^(?:every )?(?:month|monthly)$/.test(plain)) return monthlyOn("1");
  if (/^(?:every )?(?:week|weekly)$/.test(plain)) return { fields: "* * 1", words: "every Monday" };
  const range = new RegExp(`^(?:every )?(${DAY})\\s*(?:-|–|to|through|until)\\s*(${DAY})$`).exec(plain);
  if (range) return weekdays(between(dayNumber(range[1]), dayNumber(range[2])));
  const listed = plain
    .replace(/^every |^weekly /, "")
    .split(" ")
    .filter(Boolean);
  const numbers = listed.map((word) => (new RegExp(`^${DAY}$`).test(word) ? dayNumber(word) : -1));
  if (listed.length > 0 && numbers.every((n) => n >= 0)) return weekdays([...new Set(numbers)]);
  throw notUnderstood(text);
}

function monthlyOn(day: string | undefined): { fields: string; words: string } {
  if (day === undefined) return { fields: "L * *", words: "every month on its last day" };
  const number = Number(day);
  if (number < 1 || number > 31) throw new UserError(`There is no ${day}. of a month.`, { path: "schedule" });
  if (number > 28)
    throw new UserError(`Not every month has a ${number}th. Choose a day up to the 28th, or “on the last day of the month”.`, {
      path: "schedule",
    });
  return { fields: `${number} * *`, words: `every month on day ${number}` };
}

function dayNumber(word = ""): number {
  return DAYS.findIndex((day) => day.startsWith(word.replace(/s$/, "").replace(/day$/, "").slice(0, 3)));
}

function between(from: number, to: number): number[] {
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => (from + i) % 7);
}

function weekdays(numbers: readonly number[]): { fields: string; words: string } {
  if (numbers.length === 5 && !numbers.includes(0) && !numbers.includes(6)) return { fields: "* * 1-5", words: "every weekday" };
  const names = [...numbers].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).map((n) => `${DAYS[n]?.[0]?.toUpperCase()}${DAYS[n]?.slice(1)}`);
  const list = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return { fields: `* * ${[...numbers].sort((a, b) => a - b).join(",")}`, words: `every ${list}` };
}

function clock(value: number): string {
  return String(value).padStart(2, "0");
}

function notUnderstood(text: string): UserError {
  return new UserError(`I do not understand “${text.trim().slice(0, 60)}” as a schedule. Write ${EXAMPLES}.`, { path: "schedule" });
}
