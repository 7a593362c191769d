import { randomUUID } from "node:crypto";
import type { DigestOrder } from "../core/digest.ts";
import type { Audience } from "../core/message.ts";
import type { Database } from "../storage/database.ts";
import type { DigestSubscriptionRow } from "../storage/schema.ts";

/** late: each missed slot of the last day, labelled. latest: the newest missed one within six hours. skip: none. */
export type CatchUp = "late" | "latest" | "skip";

export interface SubscriptionOptions {
  order: DigestOrder;
  /** Project the figures are narrowed to. */
  scope?: string;
  /** What goes out when nothing moved; a line unless said. */
  whenQuiet: "line" | "nothing";
  catchUp: CatchUp;
  /** Local days without a digest: "2026-12-24", or "12-25" for each year. */
  except: readonly string[];
  /** The room it was set up in, where it goes out somewhere else. */
  beside?: { channel: string; conversation: string };
}

export interface Subscription extends SubscriptionOptions {
  id: string;
  digest: string;
  channel: string;
  conversation: string;
  audience: Audience;
  /** Cron pattern of five fields, in wall time of `timeZone`. */
  pattern: string;
  /** The schedule in words. */
  schedule: string;
  timeZone: string;
  owner: string;
  origin: "chat" | "file" | "api";
  paused: boolean;
  /** Slots after this instant are its own. */
  since: Date;
}

export interface DigestSubscriptions {
  /** Keeps one; with the id of a known one it takes its place and keeps `since` where schedule and zone are the same. */
  save(subscription: Omit<Subscription, "id" | "since" | "paused"> & { id?: string }): Promise<Subscription>;
  /** Oldest first. */
  list(): Promise<Subscription[]>;
  /** False when there is none. What was missed while it paused stays unsent. */
  pause(id: string, paused: boolean): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

export function createDigestSubscriptions(database: Database, now: () => Date): DigestSubscriptions {
  const { kysely } = database;
  const table = "digest_subscriptions";
  return {
    async save(given) {
      const id = given.id ?? randomUUID().slice(0, 8);
      return kysely.transaction().execute(async (trx) => {
        const before = await trx.selectFrom(table).selectAll().where("id", "=", id).executeTakeFirst();
        const same = before !== undefined && before.pattern === given.pattern && before.time_zone === given.timeZone;
        const row = rowOf({ ...given, id, paused: before?.paused === 1, since: same ? new Date(before.since) : now() }, now());
        await trx
          .insertInto(table)
          .values(row)
          .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...row, created_at: before?.created_at ?? row.created_at }))
          .execute();
        return subscriptionOf(row);
      });
    },

    async list() {
      const rows = await kysely.selectFrom(table).selectAll().orderBy("created_at").orderBy("id").execute();
      return rows.map(subscriptionOf);
    },

    async pause(id, paused) {
      const since = paused ? {} : { since: now().toISOString() };
      const result = await kysely
        .updateTable(table)
        .set({ paused: paused ? 1 : 0, ...since })
        .where("id", "=", id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async remove(id) {
      const result = await kysely.deleteFrom(table).where("id", "=", id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function rowOf(subscription: Subscription, createdAt: Date): DigestSubscriptionRow {
  const { id, digest, channel, conversation, audience, pattern, schedule, timeZone, owner, origin, paused, since, ...options } =
    subscription;
  return {
    id,
    digest,
    channel,
    conversation,
    audience,
    pattern,
    schedule,
    time_zone: timeZone,
    options: JSON.stringify(options satisfies SubscriptionOptions),
    owner,
    origin,
    paused: paused ? 1 : 0,
    since: since.toISOString(),
    created_at: createdAt.toISOString(),
  };
}

function subscriptionOf(row: DigestSubscriptionRow): Subscription {
  const { id, digest, channel, conversation, audience, pattern, schedule, time_zone, options, owner, origin, paused, since } = row;
  return {
    ...(JSON.parse(options) as SubscriptionOptions),
    id,
    digest,
    channel,
    conversation,
    audience,
    pattern,
    schedule,
    timeZone: time_zone,
    owner,
    origin,
    paused: paused === 1,
    since: new Date(since),
  };
}
