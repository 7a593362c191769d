import { UserError } from "../../errors.ts";

export interface DaysSaid {
  /** Day of the month, month and weekday of a cron pattern. */
  fields: string;
  /** "every weekday" */
  words: string;
}

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const DAY = "(?:sun|mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur)(?:day)?s?";
const IS_DAY = new RegExp(`^${DAY}$`);
const RANGE = new RegExp(`^(?:every )?(${DAY})\\s*(?:-|–|to|through|until)\\s*(${DAY})$`);
const NTH: Readonly<Record<string, string>> = {
  first: "1",
  second: "2",
  third: "3",
  fourth: "4",
  last: "L",
  "1st": "1",
  "2nd": "2",
  "3rd": "3",
  "4th": "4",
};
const NTH_NAMES: Readonly<Record<string, string>> = { 1: "first", 2: "second", 3: "third", 4: "fourth", L: "last" };
const NTH_DAY = new RegExp(`^(?:every )?(?:month(?:ly)? )?(?:every )?(${Object.keys(NTH).join("|")}) (${DAY})(?: (?:every )?month)?$`);
const ALL = [0, 1, 2, 3, 4, 5, 6];
const WORKING = [1, 2, 3, 4, 5];

/** The days in the words, without a time of day: "every weekday", "mondays", "monthly on the 1st". undefined: not understood. Throws UserError. */
export function daysOf(text: string): DaysSaid | undefined {
  const plain = text
    .toLowerCase()
    .replace(/\b(?:morning|afternoon|evening|night)s?\b/g, "day")
    .replace(/\b(?:and|at|on|the|each|every|of|in|this|channel|here|from)\b|[,;]/g, (word) =>
      word === "each" || word === "every" ? "every" : " ",
    )
    .replace(new RegExp(`(${DAY}) day\\b`, "g"), "$1")
    .replace(/\bday day\b/g, "day")
    .replace(/\s+/g, " ")
    .trim();
  const without = /^(.*?) (?:except|but not|not|without) (.+)$/.exec(plain);
  if (!without) return wholeOf(plain);
  const [all, left] = [numbersOf(without[1] ?? ""), numbersOf(without[2] ?? "")];
  const kept = all?.filter((day) => !left?.includes(day));
  return kept?.length && left ? weekdays(kept) : undefined;
}

function wholeOf(plain: string): DaysSaid | undefined {
  const [, nth, day] = NTH_DAY.exec(plain) ?? [];
  if (nth && day) return nthDay(NTH[nth] ?? "1", dayNumber(day));
  const monthly = /^(?:every )?(?:month(?:ly)?)?\s*(?:(\d{1,2})(?:st|nd|rd|th)|(last day|last))(?: (?:every )?month)?$/.exec(plain);
  if (monthly) return monthlyOn(monthly[1]);
  if (/^(?:every )?(?:month|monthly)$/.test(plain)) return monthlyOn("1");
  if (/^(?:every )?(?:quarter|quarterly)(?: (?:1st|first day))?$/.test(plain))
    return { fields: "1 1,4,7,10 *", words: "every quarter on its first day" };
  if (/^(?:every )?weekends?$/.test(plain)) return { fields: "* * 0,6", words: "every Saturday and Sunday" };
  if (/^(?:every )?(?:week|weekly)$/.test(plain)) return { fields: "* * 1", words: "every Monday" };
  const numbers = numbersOf(plain);
  return numbers && weekdays(numbers);
}

/** Days of the week, Sunday as 0; undefined when the words name none. */
function numbersOf(plain: string): number[] | undefined {
  if (/^(?:every )?(?:day|daily|days)?$/.test(plain) && plain !== "every") return ALL;
  if (/^(?:every )?(?:weekdays?|workdays?|working days?|business days?)$/.test(plain)) return WORKING;
  const range = RANGE.exec(plain);
  if (range) return between(dayNumber(range[1]), dayNumber(range[2]));
  const listed = plain
    .replace(/^(?:every|weekly|daily) /, "")
    .split(" ")
    .filter(Boolean);
  if (listed.length === 0 || !listed.every((word) => IS_DAY.test(word))) return undefined;
  return [...new Set(listed.map(dayNumber))];
}

function monthlyOn(day: string | undefined): DaysSaid {
  if (day === undefined) return { fields: "L * *", words: "every month on its last day" };
  const number = Number(day);
  if (number < 1 || number > 31) throw new UserError(`There is no ${day}. of a month.`, { path: "schedule" });
  if (number > 28)
    throw new UserError(`Not every month has a ${number}th. Choose a day up to the 28th, or “on the last day of the month”.`, {
      path: "schedule",
    });
  return { fields: `${number} * *`, words: `every month on day ${number}` };
}

function nthDay(nth: string, day: number): DaysSaid {
  return { fields: `* * ${day}#${nth}`, words: `every month on its ${NTH_NAMES[nth]} ${nameOf(day)}` };
}

function dayNumber(word = ""): number {
  return DAYS.findIndex((day) => day.startsWith(word.replace(/s$/, "").replace(/day$/, "").slice(0, 3)));
}

function between(from: number, to: number): number[] {
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => (from + i) % 7);
}

function weekdays(numbers: readonly number[]): DaysSaid {
  if (numbers.length === ALL.length) return { fields: "* * *", words: "every day" };
  if (numbers.length === WORKING.length && WORKING.every((day) => numbers.includes(day)))
    return { fields: "* * 1-5", words: "every weekday" };
  const names = [...numbers].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).map(nameOf);
  const list = names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return { fields: `* * ${[...numbers].sort((a, b) => a - b).join(",")}`, words: `every ${list}` };
}

function nameOf(day: number): string {
  return `${DAYS[day]?.[0]?.toUpperCase()}${DAYS[day]?.slice(1)}`;
}
