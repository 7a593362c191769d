import { forecastSeries, type SeriesForecast, sumInterval } from "../analytics/forecast/forecast-series.ts";
import { addUnits, endOf, startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { UserError } from "../errors.ts";
import { type History, nextStep, SEASONS, seriesOf, stepsFrom } from "./forecast-history.ts";
import { etsModel } from "./forecast-library.ts";
import type { FreeMonth } from "./revenue-forecast-constraints.ts";

export interface Course {
  forecast: SeriesForecast;
  /** The month that is going on: what is known of it and what is expected of the rest. */
  base: { month: CivilDate; value: number; known: number };
  days: readonly CivilDate[];
  names: readonly CivilDate[];
  months: readonly FreeMonth[];
}

/** The whole months to come, free of constraints. Throws UserError for too little data and for steps that make no month. */
export async function monthsAhead(history: History, count: number): Promise<Course> {
  const { step } = history;
  if (step === "quarter" || step === "year" || step === "week")
    throw new UserError(`The source has one figure a ${step}; months to come take figures by day or month.`, { path: "dataset" });
  const next = nextStep(history);
  const base = startOf("month", history.settled);
  const names = Array.from({ length: count }, (_, i) => addUnits("month", base, i + 1));
  const days = stepsFrom(step, next, endOf("month", names.at(-1) ?? next));
  const values = seriesOf(history, history.values);
  const found = forecastSeries(values, { horizon: days.length, seasons: SEASONS[step], ets: await etsModel() });
  if ("tooLittle" in found)
    throw new UserError(
      `There is too little data for this forecast: ${found.have} settled ${step}s, and it takes ${found.needed}. Ask for fewer months.`,
      { path: "months" },
    );
  const known = stepsFrom(step, history.first, history.last).reduce(
    (sum, day, i) => (day >= base && !Number.isNaN(values[i]) ? sum + (values[i] ?? 0) : sum),
    0,
  );
  const sumOf = (month: CivilDate) => {
    const from = days.findIndex((day) => startOf("month", day) === month);
    if (from < 0) return undefined;
    return sumInterval(found, from, from + days.filter((day) => startOf("month", day) === month).length);
  };
  const months = names.flatMap((month) => {
    const sum = sumOf(month);
    return sum ? [{ mean: sum.mean, lo80: sum.lo80, hi80: sum.hi80 }] : [];
  });
  return { forecast: found, base: { month: base, known, value: known + (sumOf(base)?.mean ?? 0) }, days, names, months };
}
