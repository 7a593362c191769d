import { average } from "./autocorrelation.ts";
import type { Adjustment } from "./seasonal-adjustment.ts";
import { theta } from "./theta.ts";

/**
 * Theta of the means of whole seasons, with straight lines between their middles and the season put back: what a year or a week
 * comes to, before how it is spread. Aggregation in time takes the noise out of the trend. Nikolopoulos and others, ADIDA (JORS 2011).
 *
 * undefined with fewer than three whole seasons.
 */
export function seasonalTotals(
  x: Float64Array,
  horizon: number,
  season: number,
  { adjusted, restore }: Adjustment,
): Float64Array | undefined {
  const whole = Math.floor(x.length / season);
  if (season < 2 || whole < 3) return undefined;
  const first = x.length - whole * season;
  const means = Float64Array.from({ length: whole }, (_, i) => average(adjusted.subarray(first + i * season, first + (i + 1) * season)));
  const levels = [means[whole - 1] ?? 0, ...theta(means, Math.ceil(horizon / season) + 1)];
  return Float64Array.from({ length: horizon }, (_, k) => {
    // Measured from the middle of the last season.
    const at = (k + 0.5) / season + 0.5;
    const before = Math.min(levels.length - 2, Math.floor(at));
    const low = levels[before] ?? 0;
    return restore(low + ((levels[before + 1] ?? 0) - low) * (at - before), x.length + k);
  });
}
