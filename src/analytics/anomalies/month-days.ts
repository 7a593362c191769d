import { median, robustDeviation } from "./median.ts";

/** A day of the month that is not like the others. */
export interface MonthDay {
  /** Median of its values by level and weekday; below zero for a credit. */
  factor: number;
  /** Robust standard deviation of them. */
  deviation: number;
}

/**
 * Days of the month that differ month after month: a fee on the 1st, a credit on the 3rd, a job on the last but one. A day counts when
 * there were three or more of it, its median is further from what is usual than three standard errors of a median, and three of four
 * lie on that side by at least two standard deviations: a rule that single peaks cannot meet. Medians, since these are days that
 * another rule would call outliers. `relative` gives value / (level × weekday) of a day, NaN for none.
 */
export function fitMonthDays(
  relative: (day: number) => number,
  monthDays: Uint8Array,
  { from, to, deviation, usual }: { from: number; to: number; deviation: number; usual: (monthDay: number) => number },
): Map<number, MonthDay> {
  const groups = Array.from({ length: 32 }, (): number[] => []);
  for (let i = from; i < to; i++) {
    const ratio = relative(i);
    if (!Number.isNaN(ratio)) groups[monthDays[i] ?? 0]?.push(ratio);
  }
  const found = new Map<number, MonthDay>();
  for (const [monthDay, ratios] of groups.entries()) {
    if (monthDay === 0 || ratios.length < SMALLEST_SAMPLE) continue;
    const factor = median(ratios);
    const away = factor - usual(monthDay);
    const sameSide = ratios.filter((r) => (r - usual(monthDay)) * Math.sign(away) > 2 * deviation).length;
    if (Math.abs(away) < (3 * 1.25 * deviation) / Math.sqrt(ratios.length) || sameSide < 0.75 * ratios.length) continue;
    found.set(monthDay, { factor, deviation: robustDeviation(ratios) });
  }
  return found;
}

const SMALLEST_SAMPLE = 3;
