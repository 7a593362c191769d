import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { signatureOf } from "../test/kit/slack/deliver/http.ts";
import { type FakeSlack, type Gesture, type HttpSender, SAMPLE_ROOMS, startFakeSlack } from "../test/kit/slack/index.ts";
import { REQUIRED_SCOPES } from "../test/kit/slack/scopes.ts";
import { writeBill } from "./bill.ts";
import type { Delivered } from "./children/slack-load.ts";
import { startServer } from "./processes.ts";

/** The real program and the smallest Bolt app, each in a process of its own, behind the same strict Slack. */
export interface SlackProgram {
  slack: FakeSlack;
  http: HttpSender;
  /** Sends all at once from a process of its own. */
  burst(gestures: readonly Gesture[]): Promise<Delivered[]>;
  /** Turns in its database, as another process sees them: what is committed. NaN for a program without one. */
  turns(): number;
  /** Answers in the channel, without those that are still made. */
  answers(): number;
  stop(): Promise<void>;
}

export const FINOPS = SAMPLE_ROOMS[0]?.id ?? "";
/** No limits: the time is ours, not Slack's. */
const LIMITS = new Proxy<Record<string, number>>(
  {},
  { get: (_, method) => (method === "chat.postMessage" ? 0 : Number.POSITIVE_INFINITY) },
);

export async function startOurs(folder: string): Promise<SlackProgram> {
  const slack = await startFakeSlack({ limits: LIMITS });
  mkdirSync(folder, { recursive: true });
  writeBill(join(folder, "bill.csv"), 5_000);
  writeFileSync(join(folder, "datasets.yaml"), JSON.stringify({ datasets: [{ name: "bill", source: "bill.csv" }] }));
  const settings = {
    // All of a burst is answered: the limits per minute are no subject of the bench.
    USER_REQUESTS_PER_MINUTE: "1000000",
    CHANNEL_REQUESTS_PER_MINUTE: "1000000",
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    DATASETS: join(folder, "datasets.yaml"),
  };
  writeFileSync(join(folder, "firstmate.yaml"), JSON.stringify(settings));
  const served = await startServer([], folder);
  return programOf(slack, served.url, {
    turns: () => countTurns(join(folder, "firstmate.db")),
    stop: async () => void (await served.stop()),
  });
}

export function startBoltEcho(): Promise<SlackProgram> {
  return startPeer("./children/bolt-echo.ts");
}

/** Vercel's Chat SDK looks up who speaks, so it is granted that. Absent until `npm ci --prefix bench/peers`. */
export async function startChatSdkEcho(): Promise<SlackProgram | undefined> {
  if (!existsSync(new URL("./peers/node_modules/chat", import.meta.url))) return undefined;
  return startPeer("./peers/chat-sdk-echo.mjs", [...REQUIRED_SCOPES, "users:read"]);
}

async function startPeer(file: string, manifestScopes: readonly string[] = REQUIRED_SCOPES): Promise<SlackProgram> {
  const slack = await startFakeSlack({ limits: LIMITS, manifestScopes });
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [script, slack.apiUrl, slack.botToken, slack.signingSecret], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await readyUrl(child);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return programOf(slack, url, {
    turns: () => Number.NaN,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  });
}

function programOf(slack: FakeSlack, url: string, { turns, stop }: Pick<SlackProgram, "turns" | "stop">): SlackProgram {
  return {
    slack,
    http: slack.http(`${url}/slack/events`),
    burst: (gestures) => deliver(url, gestures, slack.signingSecret),
    turns,
    answers: () => slack.transcript(FINOPS).filter(({ own }) => own).length,
    async stop() {
      await stop();
      await slack.close();
    },
  };
}

async function deliver(url: string, gestures: readonly Gesture[], secret: string): Promise<Delivered[]> {
  const requests = gestures.map(({ payload }) => {
    const [body, at] = [JSON.stringify(payload), Math.floor(Date.now() / 1000)];
    const headers = {
      host: "127.0.0.1",
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "x-slack-request-timestamp": at,
      "x-slack-signature": signatureOf(secret, at, body),
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST /slack/events HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
  });
  const child = spawn(process.execPath, [fileURLToPath(new URL("./children/slack-load.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ port: Number(new URL(url).port), requests }));
  return JSON.parse(await readAll(child.stdout));
}

function countTurns(file: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare("SELECT count(*) AS n FROM turns").get()?.n);
  } finally {
    database.close();
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"msg":"ready"')) return JSON.parse(line).url;
  throw new Error("ended before it was ready");
}

export function mentions({ slack }: SlackProgram, count: number, text: string): Gesture[] {
  return Array.from({ length: count }, (_, i) =>
    slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: `${text} ${i % 7 ? "" : " please"}` }),
  );
}

/** Resolves when `done` says so; throws after the time with what was missing. */
export async function until(done: () => boolean, what: () => string, ms = 120_000): Promise<void> {
  const end = performance.now() + ms;
  while (!done()) {
    if (performance.now() > end) throw new Error(`waited too long: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
