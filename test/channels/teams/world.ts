import { randomUUID } from "node:crypto";
import { startServer } from "../../../src/api/server.ts";
import type { ChannelOptions, CheckedChannel } from "../../../src/channels/index.ts";
import { createTeamsChannel } from "../../../src/channels/teams/index.ts";
import type { TeamsSettings } from "../../../src/channels/teams/settings.ts";
import { FIRST_TYPING_MS, TYPING_MS } from "../../../src/channels/teams/typing.ts";
import type { Handler } from "../../../src/core/channel.ts";
import type { Message } from "../../../src/core/message.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { keepFeedback } from "../../../src/records/feedback.ts";
import { keepPlace, placeOf } from "../../../src/records/places.ts";
import { createRouter } from "../../../src/router/index.ts";
import { type Database, openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { APP, type FakeTeams, type Fields, startFakeTeams, TENANT } from "../../kit/teams/index.ts";

/** The real channel, router, server and database; Teams and the agent are at the other ends. */

export const SETTINGS: TeamsSettings = { MICROSOFT_APP_ID: APP, MICROSOFT_APP_PASSWORD: "secret", MICROSOFT_APP_TENANT_ID: TENANT };

/** One pixel. */
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export interface Delivered {
  status: number;
  body: string;
}

export interface TeamsWorld {
  teams: FakeTeams;
  channel: CheckedChannel;
  database: Database;
  url: string;
  faults: unknown[];
  ignored: string[];
  clock: Clock;
  /** What the agent was asked, in order. */
  asked: Message[];
  deliver(activity: unknown, headers?: Readonly<Record<string, string | undefined>>): Promise<Delivered>;
  /** Delivers, and stops the channel: then all of the answer is there. */
  ask(activity: Fields): Promise<Delivered>;
  /** "Typing" has been shown long enough to be shown again. */
  tick(): void;
  close(): Promise<void>;
}

export interface Clock {
  now(): Date;
  advance(ms: number): void;
}

export interface WorldOptions {
  settings?: TeamsSettings;
  /** The replies after the first. Default: one short answer. */
  answer?: (message: Message, signal: AbortSignal) => AsyncIterable<Reply>;
  /** Instead of the router. */
  handle?: Handler;
  options?: Partial<ChannelOptions>;
  deadlineMs?: number;
  /** A database, a Teams and a clock that outlive this channel. */
  shared?: Pick<TeamsWorld, "database" | "teams" | "clock">;
  /** Without the fake's cloud: nobody signs, nobody checks. */
  anonymous?: boolean;
  /** Leave to a test. */
  unstarted?: boolean;
}

/** For what happens between two deliveries; the end of all is `channel.stop`. */
export async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2_000; i++) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  throw new Error("it never came to be");
}

export function createClock(): Clock {
  let time = Date.parse("2026-11-21T09:00:00Z");
  return {
    now: () => new Date(time),
    advance(ms) {
      time += ms;
    },
  };
}

export function finalReply(fields: Partial<Reply> = {}): Reply {
  return { text: "It was $5.", blocks: [], receipts: [], suggestions: [], final: true, ...fields };
}

export async function openTeamsWorld(given: WorldOptions = {}): Promise<TeamsWorld> {
  const clock = given.shared?.clock ?? createClock();
  const teams = given.shared?.teams ?? (await startFakeTeams(clock.now));
  const database = given.shared?.database ?? (await openDatabase("sqlite::memory:"));
  if (!given.shared) await migrate(database);
  const faults: unknown[] = [];
  const ignored: string[] = [];
  const asked: Message[] = [];
  const typing: (() => void)[] = [];
  const pause = given.options?.wait ?? (async (ms: number) => clock.advance(ms));
  const channel = await createTeamsChannel(
    given.settings ?? SETTINGS,
    {
      renderPng: async () => PIXEL,
      keepPlace: (conversation, reference) => keepPlace(database, conversation, reference, clock.now()),
      placeOf: (conversation) => placeOf(database, conversation),
      loopback: true,
      production: false,
      rolesOf: () => ["viewer"],
      timeZone: "Europe/Berlin",
      now: clock.now,
      onFeedback: (feedback) => keepFeedback(database, feedback, clock.now()),
      onFault: (error) => void faults.push(error),
      onIgnored: (why) => void ignored.push(why),
      ...given.options,
      // An answer ends the typing; it does not wait for it.
      wait: (ms) => (ms === TYPING_MS || ms === FIRST_TYPING_MS ? new Promise((resolve) => typing.push(resolve)) : pause(ms)),
    },
    given.anonymous ? undefined : teams.cloud(given.deadlineMs),
  );
  const handle =
    given.handle ??
    routerOf(
      database,
      clock,
      given.answer ??
        async function* () {
          yield finalReply();
        },
      faults,
    );
  const server = await startServer(
    {
      routes: channel.routes ?? [],
      authenticate: async () => undefined,
      bodyLimit: 1_048_576,
      drainMs: 5_000,
      newId: randomUUID,
      correlate: (_, work) => work(),
      onFault: (error) => void faults.push(error),
    },
    0,
    "127.0.0.1",
  );
  const observed: Handler = (message, signal) => {
    asked.push(message);
    return handle(message, signal);
  };
  if (!given.unstarted) await channel.start(observed);
  const url = `${server.url}/api/messages`;

  async function deliver(activity: unknown, headers: Readonly<Record<string, string | undefined>> = {}): Promise<Delivered> {
    const all = { "content-type": "application/json", authorization: `Bearer ${teams.token()}`, ...headers };
    const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const body = typeof activity === "string" ? activity : JSON.stringify(activity);
    const response = await fetch(url, { method: "POST", headers: sent, body });
    return { status: response.status, body: await response.text() };
  }
  return {
    teams,
    channel,
    database,
    url,
    faults,
    ignored,
    clock,
    asked,
    deliver,
    tick() {
      for (const resolve of typing.splice(0)) resolve();
    },
    async ask(activity) {
      const delivered = await deliver(activity);
      await channel.stop();
      return delivered;
    },
    async close() {
      await channel.stop();
      await server.close();
      if (given.shared) return;
      await database.close();
      await teams.close();
    },
  };
}

function routerOf(database: Database, clock: Clock, answer: NonNullable<WorldOptions["answer"]>, faults: unknown[]): Handler {
  return createRouter({
    answer: async function* (turn, signal) {
      for await (const reply of answer(turn.message, signal))
        yield reply.final
          ? { ...reply, turn: { id: turn.id, conversation: turn.message.conversation, agent: "deterministic", tools: [], ...reply.turn } }
          : reply;
    },
    conversations: createConversations(database, clock.now),
    tools: [],
    feeds: [],
    now: clock.now,
    newId: randomUUID,
    turnMs: 60_000,
    after: () => () => {},
    correlate: (_, work) => work(),
    onFault: (error) => void faults.push(error),
  });
}
