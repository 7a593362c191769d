import { type Column, chooseColumns, dayOf, readLike } from "../analytics/churn/columns.ts";
import {
  type DurationModel,
  type Estimate,
  estimateDurations,
  LEAST_OVER,
  learnDurations,
  type Spells,
} from "../analytics/durations/model.ts";
import { kaplanMeier, survivalTime } from "../analytics/survival/kaplan-meier.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import type { Table } from "../core/table.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";

export interface DurationOptions {
  /** Columns of dates or times; a row without an end is open. */
  start: string;
  end: string;
  /** Columns known when a thing begins, the most general first: text makes groups, numbers make a slope, dates count as days after the start. */
  by: readonly string[];
  /** Day or time up to which the file tells; the newest in it unless given. */
  asOf?: string;
}

export interface LearntDurations {
  model: DurationModel;
  columns: readonly Column[];
  /** Name of the column of starts, and those of `columns` that count days after it. */
  start: string;
  afterStart: readonly string[];
  spells: Spells;
  /** Rows of the table the spells are of. */
  rows: Uint32Array;
  /** Days since 1970. */
  asOf: number;
  notes: readonly string[];
}

/** Learns how long things take. Throws UserError for what the table lacks. */
export function learnDurationTable(table: Table, options: DurationOptions): LearntDurations {
  const starts = timesOf(table, options.start);
  const ends = timesOf(table, options.end);
  if (starts.every(Number.isNaN))
    throw new UserError(`No cell of “${options.start}” is a date such as 2026-10-01 or 2026-10-01T09:30:00Z.`, { path: "start" });
  const asOf = options.asOf === undefined ? newest(starts, ends) : dayOf(options.asOf);
  if (Number.isNaN(asOf)) throw new UserError(`“${options.asOf}” is not a date such as 2026-10-01.`, { path: "as_of" });
  const state = Array.from(starts, (start, i) => stateOf(start, ends[i] ?? Number.NaN, table.column(options.end)[i] ?? null, asOf));
  const rows = Uint32Array.from(state.keys()).filter((i) => state[i] === "open" || state[i] === "over");
  const over = Uint8Array.from(rows, (i) => (state[i] === "over" ? 1 : 0));
  const count = (what: State) => state.filter((s) => s === what).length;
  if (count("over") < LEAST_OVER)
    throw new UserError(
      `Too little to learn from: ${formatNumber(count("over"))} rows have both a start and a later end. It takes ${LEAST_OVER} that are over.${count("backwards") > 0 ? ` ${formatNumber(count("backwards"))} rows end before they start: are “${options.start}” and “${options.end}” exchanged?` : ""}`,
      { path: "end" },
    );
  const found = options.by.map((name) => columnOf(table, name, options, rows));
  const afterStart = found.flatMap((column) => (isDate(column) ? [column.name] : []));
  const columns = found.map((column) => (isDate(column) ? daysAfter(starts, column) : column));
  const spells: Spells = {
    starts: Float64Array.from(rows, (i) => starts[i] ?? 0),
    days: Float64Array.from(rows, (i) => (state[i] === "over" ? (ends[i] ?? 0) : asOf) - (starts[i] ?? 0)),
    over,
  };
  const notes = [
    ...(count("open") > 0
      ? [`${formatNumber(count("open"))} rows have no end yet: they count as lasting at least until ${dayText(asOf)}.`]
      : []),
    ...(count("undated") > 0 ? [`${formatNumber(count("undated"))} rows without a readable start or end were left out.`] : []),
    ...(count("backwards") > 0 ? [`${formatNumber(count("backwards"))} rows end before they start; they were left out.`] : []),
    ...(count("later") > 0 ? [`${formatNumber(count("later"))} rows start after ${dayText(asOf)}; they were left out.`] : []),
  ];
  return {
    model: learnDurations(
      columns.map((c) => only(c, rows)),
      spells,
    ),
    columns,
    start: options.start,
    afterStart,
    spells,
    rows,
    asOf,
    notes,
  };
}

/** Estimates for each row of a table with the `by` columns. Throws UserError when one is missing. */
export function estimateTable(learnt: LearntDurations, table: Table): Estimate[] {
  const { start, afterStart } = learnt;
  const needed = [...learnt.columns.map((c) => c.name), ...(afterStart.length > 0 ? [start] : [])];
  const missing = needed.filter((name) => !table.columns.includes(name));
  if (missing.length > 0) throw new UserError(`The rows to score lack ${listWords(missing)}, which the durations were learnt by.`);
  const columns = learnt.columns.map((column) => {
    if (column.kind === "category" || !afterStart.includes(column.name)) return readLike(table, column);
    return daysAfter(timesOf(table, start), readLike(table, { ...column, date: true }));
  });
  return estimateDurations(
    learnt.model,
    columns,
    Uint32Array.from({ length: table.length }, (_, i) => i),
  );
}

export interface GroupEstimate extends Estimate {
  /** Value of each `by` column. */
  values: readonly (string | null)[];
  rows: number;
  stillOpen: number;
}

