import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Feed } from "../../../src/core/feed.ts";
import type { Connection } from "../../../src/core/integration.ts";
import { explainError } from "../../../src/errors.ts";
import { datasets } from "../../../src/integrations/datasets/index.ts";

/** A folder of its own per test, the integration connected to it, and ways to make files of every kind. */
export const NOW = new Date("2026-11-21T09:30:00Z");

export interface World {
  folder: string;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Connects the datasets of a YAML file with this text, or of a data file. */
  connect(yamlOrPath: string, now?: () => Date): Promise<Connection>;
  /** The one feed of a description. */
  feed(yamlOrPath: string, now?: () => Date): Promise<Feed>;
  /** Runs SQL of the test's own, to make Parquet and JSON files. */
  duckDb(sql: string): Promise<void>;
  close(): Promise<void>;
}

export function openWorld(): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "firstmate-datasets-")));
  const connections: Connection[] = [];
  const world: World = {
    folder,
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    async connect(text, now = () => NOW) {
      const path = text.includes("\n") ? world.write("datasets.yaml", text) : text;
      const connection = await datasets.connect({ DATASETS: path }, { now });
      connections.push(connection);
      return connection;
    },
    async feed(text, now) {
      const [feed, ...more] = (await world.connect(text, now)).feeds;
      if (!feed || more.length > 0) throw new Error("expected one feed");
      return feed;
    },
    async duckDb(sql) {
      const instance = await DuckDBInstance.create(":memory:");
      const connection = await instance.connect();
      await connection.run("SET TimeZone='UTC'");
      await connection.run(sql);
      connection.closeSync();
      instance.closeSync();
    },
    async close() {
      for (const connection of connections) await connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

export const signal = AbortSignal.timeout(120_000);

/** What a person would be told; fails when nothing was thrown. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome === undefined) throw new Error("nothing was refused");
  return explainError(outcome);
}

/** One cell of CSV as RFC 4180 has it. */
export function csvCell(value: string | number | null, delimiter = ","): string {
  if (value === null) return "";
  const text = String(value);
  return /["\r\n]/.test(text) || text.includes(delimiter) || text === "NULL" ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv(rows: readonly (readonly (string | number | null)[])[], delimiter = ",", newline = "\n"): string {
  return rows.map((row) => row.map((cell) => csvCell(cell, delimiter)).join(delimiter) + newline).join("");
}
