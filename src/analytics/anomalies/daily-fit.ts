import { median, robustDeviation } from "./median.ts";
import { fitMonthDays, type MonthDay } from "./month-days.ts";

/** The days a fit learns from. All arrays have one entry per day of a calendar without gaps. */
export interface DailyHistory {
  /** NaN is a missing day. */
  values: Float64Array;
  /** 0 to 6, any day first; 7 is a holiday. All 0 when a week has no shape (weekly or monthly steps). */
  weekdays: Uint8Array;
  /** Day of the month from its begin, 1 to 27, or 31 minus the days left to its end, 28 to 31; 0 when a month has no shape. */
  monthDays: Uint8Array;
  /** 0 leaves a day out. */
  weights: Float64Array;
  /** How much a day counts for level and trend beside the others; less for what was before a change of trend. */
  recency: Float64Array;
}

/** What a day should be: level × weekday × day of the month. */
export interface DailyFit {
  expected(day: number): number;
  /** Robust standard deviation of (value − expected) / scale. */
  deviation: number;
  /** What a difference is measured against: level × weekday, or a fifth of the mean size where that is less; more on days that vary more. */
  scale(day: number): number;
}

/**
 * Trend and shape of daily amounts over [from, to): value ≈ (a + b·t) · weekday · month, by least squares on relative errors, in turns:
 * the line given the shapes, the shapes given the line (alternating least squares), three rounds. Weekdays start from their medians, so
 * that a quiet weekend is a shape and not twice a week a surprise; then days further than 3.5 robust standard deviations are left out
 * of the next round. The last four days of a month have a common factor; single days of the month have one of their own where they
 * differ month after month (`fitMonthDays`: a fee on the 1st, a credit on the 3rd). Some days of no slope and
 * of the first shape are mixed in, so that few weeks do not make a wild trend.
 *
 * Amounts below zero and totals of zero are borne: the level may not fall under a twentieth of its mean.
 * Smallest sample: 28 days; 56 for a good one.
 */
export function fitDaily({ values, weekdays, monthDays, weights, recency }: DailyHistory, from: number, to: number): DailyFit {
  const middle = (from + to) / 2;
  const size = meanSize(values, from, to);
  const start = medianWeekdays(values, weekdays, from, to);
  const weekday = start.slice();
  const kept = weights.slice(0, to);
  for (let i = from; i < to; i++) if (Number.isNaN(values[i])) kept[i] = 0;
  let monthEnd = 1;
  let special: ReadonlyMap<number, MonthDay> = new Map();
  let line = { at: 0, slope: 0 };
  let deviation = LEAST_DEVIATION;
  const month = (i: number) => special.get(monthDays[i] ?? 0)?.factor ?? (isMonthEnd(monthDays[i] ?? 0) ? monthEnd : 1);
  const ofWeek = (i: number) => at(weekday, weekdays[i] ?? 0);
  const level = (i: number) => Math.max(Math.abs(line.at) / 20, line.at + line.slope * (i - middle));
  const expected = (i: number) => level(i) * ofWeek(i) * month(i);
  const plainScale = (i: number) => Math.max(level(i) * ofWeek(i), size / 5, Number.MIN_VALUE);
  const scale = (i: number) => plainScale(i) * Math.max(1, month(i), (special.get(monthDays[i] ?? 0)?.deviation ?? 0) / deviation);

  for (let round = 0; round < ROUNDS; round++) {
    line = fitLine();
    if (line.at > 0) fitShapes();
    const errors = relativeErrors();
    deviation = Math.max(LEAST_DEVIATION, robustDeviation(errors) * Math.sqrt(1 + UNCERTAIN / Math.max(1, errors.length)));
    for (let i = from; i < to; i++) {
      const far = Math.abs((at(values, i) - expected(i)) / scale(i)) > FAR * deviation;
      kept[i] = far || Number.isNaN(values[i]) ? 0 : at(weights, i);
    }
  }
  return { expected, scale, deviation };

  function fitLine(): { at: number; slope: number } {
    let [s0, s1, s2, t0, t1] = [0, 0, 0, 0, 0];
    const flat = 28 ** 3 / 12;
    let weight = 0;
    for (let i = from; i < to; i++) {
      const shape = ofWeek(i) * month(i);
      if (!kept[i] || special.has(monthDays[i] ?? 0) || shape < LEAST_FACTOR) continue;
      const base = line.at === 0 ? 1 : Math.max(level(i), size / 5, Number.MIN_VALUE);
      const g = (at(kept, i) * at(recency, i)) / (base * base);
      const z = at(values, i) / shape;
      const u = i - middle;
      weight += g;
      s0 += g;
      s1 += g * u;
      s2 += g * u * u;
      t0 += g * z;
      t1 += g * u * z;
    }
    s2 += (flat * weight) / Math.max(1, to - from);
    const determinant = s0 * s2 - s1 * s1;
    const slope = determinant > 0 ? (s0 * t1 - s1 * t0) / determinant : 0;
    return { at: s0 > 0 ? (t0 - slope * s1) / s0 : 0, slope };
  }

  function fitShapes(): void {
    const byWeekday = new Means(8);
    const late = new Means(1);
    for (let i = from; i < to; i++) {
      if (!kept[i] || special.has(monthDays[i] ?? 0)) continue;
      const ratio = at(values, i) / level(i);
      byWeekday.add(weekdays[i] ?? 0, ratio / month(i), at(kept, i));
      if (isMonthEnd(monthDays[i] ?? 0)) late.add(0, ratio / ofWeek(i), at(kept, i));
    }
    for (let w = 0; w < 8; w++) weekday[w] = byWeekday.towards(at(start, w), 1, w);
    monthEnd = late.towards(1, 4, 0);
    const relative = (i: number) =>
      monthDays[i] && !Number.isNaN(values[i]) ? at(values, i) / Math.max(level(i) * ofWeek(i), Number.MIN_VALUE) : Number.NaN;
    special = fitMonthDays(relative, monthDays, { from, to, deviation, usual: (day) => (isMonthEnd(day) ? monthEnd : 1) });
  }

  function relativeErrors(): number[] {
    const errors: number[] = [];
    for (let i = from; i < to; i++) {
      if (!weights[i] || Number.isNaN(values[i]) || special.has(monthDays[i] ?? 0)) continue;
      errors.push((at(values, i) - expected(i)) / scale(i));
    }
    return errors;
  }
}

