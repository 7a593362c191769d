import type { Column } from "../churn/columns.ts";
import { isotonic } from "./isotonic.ts";

/** One thing health is read from: how a value becomes 0 (bad) to 1 (good), always in one direction. */
export type HealthInput =
  | {
      kind: "scale";
      name: string;
      /** Values going up, and the input at each; between them in a straight line, beyond them as at the ends. */
      at: Float64Array;
      input: Float64Array;
      /** The input goes up with the value. */
      rising: boolean;
    }
  | { kind: "group"; name: string; inputs: ReadonlyMap<string, number> };

const CUTS = 20;
const SMOOTHING = 10;

/**
 * A number as an input by where it stands among the others: the share of rows at or below it (mid-rank). `rising` says which end is
 * good, which no data can tell without outcomes.
 */
export function rankInput(name: string, values: Float64Array, rising: boolean): HealthInput {
  const sorted = values.filter(Number.isFinite).sort();
  const at = Float64Array.from(new Set(Array.from({ length: CUTS + 1 }, (_, k) => quantile(sorted, k / CUTS))));
  const share = at.map((v) => {
    const below = sorted.filter((x) => x < v).length;
    const same = sorted.filter((x) => x === v).length;
    return (below + same / 2) / sorted.length;
  });
  return { kind: "scale", name, at, input: rising ? share : share.map((s) => 1 - s), rising };
}

/**
 * A column as an input by how those with each value fared: `kept` is 1 for rows that ended well. A number is cut at its twentieths and
 * the share kept made monotone (isotonic), in the direction that fits; a category stands at its share kept, drawn to the mean by ten
 * rows. Both are stretched to 0–1. undefined when nothing differs.
 */
export function learntInput(column: Column, rows: Uint32Array, kept: ArrayLike<number>): HealthInput | undefined {
  return column.kind === "number"
    ? learntScale(column.name, column.values, rows, kept)
    : learntGroups(column.name, column.values, rows, kept);
}

/** 0 to 1, or NaN when the value is missing or was never seen. */
export function inputValue(input: HealthInput, column: Column, row: number): number {
  if (input.kind === "group") return column.kind === "category" ? (input.inputs.get(column.values[row] ?? "") ?? Number.NaN) : Number.NaN;
  return column.kind === "number" ? between(input.at, input.input, column.values[row] ?? Number.NaN) : Number.NaN;
}

function learntScale(name: string, values: Float64Array, rows: Uint32Array, kept: ArrayLike<number>): HealthInput | undefined {
  const known = [...rows.keys()].filter((k) => Number.isFinite(values[rows[k] ?? 0] ?? Number.NaN));
  known.sort((a, b) => (values[rows[a] ?? 0] ?? 0) - (values[rows[b] ?? 0] ?? 0));
  const value = (k: number) => values[rows[known[k] ?? 0] ?? 0] ?? 0;
  const parts: { at: number; mean: number; n: number }[] = [];
  for (let start = 0; start < known.length; ) {
    let end = Math.min(known.length, start + Math.max(1, Math.ceil(known.length / CUTS)));
    while (end < known.length && value(end) === value(end - 1)) end++;
    const own = known.slice(start, end);
    const sum = own.reduce((s, k) => s + (kept[k] ?? 0), 0);
    parts.push({ at: own.reduce((s, k) => s + (values[rows[k] ?? 0] ?? 0), 0) / own.length, mean: sum / own.length, n: own.length });
    start = end;
  }
  const means = parts.map((p) => p.mean);
  const sizes = parts.map((p) => p.n);
  const up = isotonic(means, sizes);
  const down = isotonic(means.toReversed(), sizes.toReversed()).reverse();
  const error = (fit: Float64Array) => fit.reduce((s, v, k) => s + (sizes[k] ?? 0) * (v - (means[k] ?? 0)) ** 2, 0);
  const rising = error(up) <= error(down);
  const input = stretched(rising ? up : down);
  return input && { kind: "scale", name, at: Float64Array.from(parts, (p) => p.at), input, rising };
}

function learntGroups(
  name: string,
  values: readonly (string | null)[],
  rows: Uint32Array,
  kept: ArrayLike<number>,
): HealthInput | undefined {
  const groups = new Map<string, { n: number; kept: number }>();
  let all = 0;
  for (const [k, i] of rows.entries()) {
    all += kept[k] ?? 0;
    const value = values[i];
    if (value == null) continue;
    const group = groups.get(value) ?? { n: 0, kept: 0 };
    groups.set(value, { n: group.n + 1, kept: group.kept + (kept[k] ?? 0) });
  }
  const base = all / rows.length;
  const shares = Float64Array.from(groups.values(), (g) => (g.kept + SMOOTHING * base) / (g.n + SMOOTHING));
  const input = stretched(shares);
  return input && { kind: "group", name, inputs: new Map([...groups.keys()].map((value, k) => [value, input[k] ?? 0])) };
}

function stretched(values: Float64Array): Float64Array | undefined {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return high - low > 1e-9 ? values.map((v) => (v - low) / (high - low)) : undefined;
}

function between(at: Float64Array, input: Float64Array, value: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  const next = at.findIndex((x) => x >= value);
  if (next < 0) return input.at(-1) ?? Number.NaN;
  if (next === 0 || at[next] === value) return input[next] ?? Number.NaN;
  const [x0, x1, y0, y1] = [at[next - 1] ?? 0, at[next] ?? 1, input[next - 1] ?? 0, input[next] ?? 0];
  return y0 + ((value - x0) / (x1 - x0)) * (y1 - y0);
}

function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.round(q * (sorted.length - 1))] ?? 0;
}
