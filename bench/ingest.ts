import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LoadAsked, LoadSeen } from "./children/ingest-load.ts";
import { PROGRAM, runChild, startServer } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";

/**
 * P10, L2: events of AI agents through the real program, each request answered once its events are on disk, beside a bare server that
 * inserts and commits one event a request. Both are warm; what a fresh process does first is a row of its own. The load comes from another process
 * on the same machine: as fast as it goes for the ratios, and at a fixed rate for what was promised at that rate. Events are counted from
 * outside.
 */

const LANES = 64;
const WARM_UP = 3_000;
const SINGLES = 3_000;
const BATCHES = 40;
const IN_BATCH = 100;
const READS = 3_000;
/** Requests a second, and for how many seconds. */
export const WRITE_RATE = 3_000;
export const READ_RATE = 5_000;
const RATED_S = 3;
/** More than ever wait at once where the rate is kept. */
const RATED_LANES = 512;
const PEER = "plain insert";

interface Server {
  url: string;
  headers: string;
  path: string;
  count(): number;
  stop(): Promise<unknown>;
}

type Load = Pick<LoadAsked, "requests" | "size" | "connections" | "rate">;

/** What was seen in each round, by who was asked. The plain server has nothing to read. */
export interface Loads {
  cold: Pairs;
  single: Pairs;
  batches: Pairs;
  rated: Pairs;
  reads: LoadSeen[];
  ratedReads: LoadSeen[];
}

export async function measureIngest(folder: string, rounds: number): Promise<Row[]> {
  const { cold, single, batches, rated, reads, ratedReads } = await measureLoads(folder, rounds);
  const beside = (what: string, of: (seen: LoadSeen) => number, { ours, peer }: Pairs, goals: Goals = {}, each = of) =>
    rowOf({ id: "P10", what, unit: "ms", ours: ours.map(of), peer: { name: PEER, values: peer.map(each) }, ...goals });
  const alone = (what: string, values: readonly number[], goal: number) => rowOf({ id: "L2", what, unit: "ms", ours: values, goal });
  return [
    beside("1,000 durable events, one a request", perThousand(SINGLES), single, {
      goal: Math.floor(1_000_000 / WRITE_RATE),
      ratioGoal: 0.34,
    }),
    beside(`… p99 of a request, ${LANES} at once`, p99, single),
    beside(`… p99 of a request, ${WRITE_RATE} a second offered`, p99, rated, { goal: 100 }),
    beside("… the first ones of a fresh process", perThousand(WARM_UP), cold),
    beside(
      `1,000 durable events, ${IN_BATCH} a request`,
      perThousand(BATCHES * IN_BATCH),
      { ours: batches.ours, peer: single.peer },
      { ratioGoal: 0.07 },
      perThousand(SINGLES),
    ),
    alone("1,000 reads of an agent's 30 days", reads.map(perThousand(READS)), 1_000_000 / READ_RATE),
    alone(`… p99 of a read, ${READ_RATE} a second offered`, ratedReads.map(p99), 50),
  ];
}

export async function measureLoads(folder: string, rounds: number): Promise<Loads> {
  const loads: Loads = { cold: pairs(), single: pairs(), batches: pairs(), rated: pairs(), reads: [], ratedReads: [] };
  for (let round = 0; round < rounds; round++) {
    for (const who of ["ours", "peer"] as const) {
      const place = join(folder, `ingest-${who}-${round}`);
      const server = who === "ours" ? await startOurs(place) : await startPlain(place);
      loads.cold[who].push(await write(server, place, { requests: WARM_UP, size: 1, connections: LANES }));
      loads.single[who].push(await write(server, place, { requests: SINGLES, size: 1, connections: LANES }));
      loads.batches[who].push(await write(server, place, { requests: BATCHES, size: IN_BATCH, connections: LANES }));
      const offered = { size: 1, connections: RATED_LANES };
      loads.rated[who].push(await write(server, place, { ...offered, requests: WRITE_RATE * RATED_S, rate: WRITE_RATE }));
      if (who === "ours") {
        await read(server, place, { requests: READS, size: 0, connections: LANES });
        loads.reads.push(await read(server, place, { requests: READS, size: 0, connections: LANES }));
        loads.ratedReads.push(await read(server, place, { ...offered, size: 0, requests: READ_RATE * RATED_S, rate: READ_RATE }));
      }
      await server.stop();
    }
  }
  return loads;
}

/** Milliseconds for a thousand events, of a load of so many. */
function perThousand(events: number): (seen: LoadSeen) => number {
  return ({ total }) => (total * 1_000) / events;
}

function p99(seen: LoadSeen): number {
  return seen.p99;
}

/** How many events a second the batches came to. */
export function batchedPerSecond({ total }: LoadSeen): number {
  return (BATCHES * IN_BATCH * 1_000) / total;
}

export interface Pairs {
  ours: LoadSeen[];
  peer: LoadSeen[];
}

interface Goals {
  goal?: number;
  ratioGoal?: number;
}

function pairs(): Pairs {
  return { ours: [], peer: [] };
}

async function write(server: Server, folder: string, load: Load): Promise<LoadSeen> {
  const before = server.count();
  const seen = await send(server, folder, { ...load, method: "POST", path: server.path, status: 202 });
  const [stored, sent] = [server.count() - before, load.requests * load.size];
  if (stored !== sent) throw new WrongAnswer(`${stored} of ${sent} acknowledged events were stored`);
  return seen;
}

function read(server: Server, folder: string, load: Load): Promise<LoadSeen> {
  return send(server, folder, { ...load, method: "GET", path: server.path.replace("/events", "/metrics"), status: 200 });
}

function send({ url, headers }: Server, folder: string, load: Omit<LoadAsked, "url" | "headers" | "name">): Promise<LoadSeen> {
  const asked: LoadAsked = { ...load, url, headers, name: randomUUID() };
  return runChild<LoadSeen>("ingest-load", [JSON.stringify(asked)], folder);
}

async function startOurs(folder: string): Promise<Server> {
  mkdirSync(folder, { recursive: true });
  const env = { PATH: process.env.PATH ?? "", DATA_DIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, "key", "create", "--role", "analyst"], { cwd: folder, env });
  const served = await startServer([], folder);
  return {
    url: served.url,
    headers: `host: ${new URL(served.url).host}\r\nauthorization: Bearer ${stdout.trim().split(/\s+/).at(-1)}\r\n`,
    path: "/api/v1/agents/bench/events",
    count: () => countIn(join(folder, "firstmate.db"), "agent_events"),
    stop: served.stop,
  };
}

async function startPlain(folder: string): Promise<Server> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "plain.db");
  const script = fileURLToPath(new URL("./children/plain-insert.ts", import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const line = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    headers: `host: ${new URL(url).host}\r\n`,
    path: "/events",
    count: () => countIn(file, "events"),
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** As another process sees it: what is committed. */
function countIn(file: string, table: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare(`select count(*) as n from ${table}`).get()?.n);
  } finally {
    database.close();
  }
}
