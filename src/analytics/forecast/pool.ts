import { dampedHolt } from "./damped-holt.ts";
import { dynamicTheta } from "./dynamic-theta.ts";
import type { EtsModel } from "./ets.ts";
import { seasonBefore, shortMemory, wholeSeason } from "./season-lags.ts";
import { adjustSeason } from "./seasonal-adjustment.ts";
import { seasonalTotals } from "./seasonal-totals.ts";
import { theta } from "./theta.ts";
import { lastYearsCourse, usualSeason } from "./usual-week.ts";

/** One forecast by each method that the history is long enough for, by the method's name. */
export type PoolForecasts = Map<string, Float64Array>;

export interface PoolOptions {
  horizon: number;
  /** Seasons in steps, the shortest first; none for a series without. */
  seasons: readonly number[];
  ets?: EtsModel | undefined;
}

/** Longer ones have too few values a phase for a median. */
const LONGEST_WEEK = 31;
/** Quarters and months of a year. */
const YEARS = [4, 12];
/** Seasons a median is taken over. */
const USUAL = [8, 26, 52];
/** Ranges of the history a forecast may leave it by: beyond that a method has run away. */
const FARTHEST = 2;

/**
 * Ten kinds of methods, one of each: they err in different ways, so their mean errs less than any of them.
 * Bates and Granger, The combination of forecasts (1969); the M competitions.
 */
export function forecastPool(x: Float64Array, { horizon, seasons, ets }: PoolOptions): PoolForecasts {
  const known = seasons.filter((season) => season > 1 && x.length >= 2 * season);
  const [week] = known;
  const season = known.findLast((s) => x.length >= 2.5 * s) ?? 1;
  const { adjusted, restore } = adjustSeason(x, season);
  const restored = (forecast: Float64Array) => forecast.map((value, k) => restore(value, x.length + k));
  const logs = x.every((value) => value > 0);
  const scaled = logs ? x.map(Math.log) : x;
  const unscaled = (forecast: Float64Array | undefined) => (logs ? forecast?.map(Math.exp) : forecast);

  const made: [string, Float64Array | undefined][] = [
    ["theta", restored(theta(adjusted, horizon))],
    ["dynamic theta", restored(dynamicTheta(adjusted, horizon))],
    ["damped trend", restored(dampedHolt(adjusted, horizon))],
    ["ets", ets && smoothed(x, horizon, season, ets)],
    ["short memory", unscaled(shortMemory(scaled, horizon, known))],
    ["whole season", unscaled(wholeSeason(scaled, horizon, known))],
    ...known.map((s): [string, Float64Array | undefined] => [`season before (${s})`, unscaled(seasonBefore(scaled, horizon, s, known))]),
    ...(week !== undefined && week <= LONGEST_WEEK ? ofWeeks(x, horizon, week) : []),
  ];
  return sane(x, made, horizon);
}

function smoothed(x: Float64Array, horizon: number, season: number, ets: EtsModel): Float64Array | undefined {
  const { adjusted, restore } = adjustSeason(x, season, "tested");
  return ets(adjusted, horizon)?.map((value, k) => restore(value, x.length + k));
}

function ofWeeks(x: Float64Array, horizon: number, week: number): [string, Float64Array | undefined][] {
  const adjustment = adjustSeason(x, week);
  // A median over years would be blind to growth.
  const usual = YEARS.includes(week) ? [] : USUAL.filter((n) => n === USUAL[0] || x.length >= 0.8 * n * week);
  return [
    ["seasonal totals", seasonalTotals(x, horizon, week, adjustment)],
    ...usual.map((n): [string, Float64Array | undefined] => [`usual season (${n})`, usualSeason(x, horizon, week, n)]),
    ["last year's course", week === 7 ? lastYearsCourse(x, horizon, week, adjustment) : undefined],
  ];
}

/** Without those that could not be made or ran away. The last value is left when none is. */
function sane(x: Float64Array, made: readonly [string, Float64Array | undefined][], horizon: number): PoolForecasts {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of x) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const reach = FARTHEST * (high - low) + 1e-9 * Math.max(Math.abs(low), Math.abs(high));
  const kept = new Map<string, Float64Array>();
  for (const [name, forecast] of made)
    if (forecast?.every((value) => value >= low - reach && value <= high + reach)) kept.set(name, forecast);
  if (kept.size === 0) kept.set("last value", new Float64Array(horizon).fill(x.at(-1) ?? 0));
  return kept;
}
