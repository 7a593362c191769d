import { type CategoryFeatures, categoryValues, planCategory } from "./category-features.ts";
import type { CategoryColumn, Column, NumberColumn } from "./columns.ts";
import type { Matrix } from "./logistic.ts";
import { type NumberFeatures, numberValues, planNumber } from "./number-features.ts";

export type FeaturePlan = NumberFeatures | CategoryFeatures;

/** How the rows of a table become a matrix: fixed on the training rows, then used on any. */
export interface Design {
  plans: readonly FeaturePlan[];
  /** Positions of two plans whose features are multiplied. */
  pairs: readonly (readonly [number, number])[];
  mean: Float64Array;
  /** Standard deviation; a feature without any becomes zero. */
  deviation: Float64Array;
  /** For each feature, the plans it comes from: one, or two for a product. */
  sources: readonly (readonly number[])[];
}

export interface DesignOptions {
  /** Hinges per number column, at evenly spaced quantiles. */
  hinges: number;
  /** Products are formed between so many of the strongest columns. */
  strongest: number;
}

/** Features of one column over rows; `main` are those that products are made of. */
export interface FeatureBlock {
  all: Float64Array[];
  main: Float64Array[];
}

/** `strength`: how well each column alone tells the label, any scale. */
export function fitDesign(columns: readonly Column[], rows: Uint32Array, strength: Float64Array, options: DesignOptions): Design {
  const plans = columns.map((column) => (column.kind === "number" ? planNumber(column, rows, options.hinges) : planCategory(column, rows)));
  const order = [...columns.keys()].sort((a, b) => (strength[b] ?? 0) - (strength[a] ?? 0)).slice(0, options.strongest);
  const pairs = order.flatMap((a, k) => order.slice(k + 1).map((b) => [a, b] as const));
  const { features, sources } = allFeatures(plans, pairs, columns, rows);
  const mean = Float64Array.from(features, meanOf);
  const deviation = Float64Array.from(features, (feature, j) =>
    Math.sqrt(feature.reduce((sum, v) => sum + (v - (mean[j] ?? 0)) ** 2, 0) / feature.length),
  );
  return { plans, pairs, mean, deviation, sources };
}

/** The matrix of standardised features, one row for each of `rows`. */
export function designMatrix(design: Design, columns: readonly Column[], rows: Uint32Array): Matrix {
  const { features } = allFeatures(design.plans, design.pairs, columns, rows);
  const p = features.length;
  const values = new Float64Array(rows.length * p);
  for (const [j, feature] of features.entries()) {
    const mean = design.mean[j] ?? 0;
    const deviation = design.deviation[j] ?? 0;
    if (deviation < 1e-9) continue;
    for (let i = 0; i < rows.length; i++) values[i * p + j] = ((feature[i] ?? 0) - mean) / deviation;
  }
  return { rows: rows.length, columns: p, values };
}

function allFeatures(plans: readonly FeaturePlan[], pairs: Design["pairs"], columns: readonly Column[], rows: Uint32Array) {
  const blocks = plans.map((plan, k) => block(plan, columns[k], rows));
  const features: Float64Array[] = [];
  const sources: (readonly number[])[] = [];
  const add = (feature: Float64Array, source: readonly number[]) => {
    features.push(feature);
    sources.push(source);
  };
  for (const [k, { all }] of blocks.entries()) for (const feature of all) add(feature, [k]);
  for (const [a, b] of pairs)
    for (const x of blocks[a]?.main ?? [])
      for (const y of blocks[b]?.main ?? [])
        add(
          x.map((v, i) => v * (y[i] ?? 0)),
          [a, b],
        );
  return { features, sources };
}

function block(plan: FeaturePlan, column: Column | undefined, rows: Uint32Array): FeatureBlock {
  return plan.kind === "number" ? numberValues(plan, column as NumberColumn, rows) : categoryValues(plan, column as CategoryColumn, rows);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
