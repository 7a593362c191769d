import { existsSync, globSync, realpathSync, statSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { VendorError } from "../../errors.ts";
import { type CsvHeader, readCsv, readCsvHeader } from "./csv.ts";
import { quoteFile } from "./engine.ts";
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
  const literal = !/[*?[{]/.test(source.pattern) || existsSync(source.pattern);
  const files = (literal ? [source.pattern] : globSync(source.pattern)).sort();
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
  const list = `[${files.map(quoteFile).join(", ")}]`;
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

/** The folder whose files a pattern may match: the part before the first wildcard. */
export function folderOf(pattern: string): string {
  const wild = pattern.search(/[*?[{]/);
  return dirname(wild < 0 ? pattern : `${pattern.slice(0, wild)}x`);
}

export function short(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
