import { setImmediate } from "node:timers/promises";
import { fillGaps } from "../analytics/forecast/fill-gaps.ts";
import { findSeasons, withWeek } from "../analytics/forecast/find-seasons.ts";
import { forecastSeries } from "../analytics/forecast/forecast-series.ts";
import { type Grid, toGrid } from "../analytics/forecast/time-grid.ts";
import { timeReader } from "../analytics/read-time.ts";
import type { Table } from "../core/table.ts";
import { listWords } from "../core/text.ts";
import { UserError } from "../errors.ts";
import { etsModel } from "./forecast-library.ts";
import { refuseMixedCurrencies } from "./one-currency.ts";

export interface TableQuestion {
  value: string;
  /** Column of times; the order of the rows counts without it. */
  time?: string | undefined;
  /** Column that tells several series apart. */
  series?: string | undefined;
  horizon: number;
  /** Steps in a season; recognised when absent or 1. */
  period?: number | undefined;
  /** What a lone series is called. */
  name: string;
}

export interface ForecastRow {
  id: string;
  step: number;
  mean: number;
  lo80: number;
  hi80: number;
  lo95: number;
  hi95: number;
}

export interface TableForecast {
  rows: ForecastRow[];
  series: number;
  seasons: readonly number[];
  /** Median over the series of the error of single steps in the back-test, as a share; undefined when none has one. */
  error?: number;
  notes: string[];
}

/** Forecasts each series of a table. Throws UserError when none has enough values; those that have too few beside others become a note. */
export async function forecastTable(
  table: Table,
  question: TableQuestion,
  signal: AbortSignal,
  progress: (done: number, of: number) => void = () => {},
): Promise<TableForecast> {
  if (table.length === 0) throw new UserError("The file has no rows, so there is nothing to forecast.");
  refuseMixedCurrencies([table], question.series);
  const notes: string[] = [];
  const grids = gridsOf(table, question, notes);
  const known = [...grids.values()].filter(({ values }) => values.some(Number.isFinite));
  const expected = [...grids.values()].find((grid) => grid.seasons)?.seasons;
  const seasons =
    question.period !== undefined && question.period > 1
      ? withWeek(question.period)
      : findSeasons(
          known.map(({ values }) => fillGaps(values).filled),
          expected,
        );
  const ets = await etsModel();
  const rows: ForecastRow[] = [];
  const errors: number[] = [];
  const short: string[] = [];
  let needed = 0;
  let done = 0;
  for (const [id, { values }] of grids) {
    signal.throwIfAborted();
    const found = forecastSeries(values, { horizon: question.horizon, seasons, ets });
    if ("tooLittle" in found) {
      short.push(`“${id}” with ${counted(found.have, "value")}`);
      needed = Math.max(needed, found.needed);
    } else {
      const { mean, lo80, hi80, lo95, hi95 } = found;
      for (let k = 0; k < mean.length; k++)
        rows.push({ id, step: k + 1, mean: at(mean, k), lo80: at(lo80, k), hi80: at(hi80, k), lo95: at(lo95, k), hi95: at(hi95, k) });
      if (found.backTest.step !== undefined) errors.push(found.backTest.step);
    }
    progress(++done, grids.size);
    // Lets a signal through.
    if (done % 20 === 0) await setImmediate();
  }
  if (short.length > 0) {
    const words = `Too little data to forecast ${listWords(short, 5)}: at least ${needed} are needed${seasons[0] ? ` (two seasons of ${seasons[0]} steps, some to be tried on, and as many as are to be forecast)` : ""}.`;
    if (rows.length === 0) throw new UserError(words);
    notes.push(words);
  }
  const unused = seasons.filter((season) => [...grids.values()].some(({ values }) => values.length < 2 * season));
  if (unused.length > 0)
    notes.push(`Some series are shorter than two seasons of ${listWords(unused.map(String))} steps and were forecast without it.`);
  const error = medianOf(errors);
  return { rows, series: done - short.length, seasons, ...(error === undefined ? {} : { error }), notes };
}

function gridsOf(table: Table, question: TableQuestion, notes: string[]): Map<string, Grid> {
  const { values, bad } = table.numbers(question.value);
  if (!values.some(Number.isFinite)) throw new UserError(`“${question.value}” holds no numbers, so there is nothing to forecast.`);
  if (bad > 0) notes.push(`${bad} ${bad === 1 ? "value is" : "values are"} no number and count as missing.`);
  const ids = question.series === undefined ? undefined : table.column(question.series);
  const times = question.time === undefined ? undefined : timesOf(table, question.time, notes);
  const groups = new Map<string, number[]>();
  for (let i = 0; i < table.length; i++) {
    if (times && Number.isNaN(times.at[i])) continue;
    const id = ids ? (ids[i] ?? "(not set)") : question.name;
    const rows = groups.get(id);
    if (rows) rows.push(i);
    else groups.set(id, [i]);
  }
  const grids = new Map([...groups].map(([id, rows]) => [id, gridFor(id, rows, values, times)]));
  noteGaps([...grids.values()], notes);
  return grids;
}

function gridFor(id: string, rows: readonly number[], values: Float64Array, times: Times | undefined): Grid {
  const own = Float64Array.from(rows, (i) => values[i] ?? Number.NaN);
  const missing = own.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (!times || rows.length < 2) return { values: own, added: 0, missing };
  try {
    return toGrid(
      rows.map((i) => times.at[i] ?? 0),
      own,
      times.dated,
    );
  } catch (error) {
    throw new UserError(
      `The times of “${id}” are all the same or too uneven to tell a step from. Leave out --time to take the rows in order.`,
      {
        cause: error,
      },
    );
  }
}

interface Times {
  at: Float64Array;
  dated: boolean;
}

function timesOf(table: Table, name: string, notes: string[]): Times {
  const texts = table.column(name);
  const reader = timeReader(texts);
  if (!reader) throw new UserError(`“${name}” holds no times that can be read. Dates like 2026-11-21, months like 2026-11 or numbers are.`);
  const at = Float64Array.from(texts, (text) => (text === null ? Number.NaN : (reader.read(text) ?? Number.NaN)));
  const unread = at.reduce((count, time) => count + (Number.isNaN(time) ? 1 : 0), 0);
  if (unread > 0)
    notes.push(`${unread} ${unread === 1 ? "row has" : "rows have"} no readable time and ${unread === 1 ? "was" : "were"} left out.`);
  return { at, dated: reader.dated };
}

function noteGaps(grids: readonly Grid[], notes: string[]): void {
  const missing = grids.reduce((sum, grid) => sum + grid.missing, 0);
  const added = grids.reduce((sum, grid) => sum + grid.added, 0);
  if (missing > 0)
    notes.push(
      `${missing} missing ${missing === 1 ? "value was" : "values were"} filled from the same place of the season or the neighbours.`,
    );
  if (added > 0)
    notes.push(
      `${added} ${added === 1 ? "row shares its time with another one and was" : "rows share their time with others and were"} added up.`,
    );
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function at(values: Float64Array, k: number): number {
  return values[k] ?? 0;
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
