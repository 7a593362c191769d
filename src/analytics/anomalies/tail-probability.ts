/**
 * How rare a distance is among those seen before: severity = −log₁₀ P(distance ≥ x), so 3 is "once in a thousand".
 *
 * Below the 98 % quantile u the probability is the conformal rank (1 + #{past ≥ x}) / (n + 1). Beyond it an exponential tail is
 * fitted to the k largest, k = max(5, ⌈0.02 n⌉): P = (k + 1)/(n + 1) · exp(−(x − u)/β), β their mean excess over u
 * (Pickands–Balkema–de Haan with shape 0). A floor for β keeps flat stretches from making endless alarms.
 *
 * Distances are kept as counts in bins of 1/64 octave, so a million of them take as much room as a thousand, and an answer takes
 * some 30 steps. Distances are ≥ 0. Smallest sample: 100; before that severity is 0. Old counts fade: at 40,000 all are halved.
 */
export class TailProbability {
  readonly #counts = new Float64Array(BINS + 1);
  readonly #sums = new Float64Array(BINS + 1);
  #n = 0;
  #sum = 0;

  /** Severity of `x` against what was added so far; `leastScale` is the floor of β, in the unit of `x`. */
  severity(x: number, leastScale: number): number {
    const n = this.#n;
    if (n < SMALLEST_SAMPLE) return 0;
    const k = Math.max(5, Math.ceil(TAIL * n));
    const edge = this.#binAt(n - k);
    const bin = binOf(x);
    if (bin <= edge) return Math.log10((n + 1) / (n - prefix(this.#counts, bin) + 1));
    const [below, edgeSum] = [prefix(this.#counts, edge + 1), prefix(this.#sums, edge + 1)];
    const inEdge = below - prefix(this.#counts, edge);
    const u = inEdge > 0 ? (edgeSum - prefix(this.#sums, edge)) / inEdge : 0;
    const scale = Math.max((this.#sum - edgeSum - (n - below) * u) / k, leastScale);
    const rank = Math.log10((n + 1) / (k + 1));
    return scale > 0 ? Math.min(MOST, rank + Math.max(0, x - u) / scale / Math.LN10) : MOST;
  }

  add(x: number): void {
    const bin = binOf(x);
    for (let i = bin + 1; i <= BINS; i += i & -i) {
      this.#counts[i] = at(this.#counts, i) + 1;
      this.#sums[i] = at(this.#sums, i) + x;
    }
    this.#n++;
    this.#sum += x;
    if (this.#n >= MOST_REMEMBERED) this.#fade();
  }

  /** The distance that the share `q` of the past does not exceed; 0 while there is none. */
  quantile(q: number): number {
    return this.#n === 0 ? 0 : edgeOf(this.#binAt(q * this.#n));
  }

  /** Smallest bin with at least `rank` distances up to it. Descends the Fenwick tree. */
  #binAt(rank: number): number {
    let bin = 0;
    let left = rank;
    for (let step = BINS; step > 0; step >>= 1) {
      const next = bin + step;
      if (next <= BINS && at(this.#counts, next) < left) {
        bin = next;
        left -= at(this.#counts, next);
      }
    }
    return Math.min(bin, BINS - 1);
  }

  #fade(): void {
    for (let i = 0; i <= BINS; i++) {
      this.#counts[i] = at(this.#counts, i) / 2;
      this.#sums[i] = at(this.#sums, i) / 2;
    }
    this.#n /= 2;
    this.#sum /= 2;
  }
}

/** No severity is above: beyond it one rare row differs from another in nothing that counts. */
export const MOST = 300;

const SMALLEST_SAMPLE = 100;
const TAIL = 0.02;
const MOST_REMEMBERED = 40_000;

/** From 2⁻¹²⁸ to 2¹²⁸, 64 bins an octave. */
const BINS = 16_384;
const SMALLEST_EXPONENT = 1023 - 128;

const float = new Float64Array(1);
const bits = new Uint32Array(float.buffer);
/** Where the exponent stands: the second half on the machines there are, else the first. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

function binOf(x: number): number {
  float[0] = x;
  const bin = ((bits[HIGH] ?? 0) >>> 14) - SMALLEST_EXPONENT * 64;
  return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
}

function edgeOf(bin: number): number {
  return bin === 0 ? 0 : 2 ** (Math.floor(bin / 64) - 128) * (1 + (bin % 64) / 64);
}

/** Sum of the bins before `bin`. */
function prefix(tree: Float64Array, bin: number): number {
  let total = 0;
  for (let i = bin; i > 0; i -= i & -i) total += at(tree, i);
  return total;
}

function at(values: Float64Array, i: number): number {
  return values[i] as number;
}
