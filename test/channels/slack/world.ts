import { createDeterministicAgent } from "../../../src/agent/deterministic/index.ts";
import { startServer } from "../../../src/api/server.ts";
import type { ChannelOptions, CheckedChannel } from "../../../src/channels/index.ts";
import { createSlackChannel } from "../../../src/channels/slack/index.ts";
import type { Handler } from "../../../src/core/channel.ts";
import type { Message } from "../../../src/core/message.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { keepPlace, placeOf } from "../../../src/records/places.ts";
import { createRouter, type RouterOptions } from "../../../src/router/index.ts";
import { openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { tools } from "../../../src/tools/index.ts";
import { billFeed } from "../../kit/fixture-feed.ts";
import { type FakeSlack, type FakeSlackOptions, type HttpSender, startFakeSlack } from "../../kit/slack/index.ts";
import { createClock, type TestClock } from "../../kit/slack/rig.ts";

/** The real channel between a strict Slack and a handler. Waiting turns the clock. */
export interface SlackWorld {
  slack: FakeSlack;
  channel: CheckedChannel;
  http: HttpSender;
  /** Of the server before the channel. */
  url: string;
  clock: TestClock;
  faults: unknown[];
  ignored: string[];
  feedback: { turn: string; user: string; verdict: string }[];
  /** Milliseconds of every wait. */
  waits: number[];
  /** A new process on the same records. */
  restart(handle: Handler): Promise<void>;
  /** The same, and the old one says nothing more: what it had under way stays as it is. */
  crash(handle: Handler): Promise<void>;
  /** Where conversations can be reached, unless a test brings records of its own. */
  places: Map<string, { reference: object; until?: Date }>;
  /** Stops the channel, so that everything begun is over; then checks that no rule of Slack was broken and no fault met. */
  settle(): Promise<void>;
  /** The same, where a test expects faults. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  socket?: boolean;
  slack?: FakeSlackOptions;
  channel?: Partial<ChannelOptions>;
}

/** One by one pixel. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

export async function openSlack(handle: Handler | undefined, options: WorldOptions = {}): Promise<SlackWorld> {
  const clock = createClock();
  const slack = await startFakeSlack({ now: clock.now, ...options.slack });
  const places: SlackWorld["places"] = new Map();
  const [faults, ignored, feedback, waits]: [unknown[], string[], SlackWorld["feedback"], number[]] = [[], [], [], []];
  const channelOptions: ChannelOptions = {
    renderPng: async () => PNG,
    keepPlace: async (conversation, reference, until) => void places.set(conversation, { reference, ...(until ? { until } : {}) }),
    placeOf: async (conversation) => places.get(conversation)?.reference ?? null,
    loopback: true,
    production: false,
    rolesOf: () => ["viewer"],
    timeZone: "UTC",
    now: clock.now,
    wait: async (ms) => {
      waits.push(ms);
      clock.advance(ms);
      await new Promise((done) => setImmediate(done));
    },
    onFeedback: async (given) => void feedback.push(given),
    onFault: (error) => void faults.push(error),
    onIgnored: (why) => void ignored.push(why),
    ...options.channel,
  };
  const settings = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    ...(options.socket ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
  };
  const open = () => createSlackChannel(settings, channelOptions);
  const serve = (channel: CheckedChannel) =>
    startServer(
      {
        routes: channel.routes ?? [],
        authenticate: async () => undefined,
        bodyLimit: 1_000_000,
        drainMs: 5_000,
        newId: () => "request",
        correlate: (_, work) => work(),
        onFault: channelOptions.onFault,
      },
      0,
      "127.0.0.1",
    );
  let channel = await open();
  let door = await serve(channel);
  if (handle) await channel.start(handle);
  const world: SlackWorld = {
    slack,
    get channel() {
      return channel;
    },
    get url() {
      return door.url;
    },
    get http() {
      return slack.http(`${door.url}/slack/events`);
    },
    clock,
    faults,
    ignored,
    feedback,
    waits,
    places,
    async restart(again) {
      await world.stop();
      channel = await open();
      door = await serve(channel);
      await channel.start(again);
    },
    async crash(again) {
      // Its server is closed with its connections; its turns wait for ever, as dead ones do.
      await door.close();
      channel = await open();
      door = await serve(channel);
      await channel.start(again);
    },
    async settle() {
      await world.stop();
      slack.assertNoViolations();
      if (faults.length > 0) throw new AggregateError(faults, `faults: ${faults.map(String).join("; ")}`);
    },
    async stop() {
      await Promise.all([door.close(), channel.stop()]);
    },
    async close() {
      await world.stop();
      await slack.close();
    },
  };
  return world;
}

export interface Scripted {
  handle: Handler;
  asked: Message[];
  signals: AbortSignal[];
}

/** A handler that says what it is told to, and answers each gesture once. */
export function scripted(replies: (message: Message, signal: AbortSignal) => AsyncIterable<Reply> | Iterable<Reply>): Scripted {
  const asked: Message[] = [];
  const signals: AbortSignal[] = [];
  const seen = new Set<string>();
  return {
    asked,
    signals,
    async *handle(message, signal) {
      const ids = [message.id, ...(message.aliases ?? [])];
      const isNew = !ids.some((id) => seen.has(id));
      for (const id of ids) seen.add(id);
      if (!isNew) return;
      asked.push(message);
      signals.push(signal);
      yield { text: "", final: false };
      yield* replies(message, signal);
    },
  };
}

/** Answers at once. */
export function answering(text: string, fields: Partial<Reply> = {}): Scripted {
  return scripted((message) => [final(text, message, fields)]);
}

export function final(text: string, message: Pick<Message, "conversation">, fields: Partial<Reply> = {}): Reply {
  return { text, final: true, turn: { id: "t1", conversation: message.conversation, agent: "deterministic", tools: [] }, ...fields };
}

/** Lets a test decide when something goes on. */
export function gate(): { open: () => void; opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: resolve, opened: promise };
}

/** The real router over a real database, with the real deterministic agent on a bill unless a test brings another. */
export async function realRouter(answer?: RouterOptions["answer"]) {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  const now = () => new Date("2026-11-21T09:00:00Z");
  const faults: unknown[] = [];
  const agent = createDeterministicAgent({ onFault: (error) => void faults.push(error) });
  const conversations = createConversations(database, now);
  let count = 0;
  const handle = createRouter({
    answer: answer ?? ((turn, signal) => agent.answer(turn, signal)),
    conversations,
    tools,
    feeds: [billFeed()],
    now,
    newId: () => `t${++count}`,
    turnMs: 60_000,
    after: () => () => {},
    correlate: (_, work) => work(),
    onFault: (error) => void faults.push(error),
  });
  const turns = async () => (await database.kysely.selectFrom("turns").selectAll().execute()).length;
  const places = {
    keepPlace: (conversation: string, reference: object) => keepPlace(database, conversation, reference, now()),
    placeOf: (conversation: string) => placeOf(database, conversation),
  };
  return { handle, conversations, faults, turns, places, database, close: () => database.close() };
}
