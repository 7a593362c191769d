import type { Table } from "../core/table.ts";
import { closest, listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";

/** What each column of a table is for, found by its name and its cells. */
export interface ColumnRoles {
  measure: string;
  /** What the measure is a part of. */
  total?: string;
  time?: string;
  /** Columns to explain by. */
  attributes: readonly string[];
  /** Choices a reader should know. */
  notes: readonly string[];
}

export interface AskedColumns {
  measure: string;
  total?: string;
  time?: string;
  by?: readonly string[];
}

/** Throws UserError for a name no column has, and when no column is left to explain by. */
export function columnRoles(tables: readonly Table[], asked: AskedColumns): ColumnRoles {
  const [first] = tables;
  const columns = (first?.columns ?? []).filter((name) => tables.every((table) => table.columns.includes(name)));
  const named = [asked.measure, asked.total, asked.time, ...(asked.by ?? [])].filter((name) => name !== undefined);
  for (const name of named) known(name, columns);
  const notes: string[] = [];
  const time = asked.time ?? columns.find((name) => !named.includes(name) && isTime(tables, name));
  const total = asked.total ?? findTotal(tables, columns, asked.measure, [...named, ...(time ? [time] : [])]);
  if (total && !asked.total) notes.push(`“${total}” is taken as what “${asked.measure}” is a part of: slices are judged by their rate.`);
  if (time && !asked.time) notes.push(`“${time}” is taken as the time.`);
  const used = [asked.measure, total, time];
  const free = columns.filter((name) => !used.includes(name));
  const attributes = asked.by ?? free.filter((name) => !isTime(tables, name) && !isAmount(tables, name) && !isIdentifier(tables, name));
  const left = asked.by ? [] : free.filter((name) => !attributes.includes(name));
  if (left.length > 0) notes.push(`Not explained by ${listWords(left)}: times, amounts or a value of its own in nearly every row.`);
  if (attributes.length === 0)
    throw new UserError(`No column is left to explain “${asked.measure}” by. Name some with --by: ${listWords(free) || "there are none"}.`);
  return { measure: asked.measure, ...(total ? { total } : {}), ...(time ? { time } : {}), attributes, notes };
}

function known(name: string, columns: readonly string[]): void {
  if (columns.includes(name)) return;
  const near = closest(name, columns);
  throw new UserError(
    `There is no column “${name}” in every file.${near ? ` Did you mean “${near}”?` : ` There is ${listWords(columns, 20) || "none"}.`}`,
  );
}

const TIME_NAME =
  /^(?:min|minute|ts|time|timestamp|date|datetime|day|hour|epoch|at|week|month|period)$|(?:^|_|\s)(?:date|time|timestamp|day|at)$|(?:Date|Time|At)$|PeriodStart$|PeriodEnd$/;
const ISO = /^\d{4}-\d{2}(?:-\d{2}(?:[T ]\d{2}:\d{2}.*)?)?$/;

/** Days or instants: written so, or numbers of seconds or milliseconds since 1970 under a name that says time. */
function isTime(tables: readonly Table[], name: string): boolean {
  const timely = TIME_NAME.test(name) || TIME_NAME.test(name.toLowerCase());
  return most(tables, name, (text) => ISO.test(text) || (timely && isEpoch(Number(text))));
}

/** 2001 to 2096. */
function isEpoch(value: number): boolean {
  return (value >= 1e9 && value < 4e9) || (value >= 1e12 && value < 4e12);
}

const TOTAL_NAME = /^(?:cnt|count|total|n|num|requests|hits|attempts|calls|samples|volume)$|(?:^|_)(?:cnt|count|total)(?:_|$)/i;

/** A numeric column whose name says count and which is never below the measure. */
function findTotal(tables: readonly Table[], columns: readonly string[], measure: string, used: readonly string[]): string | undefined {
  return columns.find((name) => TOTAL_NAME.test(name) && !used.includes(name) && tables.every((table) => bounds(table, name, measure)));
}

function bounds(table: Table, total: string, measure: string): boolean {
  const above = table.numbers(total).values;
  const below = table.numbers(measure).values;
  let wrong = 0;
  let right = 0;
  for (let i = 0; i < above.length; i++) {
    const [a, b] = [above[i] ?? Number.NaN, below[i] ?? Number.NaN];
    if (Number.isNaN(b)) continue;
    if (b >= 0 && a >= b) right += 1;
    else wrong += 1;
  }
  return table.length === 0 || (right > 0 && wrong <= right / 1000);
}

const FEW_ROWS = 50;

const MANY_VALUES = 20;
const FINE = /\.\d{3}|e-?\d/i;

/** Numbers with fine decimals, or with decimals and nearly all different: a second measure, no category. */
function isAmount(tables: readonly Table[], name: string): boolean {
  const cells = sample(tables, name);
  if (cells.length <= FEW_ROWS || !cells.every((text) => Number.isFinite(Number(text)))) return false;
  const different = new Set(cells).size;
  if (different > MANY_VALUES && cells.some((text) => FINE.test(text))) return true;
  return different > cells.length / 5 && cells.some((text) => text.includes("."));
}

function isIdentifier(tables: readonly Table[], name: string): boolean {
  const cells = sample(tables, name);
  return cells.length > FEW_ROWS && new Set(cells).size > cells.length / 2;
}

function most(tables: readonly Table[], name: string, test: (text: string) => boolean): boolean {
  const cells = sample(tables, name);
  return cells.length > 0 && cells.filter(test).length >= 0.95 * cells.length;
}

const SAMPLE = 20_000;

/** The cells that hold something, of the first rows. */
function sample(tables: readonly Table[], name: string): string[] {
  return tables.flatMap((table) => table.column(name).slice(0, SAMPLE)).filter((text) => text !== null && text.trim() !== "") as string[];
}
