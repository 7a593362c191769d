import { forecastPool, type PoolForecasts, type PoolOptions } from "./pool.ts";

/** A forecast made at a point of the past, and what came. */
export interface PastForecast {
  /** Values it knew. */
  origin: number;
  pool: PoolForecasts;
  /** What came after `origin`. */
  actual: Float64Array;
}

export interface BackTest {
  past: readonly PastForecast[];
  /** Mean absolute error of each method at each past forecast; NaN where it could not be made. */
  errors: ReadonlyMap<string, Float64Array>;
}

const MOST_ORIGINS = 8;
/** Weights fall with this power of the error: 2 is Bates and Granger's for independent errors; more leaves the poor ones out. */
const POWER = 4;

/**
 * Rolling origin: the whole pool is fitted again and again to what was known, half a horizon apart, the latest first.
 * Tashman, Out-of-sample tests of forecasting accuracy (IJF 2000). Origins keep `least` values to learn from.
 */
export function backTest(x: Float64Array, options: PoolOptions, least: number): BackTest {
  const { horizon } = options;
  const past: PastForecast[] = [];
  const step = Math.max(1, Math.round(horizon / 2));
  for (let origin = x.length - horizon; origin >= least && past.length < MOST_ORIGINS; origin -= step)
    past.push({ origin, pool: forecastPool(x.subarray(0, origin), options), actual: x.subarray(origin, origin + horizon) });
  const names = new Set(past.flatMap(({ pool }) => [...pool.keys()]));
  const errors = new Map(
    [...names].map((name) => [name, Float64Array.from(past, ({ pool, actual }) => absoluteError(pool.get(name), actual))]),
  );
  return { past, errors };
}

function absoluteError(forecast: Float64Array | undefined, actual: Float64Array): number {
  if (!forecast) return Number.NaN;
  let sum = 0;
  for (let k = 0; k < actual.length; k++) sum += Math.abs((actual[k] ?? 0) - (forecast[k] ?? 0));
  return sum / actual.length;
}

/**
 * Shares of the methods of `pool`, which add up to 1: by the −4th power of their error in the back-test. `without` leaves one past
 * forecast out, so that it can be judged by weights that have not seen it. Equal shares where nothing was tested.
 */
export function shares(pool: PoolForecasts, { errors }: BackTest, without?: number): Map<string, number> {
  const tested = [...pool.keys()].map((name) => ({ name, error: meanKnown(errors.get(name), without) }));
  const known = tested.filter(({ error }) => Number.isFinite(error));
  const least = Math.min(...known.map(({ error }) => error));
  if (known.length === 0) return new Map(tested.map(({ name }) => [name, 1 / tested.length]));
  // A method without any error takes all; two of them share.
  const weighed = known.map(({ name, error }) => ({ name, weight: error <= 0 ? 1 : (least / error) ** POWER }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(weighed.map(({ name, weight }) => [name, weight / total]));
}

/** The weighted mean of the pool, step by step. */
export function combine(pool: PoolForecasts, weights: ReadonlyMap<string, number>, horizon: number): Float64Array {
  const mean = new Float64Array(horizon);
  for (const [name, weight] of weights) {
    const forecast = pool.get(name);
    for (let k = 0; k < horizon; k++) mean[k] = (mean[k] ?? 0) + weight * (forecast?.[k] ?? 0);
  }
  return mean;
}

function meanKnown(errors: Float64Array | undefined, without: number | undefined): number {
  let sum = 0;
  let count = 0;
  for (const [i, error] of (errors ?? new Float64Array()).entries()) {
    if (i === without || Number.isNaN(error)) continue;
    sum += error;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
