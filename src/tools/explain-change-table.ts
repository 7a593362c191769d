import { calmPeriods, directionOf } from "../analytics/explain/calm-periods.ts";
import { explainRows } from "../analytics/explain/explain-rows.ts";
import type { Cause } from "../analytics/explain/rank-causes.ts";
import { type Rows, sumOf } from "../analytics/explain/rows.ts";
import { formatNumber } from "../core/format.ts";
import type { Table } from "../core/table.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";
import { type AskedColumns, type ColumnRoles, columnRoles } from "./explain-change-columns.ts";
import { refuseMixedCurrencies } from "./one-currency.ts";

/** One ranked cause of a change between two tables; amounts per period. */
export interface RankedCause {
  rank: number;
  cause: Readonly<Record<string, string>>;
  /** 0 to 1. */
  score: number;
  before: number;
  after: number;
  change: number;
  /** Part of the net change, at unchanged totals where there are totals; null when everything together did not move that way. */
  share: number | null;
  confidence: "high" | "medium" | "low";
}

export interface TablesExplained {
  causes: readonly RankedCause[];
  whole: { before: number; after: number; totalBefore?: number; totalAfter?: number };
  periods: { before: number; after: number };
  direction: "rise" | "fall";
  roles: ColumnRoles;
  notes: readonly string[];
}

export interface Comparison {
  before: Table;
  after: Table;
}

/** Ranks the causes of a change between two tables. Throws UserError for what they lack. */
export function explainTables({ before, after }: Comparison, asked: AskedColumns, most = 10): TablesExplained {
  const roles = columnRoles([before, after], asked);
  if (roles.total === undefined) refuseMixedCurrencies([before, after]);
  const notes = [...roles.notes];
  const then = sideOf(before, roles, "before", notes);
  const now = sideOf(after, roles, "after", notes);
  const usable = then.periods.filter(({ total }) => roles.total === undefined || total > 0);
  const rates = usable.map(({ value, total }) => (roles.total ? value / total : value));
  const level = whole(now.rows);
  const direction = directionOf(rates, roles.total ? level.value / level.total : level.value);
  const calm = roles.total ? calmPeriods(rates, direction).map((i) => usable[i]?.rows ?? []) : [];
  const base = calm.length > 0 && calm.length < then.periods.length ? pick(then.rows, calm) : then.rows;
  const found = explainRows(roles.attributes, base, now.rows, { direction, most });
  if (base !== then.rows)
    notes.push(`The level to compare with is that of the calmer ${calm.length} of ${then.periods.length} periods before.`);
  if (found.sameAs.length > 0)
    notes.push(`${listWords(found.sameAs)} ${found.sameAs.length > 1 ? "say" : "says"} the same as another column.`);
  if (found.leftOut.length > 0) notes.push(`The ten most telling columns were looked into, not ${listWords(found.leftOut)}.`);
  const past = whole(then.rows);
  return {
    causes: found.causes.map((cause, i) => ranked(cause, i + 1, roles.attributes, then.rows, now.rows)),
    whole: { before: past.value, after: level.value, ...(roles.total ? { totalBefore: past.total, totalAfter: level.total } : {}) },
    periods: { before: then.rows.periods, after: now.rows.periods },
    direction,
    roles,
    notes,
  };
}

/** Rows of one table at and before a moment. `history`: how many periods before it. Throws UserError when either is empty. */
export function splitAt(table: Table, time: string, at: string, history: number): Comparison {
  const cells = table.column(time);
  const numeric = Number.isFinite(Number(at));
  const order = (a: string, b: string) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
  const is = (text: string | null) => text !== null && order(text, at) === 0;
  const earlier = [...new Set(cells.filter((text) => text !== null && order(text, at) < 0) as string[])].sort(order).slice(-history);
  const kept = new Set(earlier);
  const before = rowsWhere(table, (i) => kept.has(cells[i] ?? ""));
  const after = rowsWhere(table, (i) => is(cells[i] ?? null));
  if (after.length === 0) throw new UserError(`No row has ${at} in “${time}”.`);
  if (before.length === 0) throw new UserError(`No row is before ${at} in “${time}”, so there is nothing to compare with.`);
  return { before, after };
}

interface Side {
  rows: Rows;
  /** Per period, in order of time, with the rows' positions. One period without a time column. */
  periods: { value: number; total: number; rows: number[] }[];
}

/** More rows without a number than this share could be the change themselves. */
const MOST_LEFT_OUT = 0.01;
/** More different times than this are moments of events, not periods. */
const MOST_PERIODS = 2000;

