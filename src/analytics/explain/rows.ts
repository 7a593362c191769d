import { type Amounts, addTo, backwards, nothing } from "./amounts.ts";
import { rowKey } from "./row-key.ts";

/** One side of a comparison: rows with text in every attribute. All columns are equally long. */
export interface Rows {
  /** Per attribute, in one order for both sides. null is a cell without a value, which is a value of its own here. */
  attributes: readonly (readonly (string | null)[])[];
  measure: Float64Array;
  /** Absent when the measure is no part of anything. */
  total?: Float64Array;
  /** How many periods the rows cover; sums are divided by it. */
  periods: number;
}

/** Rows with equal attributes added up: codes per attribute and the amounts per period. */
export interface Leaves {
  /** Per attribute: the code of each leaf. */
  codes: readonly Int32Array[];
  /** Per attribute: the text of each code. */
  values: readonly (readonly string[])[];
  amounts: readonly Amounts[];
  whole: Amounts;
  /** All amounts of the larger side per period, without regard to sign. */
  size: number;
}

/** What a cell without a value is called. */
export const NOT_SET = "(not set)";

/** Adds up both sides by all attributes together. A row whose measure or total is no finite number is left out. */
export function leavesOf(before: Rows, after: Rows): Leaves {
  const books = before.attributes.map(() => new Map<string, number>());
  const sides = [before, after].map((rows) => ({ rows, codes: rows.attributes.map((cells, a) => encode(cells, books[a] ?? new Map())) }));
  const key = rowKey(books.map((book) => book.size));
  const seen = new Map<number | string, number>();
  const leaves = { codes: books.map((): number[] => []), amounts: [] as Amounts[] };
  const sizes = [0, 0];
  for (const [s, { rows, codes }] of sides.entries()) {
    for (let i = 0; i < rows.measure.length; i++) {
      if (!counts(rows, i)) continue;
      const k = key(codes, i);
      let leaf = seen.get(k);
      if (leaf === undefined) {
        leaf = leaves.amounts.push(nothing()) - 1;
        seen.set(k, leaf);
        for (const [a, column] of codes.entries()) leaves.codes[a]?.push(column[i] ?? 0);
      }
      addRow(leaves.amounts[leaf] as Amounts, rows, i, s === 0);
      sizes[s] = (sizes[s] ?? 0) + Math.abs(rows.measure[i] ?? 0) / Math.max(1, rows.periods);
    }
  }
  const whole = nothing();
  for (const sum of leaves.amounts) addTo(whole, sum);
  const values = books.map((book) => [...book.keys()]);
  return { codes: leaves.codes.map((list) => Int32Array.from(list)), values, amounts: leaves.amounts, whole, size: Math.max(...sizes) };
}

/** The same leaves with before and after exchanged. */
export function turned(leaves: Leaves): Leaves {
  return { ...leaves, amounts: leaves.amounts.map(backwards), whole: backwards(leaves.whole) };
}

/** What one slice amounts to in one side, per period. `slice`: text per attribute; undefined for any. */
export function sumOf(rows: Rows, slice: readonly (string | undefined)[]): { value: number; total: number } {
  let value = 0;
  let total = 0;
  for (let i = 0; i < rows.measure.length; i++) {
    if (!counts(rows, i) || !slice.every((text, a) => text === undefined || (rows.attributes[a]?.[i] ?? NOT_SET) === text)) continue;
    value += rows.measure[i] ?? 0;
    total += rows.total?.[i] ?? 0;
  }
  const periods = Math.max(1, rows.periods);
  return { value: value / periods, total: total / periods };
}

function counts({ measure, total }: Rows, i: number): boolean {
  return Number.isFinite(measure[i]) && (total === undefined || Number.isFinite(total[i]));
}

function addRow(sum: Amounts, rows: Rows, i: number, isBefore: boolean): void {
  const periods = Math.max(1, rows.periods);
  const value = (rows.measure[i] ?? 0) / periods;
  const total = (rows.total?.[i] ?? 0) / periods;
  if (isBefore) {
    sum.before += value;
    sum.totalBefore += total;
  } else {
    sum.after += value;
    sum.totalAfter += total;
  }
}

function encode(cells: readonly (string | null)[], book: Map<string, number>): Int32Array {
  const codes = new Int32Array(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const text = cells[i] ?? NOT_SET;
    let code = book.get(text);
    if (code === undefined) {
      code = book.size;
      book.set(text, code);
    }
    codes[i] = code;
  }
  return codes;
}
