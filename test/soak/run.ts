import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createDigestRuns } from "../../src/records/digest-runs.ts";
import { createDigestSubscriptions } from "../../src/records/digest-subscriptions.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { startPostgres } from "../kit/postgres.ts";
import { seededRandom } from "../kit/random.ts";
import { type SoakPlatform, startPlatform } from "./platform.ts";

/** Digests under kills: real processes on a real database, killed at random, with a platform that refuses and loses answers. */
export interface SoakOptions {
  store: "sqlite" | "postgres";
  /** looks: as Slack. blind: as Teams. naive: sends again without looking, and must fail. */
  way: "looks" | "blind" | "naive";
  slots: number;
  replicas: number;
  kills: number;
  leaseMs?: number;
  refuse?: number;
  loseAnswer?: number;
  /** PostgreSQL is ended so often, and is away for up to two seconds; in milliseconds. */
  restartEveryMs?: number;
  /** Longest time, in milliseconds. */
  patienceMs?: number;
}

export interface SoakResult {
  slots: number;
  kills: number;
  restarts: number;
  posted: number;
  lost: number;
  doubled: number;
  unknown: number;
  /** Digests that a killed process had begun, and another made. */
  takenOver: number;
  injected: SoakPlatform["injected"];
  seconds: number;
}

const REPLICA = fileURLToPath(new URL("./replica.ts", import.meta.url));
const SUBSCRIPTIONS = 10;
/** A process works so long, on average, before it is killed; one that has not begun to work yet is left alone. */
const LIFE_MS = 600;
const DOWN_MS = 2_000;
/** A post takes up to so long: enough for a kill to meet it. */
const POST_MS = 80;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { leaseMs = 800, refuse = 0.05, loseAnswer = 0.03, patienceMs = 600_000 } = options;
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "firstmate-soak-"));
  const postgres = options.store === "postgres" ? await startPostgres() : undefined;
  const url = postgres ? await postgres.fresh() : `sqlite:${join(folder, "soak.db")}`;
  const database = await openDatabase(url);
  const platform = await startPlatform({ refuse, loseAnswer, slowMs: POST_MS });
  const replicas: { kill(): void; works: boolean }[] = [];
  const random = seededRandom(11);
  let kills = 0;
  let restarts = 0;
  let over = false;
  async function restartAgainAndAgain(everyMs: number): Promise<void> {
    while (!over) {
      await wait(everyMs * (0.5 + random()));
      if (over) return;
      await postgres?.restart(DOWN_MS * random());
      restarts += 1;
    }
  }
  let restarting: Promise<void> | undefined;
  try {
    await migrate(database);
    const subscriptions = await subscribe(database);
    const runs = createDigestRuns(database, () => new Date());
    const rounds = Math.ceil(options.slots / SUBSCRIPTIONS);
    let planned = 0;
    // Slots come as the kills do, so that no kill meets an idle process.
    const planTo = async (round: number) => {
      for (; planned < Math.min(round, rounds); planned++)
        for (const id of subscriptions) await runs.plan(id, [{ slot: `slot ${planned}`, dueAt: new Date(), state: "due" }]);
    };
    const start = () => {
      const args = [url, platform.url, options.way, String(leaseMs)];
      const child = spawn(process.execPath, [REPLICA, ...args], { stdio: ["ignore", "pipe", "inherit"] });
      const replica = { kill: () => void child.kill("SIGKILL"), works: false };
      // Its only word says that it has begun.
      child.stdout.once("data", () => {
        replica.works = true;
      });
      return replica;
    };
    for (let i = 0; i < options.replicas; i++) replicas.push(start());
    if (options.restartEveryMs) restarting = restartAgainAndAgain(options.restartEveryMs);
    const end = began + patienceMs;
    while (Date.now() < end) {
      await whenBack(() => planTo(Math.ceil(((kills + 1) / options.kills) * rounds)));
      await wait(kills < options.kills ? (LIFE_MS / options.replicas) * (0.5 + random()) : 200);
      if (kills < options.kills) {
        const working = replicas.filter(({ works }) => works);
        const victim = working[Math.floor(random() * working.length)];
        if (!victim) continue;
        victim.kill();
        replicas.splice(replicas.indexOf(victim), 1, start());
        kills += 1;
      } else if (await whenBack(() => isDone(database, options.slots))) break;
    }
    over = true;
    await restarting;
    return {
      ...(await count(database, platform, options.slots)),
      kills,
      restarts,
      injected: platform.injected,
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    over = true;
    await restarting?.catch(() => undefined);
    for (const replica of replicas) replica.kill();
    await database.close().catch(() => undefined);
    await platform.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Again until the database is back. */
async function whenBack<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      await wait(100);
    }
  }
}

