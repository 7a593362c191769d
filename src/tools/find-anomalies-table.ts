import { SMALLEST_SAMPLE } from "../analytics/anomalies/daily.ts";
import { type AnomalyMethod, detectAnomalies } from "../analytics/anomalies/detect.ts";
import { timeReader } from "../analytics/read-time.ts";
import type { Table } from "../core/table.ts";
import { cut } from "../core/text.ts";
import { UserError } from "../errors.ts";
import { refuseMixedCurrencies } from "./one-currency.ts";

export { ANOMALY_METHODS } from "../analytics/anomalies/detect.ts";

export interface TableQuestion {
  time: string;
  value: string;
  series?: string | undefined;
  method: AnomalyMethod;
  streaming: boolean;
  /** Days with a level of their own, in a daily series. */
  holidays?: ReadonlySet<string>;
  onProgress?: (rows: number) => void;
}

export interface TableAnswer {
  /** One per row of the table, in its order: 0 to below 1, an alarm from one half on; NaN without a value. */
  scores: Float64Array;
  series: readonly SeriesAnswer[];
  /** Product sentences: what was left out, added up or assumed. */
  notes: readonly string[];
}

export interface SeriesAnswer {
  /** "" without a series column. */
  name: string;
  rows: number;
  /** "many a day", "one a day" … */
  cadence: string;
  /** Rows of the table that are alarms, highest score first. */
  alarms: readonly number[];
}

/** Scores each row of a table, series by series. Throws UserError for columns that do not serve, saying what is needed. */
export function scoreTable(table: Table, question: TableQuestion): TableAnswer {
  if (table.length === 0) throw new UserError("The file has no rows. Each row needs a time and a value.");
  refuseMixedCurrencies([table], question.series);
  const notes: string[] = [];
  const times = timesOf(table, question.time);
  const { values, empty, bad } = table.numbers(question.value);
  if (empty + bad === table.length) throw new UserError(`The column “${question.value}” has no number. It must hold the values to judge.`);
  if (empty + bad > 0) notes.push(`${plainCount(empty + bad, "row")} without a number in “${question.value}” got no score.`);
  const scores = new Float64Array(table.length).fill(Number.NaN);
  const series: SeriesAnswer[] = [];
  let done = 0;
  let shared = 0;
  for (const [name, rows] of seriesOf(table, question.series)) {
    const ordered = rows.toSorted((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
    const options = { ...question, onProgress: (n: number) => question.onProgress?.(done + n) };
    const found = detectSeries(
      name,
      Float64Array.from(ordered, (row) => times[row] ?? 0),
      Float64Array.from(ordered, (row) => values[row] ?? Number.NaN),
      options,
    );
    for (const [i, row] of ordered.entries()) scores[row] = found.scores[i] ?? Number.NaN;
    series.push({ name, rows: rows.length, cadence: found.cadence, alarms: alarmsOf(rows, scores) });
    if (found.tooFew)
      notes.push(`${name === "" ? "The file" : `“${cut(name, 60)}”`} has only ${plainCount(rows.length, "row")}: ${found.tooFew}.`);
    shared += found.shared;
    done += rows.length;
    question.onProgress?.(done);
  }
  if (shared > 0)
    notes.unshift(
      `${plainCount(shared, "row")} ${shared === 1 ? "shares its day or step" : "share their day or step"} with an earlier one: such rows were added up and have one score.`,
    );
  return {
    scores,
    series,
    notes: notes.length > MOST_NOTES ? [...notes.slice(0, MOST_NOTES), `${notes.length - MOST_NOTES} more notes of this kind.`] : notes,
  };
}

function detectSeries(name: string, times: Float64Array, values: Float64Array, options: TableQuestion) {
  try {
    const { cadence, scores, shared } = detectAnomalies(times, values, options);
    const least = cadence.kind === "stream" ? Math.max(100, Math.ceil(DAY / cadence.step)) : SMALLEST_SAMPLE;
    const words =
      cadence.kind === "stream"
        ? `about every ${duration(cadence.step)}`
        : cadence.kind === "daily"
          ? "one a day"
          : "weeks or months apart";
    const tooFew =
      values.length > least
        ? undefined
        : `${cadence.kind === "stream" ? "a day and a hundred rows" : `${least} values`} are needed before one can be judged`;
    return { scores, shared, cadence: words, tooFew };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      `The times ${name === "" ? "" : `of “${cut(name, 60)}” `}span more than a hundred years for ${plainCount(times.length, "row")}. Check the first and the last.`,
      { cause: error },
    );
  }
}

function timesOf(table: Table, column: string): Float64Array {
  const cells = table.column(column);
  const reader = timeReader(cells);
  // A plain count is one of days.
  const unit = reader?.dated === false ? DAY : 1;
  const times = Float64Array.from(cells, (cell) => (reader?.read(cell ?? "") ?? Number.NaN) * unit);
  const wrong = times.findIndex(Number.isNaN);
  if (wrong >= 0)
    throw new UserError(
      `Row ${wrong + 1} of “${column}” is ${cells[wrong] ? `“${cut(cells[wrong] ?? "", 40)}”` : "empty"}, which is no time. Times look like 2026-10-01, 2026-10-01 08:30:00 or seconds since 1970.`,
    );
  return times;
}

function seriesOf(table: Table, column: string | undefined): Map<string, number[]> {
  const names = column === undefined ? undefined : table.column(column);
  const rows = new Map<string, number[]>();
  for (let row = 0; row < table.length; row++) {
    const name = names?.[row] ?? "";
    const own = rows.get(name);
    if (own) own.push(row);
    else rows.set(name, [row]);
  }
  return rows;
}

function alarmsOf(rows: readonly number[], scores: Float64Array): number[] {
  return rows.filter((row) => (scores[row] ?? 0) >= 0.5).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
}

/** "5 minutes" */
function duration(milliseconds: number): string {
  const units: [string, number][] = [
    ["hour", 3_600_000],
    ["minute", 60_000],
    ["second", 1000],
  ];
  const [name, size] = units.find(([, length]) => milliseconds >= length) ?? ["millisecond", 1];
  const count = Math.round(milliseconds / size);
  return count === 1 ? name : `${count} ${name}s`;
}

function plainCount(count: number, word: string): string {
  return `${count.toLocaleString("en-US")} ${word}${count === 1 ? "" : "s"}`;
}

const MOST_NOTES = 5;
const DAY = 86_400_000;
