import { toInstant, weekday } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { formatDay } from "../core/period.ts";

const DAYS = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** "18 November" */
export function shortDay(date: CivilDate): string {
  return formatDay(date).replace(/ \d{4}$/, "");
}

/** "Wednesday 18 November" */
export function dayWords(date: CivilDate): string {
  return `${DAYS[weekday(date)]} ${shortDay(date)}`;
}

const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });

/** "November", of a day in it. */
export function monthName(date: CivilDate): string {
  return MONTH.format(toInstant(date));
}