async function subscribe(database: Database): Promise<string[]> {
  const subscriptions = createDigestSubscriptions(database, () => new Date());
  const ids: string[] = [];
  for (let i = 0; i < SUBSCRIPTIONS; i++) {
    const { id } = await subscriptions.save({
      digest: "soak",
      channel: "soak",
      conversation: `room ${i}`,
      audience: "group",
      pattern: `${i} 9 * * *`,
      schedule: "every day at nine",
      timeZone: "UTC",
      owner: "soak",
      origin: "api",
      order: {},
      whenQuiet: "line",
      catchUp: "late",
      except: [],
    });
    ids.push(id);
  }
  return ids;
}

async function isDone(database: Database, slots: number): Promise<boolean> {
  const open = await database.kysely.selectFrom("digest_runs").select("id").where("state", "in", ["due", "building"]).limit(1).execute();
  const waiting = await database.kysely.selectFrom("outbox").select("id").where("state", "in", ["waiting", "sending"]).limit(1).execute();
  const made = await database.kysely.selectFrom("digest_runs").select("id").execute();
  return open.length === 0 && waiting.length === 0 && made.length >= slots;
}

async function count(database: Database, { posts }: SoakPlatform, slots: number) {
  const runs = await database.kysely.selectFrom("digest_runs").select(["id", "attempts"]).orderBy("due_at").limit(slots).execute();
  const states = new Map(
    (await database.kysely.selectFrom("outbox").select(["key", "state"]).execute()).map(({ key, state }) => [key, state]),
  );
  const keys = runs.map(({ id }) => `digest:${id}`);
  const unknown = keys.filter((key) => states.get(key) === "unknown").length;
  return {
    slots: runs.length,
    posted: keys.filter((key) => (posts.get(key) ?? 0) > 0).length,
    lost: keys.filter((key) => (posts.get(key) ?? 0) === 0 && states.get(key) !== "unknown").length,
    doubled: [...posts.values()].filter((n) => n > 1).length,
    unknown,
    takenOver: runs.filter(({ attempts }) => attempts > 1).length,
  };
}

const CASES: Readonly<Record<string, SoakOptions>> = {
  "PostgreSQL, looks": { store: "postgres", way: "looks", slots: 1_000, replicas: 3, kills: 300 },
  "PostgreSQL restarted every few seconds, looks": {
    ...{ store: "postgres", way: "looks", slots: 1_000, replicas: 3, kills: 300, restartEveryMs: 7_000 },
  },
  "PostgreSQL, cannot look": { store: "postgres", way: "blind", slots: 1_000, replicas: 3, kills: 300 },
  "SQLite with restarts, looks": { store: "sqlite", way: "looks", slots: 1_000, replicas: 1, kills: 300 },
  "control: sends again without looking": { store: "postgres", way: "naive", slots: 1_000, replicas: 3, kills: 300 },
};

if (import.meta.main) {
  const wanted = process.argv[2];
  for (const [name, options] of Object.entries(CASES)) {
    if (wanted && !name.toLowerCase().includes(wanted.toLowerCase())) continue;
    console.log(name, JSON.stringify(await soak(options)));
  }
  process.exit(0);
}
