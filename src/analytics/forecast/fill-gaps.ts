import { middle } from "./autocorrelation.ts";

const SEASONS_AROUND = 4;
/** Longer seasons have too few of the same phase nearby. */
const LONGEST_WEEK = 31;

/**
 * Values for the steps that have none (NaN): the median of the same phase up to four seasons to either side, or, without a season,
 * the straight line between the neighbours. The ends take the nearest value. Gives how many were filled.
 * Throws RangeError when there is no value at all.
 */
export function fillGaps(values: ArrayLike<number>, season = 1): { filled: Float64Array; gaps: number } {
  const x = Float64Array.from(values, (value) => (Number.isFinite(value) ? value : Number.NaN));
  const gaps = x.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (gaps === x.length) throw new RangeError("fillGaps: there is no value");
  if (gaps === 0) return { filled: x, gaps };
  const straight = straightened(x);
  const seasonal = season > 1 && season <= LONGEST_WEEK;
  const filled = x.map((value, t) =>
    Number.isNaN(value) ? ((seasonal ? samePhase(x, t, season) : undefined) ?? straight[t] ?? 0) : value,
  );
  return { filled, gaps };
}

function samePhase(x: Float64Array, t: number, season: number): number | undefined {
  const near: number[] = [];
  for (let k = -SEASONS_AROUND; k <= SEASONS_AROUND; k++) {
    const value = x[t + k * season];
    if (value !== undefined && !Number.isNaN(value)) near.push(value);
  }
  return near.length > 0 ? middle(near) : undefined;
}

function straightened(x: Float64Array): Float64Array {
  const out = Float64Array.from(x);
  let before = -1;
  for (let t = 0; t <= x.length; t++) {
    if (t < x.length && Number.isNaN(x[t])) continue;
    const low = before >= 0 ? (x[before] ?? 0) : (x[t] ?? 0);
    const high = t < x.length ? (x[t] ?? 0) : low;
    for (let gap = before + 1; gap < t; gap++) out[gap] = low + ((high - low) * (gap - before)) / (t - before);
    before = t;
  }
  return out;
}
