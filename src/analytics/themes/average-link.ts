import { addRow, type Grouping } from "./spherical-k-means.ts";
import type { TermVectors } from "./term-vectors.ts";

/** Groups after joining, from many to few: `cuts[i]` is one grouping, and the likeness at which its next join would happen. */
export interface Cut extends Grouping {
  /** Mean cosine between the texts of the two groups nearest to each other; 0 for one group. */
  nextLikeness: number;
}

/**
 * Joins the two groups whose texts are most alike on average, again and again (average link, UPGMA: R. Sokal and C. Michener, 1958). The mean
 * cosine of all pairs of two groups is the product of their mean vectors, so it is exact without looking at pairs. Gives every grouping on the
 * way, the start itself first and one group last. O(k³) for k groups at the start.
 */
export function averageLink(vectors: TermVectors, start: Grouping): Cut[] {
  const { sums, sizes } = groupSums(vectors, start);
  const products = sums.map((a) => Float64Array.from(sums, (b) => product(a, b)));
  const names = Int32Array.from(sums.keys());
  let alive = [...sums.keys()];
  const cuts: Cut[] = [];
  while (alive.length > 0) {
    const pair = nearestPair(alive, products, sizes);
    const index = new Map(alive.map((g, i) => [g, i]));
    const groups = start.groups.map((g) => (g < 0 ? -1 : (index.get(names[g] ?? 0) ?? -1)));
    cuts.push({ groups, k: alive.length, nextLikeness: pair?.likeness ?? 0 });
    if (!pair) break;
    const { a, b } = pair;
    join(products, alive, a, b);
    sizes[a] = (sizes[a] ?? 0) + (sizes[b] ?? 0);
    for (const [g, name] of names.entries()) if (name === b) names[g] = a;
    alive = alive.filter((g) => g !== b);
  }
  return cuts;
}

/** Sum of the rows of each group, and how many they are. */
function groupSums(vectors: TermVectors, { groups, k }: Grouping) {
  const sums = Array.from({ length: k }, () => new Float64Array(vectors.terms.length));
  const sizes = new Float64Array(k);
  for (const [r, g] of groups.entries()) {
    const sum = sums[g];
    if (!sum) continue;
    addRow(sum, vectors, r);
    sizes[g] = (sizes[g] ?? 0) + 1;
  }
  return { sums, sizes };
}

/** Products of the joined group, kept under the name of the first: a sum's products are the sum of the products. */
function join(products: readonly Float64Array[], alive: readonly number[], a: number, b: number): void {
  const [rowA, rowB] = [products[a], products[b]];
  if (!rowA || !rowB) return;
  const own = (rowA[a] ?? 0) + 2 * (rowA[b] ?? 0) + (rowB[b] ?? 0);
  for (const g of alive) {
    const joined = (rowA[g] ?? 0) + (rowB[g] ?? 0);
    rowA[g] = joined;
    const row = products[g];
    if (row) row[a] = joined;
  }
  rowA[a] = own;
}

function nearestPair(alive: readonly number[], products: readonly Float64Array[], sizes: Float64Array) {
  let found: { a: number; b: number; likeness: number } | undefined;
  for (const [i, a] of alive.entries())
    for (const b of alive.slice(i + 1)) {
      const likeness = (products[a]?.[b] ?? 0) / ((sizes[a] ?? 1) * (sizes[b] ?? 1));
      if (!found || likeness > found.likeness + 1e-15) found = { a, b, likeness };
    }
  return found;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
