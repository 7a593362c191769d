/**
 * When a level changed, and whether it did: the split of a series into two levels that leaves the least squared error, and the
 * CUSUM statistic max|Σ(x − x̄)| / (σ·√n) against the Brownian bridge's 5 % bound 1.358 (Page, 1954; Brown, Durbin and Evans, 1975).
 * σ is robust, from first differences (1.4826·MAD / √2), so that the step itself does not widen it.
 *
 * Assumes one step and errors without much memory. Smallest sample: four values, two on each side. NaN marks a missing value, which
 * is left out; fewer than four give undefined.
 */
export interface ChangePoint {
  /** Position of the first value of the new level in the series given. */
  at: number;
  before: number;
  after: number;
  /** CUSUM over its 5 % bound: above 1 the change is no chance. */
  strength: number;
}

const SIDE = 2;
const BOUND = 1.358;

export function changePoint(series: ArrayLike<number>): ChangePoint | undefined {
  const kept: number[] = [];
  for (let i = 0; i < series.length; i++) if (Number.isFinite(series[i])) kept.push(i);
  const x = kept.map((i) => series[i] ?? 0);
  const n = x.length;
  if (n < 2 * SIDE) return undefined;
  const total = x.reduce((sum, value) => sum + value, 0);
  const mean = total / n;
  let best: ChangePoint | undefined;
  let gain = 0;
  let sum = 0;
  let farthest = 0;
  for (let k = 1; k < n; k++) {
    sum += x[k - 1] ?? 0;
    farthest = Math.max(farthest, Math.abs(sum - k * mean));
    if (k < SIDE || n - k < SIDE) continue;
    const left = sum / k;
    const right = (total - sum) / (n - k);
    const less = ((k * (n - k)) / n) * (right - left) ** 2;
    if (less > gain) {
      gain = less;
      best = { at: kept[k] ?? 0, before: left, after: right, strength: 0 };
    }
  }
  if (!best) return undefined;
  const sigma = Math.max(noise(x), Math.abs(mean) * 1e-6, Number.MIN_VALUE);
  return { ...best, strength: Math.min(STRONGEST, farthest / (sigma * Math.sqrt(n)) / BOUND) };
}

/** A step without any noise is certain, and no number says more. */
const STRONGEST = 1000;

function noise(x: readonly number[]): number {
  const steps = x.slice(1).map((value, i) => value - (x[i] ?? 0));
  const middle = median(steps);
  return (1.4826 * median(steps.map((step) => Math.abs(step - middle)))) / Math.SQRT2;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
