import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { residentMegabytes, type Started, startBareNode, startServer } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";

/** P1: how long until it is ready, and what it holds when nobody asks anything. */

const IDLE_AFTER_MS = 2_500;
const PEER = "bare Node";

interface Run {
  readyMs: number;
  idleMb: number;
}

export async function measureStart(folder: string, rounds: number): Promise<Row[]> {
  const plain = join(folder, "plain");
  const demo = join(folder, "demo");
  const first = await observe(() => startServer([], plain));
  const firstDemo = await observe(() => startServer(["--demo"], demo));
  const ours: Run[] = [];
  const ourDemo: Run[] = [];
  const bare: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await observe(() => startServer([], plain)));
    bare.push(await observe(startBareNode));
    ourDemo.push(await observe(() => startServer(["--demo"], demo)));
  }
  const ready = { name: PEER, values: bare.map((run) => run.readyMs) };
  const idle = { name: PEER, values: bare.map((run) => run.idleMb) };
  return [
    rowOf({ id: "P1", what: "ready", unit: "ms", ours: ours.map((r) => r.readyMs), peer: ready, goal: 200, ratioGoal: 10 }),
    rowOf({ id: "P1", what: "ready, demo", unit: "ms", ours: ourDemo.map((r) => r.readyMs), peer: ready, goal: 200, ratioGoal: 10 }),
    rowOf({ id: "P1", what: "idle memory", unit: "MB", ours: ours.map((r) => r.idleMb), peer: idle, goal: 80, ratioGoal: 1.85 }),
    rowOf({ id: "P1", what: "idle memory, demo", unit: "MB", ours: ourDemo.map((r) => r.idleMb), peer: idle, goal: 80, ratioGoal: 1.85 }),
    rowOf({ id: "P1", what: "ready, first start ever", unit: "ms", ours: [first.readyMs] }),
    rowOf({ id: "P1", what: "ready, first demo ever (writes two years of bills)", unit: "ms", ours: [firstDemo.readyMs] }),
  ];
}

async function observe(start: () => Promise<Started>): Promise<Run> {
  const started = await start();
  await wait(IDLE_AFTER_MS);
  const idleMb = residentMegabytes(started.pid);
  if (started.url) await checkReady(started.url);
  const status = await started.stop();
  if (started.url && status !== 0) throw new WrongAnswer(`serve ended with ${status} after SIGTERM`);
  return { readyMs: started.readyMs, idleMb };
}

async function checkReady(url: string): Promise<void> {
  const response = await fetch(`${url}/health/ready`);
  await response.arrayBuffer();
  if (response.status !== 200) throw new WrongAnswer(`/health/ready answers ${response.status} after the ready line`);
}
