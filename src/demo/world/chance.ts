/**
 * Repeatable chance for one record: the same seed and key give the same row of draws, whatever was asked before.
 * One key is hashed once; draws are cheap (mulberry32, Tommy Ettinger 2017).
 */
export class Chance {
  #state: number;

  constructor(seed: number, key: string) {
    this.#state = hashOf(key, seed ^ 0x9e3779b9);
  }

  /** 0 up to but without 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  pick<T>(list: readonly T[]): T {
    const entry = list[Math.floor(this.next() * list.length)];
    if (entry === undefined) throw new Error("nothing to pick from");
    return entry;
  }

  /** An entry by its weight; weights need not add up to 1. */
  weighted<T>(entries: readonly (readonly [T, number])[]): T {
    let rest = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [entry, weight] of entries) {
      rest -= weight;
      if (rest < 0) return entry;
    }
    return this.pick(entries)[0];
  }

  /** Standard normal by Box and Muller (1958). */
  normal(): number {
    const u = Math.max(this.next(), 1e-12);
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.next());
  }

  /** Log-normal with this median; sigma of the logarithm. */
  around(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** How many of a rare thing, by Knuth's method. For means below 50. */
  count(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.next();
    let n = 0;
    while (product > limit) {
      n += 1;
      product *= this.next();
    }
    return n;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits)
      text += Math.floor(this.next() * 4_294_967_296)
        .toString(16)
        .padStart(8, "0");
    return text.slice(0, digits);
  }
}

/** A stable whole number for a text id, for protocols that number what the world names. 1 up to 2^48. */
export function numberOf(id: string): number {
  return (hashOf(id, 17) & 0xffff) * 4_294_967_296 + hashOf(id, 4_711) + 1;
}

/** A stable UUID (version 4 in form) for a text id. */
export function uuidOf(id: string): string {
  const hex = new Chance(23, id).hex(32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** FNV-1a with the final mix of MurmurHash3, 32 bits. */
function hashOf(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
