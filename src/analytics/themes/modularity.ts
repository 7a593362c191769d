import { addRow, dot, type Grouping } from "./spherical-k-means.ts";
import type { TermVectors } from "./term-vectors.ts";

/**
 * How much more alike the texts within groups are than chance would have it: Σ over groups of (likeness inside / likeness of all) −
 * (likeness of the group to all / likeness of all)², over cosines (M. Newman, Modularity and community structure in networks, PNAS 103,
 * 2006, with weights). 0 for one group; at most 1. Needs no number set by hand: joining two groups pays only if they share more than expected.
 */
export function modularity(vectors: TermVectors, { groups, k }: Grouping): number {
  const total = new Float64Array(vectors.terms.length);
  const sums = Array.from({ length: k }, () => new Float64Array(vectors.terms.length));
  for (const [r, g] of groups.entries()) {
    const sum = sums[g];
    if (!sum) continue;
    addRow(sum, vectors, r);
    addRow(total, vectors, r);
  }
  const all = square(total, total);
  if (all === 0) return 0;
  return sums.reduce((q, sum) => q + square(sum, sum) / all - (square(sum, total) / all) ** 2, 0);
}

function square(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** Mean cosine between two different texts of a group; 1 for a single text. */
export function cohesion(vectors: TermVectors, rows: readonly number[]): number {
  if (rows.length < 2) return 1;
  const sum = new Float64Array(vectors.terms.length);
  for (const r of rows) addRow(sum, vectors, r);
  const self = rows.reduce((s, r) => s + (dot(vectors, r, sum) > 0 ? 1 : 0), 0);
  return Math.max(0, (square(sum, sum) - self) / (rows.length * (rows.length - 1)));
}
