import { RANGE, type Ranges, UNKNOWN } from "./range.ts";
import { RollingMoments } from "./running.ts";
import { normalSeverity } from "./severity.ts";
import { MOST } from "./tail-probability.ts";

/**
 * Severity of each value as a normal deviate against the mean and standard deviation of the 1,500 values before it (Shewhart's chart,
 * moving); of all values for a look back. Assumes a normal, level series: one peak widens the scale for long.
 * Smallest sample: 30 values; 0 before. NaN is missing and stays NaN.
 */
export function zscoreSeverities(values: Float64Array, { streaming }: { streaming: boolean }): Float64Array {
  const past = new RollingMoments(streaming ? WINDOW : Math.max(1, values.length));
  if (!streaming) for (const value of values) if (!Number.isNaN(value)) past.add(value);
  return values.map((value) => {
    if (Number.isNaN(value)) return value;
    const severity = past.length < SMALLEST_SAMPLE ? 0 : severityOf(value - past.mean, past.deviation);
    if (streaming) past.add(value);
    return severity;
  });
}

/** The range of 99 % around the mean of the values before; unknown below the smallest sample. */
export function zscoreRange(): Ranges {
  const past = new RollingMoments(WINDOW);
  return (value) => {
    const half = RANGE * past.deviation;
    const range = past.length < SMALLEST_SAMPLE ? UNKNOWN : { expected: past.mean, low: past.mean - half, high: past.mean + half };
    if (!Number.isNaN(value)) past.add(value);
    return range;
  };
}

function severityOf(distance: number, deviation: number): number {
  if (distance === 0) return 0;
  return deviation > 0 ? Math.min(MOST, normalSeverity(distance / deviation)) : MOST;
}

const WINDOW = 1500;
const SMALLEST_SAMPLE = 30;
