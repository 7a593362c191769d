import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { VendorError } from "../../errors.ts";
import { quoteFile, quoteText } from "./engine.ts";

/** The SQL that reads CSV files of one header. Every column comes as text: types are ours to decide. */
export function readCsv(files: readonly string[], header: CsvHeader): string {
  const columns = header.columns.map((column) => `${quoteText(column)}: 'VARCHAR'`).join(", ");
  return `read_csv([${files.map(quoteFile).join(", ")}], auto_detect=false, header=true, columns={${columns}}, delim=${quoteText(header.delimiter)}, quote='"', escape='"', nullstr=['', 'NULL'], strict_mode=true)`;
}

export interface CsvHeader {
  delimiter: string;
  columns: string[];
}

const HEADER_BYTES = 262_144;

/** Column names from the first line. Throws VendorError when the file is empty or not text. */
export function readCsvHeader(name: string, file: string): CsvHeader {
  const buffer = Buffer.alloc(HEADER_BYTES);
  const handle = openSync(file, "r");
  const length = readSync(handle, buffer, 0, HEADER_BYTES, 0);
  closeSync(handle);
  const text = buffer
    .subarray(0, length)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  if (text.trim() === "")
    throw new VendorError(name, `The file ${basename(file)} is empty. It needs a header line with the column names, then the rows.`);
  if (text.includes("\0") || text.slice(0, 1000).includes("\uFFFD"))
    throw new VendorError(
      name,
      `The file ${basename(file)} is not a text file in UTF-8. Export it as CSV (UTF-8), or set \`format: parquet\` if it is Parquet.`,
    );
  const line = firstRecord(text);
  const cells = (d: string) => splitRecord(line, d).length;
  const delimiter = [",", ";", "\t", "|"].map((d) => ({ d, n: cells(d) })).sort((a, b) => b.n - a.n)[0]?.d ?? ",";
  return { delimiter, columns: unique(splitRecord(line, delimiter)) };
}

/** The first line that is no UTF-8. Read only when the database failed for no reason it could name. */
export function firstForeignLine(files: readonly string[]): { file: string; line: number } | undefined {
  for (const file of files) {
    const handle = openSync(file, "r");
    try {
      const line = foreignLineOf(handle);
      if (line !== undefined) return { file, line };
    } finally {
      closeSync(handle);
    }
  }
  return undefined;
}

function foreignLineOf(handle: number): number | undefined {
  let rest = Buffer.alloc(0);
  let line = 1;
  for (;;) {
    const chunk = Buffer.alloc(HEADER_BYTES);
    const length = readSync(handle, chunk, 0, HEADER_BYTES, null);
    const text = Buffer.concat([rest, chunk.subarray(0, length)]);
    let start = 0;
    for (let end = text.indexOf(10); end >= 0 || (length === 0 && start < text.length); end = text.indexOf(10, start)) {
      const stop = end < 0 ? text.length : end;
      if (!isUtf8(text.subarray(start, stop))) return line;
      start = stop + 1;
      line += 1;
    }
    if (length === 0) return undefined;
    rest = text.subarray(start);
  }
}

function firstRecord(text: string): string {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') quoted = !quoted;
    if (!quoted && (text[i] === "\n" || text[i] === "\r")) return text.slice(0, i);
  }
  return text;
}

function splitRecord(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quoted && char === '"' && line[i + 1] === '"') cell += line[i++];
    else if (char === '"') quoted = !quoted;
    else if (char === delimiter && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else cell += char;
  }
  return [...cells, cell.trim()];
}

/** A blank or repeated name would hide a column; it gets its position. */
function unique(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((raw, index) => {
    const free = raw === "" || seen.has(raw.toLowerCase()) ? `${raw || "column"}_${index + 1}` : raw;
    seen.add(free.toLowerCase());
    return free;
  });
}
