import type { Leaves } from "./rows.ts";

/** Positions of the attributes that are no other wording of an earlier one: equal values go with equal values in every leaf, both ways. */
export function distinctAttributes(leaves: Leaves): number[] {
  const kept: number[] = [];
  for (let a = 0; a < leaves.codes.length; a++) {
    const size = leaves.values[a]?.length ?? 0;
    // One value everywhere is a fact about the data, not another wording.
    const twin = size > 1 && kept.some((b) => leaves.values[b]?.length === size && oneToOne(leaves.codes[a], leaves.codes[b], size));
    if (!twin) kept.push(a);
  }
  return kept;
}

function oneToOne(a: Int32Array | undefined, b: Int32Array | undefined, size: number): boolean {
  const there = new Int32Array(size).fill(-1);
  const back = new Int32Array(size).fill(-1);
  for (let i = 0; i < (a?.length ?? 0); i++) {
    const [x, y] = [a?.[i] ?? 0, b?.[i] ?? 0];
    if (there[x] === -1) there[x] = y;
    if (back[y] === -1) back[y] = x;
    if (there[x] !== y || back[y] !== x) return false;
  }
  return true;
}
