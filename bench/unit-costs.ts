import { execFile } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeBill } from "./bill.ts";
import { openFolder, PROGRAM, residentMegabytes, type Started, startChild, startServer } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";

/** What one of each costs the server: its processor time, and what stays on disk. What many of them need is arithmetic: docs/scale.md. */

/** Linux counts a process's time in hundredths of a second. */
const TICK_MS = 10;
const QUESTIONS = 80;
const TURNS = 40;
const BATCHES = 30;
const IN_BATCH = 100;
const WARM_UP = 8;

interface Cost {
  cpuMs: number;
  diskKb: number;
}

export async function measureUnitCosts(folder: string, rounds: number): Promise<Row[]> {
  const model = await startChild("scripted-model");
  const quiet: Cost[] = [];
  const drawn: Cost[] = [];
  const modelled: Cost[] = [];
  const events: Cost[] = [];
  const memory: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const without = await openHouse(join(folder, `unit-${round}`), {});
      quiet.push(await without.cost(QUESTIONS, (i) => without.ask(`What did we spend ${i % 2 ? "last month" : "in September"}?`)));
      drawn.push(await without.cost(TURNS, () => without.askForPicture("Which services make up 80% of our cloud cost?")));
      events.push(perEvent(await without.cost(BATCHES, (i) => without.send(i))));
      memory.push(residentMegabytes(without.pid));
      await without.stop();
      const settings = { ANTHROPIC_API_KEY: "sk-bench", ANTHROPIC_BASE_URL: model.url, DAILY_TOKENS: "1000000000" };
      const with_ = await openHouse(join(folder, `unit-model-${round}`), settings);
      modelled.push(await with_.cost(TURNS, () => with_.ask("What did EC2 cost last month?")));
      await with_.stop();
    }
  } finally {
    await model.stop();
  }
  const cpu = (what: string, of: Cost[]) => rowOf({ id: "U", what: `processor: ${what}`, unit: "ms", ours: of.map(({ cpuMs }) => cpuMs) });
  const disk = (what: string, of: Cost[]) => rowOf({ id: "U", what: `on disk: ${what}`, unit: "kB", ours: of.map(({ diskKb }) => diskKb) });
  return [
    cpu("a question without a model", quiet),
    cpu("the same with its chart", drawn),
    cpu("a question with a model (two calls, one tool)", modelled),
    cpu(`an agent's event, ${IN_BATCH} a request`, events),
    disk("a question", quiet),
    disk("an agent's event of 1 kB", events),
    rowOf({ id: "U", what: "memory of a process that has answered and drawn", unit: "MB", ours: memory }),
  ];
}

function perEvent({ cpuMs, diskKb }: Cost): Cost {
  return { cpuMs: cpuMs / IN_BATCH, diskKb: diskKb / IN_BATCH };
}

async function openHouse(place: string, settings: Readonly<Record<string, string>>) {
  const folder = openFolder(place);
  writeBill(join(folder, "bill.csv"), 5_000);
  const limits = { REQUESTS_PER_MINUTE: "1000000", USER_REQUESTS_PER_MINUTE: "1000000" };
  writeFileSync(join(folder, "firstmate.yaml"), JSON.stringify({ ...settings, ...limits, DATASETS: join(folder, "bill.csv") }));
  const env = { PATH: process.env.PATH ?? "", DATA_DIR: folder };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, "key", "create", "--role", "analyst"], { cwd: folder, env });
  const served = await startServer([], folder);
  const post = async (path: string, body: object, status: number) => {
    const response = await fetch(`${served.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${stdout.trim().split(/\s+/).at(-1)}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== status) throw new WrongAnswer(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return text;
  };
  const ask = (question: string) => post("/api/v1/ask", { question }, 200);
  return {
    pid: served.pid,
    stop: served.stop,
    ask,
    async askForPicture(question: string) {
      const address = /\/api\/v1\/charts\/[^"\\]+/.exec(await ask(question))?.[0];
      if (!address) throw new WrongAnswer("an answer without a chart");
      const picture = await fetch(`${served.url}${address}`);
      if (picture.status !== 200 || (await picture.arrayBuffer()).byteLength < 1_000) throw new WrongAnswer(`${address} is no picture`);
    },
    send: (batch: number) => post("/api/v1/agents/bench/events", { events: eventsOf(batch) }, 202),
    cost: (count: number, one: (i: number) => Promise<unknown>) => costOf(served, folder, count, one),
  };
}

async function costOf({ pid }: Started, folder: string, count: number, one: (i: number) => Promise<unknown>): Promise<Cost> {
  for (let i = 0; i < WARM_UP; i++) await one(-1 - i);
  const [cpu, disk] = [cpuMs(pid), bytesOf(folder)];
  for (let i = 0; i < count; i++) await one(i);
  return { cpuMs: (cpuMs(pid) - cpu) / count, diskKb: (bytesOf(folder) - disk) / 1024 / count };
}

function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Of the database alone: its log is emptied into it again and again. */
function bytesOf(folder: string): number {
  return statSync(join(folder, "firstmate.db")).size;
}

function eventsOf(batch: number): object[] {
  const timestamp = new Date().toISOString();
  return Array.from({ length: IN_BATCH }, (_, i) => ({
    ...{ id: `${batch}-${i}`, timestamp, type: "response", responseTimeMs: 100 + i, tokens: { input: 900, output: 100 } },
    ...{ model: "claude-opus-5-5", userId: `u${i % 50}`, metadata: { note: "the order was found and refunded ".repeat(21) } },
  }));
}
