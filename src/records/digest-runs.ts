import { randomUUID } from "node:crypto";
import type { ExpressionBuilder, Kysely } from "kysely";
import type { Database } from "../storage/database.ts";
import { type Post, putPosts } from "../storage/outbox.ts";
import type { DigestRunRow, DigestRunState, Schema } from "../storage/schema.ts";

export type { Post } from "../storage/outbox.ts";

/** The ledger of digests: one row per subscription and slot, so that each slot is made and sent once, whoever dies or runs twice. */
export interface DigestRuns {
  /** The newest slot that is known of a subscription; null before the first. */
  newest(subscriptionId: string): Promise<Date | null>;
  /** Keeps slots as due or missed. One that is known stays as it is. */
  plan(subscriptionId: string, slots: readonly { slot: string; dueAt: Date; state: "due" | "missed" }[]): Promise<void>;
  /** Ids of slots that are to be made, or whose taker's lease has run out; the oldest first, at most so many. */
  due(limit: number): Promise<string[]>;
  /** Takes a slot that is due. Of many takers one gets it; undefined for the others, and when it is not due any more. */
  claim(id: string, owner: string, leaseMs: number): Promise<ClaimedRun | undefined>;
  /** The end of a claimed slot with its posts, in one transaction. False, and nothing is kept, when someone else holds it by now. */
  finish(run: { id: string; owner: string }, end: RunEnd): Promise<boolean>;
  /** Slots of a subscription that were not sent, or perhaps not, and of which no digest has told yet. Oldest first. */
  untold(subscriptionId: string): Promise<UntoldRun[]>;
  /** Drops what ended before then. A slot that old is never planned again. */
  drop(before: Date): Promise<number>;
  /** The newest slots of a subscription, newest first. */
  recent(subscriptionId: string, limit: number): Promise<{ slot: string; state: string; error: string | null }[]>;
}

export interface ClaimedRun {
  id: string;
  subscriptionId: string;
  slot: string;
  dueAt: Date;
  /** Tries so far, without this one. */
  attempts: number;
}

export type RunEnd =
  | { state: "queued" | "quiet" | "failed"; posts?: readonly Post[]; told?: readonly string[]; error?: string }
  /** Not now: once more at that time. */
  | { state: "due"; retryAt: Date; error: string };

export interface UntoldRun {
  id: string;
  slot: string;
  state: "missed" | "failed" | "refused" | "unknown";
}

/** Key of the post of a run. */
export function postKey(runId: string): string {
  return `digest:${runId}`;
}

export function createDigestRuns(database: Database, now: () => Date): DigestRuns {
  const { kysely } = database;

  return {
    async newest(subscriptionId) {
      const row = await kysely
        .selectFrom("digest_runs")
        .select((e) => e.fn.max("due_at").as("due_at"))
        .where("subscription_id", "=", subscriptionId)
        .executeTakeFirst();
      return row?.due_at ? new Date(row.due_at) : null;
    },

    async plan(subscriptionId, slots) {
      if (slots.length === 0) return;
      const created_at = now().toISOString();
      const rows = slots.map(({ slot, dueAt, state }) => ({
        id: randomUUID(),
        subscription_id: subscriptionId,
        slot,
        due_at: dueAt.toISOString(),
        state,
        attempts: 0,
        not_before: created_at,
        told: 0,
        created_at,
        finished_at: state === "missed" ? created_at : null,
      }));
      await kysely
        .insertInto("digest_runs")
        .values(rows)
        .onConflict((conflict) => conflict.columns(["subscription_id", "slot"]).doNothing())
        .execute();
    },

    async due(limit) {
      const rows = await kysely
        .selectFrom("digest_runs")
        .select("id")
        .where(isDue(now()))
        .orderBy("due_at")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async claim(id, owner, leaseMs) {
      const at = now();
      const lease_until = new Date(at.getTime() + leaseMs).toISOString();
      const row = await kysely
        .updateTable("digest_runs")
        .set((e) => ({ state: "building" as const, attempts: e("attempts", "+", 1), lease_owner: owner, lease_until }))
        .where("id", "=", id)
        .where(isDue(at))
        .returningAll()
        .executeTakeFirst();
      return row && claimedOf(row);
    },

    finish: ({ id, owner }, end) =>
      kysely.transaction().execute(async (trx) => {
        const at = now();
        const error = end.error ?? null;
        const result = await trx
          .updateTable("digest_runs")
          .set({
            state: end.state,
            error,
            lease_owner: null,
            lease_until: null,
            ...(end.state === "due" ? { not_before: end.retryAt.toISOString() } : { finished_at: at.toISOString() }),
          })
          .where("id", "=", id)
          .where("lease_owner", "=", owner)
          .where("state", "=", "building")
          .executeTakeFirst();
        if (result.numUpdatedRows === 0n) return false;
        if (end.state === "due") return true;
        await putPosts(trx, end.posts ?? [], at);
        if (end.told?.length) await trx.updateTable("digest_runs").set({ told: 1 }).where("id", "in", end.told).execute();
        return true;
      }),

    async untold(subscriptionId) {
      const rows = await withPosts(kysely, subscriptionId).where("r.told", "=", 0).orderBy("r.due_at").execute();
      return rows.flatMap(({ id, slot, state, post }) => {
        const fate = fateOf(state, post);
        return fate ? [{ id, slot, state: fate }] : [];
      });
    },

    async drop(before) {
      const result = await kysely.deleteFrom("digest_runs").where("finished_at", "<", before.toISOString()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    async recent(subscriptionId, limit) {
      const rows = await withPosts(kysely, subscriptionId).orderBy("r.due_at", "desc").limit(limit).execute();
      return rows.map(({ slot, state, post, error, postError }) => ({
        slot,
        state: state === "queued" ? (post ?? "sent") : state,
        error: error ?? postError,
      }));
    },
  };
}

function withPosts(kysely: Kysely<Schema>, subscriptionId: string) {
  return kysely
    .selectFrom("digest_runs as r")
    .leftJoin("outbox as o", (join) => join.on((e) => e("o.key", "=", e(e.val("digest:"), "||", e.ref("r.id")))))
    .select(["r.id", "r.slot", "r.state", "r.error", "o.state as post", "o.error as postError"])
    .where("r.subscription_id", "=", subscriptionId);
}

function fateOf(state: DigestRunState, post: string | null): UntoldRun["state"] | undefined {
  if (state === "missed" || state === "failed") return state;
  return state === "queued" && (post === "refused" || post === "unknown") ? post : undefined;
}

function isDue(now: Date) {
  const at = now.toISOString();
  return (e: ExpressionBuilder<Schema, "digest_runs">) =>
    e.or([e.and([e("state", "=", "due"), e("not_before", "<=", at)]), e.and([e("state", "=", "building"), e("lease_until", "<", at)])]);
}

function claimedOf({ id, subscription_id, slot, due_at, attempts }: DigestRunRow): ClaimedRun {
  return { id, subscriptionId: subscription_id, slot, dueAt: new Date(due_at), attempts: attempts - 1 };
}
