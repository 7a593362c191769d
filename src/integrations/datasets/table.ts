import type { Table } from "../../core/table.ts";
import { closest } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import { type Engine, quoteName } from "./engine.ts";
import { loadDatasets } from "./load.ts";
import { createFileEngine, openSource } from "./sources.ts";

/** A whole CSV, Parquet or JSON file in memory. Throws UserError for a description file, VendorError for what cannot be read. */
export async function readTable(path: string, now: () => Date, signal: AbortSignal): Promise<Table> {
  const [loaded] = await loadDatasets(path);
  if (loaded?.source.kind !== "files" || loaded.description.dimensions) throw new UserError(`${path} is not a CSV, Parquet or JSON file.`);
  const engine: Engine = createFileEngine([loaded.source]);
  const source = openSource(loaded.description.name, loaded.source, engine, now);
  try {
    const { relation } = await source.snapshot();
    const columns = await source.columns(relation, signal);
    const texts = columns.map((column) => `CAST(${quoteName(column)} AS VARCHAR) AS ${quoteName(column)}`);
    const rows = await source.rows(`SELECT ${texts.join(", ")} FROM ${relation}`, [], signal);
    return tableOf(
      columns,
      columns.map((column) => rows.map((row) => row[column] as string | null)),
    );
  } finally {
    await source.close();
    await engine.close();
  }
}

/** A table over columns of equal length. */
export function tableOf(columns: readonly string[], cells: readonly (readonly (string | null)[])[]): Table {
  const column = (name: string) => {
    const at = columns.indexOf(name);
    const found = cells[at];
    if (!found) throw new UserError(`There is no column “${name}”.${meant(name, columns)}`);
    return found;
  };
  return { columns, length: cells[0]?.length ?? 0, column, numbers: (name) => numbersOf(column(name)) };
}

function meant(name: string, columns: readonly string[]): string {
  const near = closest(name, columns);
  return near ? ` Did you mean “${near}”?` : ` There is: ${columns.slice(0, 20).join(", ")}.`;
}

/** Amounts beyond this are no figures of anything, and their squares would not be numbers. */
const MOST = 1e100;

function numbersOf(cells: readonly (string | null)[]): { values: Float64Array; empty: number; bad: number } {
  const values = new Float64Array(cells.length);
  let empty = 0;
  let bad = 0;
  for (let i = 0; i < cells.length; i++) {
    const text = cells[i]?.trim() ?? "";
    const value = text === "" ? Number.NaN : Number(text);
    if (text === "") empty += 1;
    else if (!isUsable(value)) bad += 1;
    values[i] = isUsable(value) ? value : Number.NaN;
  }
  return { values, empty, bad };
}

function isUsable(value: number): boolean {
  return Math.abs(value) <= MOST;
}
