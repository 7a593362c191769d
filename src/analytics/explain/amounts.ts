/**
 * What a slice of the data amounts to in the two periods compared, per period: where a side holds several periods (four minutes,
 * a week of days), its sums are divided by their number.
 *
 * With totals the measure is a part of them (failures of requests) and the slice is judged by its rate; without, by its sum.
 */
export interface Amounts {
  before: number;
  after: number;
  /** What the measure is a part of; both 0 where there is no total. */
  totalBefore: number;
  totalAfter: number;
}

/** How the amounts of one data set are read. */
export interface Scale {
  rates: boolean;
  /** Smallest amount that says anything: 1 for counts, a thousandth of everything for money. */
  unit: number;
  /** Rate of everything before; 0 without totals. */
  rate: number;
  /** Pseudo-observations of `rate` in the totals: a slice of five requests has no rate of its own. */
  prior: number;
}

/** Two requests' worth of the overall rate. Beta-binomial shrinkage with the overall rate as its mean. */
const PRIOR_OBSERVATIONS = 2;
const SMALLEST_PART = 1 / 1000;
/** Amounts beside which this is much are rounding: without it a thousandth of them would be 0, and a division by it no number. */
const LEAST_UNIT = 1e-200;

/**
 * `periods`: how many the side before holds. `counts`: all amounts are whole numbers. `size`: how much there is without regard to sign,
 * where that is known: credits that cancel the charges leave a net of nothing, which is no measure for anything.
 */
export function scaleOf(whole: Amounts, options: { rates: boolean; counts: boolean; periods: number; size?: number }): Scale {
  const { rates, counts, periods, size = Math.max(Math.abs(whole.before), Math.abs(whole.after)) } = options;
  return {
    rates,
    unit: counts ? 1 : size > 0 ? Math.max(size * SMALLEST_PART, LEAST_UNIT) : 1,
    rate: rates && whole.totalBefore > 0 ? whole.before / whole.totalBefore : 0,
    prior: PRIOR_OBSERVATIONS / Math.max(1, periods),
  };
}

/** What the period after would have had, had nothing changed: its totals at the rate before, or simply the amount before. */
export function expected(slice: Amounts, scale: Scale): number {
  if (!scale.rates) return slice.before;
  const { rate, prior } = scale;
  const weight = slice.totalBefore + prior;
  return weight > 0 ? (slice.totalAfter * (slice.before + prior * rate)) / weight : 0;
}

/** How much more there is than expected; negative for less. */
export function excess(slice: Amounts, scale: Scale): number {
  return slice.after - expected(slice, scale);
}

/** What the excess is spread over: the totals, or the amount expected. */
export function exposure(slice: Amounts, scale: Scale): number {
  return scale.rates ? slice.totalAfter : Math.max(0, slice.before);
}

export function nothing(): Amounts {
  return { before: 0, after: 0, totalBefore: 0, totalAfter: 0 };
}

/** Whether an amount is what remains of larger ones that cancel, which depends on the order of adding. */
export function isRounding(amount: number, { unit }: Scale): boolean {
  return Math.abs(amount) <= unit * 1e-9;
}

/** Adds `part` to `sum` in place. */
export function addTo(sum: Amounts, part: Amounts): void {
  sum.before += part.before;
  sum.after += part.after;
  sum.totalBefore += part.totalBefore;
  sum.totalAfter += part.totalAfter;
}

/** Everything in `whole` that is not in `part`. */
export function without(whole: Amounts, part: Amounts): Amounts {
  return {
    before: whole.before - part.before,
    after: whole.after - part.after,
    totalBefore: Math.max(0, whole.totalBefore - part.totalBefore),
    totalAfter: Math.max(0, whole.totalAfter - part.totalAfter),
  };
}

/** The same seen backwards: a fall from before to after is a rise from after to before. */
export function backwards(slice: Amounts): Amounts {
  return { before: slice.after, after: slice.before, totalBefore: slice.totalAfter, totalAfter: slice.totalBefore };
}
