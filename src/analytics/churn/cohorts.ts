import { formatNumber } from "../../core/format.ts";
import type { Column } from "./columns.ts";

/** A group of rows that share a value or two, and what is expected of it. */
export interface Cohort {
  /** "Contract is Month-to-month and tenure is at most 12" */
  name: string;
  rows: Uint32Array;
  /** Mean probability. */
  risk: number;
  /** Σ probability − rows × the mean of all: how many more than if it were like all. */
  excess: number;
}

const LEAST_ROWS = 30;
const LEAST_SHARE = 0.02;
const MOST_LEVELS = 12;
const MOST_OVERLAP = 0.5;

interface Part {
  column: string;
  name: string;
  rows: Uint32Array;
}

/**
 * The groups with the most expected outcomes beyond their size, from single values (quarters of a number column) and pairs of them;
 * of two that share more than half of their rows (Jaccard) the better stays. Groups under 30 rows or 2 % are too small to plan for.
 */
export function cohortsAtRisk(columns: readonly Column[], rows: Uint32Array, probabilities: Float64Array, most = 5): Cohort[] {
  const least = Math.max(LEAST_ROWS, LEAST_SHARE * rows.length);
  const overall = probabilities.reduce((sum, p) => sum + p, 0) / rows.length;
  const chance = new Map([...rows].map((i, k) => [i, probabilities[k] ?? 0]));
  const rate = (part: Uint32Array) => part.reduce((sum, i) => sum + (chance.get(i) ?? 0), 0) / part.length;
  const score = (part: Uint32Array) => part.length * (rate(part) - overall);
  const singles = columns.flatMap((column) => partsOf(column, rows)).filter((part) => part.rows.length >= least);
  const strongest = singles.toSorted((a, b) => score(b.rows) - score(a.rows)).slice(0, MOST_LEVELS);
  const pairs = strongest.flatMap((a, k) =>
    strongest.slice(k + 1).flatMap((b) => {
      if (a.column === b.column) return [];
      const inB = new Set(b.rows);
      return [{ column: "", name: `${a.name} and ${b.name}`, rows: a.rows.filter((i) => inB.has(i)) }];
    }),
  );
  const found: Cohort[] = [];
  // Standardised by √n, as in a test of the mean: a large group that is hardly above the rest tells less than a small one far above it.
  const ranked = [...singles, ...pairs]
    .filter((part) => part.rows.length >= least && part.rows.length < rows.length)
    .map((part) => ({ name: part.name, rows: part.rows, risk: rate(part.rows), excess: score(part.rows) }))
    .filter(({ risk }) => risk > 1.1 * overall)
    .sort((a, b) => b.excess / Math.sqrt(b.rows.length) - a.excess / Math.sqrt(a.rows.length) || (a.name < b.name ? -1 : 1));
  for (const cohort of ranked) {
    if (found.length === most) break;
    if (found.every((other) => overlap(other.rows, cohort.rows) <= MOST_OVERLAP)) found.push(cohort);
  }
  return found;
}

function partsOf(column: Column, rows: Uint32Array): Part[] {
  const name = column.name;
  if (column.kind === "category") {
    const groups = Map.groupBy(rows, (i) => column.values[i] ?? null);
    const ranked = [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, MOST_LEVELS);
    return ranked.map(([value, own]) => ({
      column: name,
      name: value === null ? `${name} is missing` : `${name} is ${value}`,
      rows: Uint32Array.from(own),
    }));
  }
  if (column.date) return [];
  const sorted = Float64Array.from(rows, (i) => column.values[i] ?? Number.NaN)
    .filter(Number.isFinite)
    .sort();
  const distinct = [...new Set(sorted)];
  const show = (v: number) => formatNumber(v);
  if (distinct.length <= 4)
    return distinct.map((v) => ({ column: name, name: `${name} is ${show(v)}`, rows: rows.filter((i) => column.values[i] === v) }));
  const cut = (q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  const [low, middle, high] = [cut(0.25), cut(0.5), cut(0.75)];
  const part = (words: string, test: (v: number) => boolean): Part => ({
    column: name,
    name: `${name} is ${words}`,
    rows: rows.filter((i) => test(column.values[i] ?? Number.NaN)),
  });
  return [
    part(`at most ${show(low)}`, (v) => v <= low),
    part(`at most ${show(middle)}`, (v) => v <= middle),
    part(`above ${show(middle)}`, (v) => v > middle),
    part(`above ${show(high)}`, (v) => v > high),
  ];
}

/** Rows in both over rows in either. */
function overlap(a: Uint32Array, b: Uint32Array): number {
  const inA = new Set(a);
  const both = b.reduce((n, i) => n + (inA.has(i) ? 1 : 0), 0);
  return both / (a.length + b.length - both);
}
