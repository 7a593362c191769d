/** The last `size` values in order of size, for asking which are nearest. Adding takes a binary search and one move in memory. */
export class SortedWindow {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #added = 0;
  #n = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size + 1);
  }

  get length(): number {
    return this.#n;
  }

  add(value: number): void {
    const slot = this.#added % this.#ring.length;
    if (this.#added >= this.#ring.length) this.#remove(this.#ring[slot] as number);
    this.#ring[slot] = value;
    this.#added++;
    const at = this.rank(value);
    this.#sorted.copyWithin(at + 1, at, this.#n);
    this.#sorted[at] = value;
    this.#n++;
  }

  /** How many values are smaller. */
  rank(value: number): number {
    let low = 0;
    let high = this.#n;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The value at `position` in order of size; undefined outside. */
  at(position: number): number | undefined {
    return position < 0 || position >= this.#n ? undefined : this.#sorted[position];
  }

  /** Distance from `value` to the k-th nearest; undefined with fewer than k values. */
  distance(value: number, k: number): number | undefined {
    if (this.#n < k) return undefined;
    let above = this.rank(value);
    let below = above - 1;
    let distance = 0;
    for (let found = 0; found < k; found++) {
      const down = below >= 0 ? value - (this.#sorted[below] as number) : Number.POSITIVE_INFINITY;
      const up = above < this.#n ? (this.#sorted[above] as number) - value : Number.POSITIVE_INFINITY;
      if (down <= up) below--;
      else above++;
      // -0 less 0 is -0, and a distance has no sign.
      distance = Math.abs(Math.min(down, up));
    }
    return distance;
  }

  #remove(value: number): void {
    const at = this.rank(value);
    this.#sorted.copyWithin(at, at + 1, this.#n);
    this.#n--;
  }
}
