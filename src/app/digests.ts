import { randomUUID } from "node:crypto";
import { channelKinds } from "../channels/index.ts";
import type { Channel } from "../core/channel.ts";
import type { DigestDesk, DigestPlace } from "../core/digest.ts";
import { once } from "../core/once.ts";
import type { Reply } from "../core/reply.ts";
import type { DigestEngine } from "../digests/engine.ts";
import type { ClaimedPost } from "../storage/outbox.ts";
import { whyOff } from "./channel-off.ts";
import type { Running } from "./context.ts";

type House = Pick<Running, "config" | "log" | "store" | "tools" | "sources" | "now" | "onFault" | "alerting" | "telemetry">;

export interface Proactive {
  desk: DigestDesk;
  /** Makes the subscriptions of firstmate.yaml those of the file. Throws ConfigError with every problem. */
  reconcile(): Promise<void>;
  /** Something waits in the outbox: it is posted at once where posting has begun. */
  wake(): void;
  /** Begins to make and post what is due. Gives what stops it, once what is under way is done. */
  start(channels: readonly Channel[]): Promise<() => Promise<void>>;
}

const DAY_MS = 86_400_000;
const COMPOSE_MS = 120_000;
/** Three times and more of what a digest or a post may take: who is silent for so long is dead. */
const LEASE_MS = { make: 10 * 60_000, post: 120_000 };

/** What the bot says by itself: digests by their schedules, and the outbox behind them. */
export async function createProactive(house: House): Promise<Proactive> {
  const { store, now, onFault, log } = house;
  const { createDesk } = await import("../digests/desk.ts");
  const { createDigestEngine } = await import("../digests/engine.ts");
  const { digests } = await import("../digests/index.ts");
  const { createDigestRuns } = await import("../records/digest-runs.ts");
  const { createDigestSubscriptions } = await import("../records/digest-subscriptions.ts");
  const { openJobs } = await import("../storage/jobs.ts");
  const owner = randomUUID();
  const subscriptions = createDigestSubscriptions(store.database, now);
  const runs = createDigestRuns(store.database, now);
  const jobs = openJobs(store.database, { queue: "digests", leaseMs: LEASE_MS.make, onFault });
  const engine = createDigestEngine({
    digests,
    subscriptions,
    runs,
    jobs,
    context: (user, at, signal, scope) => ({
      user,
      audience: "group",
      now: at,
      signal,
      tools: house.tools.filter(({ role }) => role === "viewer"),
      ...house.sources,
      ...(scope ? { scope } : {}),
    }),
    now,
    owner,
    leaseMs: LEASE_MS.make,
    composeMs: COMPOSE_MS,
    timeout: (ms) => AbortSignal.timeout(ms),
    onFault,
    onRun(event) {
      log.info("digest", event);
      house.telemetry.digest(event);
    },
  });
  let open: readonly Channel[] = [];
  let wake = () => {};
  const outside = once(async () => (await import("./outside-places.ts")).outsidePlaces(house.config));
  const isOff = (channel: string) => whyOff(channel, house.config);
  const toolNames = () => house.tools.filter(({ role, effect }) => role === "viewer" && effect === "read").map(({ name }) => name);
  const desk = createDesk({
    digests,
    subscriptions,
    runs,
    engine,
    roomOf,
    findPlace: async (name, beside) => open.find((channel) => channel.name === beside.channel)?.findPlace?.(name, beside.conversation),
    outsidePlace: async (name) => (await outside())(name),
    whyOff: isOff,
    toolNames,
    now,
    wake: () => wake(),
  });
  const { core, digests: ofFile } = house.config;
  const clean = () => runs.drop(new Date(now().getTime() - core.ALERT_DAYS * DAY_MS)).catch(onFault);
  async function reconcile(): Promise<void> {
    const { reconcileFile } = await import("../digests/from-file.ts");
    await reconcileFile(ofFile, {
      digests,
      subscriptions,
      timeZone: core.TIME_ZONE,
      roomOf,
      whyOff: isOff,
      toolNames: toolNames(),
      outsidePlace: await outside(),
    });
  }

  return {
    desk,
    reconcile,
    wake: () => wake(),
    async start(channels) {
      open = channels;
      if (ofFile === undefined) await reconcile();
      const work = await loop(channels, engine, owner, house);
      const { startTicker } = await import("../digests/schedule/ticker.ts");
      wake = () => void work.tick();
      (await house.alerting()).onWake(() => void work.tick(), work.post);
      const stopTicker = await startTicker(work.tick, onFault);
      void work.tick();
      void clean();
      const daily = setInterval(() => void clean(), DAY_MS).unref();
      return async () => {
        clearInterval(daily);
        wake = () => {};
        await stopTicker();
        await work.stop();
        await jobs.stop();
      };
    },
  };
}

function roomOf({ channel, conversation }: DigestPlace): string | undefined {
  return channelKinds.find(({ name }) => name === channel)?.room(conversation);
}

/** One step: what is due is written down, made, and posted. Steps do not overlap; posts go on beside the making. */
async function loop(channels: readonly Channel[], engine: DigestEngine, owner: string, house: House) {
  const { store, now, onFault, log } = house;
  const { createPosting } = await import("../posting/index.ts");
  const alerting = await house.alerting();
  const stopping = new AbortController();
  const posting = createPosting({
    database: store.database,
    channels: [...channels, ...alerting.channels],
    now,
    owner,
    leaseMs: LEASE_MS.post,
    async onSent(post, reply, thread) {
      await alerting.onSent(post, reply);
      await remember(post, reply, thread, house);
    },
    onFault,
    onPost(event) {
      log.info("post", event);
      house.telemetry.post(event);
    },
  });
  let making: Promise<void> | undefined;

  async function make(): Promise<void> {
    await engine.plan();
    await engine.makeDue(stopping.signal, () => void posting.drain(stopping.signal));
  }

  return {
    post: () => void posting.drain(stopping.signal),
    async tick() {
      if (stopping.signal.aborted) return;
      making ??= make()
        .catch(onFault)
        .finally(() => {
          making = undefined;
        });
      const post = () => posting.drain(stopping.signal);
      const watching = [alerting.take(stopping.signal), alerting.judge(stopping.signal)].map((work) => work.then(post));
      await Promise.all([making, ...watching, post()]);
    },
    async stop() {
      stopping.abort(new Error("stopping"));
      await making;
      await alerting.idle();
      await posting.idle();
    },
  };
}

/** A question under a post knows what it said: it is kept as a turn of that conversation. */
async function remember(post: ClaimedPost, reply: Reply, thread: string, { store, now }: House): Promise<void> {
  const { turn } = reply;
  if (!turn) return;
  const audience = thread.startsWith("slack:") && thread.split(":")[2]?.startsWith("D") ? "direct" : "group";
  if (audience === "direct") return;
  const message = {
    id: post.key,
    channel: post.channel,
    conversation: thread,
    audience,
    user: { id: "firstmate:posts", name: "Firstmate", timeZone: "UTC", roles: [] },
    text: reply.text.split("\n", 1)[0] ?? "",
    at: now(),
  } as const;
  if ((await store.conversations.begin({ message, turnId: post.key })) === "duplicate") return;
  for (const [position, call] of turn.tools.entries())
    await store.conversations.recordCall(post.key, position, {
      call,
      durationMs: 0,
      outcome: { finding: { content: "", blocks: [], receipts: [] } },
    });
  await store.conversations.finish(post.key, reply, "done");
  await store.conversations.delivered(post.key);
}
