import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createAudit } from "../../src/records/audit.ts";
import { createKeys } from "../../src/records/keys.ts";
import { copyDatabase, tablesInOrder } from "../../src/storage/copy.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { type Postgres, startPostgres } from "../kit/postgres.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const now = () => new Date("2026-11-21T09:30:00Z");

let folder: string;
let postgres: Postgres | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "firstmate-copy-"));
  postgres = await startPostgres().catch((error: Error) => {
    console.warn(`PostgreSQL is not tested here: ${error.message}`);
    return undefined;
  });
}, 120_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url);
  onTestFinished(() => database.close());
  return database;
}

/** More rows than one page, with texts that two databases could order differently, and every kind of column. */
async function filled(url: string): Promise<Database> {
  const database = await open(url);
  await migrate(database);
  const keys = createKeys(database, now);
  for (let i = 0; i < 12; i++) await keys.createKey({ name: `key ${i}`, role: "viewer" });
  await database.kysely
    .insertInto("agents")
    .values({ id: "ä-agent", registered_at: now().toISOString(), first_event_at: now().toISOString(), last_event_at: now().toISOString() })
    .execute();
  for (let i = 0; i < 1_203; i++)
    await database.kysely
      .insertInto("agent_day_users")
      .values({ agent_id: "ä-agent", day: "2026-11-20", model: i % 2 ? "b" : "B", user_id: `ü${i}🙂` })
      .execute();
  return database;
}

async function everything(database: Database): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const { name, key } of tablesInOrder()) {
    let query = database.kysely.selectFrom(name as "claims").selectAll();
    for (const column of key) query = query.orderBy(column as "key");
    all[name] = (await query.execute()).map((row) => ({ ...row }));
  }
  return all;
}

describe("a copy of a database", () => {
  it("knows every table and its key, parents before children", async () => {
    const tables = tablesInOrder();
    const database = await open("sqlite::memory:");
    await migrate(database);
    const there = (await database.kysely.introspection.getTables()).map(({ name }) => name).filter((name) => name !== "schema_migrations");

    expect(tables.map(({ name }) => name).sort()).toEqual(there.sort());
    expect(tables.filter(({ key }) => key.includes(""))).toEqual([]);
    expect(tables.findIndex(({ name }) => name === "conversations")).toBeLessThan(tables.findIndex(({ name }) => name === "turns"));
  });

  it("from SQLite to PostgreSQL and back holds every row as it was, and the audit log still verifies", async (context) => {
    if (!postgres) return context.skip();
    const first = await filled(`sqlite:${join(folder, "first.db")}`);
    const server = await open(await postgres.fresh());
    const back = await open(`sqlite:${join(folder, "back.db")}`);

    const copied = await copyDatabase(first, server);
    await copyDatabase(server, back);

    expect(copied).toContainEqual({ table: "agent_day_users", rows: 1_203 });
    expect(await everything(server)).toEqual(await everything(first));
    expect(await everything(back)).toEqual(await everything(first));
    expect(await createAudit(back, now).verify()).toEqual(await createAudit(first, now).verify());
  }, 120_000);

  it("into one that is not empty is refused and changes nothing", async () => {
    const first = await filled(`sqlite:${join(folder, "source.db")}`);
    const other = await open(`sqlite:${join(folder, "other.db")}`);
    await migrate(other);
    await createKeys(other, now).createKey({ name: "theirs", role: "admin" });
    const before = await everything(other);

    await expect(copyDatabase(first, other)).rejects.toThrow(/not empty.*api_keys/);
    expect(await everything(other)).toEqual(before);
  });

  it("that fails half-way leaves nothing behind", async () => {
    const first = await filled(`sqlite:${join(folder, "broken-source.db")}`);
    const target = await open(`sqlite:${join(folder, "half.db")}`);
    await migrate(target);
    const { sql } = await import("kysely");
    await sql
      .raw("create trigger full before insert on agent_day_users when new.user_id like 'ü7%' begin select raise(abort, 'disk full'); end")
      .execute(target.kysely);
    const before = await everything(target);

    await expect(copyDatabase(first, target)).rejects.toThrow(/disk full/);
    expect(await everything(target)).toEqual(before);
  });

  it("is made by the command, for its owner alone, and serves as the database", async () => {
    const run = promisify(execFile);
    const backup = join(folder, "backups", "copy.db");
    const env = { PATH: process.env.PATH ?? "", DATA_DIR: join(folder, "data") };
    const program = (args: readonly string[], more: Record<string, string> = {}) =>
      run(join(root, "node_modules/.bin/node"), [join(root, "bin/firstmate.mjs"), ...args], { cwd: folder, env: { ...env, ...more } });
    await program(["key", "create", "--role", "viewer", "--name", "reader"]);

    const { stdout } = await program(["migrate", "--to", `sqlite:${backup}`]);

    expect(stdout).toMatch(/^api_keys: 1$/m);
    expect(existsSync(backup) && statSync(backup).mode & 0o777).toBe(0o600);
    expect((await program(["key", "list"], { DATABASE_URL: `sqlite:${backup}` })).stdout).toContain("reader");
    await expect(program(["migrate", "--to", `sqlite:${backup}`])).rejects.toThrow(/not empty/);
    await expect(program(["migrate", "--to", "mysql://x"])).rejects.toMatchObject({ code: 2 });
  }, 60_000);
});
