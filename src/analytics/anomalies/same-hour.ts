/**
 * How far a value is from all it was at about the same time on earlier days: the distance to the second nearest value within
 * `reach` rows of that time on the last 14 days. Nearest neighbours (Knorr and Ng, 1998) that know the clock: nothing is assumed of
 * the day's shape, and a workday is near some workday, a Sunday near some Sunday. Without a daily shape it is a plain nearest neighbour.
 *
 * Smallest sample: one day. NaN before.
 */
export class SameHour {
  readonly #ring: Float64Array;
  readonly #period: number;
  readonly #reach: number;
  readonly #first: number;
  #n = 0;
  /** Least and greatest value of that time on the days before; NaN without any. Set by `add`. */
  low = Number.NaN;
  high = Number.NaN;

  /** `period` is rows a day; the first `skip` rows are no reference. */
  constructor(period: number, skip: number) {
    this.#period = period;
    this.#reach = Math.min(MOST_REACH, period >> 3);
    this.#first = skip;
    this.#ring = new Float64Array(DAYS * period + this.#reach + 1);
  }

  /** The distance of `value`, which then is part of the past. */
  add(value: number): number {
    const i = this.#n++;
    this.#ring[i % this.#ring.length] = value;
    let nearest = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let day = 1; day <= DAYS; day++) {
      const centre = i - day * this.#period;
      if (centre < this.#first) break;
      const last = Math.min(centre + this.#reach, i - (this.#period >> 1) - 1);
      for (let row = Math.max(0, centre - this.#reach); row <= last; row++) {
        const then = this.#ring[row % this.#ring.length] as number;
        if (then < low) low = then;
        if (then > high) high = then;
        const distance = Math.abs(value - then);
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
        } else if (distance < second) second = distance;
      }
    }
    this.low = low <= high ? low : Number.NaN;
    this.high = low <= high ? high : Number.NaN;
    return second === Number.POSITIVE_INFINITY ? Number.NaN : second;
  }
}

const DAYS = 14;
const MOST_REACH = 3;
