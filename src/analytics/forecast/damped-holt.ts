import { clearlyLess } from "./clearly-less.ts";
import { straightLine } from "./theta.ts";

const ALPHAS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99];
const BETAS = [0, 0.02, 0.05, 0.1, 0.2, 0.4];
const PHIS = [0.8, 0.9, 0.95, 0.98];

/** Smoothing of the level (α), of the trend (β, as a share of α), and how fast the trend fades (φ). */
export interface HoltParameters {
  alpha: number;
  beta: number;
  phi: number;
  level: number;
  trend: number;
}

/**
 * Exponential smoothing with a trend that fades: ℓ_t = ℓ_{t−1} + φ·b_{t−1} + α·e_t, b_t = φ·b_{t−1} + α·β·e_t,
 * forecast k steps ahead = ℓ + (φ + φ² + … + φᵏ)·b. Parameters from a grid by squared one-step error.
 *
 * Gardner and McKenzie, Forecasting trends in time series (Management Science 1985). For a series without season.
 * Smallest sample: three values.
 */
export function dampedHolt(x: Float64Array, horizon: number): Float64Array {
  const fitted = fitHolt(x);
  const out = new Float64Array(horizon);
  walk(x, fitted, (t, level, trend) => {
    if (t === x.length) project(out, level, trend, fitted.phi);
  });
  return out;
}

export function fitHolt(x: Float64Array): HoltParameters {
  const { start, slope } = straightLine(x.subarray(0, Math.min(x.length, 10)));
  const first = { level: start - slope, trend: slope };
  let least = Number.POSITIVE_INFINITY;
  let best: HoltParameters = { alpha: 0.5, beta: 0, phi: 0.9, ...first };
  for (const alpha of ALPHAS)
    for (const beta of BETAS)
      for (const phi of PHIS) {
        const tried = { alpha, beta, phi, ...first };
        const squares = squaredError(x, tried, least);
        if (!clearlyLess(squares, least)) continue;
        least = squares;
        best = tried;
      }
  return best;
}

/**
 * The forecasts with these parameters from every position `from`, `from` + 1, … below n: row i starts at position `from` + i and has
 * as many steps as there are values to compare with, at most `horizon`.
 */
export function rollHolt(x: Float64Array, fitted: HoltParameters, horizon: number, from: number): Float64Array[] {
  const rows: Float64Array[] = [];
  walk(x, fitted, (t, level, trend) => {
    if (t < from || t >= x.length) return;
    const row = new Float64Array(Math.min(horizon, x.length - t));
    project(row, level, trend, fitted.phi);
    rows.push(row);
  });
  return rows;
}

function project(out: Float64Array, level: number, trend: number, phi: number): void {
  let power = 1;
  let reach = 0;
  for (let k = 0; k < out.length; k++) {
    power *= phi;
    reach += power;
    out[k] = level + reach * trend;
  }
}

/** Calls `see` with the state before each value, and once after the last. */
function walk(
  x: Float64Array,
  { alpha, beta, phi, ...first }: HoltParameters,
  see: (t: number, level: number, trend: number) => void,
): void {
  let { level, trend } = first;
  for (let t = 0; t < x.length; t++) {
    see(t, level, trend);
    const error = (x[t] ?? 0) - level - phi * trend;
    level += phi * trend + alpha * error;
    trend = phi * trend + alpha * beta * error;
  }
  see(x.length, level, trend);
}

/** Gives up once it is worse than the best so far. */
function squaredError(x: Float64Array, { alpha, beta, phi, ...first }: HoltParameters, most: number): number {
  let { level, trend } = first;
  let squares = 0;
  for (let t = 0; t < x.length && squares < most; t++) {
    const error = (x[t] ?? 0) - level - phi * trend;
    squares += error * error;
    level += phi * trend + alpha * error;
    trend = phi * trend + alpha * beta * error;
  }
  return squares;
}
