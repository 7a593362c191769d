import type { BinnedColumns } from "./boosted-trees.ts";
import type { Column } from "./columns.ts";

/** Bins of a histogram; bin 0 of a number column holds the missing. */
export const BINS = 64;
/** Rows of the average added to each category, so that a rare one is not taken at its word. */
const SMOOTHING = 10;

export type BinPlan = { kind: "number"; cuts: Float64Array } | { kind: "category"; bins: ReadonlyMap<string | null, number> };

/** Numbers are cut at quantiles; categories stand in the order of their smoothed share of positives. */
export function planBins(columns: readonly Column[], rows: Uint32Array, labels: ArrayLike<number>): BinPlan[] {
  return columns.map((column) => {
    if (column.kind === "number") {
      const present = Float64Array.from(rows, (i) => column.values[i] ?? Number.NaN)
        .filter(Number.isFinite)
        .sort();
      const cuts = Array.from({ length: BINS - 2 }, (_, k) => present[Math.floor(((k + 1) / (BINS - 1)) * present.length)] ?? 0);
      return { kind: "number", cuts: Float64Array.from(new Set(cuts)) };
    }
    const shares = [...smoothedShares(column.values, rows, labels)].sort((a, b) => a[1] - b[1]);
    return { kind: "category", bins: new Map(shares.map(([value], k) => [value, Math.floor((k * BINS) / Math.max(BINS, shares.length))])) };
  });
}

/** Labels are those of `rows`, in their order. */
function smoothedShares(values: readonly (string | null)[], rows: Uint32Array, labels: ArrayLike<number>): Map<string | null, number> {
  const counts = new Map<string | null, { n: number; positive: number }>();
  let positives = 0;
  for (const [k, i] of rows.entries()) {
    const value = values[i] ?? null;
    const count = counts.get(value) ?? { n: 0, positive: 0 };
    count.n += 1;
    count.positive += labels[k] ?? 0;
    positives += labels[k] ?? 0;
    counts.set(value, count);
  }
  const base = positives / rows.length;
  return new Map([...counts].map(([value, { n, positive }]) => [value, (positive + SMOOTHING * base) / (n + SMOOTHING)]));
}

export function binColumns(plans: readonly BinPlan[], columns: readonly Column[], rows: Uint32Array): BinnedColumns {
  const binned = plans.map((plan, k) => {
    const column = columns[k];
    if (plan.kind === "number" && column?.kind === "number")
      return Uint8Array.from(rows, (i) => numberBin(plan.cuts, column.values[i] ?? Number.NaN));
    if (plan.kind === "category" && column?.kind === "category") {
      const unknown = Math.floor(plan.bins.size / 2);
      return Uint8Array.from(rows, (i) => plan.bins.get(column.values[i] ?? null) ?? Math.min(unknown, BINS - 1));
    }
    throw new TypeError("binColumns: the columns are not those the bins were made for");
  });
  return { rows: rows.length, columns: binned, bins: BINS };
}

/** 0 for missing, else one more than the number of cuts below the value. */
function numberBin(cuts: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return 1 + low;
}
