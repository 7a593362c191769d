/**
 * Which periods before make the level to compare with: the calmer half. An incident that comes and goes hides in its own history;
 * half of the periods survive any minority of such. "Calm" is low where a rise is to be explained, high where a fall is.
 * For rates only: sums of days have weekends, and half of them would be no fair level.
 *
 * One period is kept as it is; equal rates keep the later one. Gives positions, ascending.
 */
export function calmPeriods(rates: readonly number[], direction: "rise" | "fall"): number[] {
  const sign = direction === "rise" ? 1 : -1;
  const order = rates.map((_, i) => i).sort((a, b) => sign * ((rates[a] ?? 0) - (rates[b] ?? 0)) || b - a);
  return order.slice(0, Math.max(1, Math.ceil(rates.length / 2))).sort((a, b) => a - b);
}

/**
 * What there is to explain: a fall only where the period after lies below every one before; else what rose. With one period before
 * that is the plain sign of the change.
 */
export function directionOf(rates: readonly number[], after: number): "rise" | "fall" {
  return rates.length > 0 && rates.every((rate) => after < rate) ? "fall" : "rise";
}
