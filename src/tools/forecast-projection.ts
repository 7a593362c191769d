import { fillGaps } from "../analytics/forecast/fill-gaps.ts";
import { forecastSeries, type Range, type SeriesForecast } from "../analytics/forecast/forecast-series.ts";
import { monthEnd } from "../analytics/forecast/month-end.ts";
import { addDays, endOf, startOf } from "../core/civil-date.ts";
import type { CivilDate, Fact, Period } from "../core/fact.ts";
import { previousPeriod } from "../core/period.ts";
import { UserError } from "../errors.ts";
import { labelOf } from "./finding.ts";
import { type History, nextStep, SEASONS, seriesOf, stepsFrom } from "./forecast-history.ts";
import { etsModel } from "./forecast-library.ts";

const MOST_STEPS = 1_000;

/** A forecast from the first step that is not settled to the end of the target. */
export interface Projection {
  forecast: SeriesForecast;
  days: readonly CivilDate[];
  /** Steps of `days` that belong to the target. */
  from: number;
  to: number;
  knownSteps: number;
  known: number;
  end: Range;
}

export async function project(values: Float64Array, history: History, target: Period): Promise<Projection> {
  const { step } = history;
  const days = stepsFrom(step, nextStep(history), target.to);
  if (startOf(step, target.from) !== target.from || endOf(step, target.to) !== target.to)
    throw new UserError(`The source has one figure a ${step}. Ask for whole ${step}s, like “next ${step}”.`, { path: "period" });
  if (days.length > MOST_STEPS)
    throw new UserError(`That is ${days.length} ${step}s ahead, too far for a forecast. Ask for a nearer end.`, { path: "period" });
  const found = forecastSeries(values, { horizon: days.length, seasons: SEASONS[step], ets: await etsModel() });
  if ("tooLittle" in found)
    throw new UserError(
      `There is too little data for this forecast: ${found.have} settled ${step}s, and it takes ${found.needed} (two seasons${found.season > 1 ? ` of ${found.season} ${step}s` : ""} and something to be tried on, and at least as many ${step}s as lie ahead). ${found.have >= 12 ? "Ask for a nearer end." : "Ask again when there are more."}`,
      { path: "period" },
    );
  const offset = history.settled < target.from ? days.indexOf(startOf(step, target.from)) : 0;
  const inTarget = stepsFrom(step, history.first, history.last).flatMap((day, i) => (day >= target.from ? [values[i] ?? 0] : []));
  const settled = inTarget.filter((value) => !Number.isNaN(value));
  const known = settled.reduce((sum, value) => sum + value, 0);
  const end = monthEnd({
    known: known + missingSum(values, SEASONS[step][0], inTarget.length),
    forecast: found,
    from: offset,
    to: days.length,
  });
  return { forecast: found, days, from: offset, to: days.length, knownSteps: settled.length, known, end };
}

/** What the steps of the target without a figure are taken to be: missing is not zero. */
function missingSum(values: Float64Array, season: number | undefined, count: number): number {
  const { filled } = fillGaps(values, season);
  return filled
    .subarray(values.length - count)
    .reduce((sum, value, i) => sum + (Number.isNaN(values[values.length - count + i]) ? value : 0), 0);
}

export interface Slice {
  label: string;
  known: number;
  projection?: Projection;
}

/**
 * The largest slices of the last eight weeks (steps), each forecast by itself. A day on which others have figures and it has none
 * counts as zero.
 */
export async function slicesOf(
  facts: readonly Fact[],
  by: readonly string[],
  history: History,
  target: Period,
  top: number,
): Promise<Slice[]> {
  const since = addDays(history.settled, -56);
  const groups = [...Map.groupBy(facts, (fact) => labelOf(fact, by))].map(([label, some]) => {
    const values = new Map<CivilDate, number>();
    for (const fact of some) {
      const day = startOf(history.step, fact.at.toISOString().slice(0, 10));
      if (history.values.has(day)) values.set(day, (values.get(day) ?? 0) + fact.value);
    }
    const recent = [...values].filter(([day]) => day > since).reduce((sum, [, value]) => sum + value, 0);
    return { label, values, recent };
  });
  const largest = groups.sort((a, b) => b.recent - a.recent || (a.label < b.label ? -1 : 1)).slice(0, top);
  return Promise.all(
    largest.map(async ({ label, values }) => {
      const first = [...values.keys()].sort()[0] ?? history.last;
      const own = seriesOf({ ...history, first }, values, 0);
      const known = [...values].reduce((sum, [day, value]) => sum + (day >= target.from ? value : 0), 0);
      const projection = await project(own, { ...history, first }, target).catch((error: unknown) => {
        if (error instanceof UserError) return undefined;
        throw error;
      });
      return { label, known, ...(projection ? { projection } : {}) };
    }),
  );
}

/** The same unit before, when the history has all of it. */
export function beforeOf(history: History, target: Period): { period: Period; value: number } | undefined {
  const period = previousPeriod(target);
  if (period.from < history.first || period.to > history.settled) return undefined;
  const values = stepsFrom(history.step, period.from, period.to).map((day) => history.values.get(day));
  if (values.some((value) => value === undefined)) return undefined;
  return { period, value: values.reduce<number>((sum, value) => sum + (value ?? 0), 0) };
}

/** The day on which the expected course passes the budget. */
export function runsOutOn({ forecast: { mean }, days, from, to, known }: Projection, budget: number): CivilDate | undefined {
  let sum = known;
  for (let k = from; k < to; k++) {
    sum += mean[k] ?? 0;
    if (sum > budget) return days[k];
  }
  return undefined;
}
