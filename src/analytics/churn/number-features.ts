import type { NumberColumn } from "./columns.ts";
import type { FeatureBlock } from "./design.ts";

/** A number column as features, learnt from the training rows. */
export interface NumberFeatures {
  kind: "number";
  name: string;
  mean: number;
  deviation: number;
  /** Values outside are brought to the nearest end: a model knows nothing beyond what it saw. */
  low: number;
  high: number;
  /** Stands for a missing value, next to a feature that says it was missing. */
  median: number;
  /** Where the slope may change: quantiles of the training rows. */
  knots: readonly number[];
  blanks: boolean;
  date: boolean;
}

/** Hinges max(0, x − q) at quantiles make the effect piecewise linear (Friedman 1991, MARS); the logarithm helps with long tails. */
export function planNumber(column: NumberColumn, rows: Uint32Array, hinges: number): NumberFeatures {
  const present = Float64Array.from(rows, (i) => column.values[i] ?? Number.NaN)
    .filter(Number.isFinite)
    .sort();
  const n = present.length;
  const mean = n === 0 ? 0 : present.reduce((sum, v) => sum + v, 0) / n;
  const deviation = Math.sqrt(present.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n) || 1;
  const low = present[0] ?? 0;
  const high = present[n - 1] ?? 0;
  const quantile = (q: number) => present[Math.min(n - 1, Math.floor(q * n))] ?? 0;
  const knots = Array.from({ length: hinges }, (_, k) => quantile((k + 1) / (hinges + 1)));
  return {
    kind: "number",
    name: column.name,
    mean,
    deviation,
    low,
    high,
    median: quantile(0.5),
    knots: [...new Set(knots)].filter((knot) => knot > low && knot < high),
    blanks: n < rows.length,
    date: column.date === true,
  };
}

export function numberValues(plan: NumberFeatures, column: NumberColumn, rows: Uint32Array): FeatureBlock {
  const raw = Float64Array.from(rows, (i) => column.values[i] ?? Number.NaN);
  const x = raw.map((v) => (Number.isNaN(v) ? plan.median : Math.min(plan.high, Math.max(plan.low, v))));
  const scaled = x.map((v) => (v - plan.mean) / plan.deviation);
  const centre = signedLog(plan.mean);
  const log = x.map((v) => signedLog(v) - centre);
  const hinges = plan.knots.map((knot) => x.map((v) => Math.max(0, v - knot) / plan.deviation));
  const blank = plan.blanks ? [raw.map((v) => (Number.isNaN(v) ? 1 : 0))] : [];
  return { all: [scaled, log, ...hinges, ...blank], main: [scaled, log] };
}

function signedLog(v: number): number {
  return Math.sign(v) * Math.log1p(Math.abs(v));
}
