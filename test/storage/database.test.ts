import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { openDatabase, tellingOfFullDisk } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";

const folder = mkdtempSync(join(tmpdir(), "firstmate-database-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function problemOf(url: string): Promise<string> {
  const error = await openDatabase(url).then(
    (database) => database.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems.join("\n");
}

describe("work that fails on a full database", () => {
  it("says that the disk is full where it is, and else what the database said", async () => {
    const database = await openDatabase("sqlite::memory:");
    const disk = new ConfigError(["the disk is full"]);
    const work = async () => sql.raw("insert into kept values (zeroblob(1000000))").execute(database.kysely);
    await sql.raw("create table kept (it blob)").execute(database.kysely);
    await sql.raw("pragma max_page_count = 10").execute(database.kysely);

    await expect(tellingOfFullDisk({ ...database, ping: () => Promise.reject(disk) }, work)).rejects.toBe(disk);
    await expect(tellingOfFullDisk(database, work)).rejects.toThrow(/disk is full/);
    await expect(
      tellingOfFullDisk({ ...database, ping: () => Promise.reject(disk) }, () => Promise.reject(new Error("other"))),
    ).rejects.toThrow("other");
    await database.close();
  });
});

describe("a DATABASE_URL that cannot work", () => {
  it.each(["", "firstmate.db", "mysql://localhost/x", "postgres:localhost", "file:firstmate.db", "https://example.com"])(
    "says which forms there are: “%s”",
    async (url) => {
      expect(await problemOf(url)).toMatch(/DATABASE_URL must begin with sqlite: or postgres:\/\//);
    },
  );

  it.each(["sqlite:", "sqlite: ", "sqlite://firstmate.db"])("asks for the path of the file: “%s”", async (url) => {
    expect(await problemOf(url)).toMatch(/after sqlite: comes the path/);
  });

  it("names a file that is not a database and leaves it as it is", async () => {
    const file = join(folder, "letter.txt");
    writeFileSync(file, "Dear reader, this is longer than any header of a database. ".repeat(20));
    const before = statSync(file);

    expect(await problemOf(`sqlite:${file}`)).toMatch(/letter\.txt is not a SQLite database\. Name another file/);
    expect(statSync(file).size).toBe(before.size);
  });

  it("says that a path is a folder, or runs through a file", async () => {
    const file = join(folder, "plain");
    writeFileSync(file, "");

    expect(await problemOf(`sqlite:${folder}`)).toMatch(/is a folder/);
    expect(await problemOf(`sqlite:${file}/firstmate.db`)).toMatch(/runs through something that is no folder/);
    expect(await problemOf("sqlite:/proc/nowhere/firstmate.db")).toMatch(/DATABASE_URL: the file \/proc\/nowhere\/firstmate\.db/);
  });

  it.skipIf(process.getuid?.() === 0)("says that a folder may not be written", async () => {
    const locked = mkdtempSync(join(folder, "locked-"));
    chmodSync(locked, 0o500);

    expect(await problemOf(`sqlite:${locked}/firstmate.db`)).toMatch(/may not be written by this user/);
  });

  it("says that a server does not answer, without the password", async () => {
    const problem = await problemOf("postgres://ada:s3cret%40@127.0.0.1:1/firstmate");

    expect(problem).toMatch(/the PostgreSQL server at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)\. Start it/);
    expect(problem).not.toMatch(/s3cret/);
  });

  it.each([
    "postgres://ada:12#s3cret@db/x",
    "postgres://ada:12/s3cret@db/x",
    "postgres://ada:12?s3cret@db/x",
    "postgres://ada:s3cret@[db/x",
    "postgres://",
  ])("asks to encode a password that breaks the address, and never shows it: %s", async (url) => {
    const problem = await problemOf(url);

    expect(problem).toMatch(/DATABASE_URL/);
    expect(problem).not.toMatch(/s3cret|12/);
  });
});

describe("a SQLite file", () => {
  it("is made with its folders, for its owner alone", async () => {
    const file = join(folder, "a", "b", "firstmate.db");
    const database = await openDatabase(`sqlite:${file}`);
    await migrate(database);

    const modes = [file, `${file}-wal`, join(folder, "a", "b")].map((path) => statSync(path).mode & 0o077);
    await database.close();

    expect(modes).toEqual([0, 0, 0]);
  });

  it("is written so that nothing stored is lost with the power", async () => {
    const database = await openDatabase(`sqlite:${join(folder, "durable.db")}`);

    const values = await Promise.all(
      ["journal_mode", "synchronous", "foreign_keys"].map(async (name) => {
        const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database.kysely);
        return Object.values(rows[0] ?? {})[0];
      }),
    );
    await database.close();

    expect(values).toEqual(["wal", 2, 1]);
  });

  it("tells that the disk is full, keeps no half of a transaction, and works again when there is room", async () => {
    const database = await openDatabase(`sqlite:${join(folder, "full.db")}`);
    await migrate(database);
    const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(database.kysely);
    const write = () =>
      database.kysely.transaction().execute(async (trx) => {
        for (const name of ["a", "b", "c"])
          await trx
            .insertInto("app_secrets")
            .values({ name, value: "x".repeat(50_000) })
            .execute();
      });
    await limit(40);

    await expect(write()).rejects.toThrow(/full/);
    expect(await database.kysely.selectFrom("app_secrets").select("name").execute()).toEqual([]);

    await limit(10_000);
    await write();
    expect(await database.kysely.selectFrom("app_secrets").select("name").execute()).toHaveLength(3);
    await database.close();
  });

  it("keeps what was written when it is opened again", async () => {
    const url = `sqlite:${join(folder, "again.db")}`;
    const first = await openDatabase(url);
    await migrate(first);
    await first.kysely.insertInto("app_secrets").values({ name: "n", value: "v" }).execute();
    await first.close();

    const second = await openDatabase(url);

    expect((await second.kysely.selectFrom("app_secrets").select("value").executeTakeFirst())?.value).toBe("v");
    await second.close();
  });
});

describe("a database that runs", () => {
  it("is not ready when its file is gone: what is kept then is kept nowhere", async () => {
    const file = join(folder, "gone.db");
    const database = await openDatabase(`sqlite:${file}`);
    await database.ping();
    rmSync(file);

    await expect(database.ping()).rejects.toThrow(/gone\.db is gone/);
    await database.close();
  });

  it("needs no disk in memory", async () => {
    const database = await openDatabase("sqlite::memory:");

    await expect(database.ping()).resolves.toBeUndefined();
    await database.close();
  });
});
