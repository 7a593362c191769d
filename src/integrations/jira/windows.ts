import { addUnits, endOf, fromInstant, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { clip } from "../../core/period.ts";

/** Nothing in Jira is older. */
const JIRA_BEGAN = "2002-01-01";
const MONTHS = 37;
export const AT_ONCE = 4;

/** The calendar months a period touches, whole, oldest first, none after `today`; what lies over three years back is one window. */
export function windowsOf(period: Period, today: string): Period[] {
  const known = clip(period, { from: JIRA_BEGAN, to: today });
  if (!known) return [];
  const first = addUnits("month", startOf("month", today), 1 - MONTHS);
  const windows: Period[] =
    known.from < first ? [{ from: startOf("month", known.from), to: endOf("month", addUnits("month", first, -1)) }] : [];
  for (let from = known.from < first ? first : startOf("month", known.from); from <= known.to; from = addUnits("month", from, 1))
    windows.push({ from, to: endOf("month", from) });
  return windows;
}

/** By the UTC day. */
export function holds(period: Period, at: Date): boolean {
  const day = fromInstant(at);
  return day >= period.from && day <= period.to;
}

/** Two years back to today: what a question without bounds may mean. */
export function coversOf(now: Date): Period {
  const to = fromInstant(now);
  return { from: startOf("month", addUnits("month", to, -24)), to };
}
