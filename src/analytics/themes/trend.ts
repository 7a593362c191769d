export type Trend = "new" | "rising" | "steady" | "falling" | "gone";

/**
 * Counts of two periods of one length, told apart only beyond chance: |now − before| > 2 · √(now + before), the normal approximation for two
 * Poisson counts (J. Przyborowski and H. Wilenski, 1940), right from about ten together; below that it is "steady", as not known.
 */
export function trendOf(now: number, before: number): Trend {
  if (now + before < 10) return "steady";
  if (Math.abs(now - before) <= 2 * Math.sqrt(now + before)) return "steady";
  if (before === 0) return "new";
  if (now === 0) return "gone";
  return now > before ? "rising" : "falling";
}
