/** Sums of one group on one day. What the source does not have is absent. */
export interface StreamSums {
  sessions?: number;
  startFailures?: number;
  rebufferMinutes?: number;
  watchedMinutes?: number;
  /** Bitrate times its weight, and the weight: sessions, else one per figure. */
  bitrateSum?: number;
  bitrateWeight?: number;
}

export type StreamKpi = "start_failure_rate" | "rebuffering_ratio" | "bitrate";

/**
 * start-failure rate = failed starts / sessions; rebuffering ratio = minutes rebuffering / minutes watched (CTA-2066, Streaming quality of
 * experience events, properties and metrics; some count rebuffering into the denominator); bitrate = mean, weighed by sessions. undefined
 * where a part is missing or nothing was played.
 */
export function kpiOf(kpi: StreamKpi, sums: StreamSums): number | undefined {
  const [above, below] =
    kpi === "start_failure_rate"
      ? [sums.startFailures, sums.sessions]
      : kpi === "rebuffering_ratio"
        ? [sums.rebufferMinutes, sums.watchedMinutes]
        : [sums.bitrateSum, sums.bitrateWeight];
  return above === undefined || below === undefined || below <= 0 ? undefined : above / below;
}

export function addSums(parts: readonly StreamSums[]): StreamSums {
  const total: Record<string, number> = {};
  for (const part of parts) for (const [name, value] of Object.entries(part)) total[name] = (total[name] ?? 0) + Number(value);
  return total;
}

export interface KpiChange {
  now: number | undefined;
  before: number | undefined;
  /** The change is more than twice its standard error from day to day; undefined when there are too few days to tell. */
  beyondNoise: boolean | undefined;
}

/** Days of either period without which nothing is said of noise. */
const LEAST_DAYS = 5;

/** Compares two periods given by day. The spread from day to day is the noise: |now − before| > 2 · √(s²/n + s²/n) (Welch, 1947). */
export function compareDays(kpi: StreamKpi, now: readonly StreamSums[], before: readonly StreamSums[]): KpiChange {
  const [a, b] = [now, before].map((days) => days.flatMap((day) => kpiOf(kpi, day) ?? []));
  const value = kpiOf(kpi, addSums(now));
  const was = kpiOf(kpi, addSums(before));
  const known = a !== undefined && b !== undefined && a.length >= LEAST_DAYS && b.length >= LEAST_DAYS;
  const noise = known ? Math.sqrt(squaredError(a) + squaredError(b)) : 0;
  const changed = value !== undefined && was !== undefined && known ? Math.abs(value - was) > 2 * noise && value !== was : undefined;
  return { now: value, before: was, beyondNoise: changed };
}

function squaredError(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1) / values.length;
}
