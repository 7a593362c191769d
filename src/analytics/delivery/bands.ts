export type Band = "elite" | "high" | "medium" | "low";
export type BandedMetric = "lead_time" | "change_failure_rate" | "recovery_time";

/** Upper limits, exclusive, of elite, high and medium. Hours; the rate is a ratio. Source: Middleware's DORA benchmarks. */
const LIMITS: Readonly<Record<BandedMetric, readonly [number, number, number]>> = {
  lead_time: [24, 168, 720],
  change_failure_rate: [0.05, 0.1, 0.15],
  recovery_time: [1, 24, 168],
};

/** Where a value stands among the published bands. */
export function bandOf(metric: BandedMetric, value: number): Band {
  const [elite, high, medium] = LIMITS[metric];
  return value < elite ? "elite" : value < high ? "high" : value < medium ? "medium" : "low";
}
