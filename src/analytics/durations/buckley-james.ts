import { solveCholesky } from "../churn/cholesky.ts";
import type { Matrix } from "../churn/logistic.ts";
import { kaplanMeier } from "../survival/kaplan-meier.ts";

export interface LinearFit {
  intercept: number;
  weights: Float64Array;
}

export interface LinearOptions {
  /** Ridge on each weight. */
  penalties: Float64Array;
  /** Robust weights 1 / max(width, |residual|): towards the median, so that a few endless rows do not pull (Huber 1964). */
  width: number;
}

const ROUNDS = 12;

/**
 * Linear regression of a right-censored response: each censored response is replaced by its mean given that it lies beyond what was
 * seen, taken from the Kaplan–Meier curve of the residuals, and the fit is repeated (Buckley and James 1979), here with a ridge and
 * Huber weights. `seen` is 1 where the response was observed. The rounds may circle (known of the method); a fixed number is done.
 */
export function fitBuckleyJames(x: Matrix, response: Float64Array, seen: ArrayLike<number>, options: LinearOptions): LinearFit {
  let target: Float64Array = response.slice();
  let fit = ridge(x, target, undefined, options);
  for (let round = 1; round < ROUNDS; round++) {
    const expected = linearValues(fit, x);
    const residuals = response.map((y, i) => y - (expected[i] ?? 0));
    target = imputed(residuals, seen, expected);
    const weights = target.map((y, i) => 1 / Math.max(options.width, Math.abs(y - (expected[i] ?? 0))));
    fit = ridge(x, target, weights, options);
  }
  return fit;
}

export function linearValues({ intercept, weights }: LinearFit, x: Matrix): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, i) => {
    let sum = intercept;
    for (let j = 0; j < x.columns; j++) sum += (x.values[i * x.columns + j] ?? 0) * (weights[j] ?? 0);
    return sum;
  });
}

/** Observed rows as they are; a censored one at the mean of the residual curve beyond it, or where it stands when nothing is beyond. */
function imputed(residuals: Float64Array, seen: ArrayLike<number>, expected: Float64Array): Float64Array {
  const { steps } = kaplanMeier(residuals, seen);
  // Mass of each step and its first moment, summed from the right.
  const mass = new Float64Array(steps.length + 1);
  const moment = new Float64Array(steps.length + 1);
  for (let k = steps.length - 1; k >= 0; k--) {
    const drop = (steps[k - 1]?.survival ?? 1) - (steps[k]?.survival ?? 0);
    mass[k] = (mass[k + 1] ?? 0) + drop;
    moment[k] = (moment[k + 1] ?? 0) + drop * (steps[k]?.time ?? 0);
  }
  return residuals.map((residual, i) => {
    if (seen[i]) return residual + (expected[i] ?? 0);
    let k = 0;
    let high = steps.length;
    while (k < high) {
      const middle = (k + high) >> 1;
      if ((steps[middle]?.time ?? 0) <= residual) k = middle + 1;
      else high = middle;
    }
    const beyond = mass[k] ?? 0;
    return (expected[i] ?? 0) + (beyond > 1e-9 ? (moment[k] ?? 0) / beyond : residual);
  });
}

function ridge(x: Matrix, y: Float64Array, weights: Float64Array | undefined, { penalties }: LinearOptions): LinearFit {
  const p = x.columns;
  const size = p + 1;
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < x.rows; i++) {
    row.set(x.values.subarray(i * p, (i + 1) * p));
    const w = weights?.[i] ?? 1;
    for (let a = 0; a < size; a++) {
      const scaled = w * (row[a] ?? 0);
      if (scaled === 0) continue;
      right[a] = (right[a] ?? 0) + scaled * (y[i] ?? 0);
      for (let b = 0; b <= a; b++) gram[a * size + b] = (gram[a * size + b] ?? 0) + scaled * (row[b] ?? 0);
    }
  }
  for (let j = 0; j < p; j++) gram[j * size + j] = (gram[j * size + j] ?? 0) + (penalties[j] ?? 1);
  const beta = solveCholesky(gram, right);
  return { intercept: beta[p] ?? 0, weights: beta.slice(0, p) };
}
