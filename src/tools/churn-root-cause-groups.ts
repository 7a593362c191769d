import { quantileSorted } from "simple-statistics";
import { NO_LABEL } from "../analytics/churn/label.ts";
import { wilsonInterval } from "../analytics/churn/wilson.ts";
import { formatNumber } from "../core/format.ts";
import type { Table } from "../core/table.ts";

/** Customers with one value of a column, and how many of them left. */
export interface ChurnGroup {
  column: string;
  value: string;
  customers: number;
  left: number;
  rate: number;
  low: number;
  high: number;
  /** Rate of the group over the rate of everybody. */
  lift: number;
  /** Customers who left beyond what the rate of all the others would have given; negative: fewer. */
  excess: number;
  /** Two-sided, against all other customers, times the number of groups compared (Bonferroni), at most 1. */
  p: number;
}

export interface ChurnGroups {
  groups: ChurnGroup[];
  /** What those who left gave as their reason, from columns that hold values only for them. */
  reasons: { column: string; value: string; left: number; share: number; low: number; high: number }[];
  skipped: { column: string; why: string }[];
  compared: number;
}

/** Customers a group needs to be spoken of, and distinct values a column may have. */
const LEAST_IN_GROUP = 30;
const MOST_VALUES = 30;
const BANDS = 4;
/** A column known of those who stayed and of those who left this differently was written down after the fact. */
const KNOWN_APART = 0.2;

/** Churn rate by every value of every column; numbers in four bands of equal size. `labels`: 1 left, 0 stayed, 255 unknown. */
export function churnGroups(table: Table, labels: Uint8Array, names: readonly string[]): ChurnGroups {
  const rows = Array.from(labels.keys()).filter((i) => labels[i] !== NO_LABEL);
  const all = { rows, left: rows.filter((i) => labels[i] === 1).length };
  const found: Compared[] = [];
  const reasons: ChurnGroups["reasons"] = [];
  const skipped: ChurnGroups["skipped"] = [];
  for (const column of names) {
    const groups = groupsOf(table, column, labels, rows);
    if (givesReasons(groups, all))
      for (const { value, left } of groups.values)
        reasons.push({ column, value, left, share: left / groups.left, ...wilsonInterval(left, groups.left) });
    else if (groups.values.length >= 2) {
      const why = whyNot(groups, all);
      if (why) skipped.push({ column, why });
      else found.push(...groups.values.flatMap((group) => comparedWithOthers(column, group, groups, all)));
    }
  }
  const groups = found.map(({ z, ...g }) => ({
    ...g,
    p: Math.min(1, found.length * twoSided(z)),
  }));
  groups.sort((a, b) => Number(b.p < 0.05) - Number(a.p < 0.05) || b.excess - a.excess || (a.value < b.value ? -1 : 1));
  return { groups, reasons: reasons.sort((a, b) => b.left - a.left), skipped, compared: found.length };
}

type Compared = Omit<ChurnGroup, "p"> & { z: number };

interface Everybody {
  rows: readonly number[];
  left: number;
}

/** A column's values with their customers, and how many have a value at all. */
interface ColumnGroups {
  values: { value: string; customers: number; left: number }[];
  customers: number;
  left: number;
}

function groupsOf(table: Table, column: string, labels: Uint8Array, rows: readonly number[]): ColumnGroups {
  const cells = valuesOf(table, column, rows);
  const known = rows.filter((i) => cells[i] != null);
  const leftOf = (some: readonly number[]) => some.filter((i) => labels[i] === 1).length;
  const values = [...Map.groupBy(known, (i) => cells[i] ?? "")].map(([value, some]) => ({
    value,
    customers: some.length,
    left: leftOf(some),
  }));
  return { values, customers: known.length, left: leftOf(known) };
}

/** Shares of those who left, and of those who stayed, whose value is known. */
function knownShares({ customers, left }: ColumnGroups, all: Everybody): { ofLeft: number; ofStayed: number } {
  return { ofLeft: share(left, all.left), ofStayed: share(customers - left, all.rows.length - all.left) };
}

/** Only those who left have a value: it was asked when they went. */
function givesReasons(groups: ColumnGroups, all: Everybody): boolean {
  return groups.left > 0 && knownShares(groups, all).ofStayed < 0.02 && groups.values.length <= MOST_VALUES;
}

function whyNot(groups: ColumnGroups, all: Everybody): string | undefined {
  const { ofLeft, ofStayed } = knownShares(groups, all);
  if (groups.values.length > MOST_VALUES) return `has ${formatNumber(groups.values.length)} different values`;
  if (Math.abs(ofLeft - ofStayed) > KNOWN_APART) return "is known of those who stayed and of those who left to a different degree";
  return groups.values.every(({ customers, left }) => left === 0 || left === customers) ? "says the outcome itself" : undefined;
}

function comparedWithOthers(
  column: string,
  { value, customers, left }: ColumnGroups["values"][number],
  of: ColumnGroups,
  all: Everybody,
): Compared[] {
  const others = of.customers - customers;
  const othersLeft = of.left - left;
  if (customers < LEAST_IN_GROUP || others < LEAST_IN_GROUP) return [];
  const rate = left / customers;
  const lift = all.left === 0 ? 1 : (rate * all.rows.length) / all.left;
  const excess = left - (customers * othersLeft) / others;
  return [
    {
      column,
      value,
      customers,
      left,
      rate,
      ...wilsonInterval(left, customers),
      lift,
      excess,
      z: twoShares(left, customers, othersLeft, others),
    },
  ];
}

/** Probability of a normal value at least as far from 0 (erfc by Chebyshev fit, Numerical Recipes 6.2.2, relative error below 1.2e-7). */
export function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const fit = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];
  return Math.min(1, t * Math.exp(-x * x + fit.reduce((sum, c) => sum * t + c, 0)));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** z of two shares with their common variance (K. Pearson). 0 where both are all or nothing. */
function twoShares(a: number, n: number, b: number, m: number): number {
  const common = (a + b) / (n + m);
  const error = Math.sqrt(common * (1 - common) * (1 / n + 1 / m));
  return error === 0 ? 0 : (a / n - b / m) / error;
}

/** A column's cells by row; numbers with many values as bands. */
function valuesOf(table: Table, column: string, rows: readonly number[]): (string | null)[] {
  const cells = table.column(column).map((cell) => cell?.trim() || null);
  const numbers = rows.flatMap((i) => (cells[i] === null || cells[i] === undefined ? [] : [Number(cells[i])]));
  if (numbers.length === 0 || numbers.some((n) => !Number.isFinite(n)) || new Set(numbers).size <= 8) return cells;
  const sorted = numbers.sort((a, b) => a - b);
  const cuts = [...new Set(Array.from({ length: BANDS - 1 }, (_, k) => quantileSorted(sorted, (k + 1) / BANDS)))];
  return cells.map((cell) => (cell === null ? null : bandOf(Number(cell), cuts)));
}

function bandOf(value: number, cuts: readonly number[]): string {
  const k = cuts.findIndex((c) => value <= c);
  if (k === 0) return `up to ${formatNumber(cuts[0] ?? 0)}`;
  return k < 0 ? `over ${formatNumber(cuts.at(-1) ?? 0)}` : `over ${formatNumber(cuts[k - 1] ?? 0)} to ${formatNumber(cuts[k] ?? 0)}`;
}
