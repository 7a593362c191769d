import { type Logistic, type Matrix, sigmoid } from "./logistic.ts";

const MOST_ROUNDS = 50;
const SWEEPS = 100;

export interface NonNegativeOptions {
  /** Strength of the ridge ½·λ·Σ(wⱼ − target)². */
  lambda: number;
  /** What the weights are drawn to; 0 unless given. */
  target?: number;
}

/**
 * Logistic regression whose weights may not be negative; the intercept is free. Each round takes the quadratic of Newton's method and
 * finds its least point with wⱼ ≥ 0 by coordinate descent (Friedman, Hastie and Tibshirani 2010, glmnet; the constraint as in Lawson
 * and Hanson 1974). For a handful of columns: a round costs rows × columns².
 */
export function fitNonNegativeLogistic(x: Matrix, labels: ArrayLike<number>, { lambda, target = 0 }: NonNegativeOptions): Logistic {
  const p = x.columns;
  const beta = new Float64Array(p + 1).fill(Math.max(0, target), 0, p);
  const ridge = (j: number) => (j === p ? 1e-9 : lambda);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { hessian, gradient } = quadratic(x, labels, beta);
    for (let j = 0; j < p; j++) gradient[j] = (gradient[j] ?? 0) + lambda * ((beta[j] ?? 0) - target);
    for (let j = 0; j <= p; j++) hessian[j * (p + 1) + j] = (hessian[j * (p + 1) + j] ?? 0) + ridge(j);
    const moved = leastWithin(hessian, gradient, beta);
    if (moved < 1e-7) break;
  }
  return { intercept: beta[p] ?? 0, weights: beta.slice(0, p) };
}

/** Second and first derivative of the log loss; the last row and column are the intercept's. */
function quadratic(x: Matrix, labels: ArrayLike<number>, beta: Float64Array): { hessian: Float64Array; gradient: Float64Array } {
  const size = beta.length;
  const p = size - 1;
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < x.rows; i++) {
    row.set(x.values.subarray(i * p, (i + 1) * p));
    let odds = 0;
    for (let j = 0; j < size; j++) odds += (row[j] ?? 0) * (beta[j] ?? 0);
    const probability = sigmoid(odds);
    const error = probability - (labels[i] ?? 0);
    // Kept from vanishing where all is sure already: a step from there would overshoot.
    const s = Math.max(probability * (1 - probability), 0.02);
    for (let a = 0; a < size; a++) {
      gradient[a] = (gradient[a] ?? 0) + error * (row[a] ?? 0);
      const scaled = s * (row[a] ?? 0);
      for (let b = 0; b < size; b++) hessian[a * size + b] = (hessian[a * size + b] ?? 0) + scaled * (row[b] ?? 0);
    }
  }
  return { hessian, gradient };
}

/** Moves `beta` to the least point of the quadratic around it, all but the last kept at or above zero; gives the largest move. */
function leastWithin(hessian: Float64Array, gradient: Float64Array, beta: Float64Array): number {
  const size = beta.length;
  const start = beta.slice();
  const slope = gradient.slice();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let largest = 0;
    for (let j = 0; j < size; j++) {
      const before = beta[j] ?? 0;
      const wanted = before - (slope[j] ?? 0) / (hessian[j * size + j] ?? 1);
      const next = j === size - 1 ? wanted : Math.max(0, wanted);
      if (next === before) continue;
      beta[j] = next;
      for (let k = 0; k < size; k++) slope[k] = (slope[k] ?? 0) + (next - before) * (hessian[k * size + j] ?? 0);
      largest = Math.max(largest, Math.abs(next - before));
    }
    if (largest < 1e-9) break;
  }
  return beta.reduce((most, b, j) => Math.max(most, Math.abs(b - (start[j] ?? 0))), 0);
}
