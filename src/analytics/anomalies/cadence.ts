/** How often a series is measured: the median of the first hundred steps, so that gaps and later changes do not move it. */
export interface Cadence {
  /** Milliseconds from a row to the next; a day when nothing tells. */
  step: number;
  /** How such a series is judged: many points a day, one a day, or weeks and months. */
  kind: "stream" | "daily" | "longer";
}

/** `times` in milliseconds, ascending; equal times count as one. */
export function cadenceOf(times: Float64Array): Cadence {
  const steps: number[] = [];
  for (let i = 1; i < times.length && steps.length < LOOKED_AT; i++) {
    const step = (times[i] ?? 0) - (times[i - 1] ?? 0);
    if (step > 0) steps.push(step);
  }
  steps.sort((a, b) => a - b);
  const step = steps[steps.length >> 1] ?? DAY;
  return { step, kind: step < 20 * HOUR ? "stream" : step < 5 * DAY ? "daily" : "longer" };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LOOKED_AT = 100;
