import { execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startServer } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";
import { percentile, timed } from "./statistics.ts";

/**
 * P10, L2: events of AI agents through the real program, each request answered once its events are on disk, beside a bare server that
 * inserts and commits one by one. The load comes from this process and shares the machine. Events are counted from outside.
 */

const LANES = 64;
const SINGLES = 3_000;
const BATCHES = 40;
const IN_BATCH = 100;
const READS = 3_000;
const PEER = "plain insert";

interface Server {
  url: string;
  headers: string;
  path: string;
  count(): number;
  stop(): Promise<unknown>;
}

/** Requests over all lanes; milliseconds of all of them together, and of each. */
interface Load {
  total: number;
  each: number[];
}

export async function measureIngest(folder: string, rounds: number): Promise<Row[]> {
  const results: Record<"single" | "batch", { ours: Load[]; peer: Load[] }> = {
    single: { ours: [], peer: [] },
    batch: { ours: [], peer: [] },
  };
  const reads: Load[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const who of ["ours", "peer"] as const) {
      const place = join(folder, `ingest-${who}-${round}`);
      const server = who === "ours" ? await startOurs(place) : await startPlain(place);
      results.single[who].push(await load(server, SINGLES, 1, round));
      results.batch[who].push(await load(server, BATCHES, IN_BATCH, round));
      if (who === "ours") reads.push(await readMetrics(server));
      await server.stop();
    }
  }
  const row = (
    what: string,
    of: (load: Load) => number,
    { ours, peer }: { ours: Load[]; peer: Load[] },
    goals: { goal?: number; ratioGoal?: number } = {},
  ) => rowOf({ id: "P10", what, unit: "ms", ours: ours.map(of), peer: { name: PEER, values: peer.map(of) }, ...goals });
  const p99 = ({ each }: Load) => percentile(each, 0.99);
  return [
    row("1,000 durable events, one a request", ({ total }) => (total * 1_000) / SINGLES, results.single, { goal: 333, ratioGoal: 0.34 }),
    row("… p99 of a request", p99, results.single, { goal: 100 }),
    row(`1,000 durable events, ${IN_BATCH} a request`, ({ total }) => (total * 1_000) / (BATCHES * IN_BATCH), results.batch, {
      ratioGoal: 0.08,
    }),
    rowOf({
      id: "L2",
      what: "1,000 reads of an agent's 30 days",
      unit: "ms",
      ours: reads.map(({ total }) => (total * 1_000) / READS),
      goal: 200,
    }),
    rowOf({ id: "L2", what: "… p99 of a read", unit: "ms", ours: reads.map(p99), goal: 50 }),
  ];
}

async function load(server: Server, requests: number, size: number, round: number): Promise<Load> {
  const before = server.count();
  const bodies = Array.from({ length: requests }, (_, request) =>
    JSON.stringify({ events: eventsOf(`${round}-${size}-${request}`, size) }),
  );
  const result = await sendAll(
    server,
    bodies.map(
      (body) =>
        `POST ${server.path} HTTP/1.1\r\n${server.headers}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
    202,
  );
  const stored = server.count() - before;
  if (stored !== requests * size) throw new WrongAnswer(`${stored} of ${requests * size} acknowledged events were stored`);
  return result;
}

function readMetrics(server: Server): Promise<Load> {
  const path = server.path.replace("/events", "/metrics");
  return sendAll(
    server,
    Array.from({ length: READS }, () => `GET ${path} HTTP/1.1\r\n${server.headers}\r\n`),
    200,
  );
}

/** About a kilobyte each. */
function eventsOf(name: string, count: number): object[] {
  const timestamp = new Date().toISOString();
  return Array.from({ length: count }, (_, i) => ({
    ...{ id: `${name}-${i}`, timestamp, type: "response", responseTimeMs: 100 + i, tokens: { input: 900, output: 100 } },
    ...{ model: "claude-opus-5-5", userId: `u${i % 50}`, metadata: { region: "eu", note: "the order was found and refunded ".repeat(21) } },
  }));
}

/** Each lane is a connection that sends its next request when the last was answered. */
async function sendAll(server: Server, requests: readonly string[], status: number): Promise<Load> {
  const { hostname, port } = new URL(server.url);
  const next = requests[Symbol.iterator]();
  const each: number[] = [];
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let text = "";
      let begun = 0;
      const send = () => {
        const { value, done } = next.next();
        if (done) {
          socket.end();
          resolve();
          return;
        }
        begun = performance.now();
        socket.write(value);
      };
      socket.on("connect", send).on("error", reject);
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1");
        const head = text.indexOf("\r\n\r\n");
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
        if (head < 0 || text.length < head + 4 + length) return;
        if (!text.startsWith(`HTTP/1.1 ${status}`)) reject(new WrongAnswer(`an unexpected answer: ${text.slice(0, 300)}`));
        each.push(performance.now() - begun);
        text = "";
        send();
      });
    });
  const { ms } = await timed(() => Promise.all(Array.from({ length: LANES }, lane)));
  return { total: ms, each };
}

const PROGRAM = fileURLToPath(new URL("../bin/firstmate.mjs", import.meta.url));

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
