import { createAlertDesk } from "../../src/alerts/desk.ts";
import { type AlertEngine, createAlertEngine } from "../../src/alerts/engine.ts";
import { readPlan } from "../../src/alerts/rules.ts";
import type { Signal } from "../../src/alerts/signal.ts";
import type { Hook } from "../../src/alerts/tell.ts";
import type { AlertDesk } from "../../src/core/alert.ts";
import type { Channel } from "../../src/core/channel.ts";
import type { Feed } from "../../src/core/feed.ts";
import type { User } from "../../src/core/message.ts";
import type { Reply } from "../../src/core/reply.ts";
import { createPosting } from "../../src/posting/index.ts";
import { type Alerts, createAlerts } from "../../src/records/alerts.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { contextOf } from "../tools/world.ts";

export const ROOM = "slack:T1:C1";
export const ADA: User = { id: "slack:T1:ADA", name: "Ada", timeZone: "UTC", roles: ["analyst"] };

/** Rules, alerts and a place whose posts can be changed, on a database and a clock that the test moves. */
export interface World {
  database: Database;
  alerts: Alerts;
  engine: AlertEngine;
  desk: AlertDesk;
  /** What stands in the room, by the order it was posted; a changed post stands where it stood. */
  posts: { conversation: string; key: string; reply: Reply; edits: number }[];
  faults: unknown[];
  now(): Date;
  pass(ms: number): void;
  /** Rules are judged, alerts told, posts sent. */
  step(): Promise<void>;
  take(...signals: Signal[]): Promise<void>;
  close(): Promise<void>;
}

interface WorldOptions {
  alerts?: unknown;
  alertRoutes?: unknown;
  hooks?: readonly Hook[];
  feeds?: readonly Feed[];
  url?: string;
  begin?: Date;
  channel?: Partial<Channel>;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const database = await openDatabase(options.url ?? "sqlite::memory:");
  await migrate(database);
  let clock = options.begin ?? new Date("2026-11-20T09:00:00Z");
  let ids = 0;
  const now = () => clock;
  const plan = readPlan({ alerts: options.alerts, alertRoutes: options.alertRoutes ?? [{ to: ROOM }] });
  const alerts = createAlerts(database, now);
  const posts: World["posts"] = [];
  const faults: unknown[] = [];
  const hooks = options.hooks ?? [];
  const engine = createAlertEngine({
    plan,
    hooks,
    alerts,
    context: async (at, signal) => ({ ...contextOf([...(options.feeds ?? [])]), now: at, signal }),
    now,
    newId: () => (0xa0000000 + ++ids).toString(16),
    timeout: (ms) => AbortSignal.timeout(ms),
    onFault: (error) => faults.push(error),
    onTold: () => {},
  });
  const desk = createAlertDesk({ alerts, plan, hooks, engine, maySee: async () => false, now, wake: () => {} });
  const channel: Pick<Channel, "name" | "send" | "update"> = {
    name: "slack",
    async send(conversation, reply, key) {
      posts.push({ conversation, key, reply, edits: 0 });
      return { state: "sent", id: String(posts.length - 1), thread: `${conversation}:${posts.length - 1}` };
    },
    async update(_conversation, id, reply) {
      const post = posts[Number(id)];
      if (!post) return { state: "refused", reason: "message_not_found" };
      Object.assign(post, { reply, edits: post.edits + 1 });
      return { state: "sent", id };
    },
    ...options.channel,
  };
  const posting = createPosting({
    database,
    channels: [channel],
    now,
    owner: "test",
    leaseMs: 60_000,
    onFault: (error) => faults.push(error),
  });
  const { signal } = new AbortController();
  return {
    database,
    alerts,
    engine,
    desk,
    posts,
    faults,
    now,
    pass(ms) {
      clock = new Date(clock.getTime() + ms);
    },
    async step() {
      await engine.judge(signal);
      await engine.tell(signal);
      await posting.drain(signal);
    },
    take: (...signals) => engine.take(signals),
    close: () => database.close(),
  };
}

/** A sign of a vendor about a service. */
export function sign(changes: Partial<Signal> = {}): Signal {
  return {
    fingerprint: "generic:1",
    rule: "generic",
    group: "service:gate-api",
    series: "gate-api",
    title: "Bookings fail",
    severity: "warning",
    state: "firing",
    at: new Date("2026-11-20T08:59:00Z"),
    windowMs: 30 * 60_000,
    ...changes,
  };
}