const ROUNDS = 3;
const FAR = 3.5;
/** The error of the expected value at the end of a line: 4/n for level and slope, 7/n for a weekday, and some for the rest. */
const UNCERTAIN = 14;
/** Nothing is steadier than this for us: a few percent are no anomaly at any calm. */
const LEAST_DEVIATION = 0.04;
const LEAST_FACTOR = 0.02;

function isMonthEnd(monthDay: number): boolean {
  return monthDay >= 28;
}

/** Where weekdays start: their medians by the median of all. */
function medianWeekdays(values: Float64Array, weekdays: Uint8Array, from: number, to: number): Float64Array {
  const groups = Array.from({ length: 8 }, (): number[] => []);
  for (let i = from; i < to; i++) if (!Number.isNaN(values[i])) groups[weekdays[i] ?? 0]?.push(at(values, i));
  const all = median(groups.flat());
  return Float64Array.from(groups, (group) => (group.length < 3 || all <= 0 ? 1 : Math.max(LEAST_FACTOR, median(group) / all)));
}

/** Weighted means of ratios. */
class Means {
  readonly #sums: Float64Array;
  readonly #weights: Float64Array;

  constructor(size: number) {
    this.#sums = new Float64Array(size);
    this.#weights = new Float64Array(size);
  }

  add(i: number, value: number, weight: number): void {
    this.#sums[i] = at(this.#sums, i) + weight * value;
    this.#weights[i] = at(this.#weights, i) + weight;
  }

  /** With `times` such values mixed in, so that few days do not make a shape. */
  towards(value: number, times: number, i: number): number {
    return Math.max(LEAST_FACTOR, (at(this.#sums, i) + times * value) / (at(this.#weights, i) + times));
  }
}

function meanSize(values: Float64Array, from: number, to: number): number {
  let [sum, n] = [0, 0];
  for (let i = from; i < to; i++) {
    const value = at(values, i);
    if (Number.isNaN(value)) continue;
    sum += Math.abs(value);
    n++;
  }
  return n === 0 ? 0 : sum / n;
}

function at(values: Float64Array, i: number): number {
  return values[i] as number;
}
