import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { PROGRAM } from "../../../bench/processes.ts";
import { firstmate, remove, temporaryFolder } from "../../kit/app.ts";
import type { Outcome, Target } from "../target.ts";

const DISK_MB = 5;
const BALLAST_MB = 2;
const IN_BATCH = 20;
/** Batches after which a disk of a few MB must be full. */
const MOST = 2_000;
const HEALED_MS = 30_000;

export const diskTarget: Target = {
  id: "D1",
  test: `a disk of ${DISK_MB} MB runs full under agents' events, then room is made`,
  good: "no crash; 503 and not ready while it is full; every acknowledged event is stored; it heals; the database is whole",
  run: ours,
  control: { what: "a server that answers before it writes", run: hasty },
};

/** A process with a file system of its own, which is seen from outside below /proc. */
async function ours(): Promise<Outcome> {
  const seed = await temporaryFolder();
  const disk = await temporaryFolder();
  const { out } = await firstmate(["key", "create", "--role", "analyst"], { dataDir: seed });
  const child = spawn("unshare", ["-rm", "sh", "-ec", SETUP, "sh", disk, join(seed, "firstmate.db"), process.execPath, PROGRAM], {
    env: { PATH: process.env.PATH ?? "", PORT: "0", DATA_DIR: disk, LOG_LEVEL: "info" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const url = await readyUrl(child);
    return await trial({
      url,
      key: out.trim().split(/\s+/).at(-1) ?? "",
      folder: `/proc/${child.pid}/root${disk}`,
      isAlive: () => child.exitCode === null,
    });
  } finally {
    child.kill("SIGTERM");
    await Promise.all([remove(seed), remove(disk)]);
  }
}

const SETUP = `mount -t tmpfs -o size=${DISK_MB}m tmpfs "$1"; cp "$2" "$1/firstmate.db"; head -c ${BALLAST_MB}M /dev/zero > "$1/ballast"; cd "$1"; exec "$3" "$4" serve`;

interface House {
  url: string;
  key: string;
  folder: string;
  isAlive(): boolean;
}

async function trial({ url, key, folder, isAlive }: House): Promise<Outcome> {
  const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status;
  let acknowledged = 0;
  let batch = 0;
  const send = async () => {
    const response = await fetch(`${url}/api/v1/agents/soak/events`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
      body: JSON.stringify({ events: eventsOf(batch++) }),
    });
    if (response.status === 202) acknowledged += IN_BATCH;
    return response.status;
  };
  let refusal = 202;
  while (refusal === 202 && batch < MOST) refusal = await send();
  await wait(2_000);
  const whileFull = await statusOf("/health/ready");
  const again = await send();
  rmSync(join(folder, "ballast"));
  const room = performance.now();
  let healed = await send();
  while (healed !== 202 && performance.now() - room < HEALED_MS) {
    await wait(500);
    healed = await send();
  }
  const seconds = (performance.now() - room) / 1000;
  const ready = await statusOf("/health/ready");
  // A copy: beside its own process nobody may open it there.
  const copy = await temporaryFolder();
  for (const name of ["firstmate.db", "firstmate.db-wal"]) copyFileSync(join(folder, name), join(copy, name));
  const database = new DatabaseSync(join(copy, "firstmate.db"));
  const stored = Number(database.prepare("select count(*) as n from agent_events").get()?.n);
  const isWhole = database.prepare("pragma integrity_check").get()?.integrity_check === "ok";
  database.close();
  await remove(copy);
  return {
    figure: `full: ${refusal}, ${again}, ready ${whileFull}; with room again: ${healed} after ${seconds.toFixed(1)} s, ready ${ready}; ${stored} stored of ${acknowledged} acknowledged; ${isAlive() ? "alive" : "crashed"}${isWhole ? "" : ", damaged"}`,
    good:
      refusal === 503 &&
      again === 503 &&
      whileFull === 503 &&
      healed === 202 &&
      ready === 200 &&
      stored === acknowledged &&
      isWhole &&
      isAlive(),
  };
}

function eventsOf(batch: number): object[] {
  const timestamp = new Date().toISOString();
  return Array.from({ length: IN_BATCH }, (_, i) => ({
    id: `${batch}-${i}`,
    timestamp,
    type: "response",
    metadata: { note: "x".repeat(900) },
  }));
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"msg":"ready"')) return JSON.parse(line).url;
  throw new Error("it did not start; unshare must be allowed here");
}

async function hasty(): Promise<Outcome> {
  const database = new DatabaseSync(":memory:");
  database.exec("pragma max_page_count = 100; create table events (text text)");
  const insert = database.prepare("insert into events values (?)");
  let acknowledged = 0;
  for (let i = 0; i < 1_000; i++) {
    acknowledged += 1;
    try {
      insert.run("x".repeat(900));
    } catch {
      // It has answered already.
    }
  }
  const stored = Number(database.prepare("select count(*) as n from events").get()?.n);
  database.close();
  return { figure: `${stored} stored of ${acknowledged} acknowledged`, good: stored === acknowledged };
}
