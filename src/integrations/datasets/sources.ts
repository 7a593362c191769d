import { statSync } from "node:fs";
import { untilAborted } from "../../core/until-aborted.ts";
import { VendorError } from "../../errors.ts";
import { firstForeignLine } from "./csv.ts";
import { type Dialect, duckDb, postgres, sqlite } from "./dialects.ts";
import { createDuckDb, type Engine, type Parameter, quoteName, quoteText, type Row, stopped } from "./engine.ts";
import { readFilesSql, short, stampFiles } from "./files.ts";
import type { Source } from "./schema.ts";

/** A source that can be read: where its rows are, in which SQL, and how to tell that they changed. */
export interface OpenSource {
  readonly dialect: Dialect;
  /** What a person calls it: a file name, a table. Never a password. */
  readonly label: string;
  /** Throws VendorError when the source is out of reach. */
  snapshot(): Promise<Snapshot>;
  /** Throws VendorError in our words for whatever the database said. */
  rows(sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<Row[]>;
  columns(relation: string, signal: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}

export interface Snapshot {
  /** Equal stamps mean equal content. */
  stamp: string;
  /** SQL to select from. */
  relation: string;
  /** Each file apart, where there are several. */
  parts?(): { label: string; relation: string }[];
  modified?: Date;
}

/** A database table has no stamp; what was read counts as unchanged for this long. */
const TABLE_FRESH_MS = 60_000;

export function openSource(name: string, source: Source, duck: Engine, now: () => Date): OpenSource {
  if (source.kind === "files") return openFiles(name, source, duck);
  return source.kind === "sqlite" ? openSqlite(name, source) : openPostgres(name, source, now);
}

/** The folders DuckDB may read for these sources. */
function foldersOf(sources: readonly Source[]): string[] {
  return [...new Set(sources.flatMap((s) => (s.kind === "files" ? [s.directory] : [])))];
}

export function createFileEngine(sources: readonly Source[]): Engine {
  return createDuckDb(foldersOf(sources));
}

function openFiles(name: string, source: Extract<Source, { kind: "files" }>, duck: Engine): OpenSource {
  const label = short(source.pattern);
  const rows: OpenSource["rows"] = async (sql, parameters, signal) => {
    try {
      return await duck.rows(sql, parameters, signal);
    } catch (error) {
      throw explainDuckDb(name, source, error);
    }
  };
  return {
    dialect: duckDb,
    label,
    rows,
    async snapshot() {
      const { files, stamp, modified } = stampFiles(name, source);
      const parts = () => files.map((file) => ({ label: short(file), relation: readFilesSql(name, source, [file]) }));
      return { stamp, relation: readFilesSql(name, source, files), parts, modified };
    },
    async columns(relation, signal) {
      return (await rows(`DESCRIBE SELECT * FROM ${relation}`, [], signal)).map((row) => String(row.column_name));
    },
    async close() {},
  };
}

function notUtf8(name: string, label: string, line: number | string, cause: unknown): VendorError {
  return new VendorError(
    name,
    `${label}, line ${line}: it is not text in UTF-8. Export the file again as CSV (UTF-8); nothing of it was used.`,
    { cause },
  );
}

/** DuckDB names the line of a broken row; people need that, the file and what to do. */
function explainDuckDb(name: string, source: Extract<Source, { kind: "files" }>, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "UserError") return error;
  const file = /^\s*file = (.+)$/m.exec(error.message)?.[1];
  const label = short(file ?? source.pattern);
  const line = /CSV Error on Line: (\d+)/.exec(error.message)?.[1];
  const expected = /Expected Number of Columns: (\d+) Found: (\d+)/i.exec(error.message);
  const original = /Original Line:\s*([^\n]*)/.exec(error.message)?.[1] ?? "";
  if (line && /invalid unicode|not utf-?8/i.test(error.message)) return notUtf8(name, label, line, error);
  if (line) {
    const what = expected
      ? `it has ${expected[2]} columns where the header has ${expected[1]}`
      : /quote/i.test(error.message)
        ? "a quotation mark is not closed"
        : "it cannot be read as CSV";
    return new VendorError(name, `${label}, line ${line}: ${what}. Correct that line, or export the file again; nothing of it was used.`, {
      detail: original,
      cause: error,
    });
  }
  const foreign = source.format === "csv" ? firstForeignLine(stampFiles(name, source).files) : undefined;
  if (foreign) return notUtf8(name, short(foreign.file), foreign.line, error);
  return new VendorError(name, `${label} cannot be read. Check that it is a whole, valid file.`, {
    detail: error.message.split(/\n|Stack Trace/, 1)[0] ?? "",
    cause: error,
  });
}

function openSqlite(name: string, source: Extract<Source, { kind: "sqlite" }>): OpenSource {
  const label = `${short(source.path)}, table ${source.table}`;
  async function withDatabase<T>(work: (database: InstanceType<typeof import("node:sqlite").DatabaseSync>) => T): Promise<T> {
    const { DatabaseSync } = await import("node:sqlite");
    let database: InstanceType<typeof DatabaseSync> | undefined;
    try {
      database = new DatabaseSync(source.path, { readOnly: true, timeout: 5_000 });
      return work(database);
    } catch (error) {
      throw new VendorError(name, `${label} cannot be read. Check the path and the table's name.`, {
        detail: error instanceof Error ? error.message : "",
        cause: error,
      });
    } finally {
      database?.close();
    }
  }
  return {
    dialect: sqlite,
    label,
    async rows(sql, parameters, signal) {
      if (signal.aborted) throw stopped();
      return withDatabase((database) => database.prepare(sql).all(...parameters) as Row[]);
    },
    async snapshot() {
      const stamps = [source.path, `${source.path}-wal`].map((path) => statSync(path, { throwIfNoEntry: false }));
      if (!stamps[0])
        throw new VendorError(name, `The dataset “${name}” has no database at ${source.path}. Check \`source\` in the datasets file.`);
      return {
        stamp: stamps.map((s) => `${s?.size}:${s?.mtimeMs}`).join("|"),
        relation: quoteName(source.table),
        modified: stamps[0].mtime,
      };
    },
    async columns() {
      const found = await withDatabase((database) =>
        database.prepare(`SELECT name FROM pragma_table_info(${quoteText(source.table)})`).all(),
      );
      if (found.length > 0) return found.map((row) => String(row.name));
      throw new VendorError(name, `${short(source.path)} has no table ${source.table}. Check \`table\` in the datasets file.`);
    },
    async close() {},
  };
}

function openPostgres(name: string, source: Extract<Source, { kind: "postgres" }>, now: () => Date): OpenSource {
  const label = `PostgreSQL table ${source.table}`;
  let pool: Promise<import("pg").Pool> | undefined;
  const relation = source.table.split(".").map(quoteName).join(".");
  async function open() {
    const { default: pg } = await import("pg");
    const created = new pg.Pool({
      connectionString: source.url,
      max: 2,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      options: "-c TimeZone=UTC -c DateStyle=ISO -c default_transaction_read_only=on",
    });
    created.on("error", () => {});
    return created;
  }
  const rows: OpenSource["rows"] = async (sql, parameters, signal) => {
    pool ??= open();
    try {
      return await stoppable(await pool, sql, parameters, signal);
    } catch (error) {
      if (signal.aborted) throw stopped();
      throw new VendorError(name, `${label} cannot be read. Check the URL, the rights and the table's name.`, {
        detail: error instanceof Error ? error.message : "",
        cause: error,
      });
    }
  };
  return {
    dialect: postgres,
    label,
    rows,
    snapshot: async () => ({ stamp: String(Math.floor(now().getTime() / TABLE_FRESH_MS)), relation }),
    columns: async (_, signal) =>
      (
        await rows(
          "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
          [relation],
          signal,
        )
      ).map((row) => String(row.attname)),
    close: async () => {
      const current = pool && (await pool);
      pool = undefined;
      await current?.end();
    },
  };
}

/** A query whose connection is given up when `signal` aborts: the server ends it when it next writes, at the latest by its own limit. */
async function stoppable(pool: import("pg").Pool, sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<Row[]> {
  if (signal.aborted) throw stopped();
  const client = await pool.connect();
  if (signal.aborted) {
    client.release();
    throw stopped();
  }
  try {
    const result = await untilAborted(client.query(sql, [...parameters]), signal, stopped);
    return result.rows as Row[];
  } finally {
    client.release(signal.aborted);
  }
}
