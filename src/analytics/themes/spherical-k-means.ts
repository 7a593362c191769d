import type { TermVectors } from "./term-vectors.ts";

/** Texts in groups by direction. Group of a row without a term: −1. */
export interface Grouping {
  groups: Int32Array;
  k: number;
}

const MOST_PASSES = 50;

/**
 * Spherical k-means: each text goes to the centre of largest cosine, each centre is the direction of its texts' sum (I. Dhillon and
 * D. Modha, Concept decompositions for large sparse text data, 2001). The first centre is the text nearest to the sum of all, each next the
 * text least like every centre so far (weighed by nothing, so no chance: the same texts in the same order always give the same groups).
 * A group that runs empty is dropped. O(passes · entries · k).
 */
export function sphericalKMeans(vectors: TermVectors, wanted: number): Grouping {
  const { rows, starts } = vectors;
  const filled = Array.from({ length: rows }, (_, r) => r).filter((r) => (starts[r + 1] ?? 0) > (starts[r] ?? 0));
  const groups = new Int32Array(rows).fill(-1);
  let centres = seeds(vectors, filled, wanted);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    let moved = 0;
    for (const r of filled) {
      const near = nearest(vectors, r, centres);
      if (groups[r] !== near) moved += 1;
      groups[r] = near;
    }
    if (moved === 0) break;
    centres = centresOf(vectors, filled, groups, centres.length);
  }
  const used = [...new Set(filled.map((r) => groups[r] ?? 0))].sort((a, b) => a - b);
  const renamed = new Map(used.map((g, i) => [g, i]));
  return { groups: groups.map((g) => renamed.get(g) ?? -1), k: used.length };
}

function centresOf(vectors: TermVectors, rows: readonly number[], groups: Int32Array, k: number): Float64Array[] {
  const sums = Array.from({ length: k }, () => new Float64Array(vectors.terms.length));
  for (const r of rows) {
    const sum = sums[groups[r] ?? 0];
    if (sum) addRow(sum, vectors, r);
  }
  return sums.map(normalised);
}

function seeds(vectors: TermVectors, filled: readonly number[], wanted: number): Float64Array[] {
  const total = new Float64Array(vectors.terms.length);
  for (const r of filled) addRow(total, vectors, r);
  const likeness = new Float64Array(vectors.rows).fill(-1);
  const centres: Float64Array[] = [];
  let next = best(filled, (r) => dot(vectors, r, total));
  while (next !== undefined && centres.length < wanted) {
    const centre = new Float64Array(vectors.terms.length);
    addRow(centre, vectors, next);
    centres.push(centre);
    for (const r of filled) likeness[r] = Math.max(likeness[r] ?? -1, dot(vectors, r, centre));
    next = best(filled, (r) => ((likeness[r] ?? 1) > 1 - 1e-9 ? Number.NEGATIVE_INFINITY : -(likeness[r] ?? 1)));
  }
  return centres;
}

function best(rows: readonly number[], score: (row: number) => number): number | undefined {
  let found: number | undefined;
  let high = Number.NEGATIVE_INFINITY;
  for (const r of rows) {
    const value = score(r);
    if (value > high) [found, high] = [r, value];
  }
  return found;
}

function nearest(vectors: TermVectors, row: number, centres: readonly Float64Array[]): number {
  let found = 0;
  let high = Number.NEGATIVE_INFINITY;
  for (const [g, centre] of centres.entries()) {
    const value = dot(vectors, row, centre);
    if (value > high + 1e-12) [found, high] = [g, value];
  }
  return found;
}

export function dot({ starts, columns, weights }: TermVectors, row: number, other: Float64Array): number {
  let sum = 0;
  for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i++) sum += (weights[i] ?? 0) * (other[columns[i] ?? 0] ?? 0);
  return sum;
}

export function addRow(sum: Float64Array, { starts, columns, weights }: TermVectors, row: number): void {
  for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i++) sum[columns[i] ?? 0] = (sum[columns[i] ?? 0] ?? 0) + (weights[i] ?? 0);
}

function normalised(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
  return length === 0 ? vector : vector.map((v) => v / length);
}
