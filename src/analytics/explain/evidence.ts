/**
 * How strongly a slice speaks for a rise, in nats: the log likelihood ratio of its amount under its own level against the expected
 * one, v·ln(v/e) − (v − e), the expectation-based Poisson scan statistic (Neill, 2009; Kulldorff, 1997, for the conditional form).
 * 0 when nothing rose. It favours slices that are both large and much higher, and never the small and extreme alone.
 *
 * Assumes counts with a variance like their mean; for money it is divided by `unit` and only compares slices of one data set.
 */
export function evidence(after: number, expected: number, unit: number): number {
  const v = after / unit;
  const e = Math.max(LEAST_EXPECTED, expected / unit);
  return v > e ? v * Math.log(v / e) - (v - e) : 0;
}

/** A slice that was never there before is not infinitely surprising. */
const LEAST_EXPECTED = 0.5;
