import { SortedWindow } from "./sorted-window.ts";

/**
 * How far a value is from all that were ever near: the distance to the second nearest of the last 4,000 values, the newest `newest`
 * left out, or an event would be its own precedent. What came before, a spike too, is no longer new: repetition is learned.
 * Smallest sample: 30; NaN before. Source: k-nearest-neighbour outliers, Ramaswamy, Rastogi and Shim (2000).
 */
export class Novelty {
  readonly #past = new SortedWindow(REMEMBERED);
  readonly #waiting: Float64Array;
  #n = 0;

  constructor(newest: number) {
    this.#waiting = new Float64Array(newest);
  }

  /** The distance of `value`, which then waits to be part of the past. */
  add(value: number): number {
    const slot = this.#n % this.#waiting.length;
    if (this.#n >= this.#waiting.length) this.#past.add(this.#waiting[slot] as number);
    this.#waiting[slot] = value;
    this.#n++;
    return this.#past.length < SMALLEST_SAMPLE ? Number.NaN : (this.#past.distance(value, 2) ?? Number.NaN);
  }
}

const REMEMBERED = 4000;
const SMALLEST_SAMPLE = 30;
