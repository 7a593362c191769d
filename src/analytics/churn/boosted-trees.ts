import { sigmoid } from "./logistic.ts";
import { seededRandom } from "./seeded-random.ts";

/** Columns of small whole numbers: the bin of each row, below `bins`. Order within a column has a meaning. */
export interface BinnedColumns {
  rows: number;
  columns: readonly Uint8Array[];
  bins: number;
}

export interface BoostingOptions {
  trees: number;
  depth: number;
  /** Share of each tree's answer that is taken. */
  rate: number;
  /** Ridge on a leaf's value. */
  lambda: number;
  /** Least sum of p(1 − p) on each side of a split. */
  leastWeight: number;
  /** Share of rows and of columns each tree sees. */
  rowShare: number;
  columnShare: number;
  seed: number;
}

/** A whole binary tree, level by level: node k has children 2k + 1 and 2k + 2. A node without split has column −1. */
interface Tree {
  column: Int16Array;
  /** Rows whose bin is at most this go left. */
  bin: Uint8Array;
  leaf: Float64Array;
}

export interface BoostedTrees {
  base: number;
  depth: number;
  trees: readonly Tree[];
}

/**
 * Gradient boosting of shallow trees on the log loss with Newton leaves −G/(H + λ), over histograms of binned columns, each tree on a
 * random part of rows and columns (Friedman 2001 and 2002; Chen and Guestrin 2016, eq. 5–7). Labels are 0 or 1.
 * Same input and seed give the same trees.
 */
export function fitBoostedTrees(data: BinnedColumns, labels: ArrayLike<number>, options: BoostingOptions): BoostedTrees {
  const random = seededRandom(options.seed);
  const n = data.rows;
  let positives = 0;
  for (let i = 0; i < n; i++) positives += labels[i] ?? 0;
  const base = Math.log((positives + 0.5) / (n - positives + 0.5));
  const score = new Float64Array(n).fill(base);
  const gradient = new Float64Array(n);
  const weight = new Float64Array(n);
  const trees: Tree[] = [];
  for (let t = 0; t < options.trees; t++) {
    for (let i = 0; i < n; i++) {
      const p = sigmoid(score[i] ?? 0);
      gradient[i] = p - (labels[i] ?? 0);
      weight[i] = p * (1 - p);
    }
    const rows = someRows(n, options.rowShare, random);
    const columns = pick(data.columns.length, options.columnShare, random);
    const tree = growTree(data, rows, columns, gradient, weight, options);
    trees.push(tree);
    for (let i = 0; i < n; i++) score[i] = (score[i] ?? 0) + leafOf(tree, data, i, options.depth);
  }
  return { base, depth: options.depth, trees };
}

/** Log odds of every row. */
export function boostedLogOdds({ base, trees, depth }: BoostedTrees, data: BinnedColumns): Float64Array {
  const score = new Float64Array(data.rows).fill(base);
  for (const tree of trees) for (let i = 0; i < data.rows; i++) score[i] = (score[i] ?? 0) + leafOf(tree, data, i, depth);
  return score;
}

function leafOf(tree: Tree, data: BinnedColumns, row: number, depth: number): number {
  let node = 0;
  for (let level = 0; level < depth; level++) {
    const column = tree.column[node] ?? -1;
    if (column < 0) break;
    node = 2 * node + ((data.columns[column]?.[row] ?? 0) <= (tree.bin[node] ?? 0) ? 1 : 2);
  }
  return tree.leaf[node] ?? 0;
}

function pick(n: number, share: number, random: () => number): number[] {
  const all = Array.from({ length: n }, (_, i) => ({ i, order: random() })).sort((a, b) => a.order - b.order);
  return all.slice(0, Math.max(1, Math.ceil(share * n))).map(({ i }) => i);
}

function growTree(
  data: BinnedColumns,
  rows: Uint32Array,
  columns: readonly number[],
  gradient: Float64Array,
  weight: Float64Array,
  options: BoostingOptions,
): Tree {
  const nodes = 2 ** (options.depth + 1) - 1;
  const tree: Tree = { column: new Int16Array(nodes).fill(-1), bin: new Uint8Array(nodes), leaf: new Float64Array(nodes) };
  const parts: (Uint32Array | undefined)[] = [rows];
  for (let node = 0; node < nodes; node++) {
    const part = parts[node];
    if (!part) continue;
    let g = 0;
    let h = 0;
    for (const i of part) {
      g += gradient[i] ?? 0;
      h += weight[i] ?? 0;
    }
    tree.leaf[node] = (-options.rate * g) / (h + options.lambda);
    if (2 * node + 2 >= nodes) continue;
    const split = bestSplit(data, part, columns, gradient, weight, g, h, options);
    const column = data.columns[split.column];
    if (!column) continue;
    tree.column[node] = split.column;
    tree.bin[node] = split.bin;
    const cut = partition(part, column, split.bin);
    parts[2 * node + 1] = part.subarray(0, cut);
    parts[2 * node + 2] = part.subarray(cut);
  }
  return tree;
}

/** Puts the rows that go left first, in place; gives how many they are. */
function partition(rows: Uint32Array, column: Uint8Array, bin: number): number {
  let left = 0;
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] ?? 0;
    if ((column[row] ?? 0) > bin) continue;
    rows[k] = rows[left] ?? 0;
    rows[left++] = row;
  }
  return left;
}

function someRows(n: number, share: number, random: () => number): Uint32Array {
  const rows = new Uint32Array(n);
  let used = 0;
  for (let i = 0; i < n; i++) if (random() < share) rows[used++] = i;
  return rows.subarray(0, used);
}

function bestSplit(
  data: BinnedColumns,
  part: Uint32Array,
  columns: readonly number[],
  gradient: Float64Array,
  weight: Float64Array,
  g: number,
  h: number,
  { lambda, leastWeight }: BoostingOptions,
): { column: number; bin: number } {
  let best = { column: -1, bin: 0 };
  let bestGain = 1e-6;
  const sums = new Float64Array(2 * data.bins);
  for (const c of columns) {
    const column = data.columns[c];
    if (!column) continue;
    sums.fill(0);
    for (const i of part) {
      const b = 2 * (column[i] ?? 0);
      sums[b] = (sums[b] ?? 0) + (gradient[i] ?? 0);
      sums[b + 1] = (sums[b + 1] ?? 0) + (weight[i] ?? 0);
    }
    let gl = 0;
    let hl = 0;
    for (let b = 0; b < data.bins - 1; b++) {
      gl += sums[2 * b] ?? 0;
      hl += sums[2 * b + 1] ?? 0;
      if (hl < leastWeight || h - hl < leastWeight) continue;
      const gain = gl ** 2 / (hl + lambda) + (g - gl) ** 2 / (h - hl + lambda) - g ** 2 / (h + lambda);
      if (gain > bestGain) {
        bestGain = gain;
        best = { column: c, bin: b };
      }
    }
  }
  return best;
}
