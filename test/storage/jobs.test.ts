import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Jobs } from "../../src/core/jobs.ts";
import { ConfigError } from "../../src/errors.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { openJobs } from "../../src/storage/jobs.ts";
import { type Postgres, startPostgres } from "../kit/postgres.ts";

/** One interface, two ways: what each promises to a ledger. */

let server: Postgres | undefined;
let reason = "";
beforeAll(async () => {
  server = await startPostgres().catch((error: Error) => {
    reason = error.message;
    return undefined;
  });
}, 60_000);
afterAll(() => server?.stop());

let open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.reverse()) await one.stop();
  open = [];
});

async function openStore(url: string): Promise<Database> {
  const database = await openDatabase(url);
  open.push({ stop: () => database.close() });
  return database;
}

function join(database: Database, leaseMs = 60_000): { jobs: Jobs; faults: unknown[] } {
  const faults: unknown[] = [];
  const jobs = openJobs(database, { queue: "tests", leaseMs, onFault: (error) => faults.push(error) });
  open.push(jobs);
  return { jobs, faults };
}

/** What a drain hands out, in order. */
async function drained(jobs: Jobs, signal = new AbortController().signal): Promise<string[]> {
  const rows: string[] = [];
  await jobs.drain(async (row) => void rows.push(row), signal);
  return rows;
}

const kinds = [
  { name: "in one process", url: async () => "sqlite::memory:", needsServer: false },
  { name: "on PostgreSQL", url: async () => server?.fresh() ?? "", needsServer: true },
];

describe.each(kinds)("jobs $name", ({ url, needsServer }) => {
  beforeEach((context) => context.skip(needsServer && server === undefined, reason));
  const fresh = async (leaseMs?: number) => join(await openStore(await url()), leaseMs);

  test("hand out each row once, the most urgent first", async () => {
    const { jobs } = await fresh();

    await jobs.offer(["a", "b", "c"]);

    expect(await drained(jobs)).toEqual(["a", "b", "c"]);
    expect(await drained(jobs)).toEqual([]);
  });

  test("hold a row once, however often it is put up", async () => {
    const { jobs } = await fresh();

    for (let i = 0; i < 3; i++) await jobs.offer(["a"]);

    expect(await drained(jobs)).toEqual(["a"]);
  });

  test("hand out again what is put up again: the ledger knows why", async () => {
    const { jobs } = await fresh();

    await jobs.offer(["a"]);
    await drained(jobs);
    await jobs.offer(["a"]);

    expect(await drained(jobs)).toEqual(["a"]);
  });

  test("hand out what is put up while they drain", async () => {
    const { jobs } = await fresh();
    const rows: string[] = [];
    await jobs.offer(["a"]);

    await jobs.drain(async (row) => {
      rows.push(row);
      if (row === "a") await jobs.offer(["b"]);
    }, new AbortController().signal);

    expect(rows).toEqual(["a", "b"]);
  });

  test("take nothing for nothing", async () => {
    const { jobs } = await fresh();

    await jobs.offer([]);

    expect(await drained(jobs)).toEqual([]);
  });

  test("go on after work that throws, and tell of it", async () => {
    const { jobs, faults } = await fresh();
    const rows: string[] = [];
    await jobs.offer(["bad", "good"]);

    await jobs.drain(async (row) => {
      rows.push(row);
      if (row === "bad") throw new Error("the database was away");
    }, new AbortController().signal);

    expect(rows).toEqual(["bad", "good"]);
    expect(faults).toEqual([new Error("the database was away")]);
    await jobs.offer(["bad"]);
    expect(await drained(jobs)).toContain("bad");
  });

  test("take no further row once they are stopped", async () => {
    const { jobs } = await fresh();
    const stopping = new AbortController();
    const rows: string[] = [];
    await jobs.offer(["a", "b"]);

    await jobs.drain(async (row) => {
      rows.push(row);
      stopping.abort();
    }, stopping.signal);

    expect(rows).toEqual(["a"]);
    expect(await drained(jobs)).toEqual(["b"]);
  });
});

describe("jobs of several replicas", () => {
  beforeEach((context) => context.skip(server === undefined, reason));
  const url = async () => server?.fresh() ?? "";

  test("three that start at once on an empty database share what is put up by each", async () => {
    const database = await openStore(await url());
    const replicas = Array.from({ length: 3 }, () => join(database));
    const rows = Array.from({ length: 20 }, (_, i) => `row ${i}`);

    await Promise.all(replicas.map(({ jobs }) => jobs.offer(rows)));
    const taken = await Promise.all(replicas.map(({ jobs }) => drained(jobs)));

    expect(taken.flat().sort()).toEqual([...rows].sort());
    expect(replicas.flatMap(({ faults }) => faults)).toEqual([]);
  });

  test("a row is put up again while its process is dead, whatever its job thinks", async () => {
    const database = await openStore(await url());
    const dead = join(database);
    const next = join(database);
    await dead.jobs.offer(["a"]);
    let begun = () => {};
    const working = new Promise<void>((resolve) => {
      begun = resolve;
    });
    void dead.jobs.drain(() => {
      begun();
      return new Promise(() => {});
    }, new AbortController().signal);
    await working;

    expect(await drained(next.jobs)).toEqual([]);
    await next.jobs.offer(["a"]);

    expect(await drained(next.jobs)).toEqual(["a"]);
  });

  test("what fails time and again is told of once, and waits no more", async () => {
    const database = await openStore(await url());
    const { jobs, faults } = join(database);
    const { run } = database;
    await jobs.offer(["a"]);
    const fail = () => jobs.drain(() => Promise.reject(new Error("away")), new AbortController().signal);

    // Each is due again only after the lease: here the database's time is moved instead.
    for (let i = 0; i < 3; i++) {
      await fail();
      await run?.("update firstmate_jobs.job set start_after = now() - interval '1 second' where state = 'retry'");
    }
    await fail();

    expect(faults.map(String)).toEqual([
      ...Array.from({ length: 3 }, () => "Error: away"),
      "Error: A job of the queue tests failed 3 times: a",
    ]);
    expect(await drained(jobs)).toEqual([]);
  });

  test("the queue thinks a silent process dead when the ledger does", async () => {
    const database = await openStore(await url());
    const { jobs } = join(database, 5_000);
    await jobs.offer(["a"]);
    await drained(jobs);

    const { rows } =
      (await database.run?.("select expire_seconds, retry_delay, policy from firstmate_jobs.job where name = 'tests'")) ?? {};

    expect(rows).toEqual([{ expire_seconds: 5, retry_delay: 5, policy: "short" }]);
  });

  test("a user who may not make schemas is told what to run, and that is enough", async () => {
    const admin = await openStore(await url());
    const address = new URL(await nameOf(admin));
    await sql.raw("create role limited login password 'limited'").execute(admin.kysely);
    address.username = "limited";
    address.password = "limited";
    const limited = await openStore(address.href);

    const refusal = await join(limited)
      .jobs.offer(["a"])
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigError);
    expect(String(refusal)).toMatch(/create schema if not exists firstmate_jobs; grant usage, create on schema firstmate_jobs/);

    await sql.raw("create schema if not exists firstmate_jobs").execute(admin.kysely);
    await sql.raw("grant usage, create on schema firstmate_jobs to limited").execute(admin.kysely);
    const { jobs } = join(limited);
    await jobs.offer(["a"]);
    expect(await drained(jobs)).toEqual(["a"]);
  });

  async function nameOf(database: Database): Promise<string> {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database.kysely);
    const address = new URL(server?.url ?? "");
    address.pathname = `/${rows[0]?.name}`;
    return address.href;
  }
});