function sideOf(table: Table, roles: ColumnRoles, name: "before" | "after", notes: string[]): Side {
  if (table.length === 0) throw new UserError(`The file ${name} has no rows.`);
  const { values, bad, empty } = table.numbers(roles.measure);
  if (bad + empty === table.length) throw new UserError(`“${roles.measure}” holds no numbers in the file ${name}.`);
  const total = roles.total === undefined ? undefined : table.numbers(roles.total).values;
  const left = values.reduce(
    (n, value, i) => n + Number(!Number.isFinite(value) || (total !== undefined && !Number.isFinite(total[i]))),
    0,
  );
  if (left > MOST_LEFT_OUT * table.length)
    throw new UserError(
      `${formatNumber(left)} of ${formatNumber(table.length)} rows of the file ${name} have no number in “${roles.measure}”${roles.total === undefined ? "" : ` or “${roles.total}”`}. Left out on one side they would pass for a change. Fill them in, with 0 where there was nothing.`,
    );
  if (left > 0) notes.push(`${left} rows ${name} without a number were left out.`);
  const rows: Rows = {
    attributes: roles.attributes.map((attribute) => table.column(attribute)),
    measure: values,
    ...(total ? { total } : {}),
    periods: 1,
  };
  const periods = periodsOf(table, roles, rows);
  return { rows: { ...rows, periods: periods.length }, periods };
}

function periodsOf(table: Table, roles: ColumnRoles, { measure, total }: Rows): Side["periods"] {
  const cells = roles.time === undefined ? undefined : timesOf(table, roles.time);
  const periods = new Map<string, Side["periods"][number]>();
  for (let i = 0; i < measure.length; i++) {
    const value = measure[i] ?? Number.NaN;
    const part = total ? (total[i] ?? Number.NaN) : 0;
    if (!Number.isFinite(value) || !Number.isFinite(part)) continue;
    const key = cells?.[i] ?? "";
    const period = periods.get(key) ?? { value: 0, total: 0, rows: [] };
    period.value += value;
    period.total += part;
    period.rows.push(i);
    periods.set(key, period);
  }
  return [...periods].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, period]) => period);
}

/** The text of each row's period: the cell as it is, its day when there are too many moments, nothing when that is no help. */
function timesOf(table: Table, time: string): readonly (string | null)[] | undefined {
  const cells = table.column(time);
  const few = (texts: readonly (string | null)[]) => {
    const different = new Set(texts).size;
    return different <= MOST_PERIODS && (different === 1 || different <= table.length / 2);
  };
  if (few(cells)) return cells;
  const days = cells.map((text) => text?.slice(0, 10) ?? null);
  return /^\d{4}-\d{2}-\d{2}/.test(cells[0] ?? "") && few(days) ? days : undefined;
}

/** Only the rows of some periods. */
function pick(rows: Rows, periods: readonly (readonly number[])[]): Rows {
  const places = periods.flat();
  return {
    attributes: rows.attributes.map((cells) => places.map((i) => cells[i] ?? null)),
    measure: Float64Array.from(places, (i) => rows.measure[i] ?? Number.NaN),
    ...(rows.total ? { total: Float64Array.from(places, (i) => rows.total?.[i] ?? Number.NaN) } : {}),
    periods: periods.length,
  };
}

function whole(rows: Rows): { value: number; total: number } {
  return sumOf(rows, []);
}

function ranked(cause: Cause, rank: number, attributes: readonly string[], then: Rows, now: Rows): RankedCause {
  const slice = attributes.map((attribute) => cause.slice[attribute]);
  const before = sumOf(then, slice).value;
  const after = sumOf(now, slice).value;
  const { score, share, confidence } = cause;
  return { rank, cause: cause.slice, score, before, after, change: after - before, share, confidence };
}

function rowsWhere(table: Table, keep: (row: number) => boolean): Table {
  const places: number[] = [];
  for (let i = 0; i < table.length; i++) if (keep(i)) places.push(i);
  return {
    columns: table.columns,
    length: places.length,
    column: (name) => {
      const cells = table.column(name);
      return places.map((i) => cells[i] ?? null);
    },
    numbers: (name) => {
      const { values } = table.numbers(name);
      const cells = table.column(name);
      const empty = places.filter((i) => (cells[i] ?? "").trim() === "").length;
      const own = Float64Array.from(places, (i) => values[i] ?? Number.NaN);
      return { values: own, empty, bad: own.filter(Number.isNaN).length - empty };
    },
  };
}
