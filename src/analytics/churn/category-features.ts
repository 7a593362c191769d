import type { CategoryColumn } from "./columns.ts";
import type { FeatureBlock } from "./design.ts";

/** A category column as one feature per frequent value, learnt from the training rows. */
export interface CategoryFeatures {
  kind: "category";
  name: string;
  /** Most frequent first. */
  levels: readonly string[];
  /** The column has rarer values; they share one feature. */
  rare: boolean;
  blanks: boolean;
}

const MOST_LEVELS = 30;
const MOST_IN_PRODUCTS = 6;

/** A value must be in 10 rows and in half a percent of them to stand for itself. */
export function planCategory(column: CategoryColumn, rows: Uint32Array): CategoryFeatures {
  const counts = new Map<string, number>();
  let blanks = false;
  for (const i of rows) {
    const value = column.values[i] ?? null;
    if (value === null) blanks = true;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const least = Math.max(10, 0.005 * rows.length);
  const levels = [...counts]
    .filter(([, count]) => count >= least)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_LEVELS)
    .map(([value]) => value);
  return { kind: "category", name: column.name, levels, rare: levels.length < counts.size, blanks };
}

export function categoryValues(plan: CategoryFeatures, column: CategoryColumn, rows: Uint32Array): FeatureBlock {
  const known = new Set(plan.levels);
  const cells = Array.from(rows, (i) => column.values[i] ?? null);
  const flag = (test: (cell: string | null) => boolean) => Float64Array.from(cells, (cell) => (test(cell) ? 1 : 0));
  const all = plan.levels.map((level) => flag((cell) => cell === level));
  if (plan.rare) all.push(flag((cell) => cell !== null && !known.has(cell)));
  if (plan.blanks) all.push(flag((cell) => cell === null));
  return { all, main: all.slice(0, MOST_IN_PRODUCTS) };
}
