/**
 * Is today's cost part of a rise? A hidden Markov model with the forward filter (Rabiner, 1989): each day is normal, in a burst (some
 * days at one higher level) or in a creep (each day a little more than the last). Bursts have one of five heights, creeps one of three
 * slopes, all in standard deviations, so a steady bill is watched closely and a noisy one patiently. A single day that is a little high
 * says nothing; a week of such days does, which no look at single days can see.
 *
 * Observations are Student t with 20 degrees of freedom. Only rises are looked for: a day that is far too low is an odd normal day.
 */
export class RiseFilter {
  #normal = 1;
  #bursts = new Float64Array(HEIGHTS.length);
  #creeps = new Float64Array(SLOPES.length * MOST_AGE);

  /** `z`: how far the day is above what was expected, in standard deviations; undefined for a day without a value. */
  next(z: number | undefined): RiseBelief {
    this.#move();
    if (z !== undefined) return this.#observe(Math.max(LEAST_Z, Math.min(MOST_Z, z)));
    return beliefOf(this.#normal, total(this.#bursts), total(this.#creeps), this.#days());
  }

  /** Forgets what is going on: the level has been accepted as the new normal. */
  reset(): void {
    this.#normal = 1;
    this.#bursts.fill(0);
    this.#creeps.fill(0);
  }

  #days(): number {
    const [burst, creep] = [total(this.#bursts), total(this.#creeps)];
    if (creep <= burst) return 1;
    let days = 0;
    for (let s = 0; s < this.#creeps.length; s++) days += ((s % MOST_AGE) + 1) * (this.#creeps[s] ?? 0);
    return days / creep;
  }

  #move(): void {
    const ended = BURST_END * total(this.#bursts) + CREEP_END * total(this.#creeps);
    const free = this.#normal + ended;
    for (let j = 0; j < HEIGHTS.length; j++)
      this.#bursts[j] = (1 - BURST_END) * (this.#bursts[j] ?? 0) + (free * BURST_START) / HEIGHTS.length;
    for (let j = 0; j < SLOPES.length; j++) {
      const first = j * MOST_AGE;
      const last = first + MOST_AGE - 1;
      const oldest = this.#creeps[last] ?? 0;
      for (let s = last; s > first; s--) this.#creeps[s] = (1 - CREEP_END) * (this.#creeps[s - 1] ?? 0);
      this.#creeps[last] = (this.#creeps[last] ?? 0) + (1 - CREEP_END) * oldest;
      this.#creeps[first] = (free * CREEP_START) / SLOPES.length;
    }
    this.#normal = free * (1 - BURST_START - CREEP_START);
  }

  #observe(z: number): RiseBelief {
    this.#normal *= likelihood(z, 1);
    for (const [j, height] of HEIGHTS.entries()) {
      const width = Math.hypot(1, 0.25 * height);
      this.#bursts[j] = (this.#bursts[j] ?? 0) * likelihood(z - height, width);
    }
    for (const [j, slope] of SLOPES.entries())
      for (let age = 0; age < MOST_AGE; age++) {
        const s = j * MOST_AGE + age;
        this.#creeps[s] = (this.#creeps[s] ?? 0) * likelihood(z - slope * (age + 1), 1);
      }
    const [burst, creep] = [total(this.#bursts), total(this.#creeps)];
    const sum = this.#normal + burst + creep;
    const belief = beliefOf(this.#normal / sum, burst / sum, creep / sum, this.#days());
    this.#normal = Math.max(this.#normal / sum, 1e-12);
    for (let j = 0; j < this.#bursts.length; j++) this.#bursts[j] = (this.#bursts[j] ?? 0) / sum;
    for (let s = 0; s < this.#creeps.length; s++) this.#creeps[s] = (this.#creeps[s] ?? 0) / sum;
    return belief;
  }
}

/** What is believed of a day after it was seen. */
export interface RiseBelief {
  /** −log₁₀ P(normal). */
  severity: number;
  burst: number;
  creep: number;
  /** For how many days it probably has lasted, this one too; 1 for a burst. */
  days: number;
}

function beliefOf(normal: number, burst: number, creep: number, days: number): RiseBelief {
  return { severity: Math.max(0, -Math.log10(Math.max(normal, Number.MIN_VALUE))), burst, creep, days };
}

function likelihood(z: number, width: number): number {
  return (1 + (z / width) ** 2 / FREEDOM) ** (-(FREEDOM + 1) / 2) / width;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

const FREEDOM = 20;
/** In standard deviations. */
const HEIGHTS = [2.5, 4.5, 8, 14, 25];
const SLOPES = [0.12, 0.22, 0.4];
/** Days after which a creep grows no further. */
const MOST_AGE = 28;
/** Chances per day. */
const BURST_START = 0.06;
const BURST_END = 0.5;
const CREEP_START = 0.03;
const CREEP_END = 0.1;
/** Further is as far: above, it keeps likelihoods above zero; below, a wide burst would fit a deep fall better than a normal day does. */
const MOST_Z = 1e6;
const LEAST_Z = -2.5;
