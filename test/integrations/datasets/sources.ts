import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import { startPostgres } from "../../kit/postgres.ts";
import { LEDGER, LEDGER_COLUMNS, ledgerCsv, ledgerYaml } from "./ledger.ts";
import { openWorld, type World } from "./world.ts";

/** Everything a dataset may be read from, each holding the same ledger. */
export interface LedgerSource {
  name: string;
  /** Makes it in the world's folder and gives the YAML that describes it. Throws when this machine cannot run it. */
  make(world: World): Promise<string>;
  stop?(): Promise<void>;
}

const TEXT_COLUMNS = LEDGER_COLUMNS.map((column) => `'${column}': 'VARCHAR'`).join(", ");

function csvSource(name: string, delimiter: string, change: (csv: string) => string = (csv) => csv, file = "ledger.csv"): LedgerSource {
  return {
    name,
    async make(world) {
      world.write(file, change(ledgerCsv(delimiter)));
      return ledgerYaml("ledger", `source: ${file}`);
    },
  };
}

function madeByDuckDb(name: string, file: string, select: string, copy: string): LedgerSource {
  return {
    name,
    async make(world) {
      const csv = world.write("for-duckdb.csv", ledgerCsv());
      const read = `read_csv('${csv}', header=true, auto_detect=false, columns={${TEXT_COLUMNS}}, nullstr='', quote='"', escape='"', delim=',')`;
      await world.duckDb(`COPY (SELECT ${select} FROM ${read}) TO '${world.folder}/${file}' (${copy})`);
      return ledgerYaml("ledger", `source: ${file}`);
    },
  };
}

const TYPED =
  'CAST("at" AS TIMESTAMPTZ) AS "at", "team", "say ""what"" now", "region", CAST("amount" AS DECIMAL(18, 2)) AS "amount", CAST("hours" AS DOUBLE) AS "hours", "currency"';

const sqliteSource: LedgerSource = {
  name: "a SQLite table",
  async make(world) {
    const database = new DatabaseSync(`${world.folder}/ledger.db`);
    const columns = LEDGER_COLUMNS.map((c) => `"${c.replaceAll('"', '""')}" ${c === "amount" || c === "hours" ? "NUMERIC" : "TEXT"}`);
    database.exec(`CREATE TABLE "the ledger" (${columns.join(", ")})`);
    const insert = database.prepare(`INSERT INTO "the ledger" VALUES (${LEDGER_COLUMNS.map(() => "?").join(", ")})`);
    database.exec("BEGIN");
    for (const row of LEDGER) insert.run(...LEDGER_COLUMNS.map((column) => row[column]));
    database.exec("COMMIT");
    database.close();
    return ledgerYaml("ledger", "source: sqlite:ledger.db\n    table: the ledger");
  },
};

function postgresSource(name: string, types: Readonly<Record<string, string>>): LedgerSource {
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined;
  return {
    name,
    async make() {
      server = await startPostgres();
      const url = await server.fresh();
      const client = new Client({ connectionString: url, options: "-c TimeZone=UTC" });
      await client.connect();
      await client.query('CREATE SCHEMA "the books"');
      const columns = LEDGER_COLUMNS.map((c) => `"${c.replaceAll('"', '""')}" ${types[c] ?? "text"}`);
      await client.query(`CREATE TABLE "the books"."ledger" (${columns.join(", ")})`);
      for (let start = 0; start < LEDGER.length; start += 100) {
        const some = LEDGER.slice(start, start + 100);
        const slots = some.map((_, r) => `(${LEDGER_COLUMNS.map((_, c) => `$${r * LEDGER_COLUMNS.length + c + 1}`).join(", ")})`);
        await client.query(
          `INSERT INTO "the books"."ledger" VALUES ${slots.join(", ")}`,
          some.flatMap((row) => LEDGER_COLUMNS.map((c) => row[c])),
        );
      }
      await client.end();
      return ledgerYaml("ledger", `source: ${url}\n    table: the books.ledger`);
    },
    stop: async () => server?.stop(),
  };
}

export const LEDGER_SOURCES: readonly LedgerSource[] = [
  csvSource("CSV with commas", ","),
  csvSource("CSV with semicolons", ";"),
  csvSource("CSV with tabs", "\t", (csv) => csv, "ledger.tsv"),
  csvSource("CSV with bars", "|"),
  csvSource("CSV with a byte order mark", ",", (csv) => `\uFEFF${csv}`),
  csvSource("CSV of Windows", ";", (csv) => csv.replaceAll("two\nlines", "\0").replaceAll("\n", "\r\n").replaceAll("\0", "two\nlines")),
  csvSource("CSV without a last newline", ",", (csv) => csv.slice(0, -1)),
  csvSource("CSV with the word NULL for what is missing", ",", (csv) => csv.replace(/,(?=,)/g, ",NULL")),
  csvSource("CSV with everything quoted", ",", (csv) => csv.replace(/(^|,|\n)(USD|EUR|Platform|yes|no)(?=,|\n)/g, '$1"$2"')),
  madeByDuckDb("Parquet with types", "ledger.parquet", TYPED, "FORMAT parquet"),
  madeByDuckDb("Parquet of text", "ledger.parquet", "*", "FORMAT parquet"),
  madeByDuckDb("JSON lines", "ledger.ndjson", TYPED.replace("DECIMAL(18, 2)", "DOUBLE"), "FORMAT json"),
  madeByDuckDb("a JSON array of text", "ledger.json", "*", "FORMAT json, ARRAY true"),
  sqliteSource,
  postgresSource("a PostgreSQL table with types", { at: "timestamptz", amount: "numeric(18, 2)", hours: "double precision" }),
  postgresSource("a PostgreSQL table of text", {}),
];

/** The ledger in one kind of source, connected. */
export async function openLedger(source: LedgerSource) {
  const world = openWorld();
  try {
    const feed = await world.feed(`datasets:${await source.make(world)}`);
    const stop = async () => {
      await world.close();
      await source.stop?.();
    };
    return { world, feed, stop };
  } catch (error) {
    await world.close();
    await source.stop?.();
    throw error;
  }
}
