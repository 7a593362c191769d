import type { Channel, Delivery } from "../../src/core/channel.ts";
import type { Composed, Digest } from "../../src/core/digest.ts";
import type { Jobs } from "../../src/core/jobs.ts";
import type { Reply } from "../../src/core/reply.ts";
import { createDigestEngine, type DigestEngine } from "../../src/digests/engine.ts";
import { createPosting, type Posting } from "../../src/posting/index.ts";
import { createDigestRuns, type DigestRuns } from "../../src/records/digest-runs.ts";
import { createDigestSubscriptions, type DigestSubscriptions, type Subscription } from "../../src/records/digest-subscriptions.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { openJobs } from "../../src/storage/jobs.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { contextOf } from "../tools/world.ts";

/** What a platform does with one try. accepted: the post stands. The rest is what the sender hears. */
export interface Fate {
  accepted: boolean;
  heard: "sent" | "limited" | "refused" | "nothing clear" | "never";
}

export const FINE: Fate = { accepted: true, heard: "sent" };

/** The far end: what stands there, and how it answers the next tries. `looks`: a channel that can find an earlier post of its own. */
export function createPlatform(name: string, looks: boolean) {
  const posts: { conversation: string; key: string; reply: Reply }[] = [];
  const script: Fate[] = [];
  let sends = 0;

  async function send(conversation: string, reply: Reply, key: string, firstTried?: Date): Promise<Delivery> {
    const standing = posts.findIndex((post) => post.key === key);
    if (firstTried && looks && standing >= 0) return sent(conversation, standing);
    if (firstTried && !looks) return { state: "ambiguous", reason: "an earlier post may stand" };
    sends += 1;
    const { accepted, heard } = script.shift() ?? FINE;
    if (accepted) posts.push({ conversation, key, reply });
    if (heard === "never") return new Promise(() => {});
    if (heard === "limited") return { state: "refused", reason: "too many posts", retryAfterMs: 5_000 };
    if (heard === "refused") return { state: "refused", reason: "channel_not_found" };
    return heard === "sent" ? sent(conversation, posts.length - 1) : { state: "ambiguous", reason: "the connection was reset" };
  }

  function sent(conversation: string, index: number): Delivery {
    return { state: "sent", id: `${index}`, ...(conversation.includes("#") ? {} : { thread: `${conversation}#${index}` }) };
  }

  return { channel: { name, send } satisfies Pick<Channel, "name" | "send">, posts, script, sends: () => sends };
}

export type Platform = ReturnType<typeof createPlatform>;

/** The processes of this test share a database and a clock that the test moves. */
export interface World {
  database: Database;
  subscriptions: DigestSubscriptions;
  runs: DigestRuns;
  platform: Platform;
  now(): Date;
  pass(ms: number): void;
  setClock(at: Date): void;
  subscribe(changes?: Partial<Subscription>): Promise<Subscription>;
  /** Another process; the one before may be dead, or only slow. */
  process(digest?: Digest): Process;
  events: { digest: string; state: string; latenessMs: number }[];
  faults: unknown[];
  close(): Promise<void>;
}

export interface Process {
  engine: DigestEngine;
  posting: Posting;
  /** One step of the loop: what is due is planned, made and posted. */
  tick(): Promise<void>;
}

export const LEASE_MS = 120_000;

export async function openWorld(url = "sqlite::memory:", begin = new Date("2026-11-20T07:00:00Z"), looks = true): Promise<World> {
  const database = await openDatabase(url);
  await migrate(database);
  let clock = begin;
  let processes = 0;
  const now = () => clock;
  const platform = createPlatform("slack", looks);
  const subscriptions = createDigestSubscriptions(database, now);
  const runs = createDigestRuns(database, now);
  const events: World["events"] = [];
  const faults: unknown[] = [];
  const open: Jobs[] = [];
  return {
    database,
    subscriptions,
    runs,
    platform,
    events,
    faults,
    now,
    pass(ms) {
      clock = new Date(clock.getTime() + ms);
    },
    setClock(at) {
      clock = at;
    },
    subscribe: (changes = {}) =>
      subscriptions.save({
        digest: "test",
        channel: "slack",
        conversation: "slack:T1:C1",
        audience: "group",
        pattern: "0 9 * * *",
        schedule: "every day at 09:00",
        timeZone: "Europe/Berlin",
        owner: "slack:T1:U1",
        origin: "chat",
        order: {},
        whenQuiet: "line",
        catchUp: "latest",
        except: [],
        ...changes,
      }),
    process(digest = testDigest()) {
      const owner = `process-${++processes}`;
      const onFault = (error: unknown) => void faults.push(error);
      const jobs = openJobs(database, { queue: "digests", leaseMs: LEASE_MS, onFault });
      open.push(jobs);
      const engine = createDigestEngine({
        digests: [digest],
        subscriptions,
        runs,
        jobs,
        context: (user, at, signal) => ({ ...contextOf([]), user, now: at, signal }),
        now,
        owner,
        leaseMs: LEASE_MS,
        composeMs: 60_000,
        timeout: (ms) => AbortSignal.timeout(ms),
        onFault,
        onRun: (event) => events.push(event),
      });
      const posting = createPosting({
        database,
        channels: [platform.channel],
        now,
        owner,
        leaseMs: LEASE_MS,
        onFault,
      });
      return {
        engine,
        posting,
        async tick() {
          const { signal } = new AbortController();
          await engine.plan();
          await engine.makeDue(signal);
          await posting.drain(signal);
        },
      };
    },
    async close() {
      await Promise.all(open.map((jobs) => jobs.stop()));
      await database.close();
    },
  };
}

/** Says for which instant it is, so that a test can tell one slot from another. */
export function testDigest(compose: (at: Date) => Partial<Composed> | Promise<Partial<Composed>> = () => ({})): Digest {
  return {
    name: "test",
    title: "Test",
    summary: "A test.",
    schedule: "every day at 9:00",
    async compose(_order, { now }) {
      const reply: Reply = { text: `for ${now.toISOString()}`, final: true };
      return { reply, quiet: false, calls: [], ...(await compose(now)) };
    },
  };
}
