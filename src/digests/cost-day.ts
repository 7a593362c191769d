import { fromInstant } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import type { Finding } from "../core/tool.ts";

export interface DayTotals {
  /** The newest day whose figures are final. */
  date: CivilDate;
  /** Currency code, of the currency with the most money. */
  unit: string;
  total: number;
  /** Days after it whose figures may still change, oldest first. */
  provisional: readonly { date: CivilDate; total: number }[];
}

/** From costs per day: the newest settled one. undefined when there is none: a missing day is never zero. */
export function newestDay(course: Finding | undefined, today: CivilDate): DayTotals | undefined {
  if (!course) return undefined;
  const unit = mainUnit(course);
  const totals = new Map<CivilDate, number>();
  for (const fact of course.facts ?? []) {
    if ((fact.unit ?? "") !== unit) continue;
    const date = fromInstant(fact.at);
    totals.set(date, (totals.get(date) ?? 0) + fact.value);
  }
  const open =
    [...course.receipts.flatMap(({ provisional }) => /\d{4}-\d{2}-\d{2}/.exec(provisional ?? "")?.[0] ?? []), today].sort()[0] ?? today;
  const days = [...totals].map(([date, total]) => ({ date, total })).sort((a, b) => a.date.localeCompare(b.date));
  const newest = days.findLast(({ date }) => date < open);
  return newest && { ...newest, unit, provisional: days.filter(({ date }) => date >= open && date < today) };
}

function mainUnit({ facts = [] }: Finding): string {
  const sums = new Map<string, number>();
  for (const { unit = "", value } of facts) sums.set(unit, (sums.get(unit) ?? 0) + Math.abs(value));
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}
