import { type Amounts, addTo, expected, nothing, type Scale } from "./amounts.ts";
import { evidence } from "./evidence.ts";
import type { Leaves } from "./rows.ts";

/** The `most` attributes in which one value stands out most, in their own order: sets of three grow with the cube of their number. */
export function tellingAttributes(leaves: Leaves, scale: Scale, most: number): number[] {
  const all = leaves.codes.map((codes, a) => ({ a, strength: strongest(leaves.amounts, codes, leaves.values[a]?.length ?? 0, scale) }));
  if (all.length <= most) return all.map(({ a }) => a);
  const kept = all.sort((x, y) => y.strength - x.strength || x.a - y.a).slice(0, most);
  return kept.map(({ a }) => a).sort((x, y) => x - y);
}

function strongest(amounts: readonly Amounts[], codes: Int32Array, size: number, scale: Scale): number {
  const sums = Array.from({ length: size }, nothing);
  for (const [i, leaf] of amounts.entries()) addTo(sums[codes[i] ?? 0] as Amounts, leaf);
  return sums.reduce((best, sum) => Math.max(best, evidence(sum.after, expected(sum, scale), scale.unit)), 0);
}
