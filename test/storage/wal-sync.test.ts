import fs, { mkdtempSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/storage/database.ts";

type Told = (error: NodeJS.ErrnoException | null) => void;

const folder = mkdtempSync(join(tmpdir(), "firstmate-wal-"));
const real = fs.fdatasync;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => placeDisk(real));

/** The disk as the program meets it. */
function placeDisk(fdatasync: typeof fs.fdatasync): void {
  fs.fdatasync = fdatasync;
  syncBuiltinESMExports();
}

/** A disk that answers when it is told to. */
function slowDisk(): { asked: { file: number; answer: Told }[] } {
  const asked: { file: number; answer: Told }[] = [];
  placeDisk(((file: number, answer: Told) => asked.push({ file, answer })) as unknown as typeof fs.fdatasync);
  return { asked };
}

async function opened(name: string): Promise<Database> {
  const database = await openDatabase(`sqlite:${join(folder, name)}`);
  await sql`create table kept (n integer) strict`.execute(database.kysely);
  return database;
}

const insert = (database: Database, n: number) =>
  database.kysely.transaction().execute((trx) => sql`insert into kept values (${n})`.execute(trx));
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a transaction in a SQLite file", () => {
  it("is done once its log is on disk, and the process goes on meanwhile", async () => {
    const database = await opened("slow.db");
    const { asked } = slowDisk();
    let done = false;

    const stored = insert(database, 1).then(() => {
      done = true;
    });
    while (asked.length === 0) await turn();
    for (let i = 0; i < 5; i++) await turn();

    expect(done).toBe(false);
    if (process.platform === "linux") expect(fs.readlinkSync(`/proc/self/fd/${asked[0]?.file}`)).toBe(join(folder, "slow.db-wal"));
    asked[0]?.answer(null);
    await stored;
    placeDisk(real);
    await database.close();
  });

  it("fails when the disk refuses, and the next one is tried anew", async () => {
    const database = await opened("broken.db");
    placeDisk(((_: number, answer: Told) => answer(new Error("EIO: i/o error, fdatasync"))) as unknown as typeof fs.fdatasync);

    await expect(insert(database, 1)).rejects.toThrow("EIO");

    placeDisk(real);
    await insert(database, 2);
    await database.close();
  });

  it.each(["ends well", "is undone", "cannot begin"])("that %s leaves a single statement to wait for the disk by itself", async (how) => {
    const database = await opened(`${how.replaceAll(" ", "-")}.db`);
    const other = await openDatabase(`sqlite:${join(folder, `${how.replaceAll(" ", "-")}.db`)}`);
    if (how === "ends well") await insert(database, 1);
    if (how === "is undone")
      await expect(
        database.kysely.transaction().execute(async () => {
          throw new Error("undone");
        }),
      ).rejects.toThrow("undone");
    if (how === "cannot begin")
      await other.kysely
        .transaction()
        .execute(async (trx) => {
          await sql`insert into kept values (3)`.execute(trx);
          const waiting = insert(database, 4);
          await turn();
          return { waiting };
        })
        .then(({ waiting }) => waiting);

    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(database.kysely);

    expect(rows[0]?.synchronous).toBe(2);
    await Promise.all([database.close(), other.close()]);
  });
});

it("a database in memory has no log to wait for", async () => {
  const database = await openDatabase("sqlite::memory:");
  await sql`create table kept (n integer) strict`.execute(database.kysely);
  const { asked } = slowDisk();

  await insert(database, 1);

  expect(asked).toEqual([]);
  await database.close();
});
