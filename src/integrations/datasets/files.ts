import { closeSync, globSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { VendorError } from "../../errors.ts";
import { quoteText } from "./engine.ts";
import type { Source } from "./schema.ts";

type FileSource = Extract<Source, { kind: "files" }>;

/** What the files were when they were looked at; the same stamp means the same content. */
export interface FileStamp {
  files: readonly string[];
  /** Changes whenever a file is written, added or removed. */
  stamp: string;
  modified: Date;
}

const MAX_FILES = 2_000;

/** Throws VendorError when there is no such file or one lies outside the configured folder. */
export function stampFiles(name: string, source: FileSource): FileStamp {
  const files = (/[*?[{]/.test(source.pattern) ? globSync(source.pattern) : [source.pattern]).sort();
  if (files.length > MAX_FILES)
    throw new VendorError(name, `The dataset “${name}” matches more than ${MAX_FILES} files. Narrow its source.`);
  const root = realpathSync(source.directory);
  let modified = 0;
  const parts: string[] = [];
  for (const file of files) {
    const info = statOf(name, file, root);
    modified = Math.max(modified, info.mtimeMs);
    parts.push(`${file}:${info.size}:${info.mtimeMs}:${info.ino}`);
  }
  if (files.length === 0) throw missing(name, source.pattern);
  return { files, stamp: parts.join("|"), modified: new Date(modified) };
}

function statOf(name: string, file: string, root: string) {
  let real: string;
  try {
    real = realpathSync(file);
  } catch {
    throw missing(name, file);
  }
  const inside = relative(root, real);
  if (inside === ".." || inside.startsWith(`..${sep}`))
    throw new VendorError(name, `The dataset “${name}” leads outside its folder by a link. Point its source at the real file.`);
  return statSync(real);
}

function missing(name: string, pattern: string): VendorError {
  return new VendorError(name, `The dataset “${name}” has no file at ${pattern}. Check \`source\` in the datasets file.`);
}

/** The SQL that reads the files. Every CSV column comes as text: types are ours to decide, and a broken row names its line. */
export function readFilesSql(name: string, source: FileSource, files: readonly string[]): string {
  const list = `[${files.map(quoteText).join(", ")}]`;
  if (source.format === "parquet") return `read_parquet(${list}, union_by_name=true)`;
  if (source.format === "json") return `read_json(${list}, union_by_name=true)`;
  const groups = new Map<string, { files: string[]; header: CsvHeader }>();
  for (const file of files) {
    const header = readCsvHeader(name, file);
    const key = JSON.stringify(header);
    const group = groups.get(key);
    if (group) group.files.push(file);
    else groups.set(key, { files: [file], header });
  }
  const reads = [...groups.values()].map(({ files: some, header }) => readCsv(some, header));
  return reads.length === 1 ? (reads[0] ?? "") : `(${reads.map((read) => `SELECT * FROM ${read}`).join(" UNION ALL BY NAME ")})`;
}

function readCsv(files: readonly string[], header: CsvHeader): string {
  const columns = header.columns.map((column) => `${quoteText(column)}: 'VARCHAR'`).join(", ");
  return `read_csv([${files.map(quoteText).join(", ")}], auto_detect=false, header=true, columns={${columns}}, delim=${quoteText(header.delimiter)}, quote='"', escape='"', nullstr=['', 'NULL'], strict_mode=true)`;
}

interface CsvHeader {
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
    throw new VendorError(name, `The file ${short(file)} is empty. It needs a header line with the column names, then the rows.`);
  if (text.includes("\0") || text.slice(0, 1000).includes("\uFFFD"))
    throw new VendorError(
      name,
      `The file ${short(file)} is not a text file in UTF-8. Export it as CSV (UTF-8), or set \`format: parquet\` if it is Parquet.`,
    );
  const line = firstRecord(text);
  const cells = (d: string) => splitRecord(line, d).length;
  const delimiter = [",", ";", "\t", "|"].map((d) => ({ d, n: cells(d) })).sort((a, b) => b.n - a.n)[0]?.d ?? ",";
  return { delimiter, columns: unique(splitRecord(line, delimiter)) };
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

/** The folder whose files a pattern may match: the part before the first wildcard. */
export function folderOf(pattern: string): string {
  const wild = pattern.search(/[*?[{]/);
  return dirname(wild < 0 ? pattern : `${pattern.slice(0, wild)}x`);
}

export function short(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
