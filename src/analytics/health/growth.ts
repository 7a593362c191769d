/** How a series of equal steps moves. */
export interface Growth {
  /** Change per step as a share of the median level: 0.05 is 5 % a step. */
  rate: number;
  /** Middle half of the pairwise slopes, as shares: a range for the rate. */
  low: number;
  high: number;
  steps: number;
}

export const LEAST_STEPS = 4;

/**
 * Median of the slopes of all pairs (Theil 1950, Sen 1968): one odd month does not make a trend. NaN is a gap. undefined with fewer than
 * four known steps, or where the median level is not positive, so that a rate means nothing. Costs n²; for months and weeks.
 */
export function growthRate(values: Float64Array): Growth | undefined {
  const known = [...values.keys()].filter((i) => Number.isFinite(values[i] ?? Number.NaN));
  if (known.length < LEAST_STEPS) return undefined;
  const level = middle(known.map((i) => values[i] ?? 0));
  if (level <= 0) return undefined;
  const slopes = known.flatMap((a, k) => known.slice(k + 1).map((b) => ((values[b] ?? 0) - (values[a] ?? 0)) / (b - a)));
  slopes.sort((a, b) => a - b);
  const at = (q: number) => (slopes[Math.round(q * (slopes.length - 1))] ?? 0) / level;
  return { rate: middle(slopes) / level, low: at(0.25), high: at(0.75), steps: known.length };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
