import { wordsOf } from "../../core/value-names.ts";
import type { Column, NumberColumn } from "./columns.ts";
import { columnStrength, type Strength } from "./strength.ts";

/** A column alone should not rank so well; what does was written down after the fact. */
const TOO_GOOD = 0.97;
/** Nor should it settle so many of the rarer label's rows for sure. */
const TOO_CERTAIN = 0.3;
/** Less is enough for a column that is called like the label: "Churn Score". */
const TOO_GOOD_BY_NAME = 0.8;

/** Why a column gives the label away, in words that follow its name; undefined when it does not. */
export function givesAway(name: string, label: string, { auc, certain }: Strength): string | undefined {
  if (auc >= TOO_GOOD) return `tells “${label}” almost by itself (AUC ${auc.toFixed(2)})`;
  if (certain >= TOO_CERTAIN) return `settles ${Math.round(100 * certain)}% of the rarer outcome for sure`;
  const words = wordsOf(name);
  const own = wordsOf(label);
  const named = own.length > 0 && own.every((word) => words.includes(word));
  return named && auc >= TOO_GOOD_BY_NAME ? `is called like “${label}” and follows it closely (AUC ${auc.toFixed(2)})` : undefined;
}

/** Columns that give the label away, alone or as `spansGivingAway`, and why. `labels` are those of `rows`, 0 or 1. */
export function columnsGivingAway(columns: readonly Column[], label: string, rows: Uint32Array, labels: Float64Array): Map<string, string> {
  const found = new Map<string, string>();
  for (const column of columns) {
    const why = givesAway(column.name, label, columnStrength(column, rows, labels));
    if (why) found.set(column.name, why);
  }
  const others = columns.filter(({ name }) => !found.has(name));
  for (const [name, why] of spansGivingAway(others, label, rows, labels)) found.set(name, why);
  return found;
}

/** Days of what a number may count: days, weeks, months, years. */
const LENGTHS = [1, 7, 365.25 / 12, 365.25];

/**
 * Numbers that are the time since a date, and so tell when it ended: the months a customer has been there, added to the day it began, are
 * the day it left, and for all that stayed the day of the file.
 */
export function spansGivingAway(columns: readonly Column[], label: string, rows: Uint32Array, labels: Float64Array): Map<string, string> {
  const numbers = columns.filter((column): column is NumberColumn => column.kind === "number");
  const isEnd = (end: NumberColumn) => {
    const { auc, certain } = columnStrength(end, rows, labels);
    return auc >= TOO_GOOD || certain >= TOO_CERTAIN;
  };
  const found = new Map<string, string>();
  // A date that tells it alone would have every number tell it.
  for (const date of numbers.filter((column) => column.date && !isEnd(column)))
    for (const number of numbers.filter((column) => !column.date && isSpan(column, rows)))
      if (LENGTHS.some((days) => isEnd(endOf(date, number, days))))
        found.set(number.name, `is, counted from “${date.name}”, the day it ended, and so tells “${label}”`);
  return found;
}

function isSpan({ values }: NumberColumn, rows: Uint32Array): boolean {
  return rows.every((i) => !((values[i] ?? 0) < 0));
}

function endOf(date: NumberColumn, { name, values }: NumberColumn, days: number): NumberColumn {
  return { kind: "number", name, values: date.values.map((began, i) => began + days * (values[i] ?? Number.NaN)) };
}
