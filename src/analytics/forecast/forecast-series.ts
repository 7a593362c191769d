import { average } from "./autocorrelation.ts";
import { type BackTest, backTest, combine, shares } from "./back-test.ts";
import type { EtsModel } from "./ets.ts";
import { fillGaps } from "./fill-gaps.ts";
import { findSeasons } from "./find-seasons.ts";
import { errorSpread, halfWidths, ownErrors, type Spread, sumHalfWidth } from "./interval.ts";
import { forecastPool } from "./pool.ts";

export interface ForecastOptions {
  /** Steps ahead. */
  horizon: number;
  /** Lengths of the seasons in steps, the shortest first; [] for none. Found in the data when absent. */
  seasons?: readonly number[] | undefined;
  ets?: EtsModel | undefined;
}

export interface SeriesForecast {
  mean: Float64Array;
  lo80: Float64Array;
  hi80: Float64Array;
  lo95: Float64Array;
  hi95: Float64Array;
  /** How wrong the same procedure was on the past of this series. */
  backTest: BackTestError;
  /** Seasons there was enough history for, and those there was not. */
  seasons: readonly number[];
  tooLong: readonly number[];
  /** Steps without a value, which were filled. */
  gaps: number;
  /** The methods by their share, the largest first. */
  methods: readonly { name: string; share: number }[];
  /** For intervals of sums of steps: `sumInterval`. */
  spread: Spread;
  /** Every known value was zero or more, so nothing below zero is forecast. */
  nonNegative: boolean;
}

export interface BackTestError {
  /** Forecasts tried, and steps of each. */
  origins: number;
  steps: number;
  /** Σ|error| / Σ|value|, over single steps; undefined when all values were zero. */
  step?: number;
  /** Mean of |error of the total over all steps| / |total|; undefined when a total was zero. */
  total?: number;
}

/** What keeps a forecast from being made. `needed` is how many values it takes. */
export interface TooLittle {
  tooLittle: true;
  have: number;
  needed: number;
  season: number;
}

/** Longer seasons (weeks of a year) are left out when the history is short; shorter ones are needed. */
const LONGEST_NEEDED = 31;
const LEAST_VALUES = 10;
/** Older values say little about the next, and cost time. */
const MOST_VALUES = 2_000;

/**
 * Values to come, with intervals that are calibrated on the past of the series itself.
 *
 * A pool of methods (`forecastPool`) is tried at up to eight points of the past (`backTest`); each method counts by how it did; the
 * intervals come from rolled errors (`errorSpread`). NaN is a missing value. Without two whole seasons, a few values to be tried on,
 * and as many values as are to come, the answer is `TooLittle`.
 * Throws RangeError for a horizon that is no positive whole number.
 */
export function forecastSeries(values: ArrayLike<number>, { horizon, seasons, ets }: ForecastOptions): SeriesForecast | TooLittle {
  if (!Number.isInteger(horizon) || horizon < 1) throw new RangeError("forecastSeries: the horizon must be a whole number from 1");
  const known = trimmed(values);
  const have = known.reduce((count, value) => count + (Number.isFinite(value) ? 1 : 0), 0);
  const found = seasons ?? (have > 0 ? findSeasons([fillGaps(known).filled]) : []);
  const short = found.find((season) => season > 1 && season <= LONGEST_NEEDED) ?? 1;
  const needed = Math.max(LEAST_VALUES, 2 * short + 2, Math.min(horizon, MOST_VALUES));
  if (have < needed) return { tooLittle: true, have, needed, season: short };

  const { filled: x, gaps } = fillGaps(known, found[0]);
  const used = found.filter((season) => season > 1 && x.length >= 2 * season);
  const test = testWithin(x, horizon, { seasons: used, ets }, short);
  const pool = forecastPool(x, { horizon, seasons: used, ets });
  const weights = shares(pool, test);
  const nonNegative = x.every((value) => value >= 0);
  const floor = (series: Float64Array) => (nonNegative ? series.map((value) => Math.max(0, value)) : series);
  const mean = floor(combine(pool, weights, horizon));
  const spread = errorSpread(x, horizon, used, test);
  const [narrow, wide] = [halfWidths(spread, 0.8), halfWidths(spread, 0.95)];
  const around = (widths: Float64Array, sign: number) => floor(mean.map((value, k) => value + sign * (widths[k] ?? 0)));
  return {
    mean,
    lo80: around(narrow, -1),
    hi80: around(narrow, 1),
    lo95: around(wide, -1),
    hi95: around(wide, 1),
    backTest: errorOf(test),
    seasons: used,
    tooLong: found.filter((season) => !used.includes(season)),
    gaps,
    methods: [...weights].map(([name, share]) => ({ name, share })).sort((a, b) => b.share - a.share),
    spread,
    nonNegative,
  };
}

export interface Range {
  mean: number;
  lo80: number;
  hi80: number;
  lo95: number;
  hi95: number;
}

/** The sum of the steps `from` up to, not with, `to`, and where it will be. Steps count from 0. */
export function sumInterval(forecast: SeriesForecast, from: number, to: number): Range {
  const mean = sum(forecast.mean.subarray(from, to));
  const [narrow, wide] = [sumHalfWidth(forecast.spread, from, to, 0.8), sumHalfWidth(forecast.spread, from, to, 0.95)];
  const floor = (value: number) => (forecast.nonNegative ? Math.max(0, value) : value);
  return { mean, lo80: floor(mean - narrow), hi80: mean + narrow, lo95: floor(mean - wide), hi95: mean + wide };
}

/** Without missing values at the beginning, and without what is too old. */
function trimmed(values: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(values);
  const first = x.findIndex((value) => Number.isFinite(value));
  return first < 0 ? new Float64Array() : x.subarray(Math.max(first, x.length - MOST_VALUES));
}

/** The back-test over the horizon asked, or over what the history leaves for one. */
function testWithin(
  x: Float64Array,
  horizon: number,
  options: { seasons: readonly number[]; ets: EtsModel | undefined },
  season: number,
): BackTest {
  // From fewer seasons other methods would be tried than those that are used.
  const wanted = Math.max(3 * season + 4, 8, Math.min(24, x.length >> 1));
  const least = x.length - wanted >= Math.min(horizon, season) / 2 ? wanted : Math.min(wanted, 2 * season);
  return backTest(x, { ...options, horizon: Math.max(1, Math.min(horizon, x.length - least)) }, least);
}

function errorOf(test: BackTest): BackTestError {
  const errors = ownErrors(test);
  const values = test.past.map(({ actual }) => actual);
  const sizes = values.map((actual) => absoluteSum(actual));
  const size = sizes.reduce((sum, one) => sum + one, 0);
  const totals = values.map((actual, i) => Math.abs(sum(errors[i] ?? actual)) / Math.abs(sum(actual)));
  return {
    origins: errors.length,
    steps: values[0]?.length ?? 0,
    ...(size > 0 ? { step: errors.reduce((missed, error) => missed + absoluteSum(error), 0) / size } : {}),
    ...(totals.length > 0 && totals.every(Number.isFinite) ? { total: average(totals) } : {}),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function absoluteSum(values: Float64Array): number {
  return values.reduce((total, value) => total + Math.abs(value), 0);
}
