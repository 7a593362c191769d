/** What one lagged series, one constant and some restraint can do: x_t = Σ w_j·x_{t − lag_j} (+ c). */
export interface AutoregressionOptions {
  lags: readonly number[];
  /** Restraint in values: the weights are fitted as if so many more values had been seen of a series without memory. */
  restraint: number;
  constant: boolean;
}

/**
 * Ridge regression of a series on its own past at chosen lags, iterated forward.
 *
 * Weights minimise Σ (x_t − Σ w_j·x_{t−j} − c)² + λ·v·Σ w_j² with v the mean square of the series, solved by Cholesky's method; c is
 * not restrained. Hoerl and Kennard, Ridge regression (Technometrics 1970); lags around the season as in the seasonal ARIMA of Box and
 * Jenkins. The series should already be differenced. undefined when fewer than five more values than weights are left,
 * or when the system has no solution. A series of zeros goes on so.
 */
export function autoregression(x: Float64Array, horizon: number, options: AutoregressionOptions): Float64Array | undefined {
  const { lags, constant } = options;
  const weights = fitWeights(x, options);
  if (!weights) return undefined;
  const path = new Float64Array(x.length + horizon);
  path.set(x);
  for (let k = x.length; k < path.length; k++) {
    let value = constant ? (weights[lags.length] ?? 0) : 0;
    for (let j = 0; j < lags.length; j++) value += (weights[j] ?? 0) * (path[k - (lags[j] ?? 0)] ?? 0);
    path[k] = value;
  }
  return path.subarray(x.length);
}

function fitWeights(x: Float64Array, { lags, restraint, constant }: AutoregressionOptions): Float64Array | undefined {
  const size = lags.length + (constant ? 1 : 0);
  const longest = Math.max(0, ...lags);
  if (lags.length === 0 || x.length - longest < size + 5) return undefined;
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  let squares = 0;
  for (const value of x) squares += value * value;
  if (!(squares > 0)) return new Float64Array(size);
  for (let t = longest; t < x.length; t++) {
    for (let j = 0; j < lags.length; j++) row[j] = x[t - (lags[j] ?? 0)] ?? 0;
    addRow(gram, moments, row, x[t] ?? 0);
  }
  const penalty = (restraint * squares) / x.length;
  for (let j = 0; j < lags.length; j++) gram[j * size + j] = (gram[j * size + j] ?? 0) + penalty;
  return solvePositive(gram, moments);
}

function addRow(gram: Float64Array, moments: Float64Array, row: Float64Array, target: number): void {
  const size = row.length;
  for (let i = 0; i < size; i++) {
    const value = row[i] ?? 0;
    moments[i] = (moments[i] ?? 0) + value * target;
    for (let j = 0; j <= i; j++) gram[i * size + j] = (gram[i * size + j] ?? 0) + value * (row[j] ?? 0);
  }
}

/** Solves A·w = b for a symmetric positive definite A, of which the lower triangle is read and overwritten. undefined when it is not. */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array | undefined {
  const n = b.length;
  if (!decompose(a, n)) return undefined;
  const w = Float64Array.from(b);
  const at = (i: number, j: number) => a[i * n + j] ?? 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) w[i] = (w[i] ?? 0) - at(i, k) * (w[k] ?? 0);
    w[i] = (w[i] ?? 0) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) w[i] = (w[i] ?? 0) - at(k, i) * (w[k] ?? 0);
    w[i] = (w[i] ?? 0) / at(i, i);
  }
  return w;
}

/** Cholesky: A = L·Lᵀ with L in the place of A's lower triangle. false when A is not positive definite. */
function decompose(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (a[i * n + k] ?? 0) * (a[j * n + k] ?? 0);
      if (i === j && !(sum > 0)) return false;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / (a[j * n + j] ?? 1);
    }
  return true;
}
