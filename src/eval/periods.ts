import type { Period } from "../core/fact.ts";

/** Named periods worked out by hand, so that the reader of time words is judged by something else. UTC; weeks begin on Monday. */

const DAY_MS = 86_400_000;

function day(year: number, month: number, dayOfMonth: number): string {
  return new Date(Date.UTC(year, month, dayOfMonth)).toISOString().slice(0, 10);
}

/** Both ends included; undefined for a name that is not known. `today` is YYYY-MM-DD. */
export function namedPeriod(name: string, today: string): Period | undefined {
  const at = new Date(`${today}T00:00:00Z`);
  const [y, m, d] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  const ago = (days: number) => new Date(at.getTime() - days * DAY_MS).toISOString().slice(0, 10);
  const sinceMonday = (at.getUTCDay() + 6) % 7;
  const quarter = Math.floor(m / 3) * 3;
  const periods: Readonly<Record<string, Period>> = {
    today: { from: today, to: today },
    yesterday: { from: ago(1), to: ago(1) },
    "the day before": { from: ago(2), to: ago(2) },
    "last 7 days": { from: ago(7), to: ago(1) },
    "last 30 days": { from: ago(30), to: ago(1) },
    "last week": { from: ago(sinceMonday + 7), to: ago(sinceMonday + 1) },
    "the week before": { from: ago(sinceMonday + 14), to: ago(sinceMonday + 8) },
    "this month": { from: day(y, m, 1), to: d === 1 ? today : ago(1) },
    "last month": { from: day(y, m - 1, 1), to: day(y, m, 0) },
    "the month before": { from: day(y, m - 2, 1), to: day(y, m - 1, 0) },
    "last quarter": { from: day(y, quarter - 3, 1), to: day(y, quarter, 0) },
    "the quarter before": { from: day(y, quarter - 6, 1), to: day(y, quarter - 3, 0) },
    "this year": { from: day(y, 0, 1), to: ago(1) },
    "next month": { from: day(y, m + 1, 1), to: day(y, m + 2, 0) },
  };
  return periods[name];
}

/** The days of a period, in order. */
export function daysOf({ from, to }: Period): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