/** One estimate per group of the `by` columns, the largest first. Throws UserError when a `by` column is a scale, not a group. */
export function estimateGroups(learnt: LearntDurations): GroupEstimate[] {
  const scale = learnt.columns.find((column) => column.kind === "number");
  if (scale)
    throw new UserError(
      `“${scale.name}” is a number, so it makes no groups. Name rows to estimate with --score, or leave it out of --by.`,
      { path: "by" },
    );
  const key = (k: number) =>
    JSON.stringify(learnt.columns.map((c) => (c.kind === "category" ? (c.values[learnt.rows[k] ?? 0] ?? null) : null)));
  const groups = Map.groupBy(learnt.rows.keys(), key);
  const found = [...groups].map(([name, members]) => {
    const [estimate] = estimateDurations(learnt.model, learnt.columns, Uint32Array.of(learnt.rows[members[0] ?? 0] ?? 0));
    if (!estimate) throw new RangeError("estimateGroups: no estimate");
    return {
      ...estimate,
      values: JSON.parse(name) as (string | null)[],
      rows: members.length,
      stillOpen: members.filter((k) => learnt.spells.over[k] === 0).length,
    };
  });
  return found.sort((a, b) => b.rows - a.rows || (JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1));
}

/** How far the estimates can be leaned on, in words. */
export function durationQuality({ model }: Pick<LearntDurations, "model">): string {
  const { quality } = model;
  if (!quality) return "Too few rows to try the estimates on later ones; take the ranges as rough.";
  const gain = 1 - quality.logError / quality.logErrorOfMedian;
  const better =
    gain > 0.02
      ? `the P50 is ${formatPercent(gain)} closer than the plain median, on a logarithmic scale`
      : "the P50 is no closer than the plain median of all: which group a thing is in tells little here";
  const off = Math.exp(quality.logError);
  return `Tried forward in time on ${formatNumber(quality.rows)} rows: the 80% range held ${formatPercent(quality.coverage)} of them; ${better}. A single figure is weak: the P50 is typically wrong by a factor of ${formatNumber(Number(off.toPrecision(2)))}; plan with the range.`;
}

type State = "over" | "open" | "undated" | "backwards" | "later";

function stateOf(start: number, end: number, endCell: string | null, asOf: number): State {
  if (Number.isNaN(start) || (Number.isNaN(end) && (endCell?.trim() ?? "") !== "")) return "undated";
  if (start > asOf) return "later";
  if (Number.isNaN(end) || end > asOf) return "open";
  return end < start ? "backwards" : "over";
}

function timesOf(table: Table, name: string): Float64Array {
  return Float64Array.from(table.column(name), (cell) => dayOf(cell?.trim() ?? null));
}

function newest(starts: Float64Array, ends: Float64Array): number {
  let latest = Number.NaN;
  for (const times of [starts, ends]) for (const time of times) if (!(time <= latest) && !Number.isNaN(time)) latest = time;
  return latest;
}

function columnOf(table: Table, name: string, { start, end }: DurationOptions, rows: Uint32Array): Column {
  if (name === start || name === end)
    throw new UserError(`“${name}” is the ${name === start ? "start" : "end"}; it cannot be one of --by.`, { path: "by" });
  const cells = table.column(name);
  const { columns } = chooseColumns({ ...table, columns: [name], column: () => cells }, "", undefined);
  const [column] = columns;
  const distinct = new Set(Array.from(rows, (i) => cells[i])).size;
  if (column?.kind === "number" && distinct > MOST_NUMBER_GROUPS) return column;
  return { kind: "category", name, values: cells.map((cell) => cell?.trim() || null) };
}

function isDate(column: Column): boolean {
  return column.kind === "number" && column.date === true;
}

/** A date says how long a thing may take (until it is due), not when: later dates than those learnt from are no longer times. */
function daysAfter(starts: Float64Array, column: Column): Column {
  if (column.kind === "category") return column;
  return { kind: "number", name: column.name, values: column.values.map((day, i) => day - (starts[i] ?? Number.NaN)) };
}

/** A number column with so few values is a code: its values are groups. */
const MOST_NUMBER_GROUPS = 10;

/** The rows of a column, in order. */
function only(column: Column, rows: Uint32Array): Column {
  return column.kind === "number"
    ? { ...column, values: Float64Array.from(rows, (i) => column.values[i] ?? Number.NaN) }
    : { ...column, values: Array.from(rows, (i) => column.values[i] ?? null) };
}

function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

export interface OpenEstimate extends Estimate {
  /** Row of the table. */
  row: number;
  /** Days so far. */
  age: number;
}

/** What is still open, the oldest first, with estimates from the beginning given that it is open at its age. */
export function estimateOpen(learnt: LearntDurations): OpenEstimate[] {
  const open = [...learnt.rows.keys()].filter((k) => learnt.spells.over[k] === 0);
  const rows = Uint32Array.from(open, (k) => learnt.rows[k] ?? 0);
  const ages = Float64Array.from(open, (k) => learnt.spells.days[k] ?? 0);
  const found = estimateDurations(learnt.model, learnt.columns, rows, ages);
  return found.map((e, i) => ({ ...e, row: rows[i] ?? 0, age: ages[i] ?? 0 })).sort((a, b) => b.age - a.age || a.row - b.row);
}

/** Of all together: the plain survival curve. */
export function estimateAll({ spells, model }: Pick<LearntDurations, "spells" | "model">): Estimate {
  const curve = kaplanMeier(spells.days, spells.over);
  const at = (share: number) => survivalTime(curve, share) ?? model.longest;
  return { low: at(0.1), p50: at(0.5), p80: at(0.8), high: at(0.9), p95: at(0.95), open: survivalTime(curve, 0.95) === undefined };
}
