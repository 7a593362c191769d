import { RANGE, type Ranges, UNKNOWN } from "./range.ts";
import { RollingMoments } from "./running.ts";
import { normalSeverity } from "./severity.ts";
import { SortedWindow } from "./sorted-window.ts";
import { MOST } from "./tail-probability.ts";

/**
 * Severity of each value by its distance from the quartiles of the 1,500 values before it (of all, for a look back), as Tukey's fences
 * have it (1977): outside by d, it is a normal deviate of .6745 + d / (IQR / 1.349); his 1.5 IQR is 2.7. Peaks do not move quartiles.
 * The scale is never below half the standard deviation, or a flat series with rare peaks would alarm without end.
 * Smallest sample: 30 values; 0 before. NaN is missing and stays NaN.
 */
export function iqrSeverities(values: Float64Array, { streaming }: { streaming: boolean }): Float64Array {
  const size = streaming ? WINDOW : Math.max(1, values.length);
  const past = new SortedWindow(size);
  const moments = new RollingMoments(size);
  const add = (value: number) => {
    past.add(value);
    moments.add(value);
  };
  if (!streaming) for (const value of values) if (!Number.isNaN(value)) add(value);
  return values.map((value) => {
    if (Number.isNaN(value)) return value;
    const severity = past.length < SMALLEST_SAMPLE ? 0 : severityOf(value, past, moments.deviation);
    if (streaming) add(value);
    return severity;
  });
}

function severityOf(value: number, past: SortedWindow, deviation: number): number {
  const low = quantile(past, 0.25);
  const high = quantile(past, 0.75);
  const outside = Math.max(low - value, value - high);
  if (outside <= 0) return 0;
  const scale = scaleOf(past, deviation);
  return scale > 0 ? Math.min(MOST, normalSeverity(IQR_OF_NORMAL / 2 + outside / scale)) : MOST;
}

/** The range of 99 % by the same quartiles around the median of the values before; unknown below the smallest sample. */
export function iqrRange(): Ranges {
  const past = new SortedWindow(WINDOW);
  const moments = new RollingMoments(WINDOW);
  return (value) => {
    const outside = (RANGE - IQR_OF_NORMAL / 2) * scaleOf(past, moments.deviation);
    const range =
      past.length < SMALLEST_SAMPLE
        ? UNKNOWN
        : { expected: quantile(past, 0.5), low: quantile(past, 0.25) - outside, high: quantile(past, 0.75) + outside };
    if (!Number.isNaN(value)) {
      past.add(value);
      moments.add(value);
    }
    return range;
  };
}

function scaleOf(past: SortedWindow, deviation: number): number {
  return Math.max((quantile(past, 0.75) - quantile(past, 0.25)) / IQR_OF_NORMAL, deviation / 2);
}

/** Linear between order statistics (Hyndman and Fan, type 7). */
function quantile(past: SortedWindow, q: number): number {
  const position = (past.length - 1) * q;
  const below = past.at(Math.floor(position)) ?? 0;
  return below + (position % 1) * ((past.at(Math.ceil(position)) ?? below) - below);
}

const IQR_OF_NORMAL = 1.349;
const WINDOW = 1500;
const SMALLEST_SAMPLE = 30;
