import { middle } from "../analytics/forecast/autocorrelation.ts";
import { addDays, addUnits, daysBetween, endOf, startOf } from "../core/civil-date.ts";
import type { CivilDate, Fact } from "../core/fact.ts";
import { UserError } from "../errors.ts";
import { sumBuckets } from "./finding.ts";

/** The even steps the figures of a source come in. */
export type Step = "day" | "week" | "month" | "quarter" | "year";

export interface History {
  step: Step;
  /** First day of the first and of the last settled step. */
  first: CivilDate;
  last: CivilDate;
  /** Last day of the last settled step. */
  settled: CivilDate;
  /** By the first day of each step. */
  values: ReadonlyMap<CivilDate, number>;
  /** What provisional steps hold so far. */
  provisional: ReadonlyMap<CivilDate, number>;
}

const STEP_DAYS: readonly { step: Step; least: number }[] = [
  { step: "year", least: 300 },
  { step: "quarter", least: 80 },
  { step: "month", least: 25 },
  { step: "week", least: 6 },
  { step: "day", least: 0 },
];

export const SEASONS: Readonly<Record<Step, readonly number[]>> = { day: [7], week: [52], month: [12], quarter: [4], year: [] };

/**
 * Facts by day as a history of even steps, as far as it is settled: before the first provisional day and before today, which is not over.
 * Throws UserError when nothing is.
 */
export function historyOf(facts: readonly Fact[], today: CivilDate, provisionalFrom: CivilDate | undefined): History {
  const days = [...sumBuckets(facts).keys()];
  const step = stepOf(days);
  const values = new Map<CivilDate, number>();
  const provisional = new Map<CivilDate, number>();
  const open = provisionalFrom !== undefined && provisionalFrom < today ? provisionalFrom : today;
  const byStep = Map.groupBy(facts, ({ at }) => startOf(step, at.toISOString().slice(0, 10)));
  for (const [day, some] of byStep) {
    const bucket = sumBuckets(some);
    const sum = [...bucket.values()].reduce((total, value) => total + value, 0);
    (endOf(step, day) < open ? values : provisional).set(day, some[0]?.average ? sum / bucket.size : sum);
  }
  const sorted = [...values.keys()].sort();
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined)
    throw new UserError(`There is too little data for a forecast: no ${step} is settled yet.`, { path: "period" });
  return { step, first, last, settled: endOf(step, last), values, provisional };
}

function stepOf(days: readonly CivilDate[]): Step {
  const distances = days.slice(1).map((day, i) => daysBetween(days[i] ?? day, day));
  const usual = distances.length === 0 ? 1 : middle(distances);
  return STEP_DAYS.find(({ least }) => usual >= least)?.step ?? "day";
}

/** Every step from the first to the last settled one; NaN where there is no value, or `absent`. */
export function seriesOf(history: History, values: ReadonlyMap<CivilDate, number>, absent = Number.NaN): Float64Array {
  return Float64Array.from(
    stepsFrom(history.step, history.first, history.last),
    (day) => values.get(day) ?? (history.values.has(day) ? absent : Number.NaN),
  );
}

/** First days of the steps from that of `from` to that of `to`. */
export function stepsFrom(step: Step, from: CivilDate, to: CivilDate): CivilDate[] {
  const steps: CivilDate[] = [];
  for (let day = startOf(step, from); day <= to; day = addUnits(step, day, 1)) steps.push(day);
  return steps;
}

/** First day after the settled ones. */
export function nextStep({ settled }: History): CivilDate {
  return addDays(settled, 1);
}
