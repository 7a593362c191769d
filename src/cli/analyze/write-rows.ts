import { rename, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { type CsvRow, toCsv } from "../../core/csv.ts";
import { formatNumber } from "../../core/format.ts";
import { UserError } from "../../errors.ts";
import { WrongUse } from "../command.ts";

export { toCsv } from "../../core/csv.ts";

/** null is an empty cell, and null in JSON. */
export type OutputRow = CsvRow;

/** Throws WrongUse for a file name of no known kind; asked before the work, so that nobody waits for nothing. */
export function checkOutput(path: string | undefined): void {
  if (path && !/\.(?:csv|json)$/i.test(path)) throw new WrongUse("--out must end in .csv or .json.");
}

/** Writes the rows as CSV or JSON by the name's ending. A reader sees the old file or the new one, never a half. Throws UserError. */
export async function writeRows(path: string, columns: readonly string[], rows: readonly OutputRow[]): Promise<string> {
  checkOutput(path);
  const text = /\.json$/i.test(path) ? `${JSON.stringify(rows, null, 2)}\n` : toCsv(columns, rows);
  await writeText(path, text);
  return wroteRows(rows.length, path);
}

export function wroteRows(count: number, path: string): string {
  return `Wrote ${formatNumber(count)} ${count === 1 ? "row" : "rows"} to ${basename(path)}.`;
}

/** Writes a file in one piece. Throws UserError when the folder takes none. */
export async function writeText(path: string, text: string): Promise<void> {
  const half = `${path}.${process.pid}.part`;
  try {
    await writeFile(half, text);
    await rename(half, path);
  } catch (error) {
    throw new UserError(`The file ${path} cannot be written. Choose another place with --out.`, { cause: error });
  }
}
