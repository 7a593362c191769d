import { middle } from "./autocorrelation.ts";
import type { Adjustment } from "./seasonal-adjustment.ts";

/**
 * The median of the same phase over the last `seasons` seasons: the usual Monday, whatever the odd ones were. Robust against holidays
 * and failures, blind to a trend. undefined with fewer than two seasons.
 */
export function usualSeason(x: Float64Array, horizon: number, season: number, seasons: number): Float64Array | undefined {
  if (x.length < 2 * season) return undefined;
  const phases: number[][] = Array.from({ length: season }, () => []);
  for (let t = Math.max(0, x.length - seasons * season); t < x.length; t++) phases[t % season]?.push(x[t] ?? 0);
  const usual = phases.map(middle);
  return Float64Array.from({ length: horizon }, (_, k) => usual[(x.length + k) % season] ?? 0);
}

const WEEKS_IN_YEAR = 52;
const FORTNIGHT = 14;

/**
 * For days: the recent level, moved by half of what the same time last year rose or fell against the eight weeks before it.
 * Half, because one year is one witness. Medians throughout. undefined with less than a year and sixty days.
 */
export function lastYearsCourse(
  x: Float64Array,
  horizon: number,
  week: number,
  { adjusted, restore }: Adjustment,
): Float64Array | undefined {
  const year = WEEKS_IN_YEAR * week;
  const n = x.length;
  if (n < year + 60) return undefined;
  const recent = 0.5 * (middle(adjusted.subarray(n - 8 * week)) + middle(adjusted.subarray(n - 26 * week)));
  const then = middle(adjusted.subarray(Math.max(0, n - year - 8 * week), n - year));
  return Float64Array.from({ length: horizon }, (_, k) => {
    const at = n - year + (k % year);
    const around = adjusted.subarray(Math.max(0, at - FORTNIGHT / 2), Math.min(n, at + FORTNIGHT / 2 + 1));
    return restore(recent + 0.5 * (middle(around) - then), n + k);
  });
}
