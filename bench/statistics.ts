/** Figures over rounds. A ratio pairs the n-th value of ours with the n-th of the peer: both ran side by side. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** The value below which the share `p` (0 to 1) of the values lies: nearest rank. NaN without values. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

export function ratioOf(ours: readonly number[], peer: readonly number[]): Spread {
  return spreadOf(ours.map((value, round) => value / (peer[round] ?? Number.NaN)));
}

/** Milliseconds the work took, and what it gave. */
export async function timed<T>(work: () => Promise<T> | T): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}
