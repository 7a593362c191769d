import { clearlyLess } from "./clearly-less.ts";

const THETAS = [1, 1.5, 2, 2.5, 3, 4, 6];

interface State {
  level: number;
  start: number;
  slope: number;
}

/**
 * Dynamic optimised Theta: the trend line is refitted at every step, and θ, the curvature of the smoothed line, is chosen with α by
 * squared one-step error.
 *
 * With ℓ the level, A_n and B_n the line's start and slope over the first n values and q = 1 − α, the forecast from n made k steps ahead
 * is ℓ_n + (1 − 1/θ)·(A_n·qⁿ + B_n·(k − 1 + (1 − qⁿ⁺¹)/α)). Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, Models for optimising
 * the theta method (IJF 2016). For a series without season. Smallest sample: four values.
 */
export function dynamicTheta(x: Float64Array, horizon: number): Float64Array {
  const lines = growingLines(x);
  let least = Number.POSITIVE_INFINITY;
  let best = { theta: 1, alpha: 0.5 };
  for (const theta of THETAS)
    for (let twentieth = 1; twentieth < 20; twentieth++) {
      const alpha = twentieth / 20;
      const squares = squaredError(x, lines, theta, alpha, least);
      if (!clearlyLess(squares, least)) continue;
      least = squares;
      best = { theta, alpha };
    }
  const n = x.length;
  const last = { level: levelAt(x, best.alpha), start: lines.starts[n - 1] ?? 0, slope: lines.slopes[n - 1] ?? 0 };
  const decay = (1 - best.alpha) ** n;
  return Float64Array.from({ length: horizon }, (_, k) => ahead(last, best.theta, best.alpha, decay, k));
}

function ahead({ level, start, slope }: State, theta: number, alpha: number, decay: number, k: number): number {
  return level + (1 - 1 / theta) * (start * decay + slope * (k + (1 - decay * (1 - alpha)) / alpha));
}

interface Lines {
  starts: Float64Array;
  slopes: Float64Array;
}

/** The least squares line over the first 1, 2, … values. */
function growingLines(x: Float64Array): Lines {
  const starts = new Float64Array(x.length);
  const slopes = new Float64Array(x.length);
  let sumX = 0;
  let sumT = 0;
  let sumTX = 0;
  let sumTT = 0;
  for (let t = 0; t < x.length; t++) {
    const value = x[t] ?? 0;
    sumX += value;
    sumT += t;
    sumTX += t * value;
    sumTT += t * t;
    const n = t + 1;
    const spread = n * sumTT - sumT * sumT;
    const slope = spread > 0 ? (n * sumTX - sumT * sumX) / spread : 0;
    slopes[t] = slope;
    starts[t] = (sumX - slope * sumT) / n;
  }
  return { starts, slopes };
}

/** Gives up once it is worse than the best so far. The first values have no line worth the name. */
function squaredError(x: Float64Array, { starts, slopes }: Lines, theta: number, alpha: number, most: number): number {
  let level = x[0] ?? 0;
  let decay = 1 - alpha;
  let squares = 0;
  for (let t = 1; t < x.length && squares < most; t++) {
    const value = x[t] ?? 0;
    if (t > 2) squares += (value - ahead({ level, start: starts[t - 1] ?? 0, slope: slopes[t - 1] ?? 0 }, theta, alpha, decay, 0)) ** 2;
    level += alpha * (value - level);
    decay *= 1 - alpha;
  }
  return squares;
}

function levelAt(x: Float64Array, alpha: number): number {
  let level = x[0] ?? 0;
  for (const value of x) level += alpha * (value - level);
  return level;
}
