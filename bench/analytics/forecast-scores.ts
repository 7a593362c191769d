import { isSeasonal } from "../../src/analytics/forecast/seasonal-adjustment.ts";

/** Scores of the M competitions, implemented here by their protocol. Values that are not known (null) are left out. */

export interface Actual {
  /** What a method may see, gaps filled. */
  x: Float64Array;
  /** What came. */
  xx: readonly (number | null)[];
}

export interface Forecast {
  mean: ArrayLike<number>;
  lo80?: ArrayLike<number>;
  hi80?: ArrayLike<number>;
  lo95?: ArrayLike<number>;
  hi95?: ArrayLike<number>;
}

export interface Scores {
  smape: number;
  mase: number;
  /** Mean scaled interval score at 95 %, and the shares of points within the intervals; NaN without any. */
  msis: number;
  cover80: number;
  cover95: number;
}

/** Means over the series; coverage over all points. `period` is that of the scale: mean |x_t − x_{t−m}|. */
export function scoreForecasts(series: readonly Actual[], forecasts: readonly Forecast[], period: number): Scores {
  const sums = { smape: 0, mase: 0, msis: 0, cover80: 0, cover95: 0, points: 0 };
  for (const [i, { x, xx }] of series.entries()) {
    const forecast = forecasts[i] ?? { mean: [] };
    const scale = scaleOf(x, period);
    const known = xx.flatMap((value, k) => (value === null ? [] : [{ value, k }]));
    sums.smape += meanOf(known, ({ value, k }) => percentage(value, forecast.mean[k] ?? 0));
    sums.mase += meanOf(known, ({ value, k }) => Math.abs(value - (forecast.mean[k] ?? 0))) / scale;
    sums.msis += meanOf(known, ({ value, k }) => intervalScore(value, forecast.lo95?.[k], forecast.hi95?.[k])) / scale;
    for (const { value, k } of known) {
      sums.cover80 += Number(value >= (forecast.lo80?.[k] ?? Number.NaN) && value <= (forecast.hi80?.[k] ?? Number.NaN));
      sums.cover95 += Number(value >= (forecast.lo95?.[k] ?? Number.NaN) && value <= (forecast.hi95?.[k] ?? Number.NaN));
    }
    sums.points += known.length;
  }
  const n = series.length;
  return {
    smape: sums.smape / n,
    mase: sums.mase / n,
    msis: sums.msis / n,
    cover80: sums.cover80 / sums.points,
    cover95: sums.cover95 / sums.points,
  };
}

/** Overall weighted average: the mean of both ratios to Naive2. */
export function owa(ours: Scores, reference: Scores): number {
  return (ours.smape / reference.smape + ours.mase / reference.mase) / 2;
}

/** The same place of the last season. */
export function seasonalNaive(x: Float64Array, horizon: number, period: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, k) => x[x.length - period + (k % period)] ?? 0);
}

/** The last value, carried over the season where the series passes the test for one. */
export function naive2(x: Float64Array, horizon: number, period: number): Float64Array {
  const last = x.at(-1) ?? 0;
  if (!isSeasonal(x, period)) return new Float64Array(horizon).fill(last);
  const multiplicative = x.every((value) => value > 0);
  const indices = classicalIndices(x, period, multiplicative);
  const now = indices[(x.length - 1) % period] ?? 0;
  return Float64Array.from({ length: horizon }, (_, k) => {
    const index = indices[(x.length + k) % period] ?? 0;
    return multiplicative ? (last / now) * index : last - now + index;
  });
}

function classicalIndices(x: Float64Array, period: number, multiplicative: boolean): number[] {
  const half = Math.floor(period / 2);
  const phases: number[][] = Array.from({ length: period }, () => []);
  for (let t = half; t < x.length - half; t++) {
    const around = Array.from(x.subarray(t - half, t + half + 1));
    if (period % 2 === 0) for (const end of [0, around.length - 1]) around[end] = (around[end] ?? 0) / 2;
    const level = around.reduce((sum, value) => sum + value, 0) / period;
    phases[t % period]?.push(multiplicative ? (x[t] ?? 0) / level : (x[t] ?? 0) - level);
  }
  const means = phases.map((phase) => meanOf(phase, (value) => value));
  const centre = meanOf(means, (value) => value);
  return means.map((value) => (multiplicative ? value / centre : value - centre));
}

function scaleOf(x: Float64Array, period: number): number {
  let sum = 0;
  for (let t = period; t < x.length; t++) sum += Math.abs((x[t] ?? 0) - (x[t - period] ?? 0));
  return sum / (x.length - period);
}

function percentage(actual: number, forecast: number): number {
  const error = Math.abs(actual - forecast);
  return error === 0 ? 0 : (200 * error) / (Math.abs(actual) + Math.abs(forecast));
}

function intervalScore(actual: number, low = Number.NaN, high = Number.NaN): number {
  return high - low + 40 * Math.max(0, low - actual, actual - high);
}

function meanOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / items.length;
}
