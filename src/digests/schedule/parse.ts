import { isCivilDate } from "../../core/civil-date.ts";
import { UserError } from "../../errors.ts";
import { daysOf } from "./days.ts";
import { checkPattern } from "./slots.ts";
import { timeOf, timesInDigits } from "./times.ts";
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

const CRON = /^\s*["“`']?((?:[\d*/,\-L#?A-Za-z]+\s+){4}[\d*/,\-L#?A-Za-z]+)["”`']?(?=\s|$)/;
const EXAMPLES =
  "“every weekday at 9 in Berlin”, “daily 09:00 Europe/Berlin”, “mondays at 8:30”, “monthly on the 1st at 9”, or cron: “0 9 * * 1-5”";

/**
 * A schedule from people's words or a cron pattern, with its zone and the days it leaves out ("except 12-25, 2027-01-01").
 * Throws UserError that shows how to write it, and near names for a zone that does not exist.
 */
export function parseSchedule(said: string): ParsedSchedule {
  const { rest: withoutDays, except } = takeExcept(` ${withoutAccents(said.trim())} `);
  const cron = CRON.exec(withoutDays);
  if (cron?.[1] && looksLikeCron(cron[1])) return fromCron(cron[1].trim().replace(/\s+/g, " "), withoutDays.slice(cron[0].length), except);
  const { rest, timeZone } = takeZone(timesInDigits(withoutDays));
  const time = timeOf(rest, EXAMPLES);
  const days = rest.replace(time.said, " ");
  const when = daysOf(days);
  if (!when) throw notUnderstood(rest);
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
  if (/\b(?:except|without|not)\b.*\bholidays?\b/i.test(said))
    throw new UserError("Which holidays are yours I do not know. Name the days: except 12-25, 01-01, or 2027-04-02 for one year alone.", {
      path: "schedule",
    });
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
  const short = /\s(UTC|GMT|BST|CES?T|E[SD]T|C[SD]T|M[SD]T|P[SD]T)\s/i.exec(said);
  if (short?.[1]) return { rest: said.replace(short[1], " "), timeZone: requireZone(short[1]) };
  const local = localTime(said);
  if (local) return local;
  const spoken =
    /\s(?:in|time in|zone)\s+(?!this\b|the\b)([A-Za-z][A-Za-z .'-]*?)(?:\s+time)?\s*(?=\s(?:at|every|on|daily|weekly|and|except)\b|,|\d|$)/i.exec(
      said,
    );
  if (spoken?.[1]) return { rest: said.replace(spoken[0], " "), timeZone: requireZone(spoken[1]) };
  return { rest: said };
}

/** "9am New York time": the most of the words before "time" that name a zone. */
function localTime(said: string): { rest: string; timeZone: string } | undefined {
  const before = /((?:\s+[a-z.'-]+){1,3})\s+time\s/i.exec(said);
  const words = before?.[1]?.trim().split(/\s+/) ?? [];
  for (let i = 0; i < words.length; i++) {
    const name = words.slice(i).join(" ");
    const timeZone = zoneCalled(name);
    if (timeZone) return { rest: said.replace(new RegExp(`(?:\\sin)?\\s+${words.slice(i).join("\\s+")}\\s+time`, "i"), " "), timeZone };
  }
  return undefined;
}

function withoutAccents(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "");
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

function clock(value: number): string {
  return String(value).padStart(2, "0");
}

function notUnderstood(text: string): UserError {
  return new UserError(`I do not understand “${text.trim().slice(0, 60)}” as a schedule. Write ${EXAMPLES}.`, { path: "schedule" });
}
