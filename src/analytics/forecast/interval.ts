import { average } from "./autocorrelation.ts";
import { type BackTest, combine, shares } from "./back-test.ts";
import { fitHolt, rollHolt } from "./damped-holt.ts";
import { adjustSeason } from "./seasonal-adjustment.ts";
import { normalQuantile, studentQuantile } from "./student-t.ts";

/** How far this series strays from a forecast, step by step. */
export interface Spread {
  /** Errors of a plain method by origin, then by step; late origins have fewer steps. */
  paths: readonly Float64Array[];
  /** Root mean square of those errors at each step. */
  scale: Float64Array;
  /** What they are multiplied by to be as large as the errors of the combination. */
  ratio: number;
  /** |errors of the combination| in units of `scale`, and how much they count beside the plain method's, 0 to ½. */
  own: Float64Array;
  trust: number;
  /** Correlation of one step's error with the next one's, 0 to 1. */
  memory: number;
}

/** Below this many paths a step's own scale is not trusted. */
const LEAST_PATHS = 4;
/** Past forecasts from which on the combination's own errors count as much as the plain method's. */
const FULL_TRUST = 8;

/**
 * How wide an interval must be is read off errors that were made (split conformal prediction; Vovk, Gammerman and Shafer 2005), from two
 * sources. The combination is too dear to be fitted hundreds of times, and eight past forecasts cannot tell a quantile of 95 %. A plain
 * method (damped trend on the series without its season) can be rolled over every origin of the last two thirds: its errors grow with
 * the steps and have the tails of this series. Only their size differs, and since both methods were tried at the same origins,
 * the ratio √(Σ r² / Σ p²), in units of each step's scale, is known well.
 */
export function errorSpread(x: Float64Array, horizon: number, seasons: readonly number[], test: BackTest): Spread {
  const season = seasons.findLast((s) => x.length >= 2.5 * s) ?? 1;
  const { adjusted, restore } = adjustSeason(x, season);
  const first = firstOrigin(x.length, horizon);
  const paths = rollHolt(adjusted, fitHolt(adjusted), horizon, first).map((forecast, i) =>
    forecast.map((value, k) => (x[first + i + k] ?? 0) - restore(value, first + i + k)),
  );
  const scale = stepScale(paths, horizon);
  const errors = ownErrors(test);
  return {
    paths,
    scale,
    ratio: errorRatio(
      errors,
      test.past.map(({ origin }) => paths[origin - first]),
      scale,
    ),
    own: Float64Array.from(errors.flatMap((error) => [...inUnits(error, scale)])),
    trust: Math.min(1, errors.length / FULL_TRUST) / 2,
    memory: memoryOf(paths, scale),
  };
}

/**
 * Half-width of the interval at each step that covers `level` (0.8, 0.95): quantiles of the relative errors times the step's scale,
 * widened for the few errors they rest on: Student's t over the normal quantile, with as many degrees of freedom as there are
 * independent squares. Squares of errors with memory ρ are correlated by ρ², so h steps count as h·(1 − ρ²)/(1 + ρ²).
 */
export function halfWidths({ paths, scale, ratio, own, trust, memory }: Spread, level: number): Float64Array {
  const horizon = scale.length;
  const square = memory * memory;
  const freedom = (paths.length / horizon) * Math.max(1, (horizon * (1 - square)) / (1 + square));
  const plain =
    ratio *
    quantile(
      paths.flatMap((path) => [...inUnits(path, scale)]),
      level,
    );
  const width = widening(freedom, level) * ((1 - trust) * plain + trust * quantile(own, level));
  return scale.map((size) => size * width);
}

/**
 * Half-width of the interval around the sum of the steps `from` up to, not with, `to`. Errors of neighbouring steps hang together, so it is
 * read off sums of errors; never wider than the steps' own widths added up, which it is when there are few sums.
 */
export function sumHalfWidth(spread: Spread, from: number, to: number, level: number): number {
  const widest = halfWidths(spread, level)
    .subarray(from, to)
    .reduce((sum, width) => sum + width, 0);
  const whole = spread.paths.filter((path) => path.length >= to);
  if (to - from <= 1 || whole.length < 2 * LEAST_PATHS) return widest;
  const sums = whole.map((path) => Math.abs(path.subarray(from, to).reduce((sum, error) => sum + error, 0)));
  return Math.min(widest, widening(whole.length / Math.max(1, to), level) * spread.ratio * quantile(sums, level));
}

function widening(freedom: number, level: number): number {
  return studentQuantile((1 + level) / 2, Math.max(3, freedom)) / normalQuantile((1 + level) / 2);
}

function firstOrigin(n: number, horizon: number): number {
  return Math.max(Math.min(10, n >> 1), Math.min(n >> 1, n - 3 * horizon, Math.floor(n / 3)));
}

/** Steps with too few errors grow on as a random walk does, by √k. */
function stepScale(paths: readonly Float64Array[], horizon: number): Float64Array {
  const scale = new Float64Array(horizon);
  let trusted = 0;
  for (let k = 0; k < horizon; k++) {
    const squares = paths.filter((path) => path.length > k).map((path) => (path[k] ?? 0) ** 2);
    if (squares.length >= LEAST_PATHS || k === 0) trusted = k;
    scale[k] = trusted === k ? Math.sqrt(average(squares)) : (scale[trusted] ?? 0) * Math.sqrt((k + 1) / (trusted + 1));
  }
  return scale;
}

/** Errors of the combination at each past forecast, by shares that had not seen it. */
export function ownErrors(test: BackTest): Float64Array[] {
  return test.past.map(({ pool, actual }, i) => {
    const mean = combine(pool, shares(pool, test, i), actual.length);
    return actual.map((value, k) => value - (mean[k] ?? 0));
  });
}

function inUnits(errors: Float64Array, scale: Float64Array): Float64Array {
  return errors.map((error, k) => Math.abs(error) / (scale[k] || 1));
}

function errorRatio(errors: readonly Float64Array[], paths: readonly (Float64Array | undefined)[], scale: Float64Array): number {
  let ours = 0;
  let plain = 0;
  for (const [i, error] of errors.entries()) {
    const path = paths[i];
    if (!path) continue;
    const length = Math.min(error.length, path.length);
    for (const value of inUnits(error.subarray(0, length), scale)) ours += value * value;
    for (const value of inUnits(path.subarray(0, length), scale)) plain += value * value;
  }
  return plain > 0 ? Math.sqrt(ours / plain) : 1;
}

function memoryOf(paths: readonly Float64Array[], scale: Float64Array): number {
  let products = 0;
  let squares = 0;
  for (const path of paths)
    for (let k = 1; k < path.length; k++) {
      const now = (path[k] ?? 0) / (scale[k] || 1);
      products += (now * (path[k - 1] ?? 0)) / (scale[k - 1] || 1);
      squares += now * now;
    }
  return squares > 0 ? Math.min(0.99, Math.max(0, products / squares)) : 0;
}

/** Linear between order statistics (type 7 of Hyndman and Fan); 0 for no values. */
function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return 0;
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return (sorted[low] ?? 0) + (at - low) * ((sorted[Math.min(low + 1, sorted.length - 1)] ?? 0) - (sorted[low] ?? 0));
}
