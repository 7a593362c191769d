import { type DailyFit, fitDaily } from "./daily-fit.ts";
import { historyOf } from "./daily-history.ts";
import { RANGE, type Ranges, UNKNOWN } from "./range.ts";
import { RunningMoments } from "./running.ts";
import { SameHour } from "./same-hour.ts";
import { normalSeverity } from "./severity.ts";
import { MOST, TailProbability } from "./tail-probability.ts";

/**
 * Severity of each value against the same hour of the last 14 days (`SameHour`), for series of many points a day.
 * A look back learns from the whole series first. Smallest sample: a day and 100 rows; 0 before. NaN is missing and stays NaN.
 */
export function sameHourSeverities(values: Float64Array, rowsPerDay: number, { streaming }: { streaming: boolean }): Float64Array {
  const day = Math.max(2, Math.min(1440, Math.round(rowsPerDay)));
  const hour = new SameHour(day, 1);
  const tail = new TailProbability();
  const overall = new RunningMoments();
  const distances = values.map((value) => (Number.isNaN(value) ? value : hour.add(value)));
  if (!streaming) for (const distance of distances) if (!Number.isNaN(distance)) tail.add(distance);
  return values.map((value, i) => {
    if (Number.isNaN(value)) return value;
    overall.add(value);
    const distance = distances[i] ?? Number.NaN;
    if (Number.isNaN(distance)) return 0;
    const severity = tail.severity(distance, 0.05 * overall.deviation);
    if (streaming) tail.add(distance);
    return severity;
  });
}

/**
 * Severity of each day against its trend, weekday and part of the month (`fitDaily`, of the last 550 days, taken anew every two weeks; of all
 * days for a look back), as a normal deviate. One value per calendar day from `first` on. Smallest sample: 56 days; 0 before.
 */
export function weekdaySeverities(
  first: string,
  values: Float64Array,
  { streaming, ...calendar }: { streaming: boolean; step?: "day" | "longer"; holidays?: ReadonlySet<string> },
): Float64Array {
  const history = historyOf(first, values, calendar);
  let fit = streaming || known(values) < SMALLEST_SAMPLE ? undefined : fitDaily(history, 0, values.length);
  let before = 0;
  return values.map((value, i) => {
    if (streaming && before >= SMALLEST_SAMPLE && (fit === undefined || i % 14 === 0)) fit = fitDaily(history, Math.max(0, i - 550), i);
    if (Number.isNaN(value)) return value;
    before++;
    return fit ? Math.min(MOST, normalSeverity((value - fit.expected(i)) / fit.scale(i) / fit.deviation)) : 0;
  });
}

/** The range of 99 % around what a day's trend, weekday and part of the month say, by the days before; unknown below 56 days. */
export function seasonalRange(first: string, values: Float64Array, holidays?: ReadonlySet<string>): Ranges {
  const history = historyOf(first, values, holidays ? { holidays } : {});
  let fit: DailyFit | undefined;
  let before = 0;
  return (value, day) => {
    if (before >= SMALLEST_SAMPLE && (fit === undefined || day % 14 === 0)) fit = fitDaily(history, Math.max(0, day - 550), day);
    if (!Number.isNaN(value)) before++;
    if (!fit) return UNKNOWN;
    const [expected, half] = [fit.expected(day), RANGE * fit.deviation * fit.scale(day)];
    return { expected, low: expected - half, high: expected + half };
  };
}

function known(values: Float64Array): number {
  return values.reduce((n, value) => n + (Number.isNaN(value) ? 0 : 1), 0);
}

const SMALLEST_SAMPLE = 56;
