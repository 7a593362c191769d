import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { UserError } from "../../errors.ts";

export type Row = Readonly<Record<string, unknown>>;
export type Parameter = string | number;

/** Runs SQL that this room wrote. Rows hold strings, numbers and nulls only. */
export interface Engine {
  /** Parameters are `$1`, `$2` …. Throws what the database threw; stops the query when `signal` aborts. */
  rows(sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<Row[]>;
  close(): Promise<void>;
}

/**
 * DuckDB in memory, opened on first use and locked to `directories`: no other file, no network, and no way to unlock it from SQL.
 * One query runs at a time; more would only fight for the same cores.
 */
export function createDuckDb(directories: readonly string[]): Engine {
  let opened: Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const open = () => {
    opened ??= openLocked(directories);
    return opened;
  };
  return {
    rows(sql, parameters, signal) {
      const work = last.then(async () => run((await open()).connection, sql, parameters, signal));
      last = work.catch(() => undefined);
      return work;
    },
    async close() {
      const current = opened && (await opened.catch(() => undefined));
      await last;
      current?.connection.closeSync();
      current?.instance.closeSync();
      opened = undefined;
    },
  };
}

async function openLocked(directories: readonly string[]) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone='UTC'");
  await connection.run(`SET allowed_directories=[${directories.map(quoteText).join(", ")}]`);
  await connection.run("SET enable_external_access=false");
  await connection.run("SET lock_configuration=true");
  return { instance, connection };
}

async function run(connection: DuckDBConnection, sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<Row[]> {
  if (signal.aborted) throw stopped();
  const interrupt = () => connection.interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  try {
    const result = await connection.runAndReadAll(sql, [...parameters]);
    return result
      .getRowObjectsJS()
      .map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === "bigint" ? Number(value) : value])),
      );
  } catch (error) {
    throw signal.aborted ? stopped() : error;
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

export function stopped(): UserError {
  return new UserError("Stopped before the data was read.");
}

/** A SQL text literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The path of one file as a SQL text literal: DuckDB would take it for a pattern, and "bill-[1].csv" for "bill-1.csv". */
export function quoteFile(path: string): string {
  return quoteText(path.replace(/[*?[]/g, "[$&]"));
}

/** A SQL name. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
