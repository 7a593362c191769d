import { UserError } from "../../errors.ts";

export interface TimeOfDay {
  hour: number;
  minute: number;
  /** The words it was said in. */
  said: string;
}

const TIME = /\b(?:at\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|uhr|h(?![a-z])|o'clock)?(?![\d:/-])/i;
const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const NUMBER = `(\\d{1,2}|${NUMBERS.join("|")})`;
const FRACTIONS: readonly (readonly [RegExp, number])[] = [
  [new RegExp(`\\bhalf past ${NUMBER}\\b`, "gi"), 30],
  [new RegExp(`\\b(?:a )?quarter past ${NUMBER}\\b`, "gi"), 15],
  [new RegExp(`\\b(?:a )?quarter to ${NUMBER}\\b`, "gi"), -15],
  [new RegExp(`(?<=\\bat )${NUMBER}\\b(?![:.\\d])`, "gi"), 0],
];
const LATER = /\b(?:afternoon|evening|night)s?\b/i;

/** Whether a time of day is in the words, or has to be asked for. */
export function saysTime(words: string): boolean {
  return /\d|\bnoon\b|\bmidnight\b/.test(timesInDigits(words)) || LATER.test(words);
}

/** "at half past eight" as "at 8:30". */
export function timesInDigits(words: string): string {
  let text = words;
  for (const [pattern, minutes] of FRACTIONS)
    text = text.replace(pattern, (_, said: string) => {
      const hour = NUMBERS.indexOf(said.toLowerCase()) + 1 || Number(said);
      const all = hour * 60 + minutes;
      return minutes === 0 ? String(hour) : `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
    });
  return text;
}

/** The time of day in the words: "9", "at 17:30", "9am", "noon", "6 in the evening". Throws UserError when there is none, or no such one. */
export function timeOf(text: string, example: string): TimeOfDay {
  const noon = /\b(?:at\s+)?(noon|midnight)\b/i.exec(text);
  if (noon) return { hour: noon[1]?.toLowerCase() === "noon" ? 12 : 0, minute: 0, said: noon[0] };
  const withoutDates = text.replace(/\b\d{1,2}(?:st|nd|rd|th)\b/gi, (match) => " ".repeat(match.length));
  const match = TIME.exec(withoutDates);
  if (!match) throw new UserError(`At what time? For example ${example}.`, { path: "schedule" });
  const said = Number(match[1]);
  const half = match[3]?.toLowerCase() ?? (LATER.test(text) && said <= 12 ? "pm" : undefined);
  const hour = half === "pm" && said < 12 ? said + 12 : half === "am" && said === 12 ? 0 : said;
  const minute = Number(match[2] ?? 0);
  if (hour > 23 || minute > 59 || ((half === "am" || half === "pm") && (said < 1 || said > 12)))
    throw new UserError(`“${match[0].trim()}” is no time of day. Write 9:00 or 17:30.`, { path: "schedule" });
  return { hour, minute, said: match[0] };
}
