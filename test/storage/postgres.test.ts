import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { type Postgres, startPostgres } from "../kit/postgres.ts";

let server: Postgres;
let reason: string | undefined;

beforeAll(async () => {
  try {
    server = await startPostgres();
  } catch (error) {
    reason = String(error);
    console.warn(`PostgreSQL is not tested here: ${reason}`);
  }
});
beforeEach((context) => context.skip(reason !== undefined, reason));
afterAll(() => server?.stop());

async function problemOf(change: (address: URL) => void): Promise<string> {
  const address = new URL(server.url);
  change(address);
  const error = await openDatabase(address.href).then(
    (database) => database.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems.join("\n");
}

async function onFresh(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(await server.fresh());
  await work(database).finally(() => database.close());
}

/** The pool may hand out a dying connection until it has heard of each one's end; then it must work. */
async function answers(database: Database): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt++) await database.ping().catch(() => {});
  await database.ping();
}

it("says that the password is wrong without showing it", async () => {
  const problem = await problemOf((address) => {
    address.password = "s3cret";
  });

  expect(problem).toMatch(/refused the user or the password/);
  expect(problem).not.toMatch(/s3cret/);
});

it("says that the database does not exist", async () => {
  const problem = await problemOf((address) => {
    address.pathname = "/nowhere";
  });

  expect(problem).toMatch(/no such database.*createdb/);
});

it("refuses a database that cannot hold every language", async () => {
  await onFresh(async (database) => {
    await sql`create database latin encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`.execute(database.kysely);
  });

  const problem = await problemOf((address) => {
    address.pathname = "/latin";
  });

  expect(problem).toMatch(/stores text as LATIN1.*createdb --encoding=UTF8/);
});

it("orders every text column by its bytes, whatever the server's language", () =>
  onFresh(async (database) => {
    await migrate(database);

    const { rows } = await sql<{ collation: string | null }>`
      select distinct collation_name as collation from information_schema.columns
      where table_schema = 'public' and data_type = 'text'`.execute(database.kysely);

    expect(rows).toEqual([{ collation: "C" }]);
  }));

it("survives the server ending its connections, idle and in the middle of a transaction", () =>
  onFresh(async (database) => {
    const endAll = async () => {
      const other = await openDatabase(server.url);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and application_name = 'firstmate'`.execute(
        other.kysely,
      );
      await other.close();
    };

    const cut = database.kysely.transaction().execute(async (trx) => {
      await sql`select 1`.execute(trx);
      await endAll();
      await sql`select 1`.execute(trx);
    });
    await expect(cut).rejects.toThrow();
    await answers(database);
    await endAll();

    await answers(database);
  }));
