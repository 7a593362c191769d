import { type Amounts, addTo, excess, nothing, type Scale } from "./amounts.ts";
import { type Cell, type Cube, type Cuboid, cuboidOf } from "./cube.ts";
import { rowKey } from "./row-key.ts";
import type { Leaves } from "./rows.ts";

/** A value that could be part of an answer holds at least this part of the rise in its leaves; all others are one heap. */
const LEAST_POTENTIAL = 0.04;
/** Rounding apart, no candidate and no child of one rises less than `least`. */
const LEAST_LOOKED_AT = 0.999;
/** Code of the heap. No candidate comes of it; its amounts count for what is around a candidate. */
const HEAP = 0;

/**
 * A cube over rows. The rises of its leaves bound the rise of every slice inside a value, so a value whose leaves together hold less
 * than a twenty-fifth of what is to be explained cannot hold a slice that matters: all such become one heap, and the tables stay
 * small however many values there are.
 */
export function cubeOfLeaves(attributes: readonly string[], leaves: Leaves, scale: Scale): Cube {
  const least = LEAST_POTENTIAL * riseOf(leaves, scale);
  const kept = leaves.codes.map((codes, a) => living(leaves.amounts, codes, leaves.values[a]?.length ?? 0, scale, least));
  const merged = merge(leaves, kept);
  const made = new Map<string, Cuboid>();
  return {
    attributes,
    whole: leaves.whole,
    cuboid(wanted) {
      const key = wanted.join();
      let cuboid = made.get(key);
      if (!cuboid) {
        cuboid = cuboidOf(wanted, addUp(merged, wanted, scale, LEAST_LOOKED_AT * least));
        made.set(key, cuboid);
      }
      return cuboid;
    },
  };
}

/** The largest sum of rises over the values of one attribute: what there is to explain, falls elsewhere not set against it. */
function riseOf(leaves: Leaves, scale: Scale): number {
  const rises = leaves.codes.map((codes, a) => {
    const sums = Array.from({ length: leaves.values[a]?.length ?? 0 }, nothing);
    for (const [i, amounts] of leaves.amounts.entries()) addTo(sums[codes[i] ?? 0] as Amounts, amounts);
    return sums.reduce((sum, value) => sum + Math.max(0, excess(value, scale)), 0);
  });
  return Math.max(0, ...rises);
}

interface Values {
  /** New code per old code; HEAP for the heap. */
  codes: Int32Array;
  /** Old code per new code. */
  old: number[];
}

function living(amounts: readonly Amounts[], codes: Int32Array, size: number, scale: Scale, least: number): Values {
  const potential = new Float64Array(size);
  for (const [i, leaf] of amounts.entries()) {
    const rise = excess(leaf, scale);
    if (rise > 0) potential[codes[i] ?? 0] = (potential[codes[i] ?? 0] ?? 0) + rise;
  }
  const kept: Values = { codes: new Int32Array(size), old: [-1] };
  for (let code = 0; code < size; code++) {
    const lives = least > 0 && (potential[code] ?? 0) >= least;
    kept.codes[code] = lives ? kept.old.push(code) - 1 : HEAP;
  }
  return kept;
}

/** Leaves by their new codes, as columns: a million small objects would be slower. */
interface Merged {
  length: number;
  codes: Int32Array[];
  before: Float64Array;
  after: Float64Array;
  totalBefore: Float64Array;
  totalAfter: Float64Array;
  /** Per attribute: the text of each new code. */
  texts: string[][];
}

function merge(leaves: Leaves, kept: readonly Values[]): Merged {
  const own = leaves.codes.map((codes, a) => codes.map((code) => kept[a]?.codes[code] ?? HEAP));
  const { slots, first } = slotsOf(
    own,
    kept.map(({ old }) => old.length),
    leaves.amounts.length,
  );
  const column = (name: keyof Amounts) => {
    const sums = new Float64Array(first.length);
    for (const [i, leaf] of leaves.amounts.entries()) sums[slots[i] ?? 0] = (sums[slots[i] ?? 0] ?? 0) + leaf[name];
    return sums;
  };
  return {
    length: first.length,
    codes: own.map((codes) => Int32Array.from(first, (i) => codes[i] ?? HEAP)),
    before: column("before"),
    after: column("after"),
    totalBefore: column("totalBefore"),
    totalAfter: column("totalAfter"),
    texts: kept.map(({ old }, a) => old.map((code) => leaves.values[a]?.[code] ?? "")),
  };
}

/** Cells of one set of attributes; those with a value of the heap are left out, and of the largest sets all that rose too little. */
function addUp(merged: Merged, wanted: readonly number[], scale: Scale, least: number): Cell[] {
  const own = wanted.map((a) => merged.codes[a] ?? new Int32Array());
  const { slots, first } = slotsOf(
    own,
    wanted.map((a) => merged.texts[a]?.length ?? 0),
    merged.length,
  );
  const sums = [merged.before, merged.after, merged.totalBefore, merged.totalAfter].map((column) => {
    const sum = new Float64Array(first.length);
    for (let i = 0; i < merged.length; i++) sum[slots[i] ?? 0] = (sum[slots[i] ?? 0] ?? 0) + (column[i] ?? 0);
    return sum;
  });
  const cells: Cell[] = [];
  for (const [slot, row] of first.entries()) {
    if (own.some((column) => column[row] === HEAP)) continue;
    const [before = 0, after = 0, totalBefore = 0, totalAfter = 0] = sums.map((sum) => sum[slot] ?? 0);
    const amounts = { before, after, totalBefore, totalAfter };
    if (wanted.length >= DEEPEST && excess(amounts, scale) < least) continue;
    cells.push({ ...amounts, values: wanted.map((a, j) => merged.texts[a]?.[own[j]?.[row] ?? HEAP] ?? "") });
  }
  return cells;
}

/** Largest sets anyone asks for: their cells are nobody's parents, so that only those that rose are looked at. */
const DEEPEST = 3;
/** As many slots as an array of them costs less than a Map. */
const MOST_SLOTS = 1 << 23;

/** Numbers each combination of codes in order of its first row. `first`: that row per slot. */
function slotsOf(codes: readonly Int32Array[], sizes: readonly number[], rows: number): { slots: Int32Array; first: number[] } {
  const product = sizes.reduce((all, size) => all * Math.max(1, size), 1);
  const table = product <= MOST_SLOTS ? new Int32Array(product) : undefined;
  const map = new Map<number | string, number>();
  const key = rowKey(sizes);
  const slots = new Int32Array(rows);
  const first: number[] = [];
  for (let i = 0; i < rows; i++) {
    const k = key(codes, i);
    // One more than the slot, so that an array of zeros is empty.
    let slot = table ? (table[k as number] ?? 0) : (map.get(k) ?? 0);
    if (slot === 0) {
      slot = first.push(i);
      if (table) table[k as number] = slot;
      else map.set(k, slot);
    }
    slots[i] = slot - 1;
  }
  return { slots, first };
}
