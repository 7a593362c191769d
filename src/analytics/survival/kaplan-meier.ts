/** One step of a survival curve: what is left after the events at `time`. */
export interface SurvivalStep {
  time: number;
  /** Still there just before. */
  atRisk: number;
  events: number;
  survival: number;
  /** 95 % band, log–log (Kalbfleisch and Prentice 2002, 1.4): stays within 0 and 1. */
  low: number;
  high: number;
}

/** Steps at the times with events, going up. `n` counts all rows, `last` is the largest time, with or without event. */
export interface SurvivalCurve {
  steps: readonly SurvivalStep[];
  n: number;
  events: number;
  last: number;
}

const Z95 = 1.959964;

/**
 * Product-limit estimate S(t) = ∏_{u ≤ t} (1 − d_u / n_u) (Kaplan and Meier 1958) with Greenwood's variance. Whoever has no event is
 * counted as there up to and with the time given, and as unknown after it (right-censored).
 * Assumes that those censored are like those who stay. Times are finite numbers in any unit; `happened` is 1 where the event came.
 * Smallest sample: one; read nothing from steps with fewer than ten at risk. Costs one sort.
 */
export function kaplanMeier(times: Float64Array, happened: ArrayLike<number>): SurvivalCurve {
  for (const time of times) if (!Number.isFinite(time)) throw new RangeError("kaplanMeier: times must be finite numbers");
  const order = Uint32Array.from(times.keys()).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
  const n = order.length;
  const steps: SurvivalStep[] = [];
  let survival = 1;
  let greenwood = 0;
  let total = 0;
  for (let start = 0; start < n; ) {
    const time = times[order[start] ?? 0] ?? 0;
    const atRisk = n - start;
    let events = 0;
    for (; start < n && times[order[start] ?? 0] === time; start++) if (happened[order[start] ?? 0]) events += 1;
    if (events === 0) continue;
    total += events;
    survival *= 1 - events / atRisk;
    greenwood += atRisk > events ? events / (atRisk * (atRisk - events)) : 0;
    steps.push({ time, atRisk, events, survival, ...band(survival, greenwood) });
  }
  return { steps, n, events: total, last: n === 0 ? 0 : (times[order[n - 1] ?? 0] ?? 0) };
}

/** S(t); 1 before the first event. */
export function survivalAt({ steps }: SurvivalCurve, time: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.time ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1]?.survival ?? 1;
}

/** First time by which the share has had the event, S(t) ≤ 1 − share; undefined when the curve does not come so far down. */
export function survivalTime({ steps }: SurvivalCurve, share: number): number | undefined {
  // A product of fractions may miss 0.5 by an ulp.
  return steps.find(({ survival }) => survival <= 1 - share + 1e-12)?.time;
}

function band(survival: number, greenwood: number): { low: number; high: number } {
  if (survival <= 0) return { low: 0, high: 0 };
  if (survival >= 1) return { low: 1, high: 1 };
  const half = (Z95 * Math.sqrt(greenwood)) / Math.abs(Math.log(survival));
  return { low: survival ** Math.exp(half), high: survival ** Math.exp(-half) };
}
