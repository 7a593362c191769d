/** One band of forecasts: how many, what was said on average, and what came true. */
export interface CalibrationBin {
  from: number;
  to: number;
  rows: number;
  forecast: number;
  observed: number;
}

/** Rows in bins of equal width by their forecast; bins without rows are left out. Labels are 0 or 1, probabilities in 0–1. */
export function calibrationBins(labels: ArrayLike<number>, probabilities: ArrayLike<number>, count = 10): CalibrationBin[] {
  const rows = new Float64Array(count);
  const forecast = new Float64Array(count);
  const observed = new Float64Array(count);
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i] ?? 0;
    const k = Math.min(count - 1, Math.floor(p * count));
    rows[k] = (rows[k] ?? 0) + 1;
    forecast[k] = (forecast[k] ?? 0) + p;
    observed[k] = (observed[k] ?? 0) + (labels[i] ?? 0);
  }
  return [...rows].flatMap((n, k) =>
    n === 0 ? [] : [{ from: k / count, to: (k + 1) / count, rows: n, forecast: (forecast[k] ?? 0) / n, observed: (observed[k] ?? 0) / n }],
  );
}

/** Expected calibration error: gap between forecast and outcome, weighted by rows (Naeini, Cooper and Hauskrecht 2015). */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.forecast - bin.observed), 0);
}

/** Mean squared error of the probabilities (Brier 1950); the share of positives times the rest is what knowing nothing gets. */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += ((probabilities[i] ?? 0) - (labels[i] ?? 0)) ** 2;
  return sum / labels.length;
}
