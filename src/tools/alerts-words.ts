import { addDays, civilDate, isCivilDate, toInstant, weekday } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { closest, cut } from "../core/text.ts";
import { UserError } from "../errors.ts";

/** What a command about alerts, or a question, asks for. */

const ACTIONS = ["list", "all", "show", "acknowledge", "snooze", "expected", "undo", "noise", "learned"] as const;
export type Action = (typeof ACTIONS)[number];
export const WRITES: readonly Action[] = ["acknowledge", "snooze", "expected", "undo"];
const ALSO: Readonly<Record<string, Action>> = {
  open: "list",
  ls: "list",
  history: "all",
  ack: "acknowledge",
  acknowledged: "acknowledge",
  mute: "snooze",
  expect: "expected",
  reopen: "undo",
  rules: "noise",
  report: "noise",
  feedback: "learned",
  snoozed: "learned",
};

export function actionOf(command: string): { action: Action; rest: string } {
  const [, first = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(command) ?? [];
  const word = first.toLowerCase();
  if (word === "") return { action: "list", rest: "" };
  if (/^[0-9a-f]{8}$/.test(word)) return { action: "show", rest: word };
  const action = ACTIONS.find((a) => a === word) ?? ALSO[word];
  if (action) return { action, rest: rest.trim() };
  const near = closest(word, ACTIONS);
  throw new UserError(
    `I do not know “${cut(first, 40)}”.${near ? ` Did you mean ${near}?` : ""} Say \`/alerts\` and one of ${ACTIONS.join(", ")}.`,
    {
      path: "command",
      suggestions: [near ? `/alerts ${near} ${rest}`.trim() : "/alerts list"],
    },
  );
}

/** What a question in plain words is about. */
export function meant(question: string): { action: Action; rest: string } {
  if (/\bnois|\bloosen|\btoo (?:many|often)|\brules?\b/i.test(question)) return { action: "noise", rest: "" };
  if (/\b(?:snoozed|muted|expected|learned|waved through)\b/i.test(question)) return { action: "learned", rest: "" };
  const isPast = /\b(?:yesterday|last|past|history|were|was|did|so far|acknowledged|recovered)\b/i.test(question);
  return { action: isPast ? "all" : "list", rest: "" };
}

export const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** "for 2 days", "4h", "until 2026-12-24", "until tomorrow", "until friday"; the rest is the note. A day is over at its end, in the person's zone as far as the date goes. */
export function timeIn(words: string, now: Date, timeZone: string): { until: Date | undefined; note: string } {
  const length = /\b(?:for\s+)?(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)\b/i.exec(words);
  if (length) {
    const unit = UNITS[(length[2] ?? "d").charAt(0).toLowerCase()] ?? DAY_MS;
    return { until: new Date(now.getTime() + Number(length[1]) * unit), note: without(words, length[0]) };
  }
  const day = /\b(?:until|till|to)\s+(tomorrow|\d{4}-\d{2}-\d{2}|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i.exec(words);
  if (!day) return { until: undefined, note: words.trim() };
  const date = dayNamed(day[1]?.toLowerCase() ?? "", civilDate(now, timeZone));
  if (!isCivilDate(date)) throw new UserError(`There is no day ${date}. Write it like 2026-12-24.`, { path: "command" });
  return { until: toInstant(addDays(date, 1)), note: without(words, day[0]) };
}

/** A weekday is the next one, never today. */
function dayNamed(name: string, today: CivilDate): CivilDate {
  if (name === "tomorrow") return addDays(today, 1);
  const at = WEEKDAYS.indexOf(name);
  return at < 0 ? name : addDays(today, ((at - weekday(today) + 7) % 7) + 1);
}

function without(words: string, part: string): string {
  return words
    .replace(part, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^["“]|["”]$/g, "");
}
