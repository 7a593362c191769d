/** Mean and standard deviation of all values so far. Welford (1962): no cancellation, however far from zero the values are. */
export class RunningMoments {
  #n = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#n++;
    const gap = value - this.#mean;
    this.#mean += gap / this.#n;
    this.#squares += gap * (value - this.#mean);
  }

  get mean(): number {
    return this.#mean;
  }

  /** Population form; 0 for none. */
  get deviation(): number {
    return this.#n === 0 ? 0 : Math.sqrt(Math.max(0, this.#squares) / this.#n);
  }
}

/** Mean and standard deviation of the last `size` values. The sums are taken anew once a round, so that no error of an old peak remains. */
export class RollingMoments {
  readonly #ring: Float64Array;
  #n = 0;
  #slot = 0;
  /** Sums are of distances to this value. */
  #origin = 0;
  #sum = 0;
  #squares = 0;

  constructor(size: number) {
    this.#ring = new Float64Array(size);
  }

  get length(): number {
    return this.#n;
  }

  add(value: number): void {
    if (this.#n === this.#ring.length) this.#count((this.#ring[this.#slot] as number) - this.#origin, -1);
    else this.#n++;
    this.#ring[this.#slot] = value;
    this.#slot = (this.#slot + 1) % this.#ring.length;
    if (this.#slot === 0) this.#recount(value);
    else this.#count(value - this.#origin, 1);
  }

  /** NaN while there is no value. */
  get mean(): number {
    return this.#n === 0 ? Number.NaN : this.#origin + this.#sum / this.#n;
  }

  /** Population form. */
  get deviation(): number {
    const mean = this.#sum / this.#n;
    return Math.sqrt(Math.max(0, this.#squares / this.#n - mean * mean));
  }

  /** Population form, without the error of sums: for short windows, where flat must be exactly 0. */
  get exactDeviation(): number {
    let mean = 0;
    for (let i = 0; i < this.#n; i++) mean += this.#ring[i] as number;
    mean /= this.#n;
    let squares = 0;
    let flat = true;
    for (let i = 0; i < this.#n; i++) {
      squares += ((this.#ring[i] as number) - mean) ** 2;
      flat &&= this.#ring[i] === this.#ring[0];
    }
    return flat ? 0 : Math.sqrt(squares / this.#n);
  }

  #count(distance: number, sign: 1 | -1): void {
    this.#sum += sign * distance;
    this.#squares += sign * distance * distance;
  }

  #recount(origin: number): void {
    this.#origin = origin;
    this.#sum = 0;
    this.#squares = 0;
    for (let i = 0; i < this.#n; i++) this.#count((this.#ring[i] as number) - origin, 1);
  }
}
