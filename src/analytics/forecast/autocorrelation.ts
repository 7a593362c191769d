/**
 * Autocorrelations r_0 … r_K of a series: r_k = Σ (x_t − x̄)(x_{t−k} − x̄) / Σ (x_t − x̄)².
 *
 * Box and Jenkins, Time Series Analysis (1970). A constant series has no correlation with itself: all lags but 0 are 0.
 */
export function autocorrelations(x: Float64Array, most: number): Float64Array {
  const n = x.length;
  const centre = average(x);
  const r = new Float64Array(Math.max(0, most) + 1);
  r[0] = 1;
  let spread = 0;
  for (const value of x) spread += (value - centre) ** 2;
  if (!(spread > 0)) return r;
  for (let k = 1; k <= Math.min(most, n - 1); k++) {
    let sum = 0;
    for (let t = k; t < n; t++) sum += ((x[t] ?? 0) - centre) * ((x[t - k] ?? 0) - centre);
    r[k] = sum / spread;
  }
  return r;
}

/** The mean; 0 for no values. */
export function average(x: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < x.length; t++) sum += x[t] ?? 0;
  return x.length === 0 ? 0 : sum / x.length;
}

/** The middle value; the mean of the two middle ones of an even number. 0 for no values. */
export function middle(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}

/** x_t − x_{t−lag}, shorter by `lag`. */
export function differences(x: Float64Array, lag = 1): Float64Array {
  const d = new Float64Array(Math.max(0, x.length - lag));
  for (let t = lag; t < x.length; t++) d[t - lag] = (x[t] ?? 0) - (x[t - lag] ?? 0);
  return d;
}

/** Continues `x` by the differences at `lag` that are to come. */
export function undoDifferences(x: Float64Array, coming: Float64Array, lag = 1): Float64Array {
  const path = new Float64Array(x.length + coming.length);
  path.set(x);
  for (let k = 0; k < coming.length; k++) path[x.length + k] = (path[x.length + k - lag] ?? 0) + (coming[k] ?? 0);
  return path.subarray(x.length);
}
