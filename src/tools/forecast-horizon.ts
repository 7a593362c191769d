import { addDays, addUnits, endOf, startOf, type Unit } from "../core/civil-date.ts";
import type { CivilDate, Period } from "../core/fact.ts";
import { formatDay, formatPeriod, isPeriod, unitOf, wholeUnit } from "../core/period.ts";
import { resolvePeriod } from "../core/period-phrases.ts";
import { UserError } from "../errors.ts";

/** Ends people name, each with the unit it is the end of. */
const ENDS: Readonly<Record<string, Unit>> = {
  "end of the month": "month",
  "end of month": "month",
  "month end": "month",
  "end of the quarter": "quarter",
  "end of quarter": "quarter",
  "quarter end": "quarter",
  "end of the year": "year",
  "end of year": "year",
  "year end": "year",
};
export const ENDINGS = Object.keys(ENDS) as [string, ...string[]];

const END_WORDS = /\b(?:end of|rest of|remainder of|remaining)(?: the| this)? (month|quarter|year)\b|\b(month|quarter|year)[- ]end\b/i;

export interface HorizonQuestion {
  period?: Period | string | undefined;
  until?: string | undefined;
}

/**
 * The days a forecast is asked for. A unit that has begun means all of it, what is known included: "the end of the month", "this month".
 * Without a word: the month that is going on; the 30 days after the data where it ended long ago.
 * `settled`: the last day whose figures stand. Throws UserError for words that are no period, and for one that is over.
 */
export function horizonOf({ period, until }: HorizonQuestion, today: CivilDate, settled: CivilDate, notes: string[]): Period {
  const unit = until ? ENDS[until] : typeof period === "string" ? unitEnding(period) : undefined;
  if (unit) return notOver(wholeUnit(unit, today), settled);
  if (period !== undefined) {
    const days = typeof period === "string" ? resolvePeriod(period, today) : checked(period);
    const isToday = typeof period === "string" && /\btoday\b/i.test(period);
    const asked = isToday ? days : whole(days, today);
    return notOver(comingAgain(asked, today, settled, notes), settled);
  }
  const month = wholeUnit("month", today);
  if (settled < addDays(month.from, -7)) {
    notes.push(`The data ends on ${formatDay(settled)}; this is a forecast of the 30 days after it.`);
    return { from: addDays(settled, 1), to: addDays(settled, 30) };
  }
  return settled >= month.to ? wholeUnit("month", addDays(month.to, 1)) : month;
}

function unitEnding(words: string): Unit | undefined {
  const match = END_WORDS.exec(words);
  return (match?.[1] ?? match?.[2])?.toLowerCase() as Unit | undefined;
}

/** "This month" reaches to today where it asks for figures; a forecast of it reaches to its end. */
function whole(period: Period, today: CivilDate): Period {
  if (period.to !== today) return period;
  // On a Monday one day is that day; on the first of a month it is more likely "this month".
  const units = period.from === today ? (["month"] as const) : (["month", "quarter", "year", "week"] as const);
  const unit = units.find((u) => startOf(u, today) === period.from);
  return unit ? { from: period.from, to: endOf(unit, today) } : period;
}

/** "Q1" said in November reads as the one that was; asked to be forecast, it is the next one, if that is not far away. */
function comingAgain(period: Period, today: CivilDate, settled: CivilDate, notes: string[]): Period {
  const unit = unitOf(period);
  if (period.to > settled || (unit !== "month" && unit !== "quarter")) return period;
  const next = wholeUnit(unit, addUnits("year", period.from, 1));
  if (next.from > addDays(today, HALF_A_YEAR) || next.to < today) return period;
  notes.push(`${formatPeriod(period)} is over, so this is ${formatPeriod(next)}.`);
  return next;
}

const HALF_A_YEAR = 183;

function checked(period: Period): Period {
  if (isPeriod(period)) return period;
  throw new UserError(
    `The period ${period.from} to ${period.to} is not a range of days: both must exist, the first not after the second.`,
    {
      path: "period",
    },
  );
}

function notOver(period: Period, settled: CivilDate): Period {
  if (period.to > settled) return period;
  throw new UserError(
    `${formatPeriod(period)} is over and its figures are known, so there is nothing to forecast. Ask for days to come, like “next month”.`,
    {
      path: "period",
      suggestions: ["forecast for next month"],
    },
  );
}
