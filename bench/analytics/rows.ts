import { readFileSync } from "node:fs";
import type { Table } from "../../src/core/table.ts";

/** A CSV file without line breaks in its cells as a table. */
export function readCsv(path: string): Table {
  const [header = [], ...rows] = readFileSync(path, "utf8").trim().split(/\r?\n/).map(cellsOf);
  return tableOf(
    header,
    header.map((_, c) => rows.map((row) => row[c]?.trim() || null)),
  );
}

export function tableOf(columns: readonly string[], cells: readonly (readonly (string | null)[])[]): Table {
  const column = (name: string) => cells[columns.indexOf(name)] ?? [];
  const values = (name: string) => Float64Array.from(column(name), (cell) => (cell === null ? Number.NaN : Number(cell)));
  return { columns, length: cells[0]?.length ?? 0, column, numbers: (name) => ({ values: values(name), empty: 0, bad: 0 }) };
}

/** The rows at the positions, in that order; columns left out by name. */
export function pickRows(table: Table, rows: ArrayLike<number>, without: readonly string[] = []): Table {
  const columns = table.columns.filter((name) => !without.includes(name));
  return tableOf(
    columns,
    columns.map((name) => Array.from(rows, (i) => table.column(name)[i] ?? null)),
  );
}

function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) cells.push((match[1] ?? match[2] ?? "").replaceAll('""', '"'));
  return cells;
}
