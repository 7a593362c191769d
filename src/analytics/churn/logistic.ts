import { solveCholesky } from "./cholesky.ts";

/** Rows × columns, row-major. */
export interface Matrix {
  rows: number;
  columns: number;
  values: Float64Array;
}

export interface Logistic {
  intercept: number;
  weights: Float64Array;
}

export interface LogisticOptions {
  /** Strength of the ridge penalty ½·λ·Σ pⱼ·wⱼ²; the intercept goes free. */
  lambda: number;
  /** pⱼ per column; 1 unless given. */
  penalties?: Float64Array;
  /** Weight of each row; 1 unless given. */
  rowWeights?: Float64Array;
}

const MOST_STEPS = 30;

/**
 * Ridge-penalised logistic regression by iteratively reweighted least squares: w ← w + (XᵀSX + λP)⁻¹ (Xᵀ(y − p) − λPw),
 * S = diag(p(1 − p)) (McCullagh and Nelder, Generalized Linear Models, 2.5; le Cessie and van Houwelingen 1992).
 *
 * Assumes columns of like size (standardised), labels 0 or 1 (or shares between). With λ > 0 the optimum is finite even when
 * the classes can be told apart perfectly. A step that makes the objective worse is halved.
 */
export function fitLogistic(x: Matrix, labels: ArrayLike<number>, { lambda, penalties, rowWeights }: LogisticOptions): Logistic {
  const p = x.columns;
  const size = p + 1;
  const beta = new Float64Array(size);
  const ridge = (j: number) => (j === p ? 1e-9 : lambda * (penalties?.[j] ?? 1));
  let best = objective(beta);
  for (let step = 0; step < MOST_STEPS; step++) {
    const move = newtonStep(x, labels, beta, ridge, rowWeights);
    let scale = 1;
    let next = moved(scale);
    let value = objective(next);
    while (value > best + 1e-12 * Math.abs(best) && scale > 1e-4) {
      scale /= 2;
      next = moved(scale);
      value = objective(next);
    }
    const gain = best - value;
    if (gain > 0) {
      beta.set(next);
      best = value;
    }
    if (gain <= 1e-9 * (Math.abs(best) + 1)) break;

    function moved(by: number): Float64Array {
      return beta.map((b, j) => b + by * (move[j] ?? 0));
    }
  }
  return { intercept: beta[p] ?? 0, weights: beta.slice(0, p) };

  function objective(at: Float64Array): number {
    let loss = 0;
    for (let i = 0; i < x.rows; i++) {
      const z = linear(x, i, at);
      const y = labels[i] ?? 0;
      loss += (rowWeights?.[i] ?? 1) * (Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))));
    }
    for (let j = 0; j < p; j++) loss += 0.5 * ridge(j) * (at[j] ?? 0) ** 2;
    return loss;
  }
}

/** Log odds of every row. */
export function logOdds({ intercept, weights }: Logistic, x: Matrix): Float64Array {
  const beta = Float64Array.of(...weights, intercept);
  return Float64Array.from({ length: x.rows }, (_, i) => linear(x, i, beta));
}

export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : 1 - 1 / (1 + Math.exp(z));
}

/** Log odds of a probability, kept finite. */
export function logit(p: number): number {
  const inside = Math.min(1 - 1e-9, Math.max(1e-9, p));
  return Math.log(inside / (1 - inside));
}

function linear(x: Matrix, row: number, beta: Float64Array): number {
  const p = x.columns;
  let z = beta[p] ?? 0;
  const start = row * p;
  for (let j = 0; j < p; j++) z += (x.values[start + j] ?? 0) * (beta[j] ?? 0);
  return z;
}

function newtonStep(
  x: Matrix,
  labels: ArrayLike<number>,
  beta: Float64Array,
  ridge: (j: number) => number,
  rowWeights: Float64Array | undefined,
): Float64Array {
  const p = x.columns;
  const size = p + 1;
  const hessian = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < x.rows; i++) {
    const weight = rowWeights?.[i] ?? 1;
    const probability = sigmoid(linear(x, i, beta));
    row.set(x.values.subarray(i * p, (i + 1) * p));
    addOuter(hessian, row, weight * Math.max(probability * (1 - probability), 1e-9));
    const error = weight * ((labels[i] ?? 0) - probability);
    for (let j = 0; j < size; j++) gradient[j] = (gradient[j] ?? 0) + error * (row[j] ?? 0);
  }
  for (let j = 0; j < size; j++) {
    hessian[j * size + j] = (hessian[j * size + j] ?? 0) + ridge(j);
    gradient[j] = (gradient[j] ?? 0) - ridge(j) * (j === p ? 0 : (beta[j] ?? 0));
  }
  return solveCholesky(hessian, gradient);
}

/** Adds s·v·vᵀ to the lower triangle. */
function addOuter(sum: Float64Array, v: Float64Array, s: number): void {
  const n = v.length;
  for (let a = 0; a < n; a++) {
    const scaled = s * (v[a] ?? 0);
    if (scaled === 0) continue;
    const start = a * n;
    for (let b = 0; b <= a; b++) sum[start + b] = (sum[start + b] ?? 0) + scaled * (v[b] ?? 0);
  }
}
