import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startFakeSlack } from "../test/kit/slack/index.ts";
import { makeArtefact } from "./artefact.ts";
import { openFolder, PROGRAM, residentMegabytes, type Started, startBareNode, startServer } from "./processes.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";

/** P1 and P2: how long until it is ready, and what it holds when nobody asks anything: as a checkout, and as it is shipped. */

const IDLE_AFTER_MS = 2_500;
const PEER = "bare Node";
/** Ready within so many ms and so many MB idle; and what that is of bare Node's 20 ms and 44 MB. */
const QUIET = { readyMs: 200, readyRatio: 10, idleMb: 80, idleRatio: 1.85 };
const CHANNELS = { readyMs: 450, readyRatio: 22.5, idleMb: 150, idleRatio: 3.4 };

interface Run {
  readyMs: number;
  idleMb: number;
}

interface Way {
  id: string;
  what: string;
  /** None for the demo: a company and its vendors run beside it. A ratio's goal is what is shipped must hold; a checkout is told when it misses the rest. */
  goals?: { readyMs: number; idleMb: number; readyRatio?: number; idleRatio?: number };
  start(): Promise<Started>;
}

export async function measureStart(folder: string, rounds: number): Promise<Row[]> {
  const slack = await startFakeSlack();
  try {
    const channels = {
      ...{ SLACK_BOT_TOKEN: slack.botToken, SLACK_SIGNING_SECRET: slack.signingSecret, SLACK_API_URL: slack.apiUrl },
      ...{ MICROSOFT_APP_ID: "an-app", MICROSOFT_APP_PASSWORD: "a-secret", MICROSOFT_APP_TENANT_ID: "a-tenant" },
    };
    const programs = { checkout: PROGRAM, shipped: await makeArtefact(join(folder, "artefact")) };
    const ways = Object.entries(programs).flatMap(([name, program]): Way[] => {
      const start = (kind: string, args: readonly string[], settings: object) => {
        const place = openFolder(join(folder, `${name}-${kind}`));
        writeFileSync(join(place, "firstmate.yaml"), JSON.stringify(settings));
        return () => startServer(args, place, program);
      };
      const inMs = ({ readyMs, idleMb }: typeof QUIET) => ({ readyMs, idleMb });
      const [quiet, withChannels] = program === PROGRAM ? [inMs(QUIET), inMs(CHANNELS)] : [QUIET, CHANNELS];
      return [
        { id: "P1", what: name, goals: quiet, start: start("plain", [], {}) },
        { id: "P1", what: `${name}, demo`, start: start("demo", ["--demo"], {}) },
        { id: "P2", what: `${name}, Slack and Teams`, goals: withChannels, start: start("channels", [], channels) },
      ];
    });
    return await compare(ways, rounds);
  } finally {
    await slack.close();
  }
}

async function compare(ways: readonly Way[], rounds: number): Promise<Row[]> {
  const firsts: Run[] = [];
  for (const { start } of ways) firsts.push(await observe(start));
  const runs: Run[][] = ways.map(() => []);
  const bare: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await observe(startBareNode));
    for (const [i, { start }] of ways.entries()) runs[i]?.push(await observe(start));
  }
  const ready = { name: PEER, values: bare.map((run) => run.readyMs) };
  const idle = { name: PEER, values: bare.map((run) => run.idleMb) };
  return ways.flatMap(({ id, what, goals }, i) => {
    const ours = runs[i] ?? [];
    const [times, memory] = [ours.map((run) => run.readyMs), ours.map((run) => run.idleMb)];
    const readyGoals = goals && { goal: goals.readyMs, ...(goals.readyRatio && { ratioGoal: goals.readyRatio }) };
    const idleGoals = goals && { goal: goals.idleMb, ...(goals.idleRatio && { ratioGoal: goals.idleRatio }) };
    return [
      rowOf({ id, what: `ready: ${what}`, unit: "ms", ours: times, peer: ready, ...readyGoals }),
      rowOf({ id, what: `idle memory: ${what}`, unit: "MB", ours: memory, peer: idle, ...idleGoals }),
      rowOf({ id, what: `ready, first start ever: ${what}`, unit: "ms", ours: [firsts[i]?.readyMs ?? Number.NaN] }),
    ];
  });
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
