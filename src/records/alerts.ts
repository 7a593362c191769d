import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Alert, AlertFeedback, AlertState } from "../core/alert.ts";
import type { Database } from "../storage/database.ts";
import { type Post, type PostEdit, putEdits, putPosts, takeBack } from "../storage/outbox.ts";
import type { Schema } from "../storage/schema.ts";
import { alertOf, feedbackOf, feedbackRow, rowOf } from "./alert-rows.ts";

export type { Post, PostEdit } from "../storage/outbox.ts";

export interface AlertHistory {
  at: Date;
  actor: string;
  action: string;
  note: string | null;
}

/** Alerts with what people said of them. Changes go through `change`, so that an alert and its posts are kept together or not at all. */
export interface Alerts {
  /** Newest first. `states`: only those; `until`: opened before then. */
  list(wanted: { states?: readonly AlertState[]; limit: number; until?: Date; since?: Date }): Promise<Alert[]>;
  get(id: string): Promise<Alert | null>;
  history(id: string): Promise<AlertHistory[]>;
  /** What stands at that time, newest first; all that was not withdrawn without it. */
  feedback(at?: Date): Promise<AlertFeedback[]>;
  /** Drops those that were over before then, with all that belongs to them; not those of which something said still stands. */
  drop(before: Date): Promise<number>;
  /** One after the other in this process; two processes that open the same sign at once: one of them fails, and may try again. */
  change<T>(work: (tx: AlertChanges) => Promise<T>): Promise<T>;
}

export interface AlertChanges {
  get(id: string): Promise<Alert | null>;
  /** The alert whose sign this is, open or the latest that was. */
  withSign(fingerprint: string): Promise<Alert | null>;
  /** Open ones of a group, newest first. */
  openOf(group: string): Promise<Alert[]>;
  /** All that are not over. */
  open(): Promise<Alert[]>;
  save(alert: Alert): Promise<void>;
  note(id: string, entry: { actor: string; action: string; note?: string }): Promise<void>;
  feedback(at: Date): Promise<AlertFeedback[]>;
  give(feedback: AlertFeedback): Promise<void>;
  /** All feedback given with this alert. */
  withdraw(alert: string): Promise<void>;
  post(posts: readonly Post[], edits: readonly PostEdit[]): Promise<void>;
  /** Posts that nobody has tried to send yet do not go out. */
  takeBack(keys: readonly string[]): Promise<void>;
}

const MOST_OPEN = 2_000;

export function createAlerts(database: Database, now: () => Date): Alerts {
  const { kysely } = database;
  return {
    async list({ states, limit, until, since }) {
      let query = kysely.selectFrom("alerts").select("data").orderBy("opened_at", "desc").orderBy("id", "desc").limit(limit);
      if (states) query = query.where("state", "in", states);
      if (until) query = query.where("opened_at", "<", until.toISOString());
      if (since) query = query.where("opened_at", ">=", since.toISOString());
      return (await query.execute()).map(alertOf);
    },

    get: (id) => read(kysely, id),

    async history(id) {
      const rows = await kysely.selectFrom("alert_history").selectAll().where("alert_id", "=", id).orderBy("at").orderBy("id").execute();
      return rows.map(({ at, actor, action, note }) => ({ at: new Date(at), actor, action, note }));
    },

    feedback: (at) => standing(kysely, at),

    async drop(before) {
      const result = await kysely
        .deleteFrom("alerts")
        .where("ended_at", "<", before.toISOString())
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom("alert_feedback as f")
                .select("f.id")
                .whereRef("f.alert_id", "=", "alerts.id")
                .where("f.withdrawn_at", "is", null)
                .where("f.ends_at", ">", now().toISOString()),
            ),
          ),
        )
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    change: (work) => kysely.transaction().execute((trx) => work(changesIn(trx, now))),
  };
}

function changesIn(trx: Kysely<Schema>, now: () => Date): AlertChanges {
  let notes = 0;
  return {
    get: (id) => read(trx, id),

    async withSign(fingerprint) {
      const member = await trx
        .selectFrom("alert_members")
        .select("alert_id")
        .where("fingerprint", "=", fingerprint)
        .orderBy((e) => e.fn.coalesce("ended_at", e.val("~")), "desc")
        .limit(1)
        .executeTakeFirst();
      return member ? read(trx, member.alert_id) : null;
    },

    async openOf(group) {
      const rows = await trx
        .selectFrom("alerts")
        .select("data")
        .where("group_key", "=", group)
        .where("ended_at", "is", null)
        .orderBy("opened_at", "desc")
        .execute();
      return rows.map(alertOf);
    },

    async open() {
      const rows = await trx
        .selectFrom("alerts")
        .select("data")
        .where("ended_at", "is", null)
        .orderBy("opened_at")
        .limit(MOST_OPEN)
        .execute();
      return rows.map(alertOf);
    },

    async save(alert) {
      const row = rowOf(alert);
      await trx
        .insertInto("alerts")
        .values(row)
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
      for (const { fingerprint, since, endedAt } of alert.members) {
        const times = { since: since.toISOString(), ended_at: (endedAt ?? alert.endedAt)?.toISOString() ?? null };
        await trx
          .insertInto("alert_members")
          .values({ alert_id: alert.id, fingerprint, ...times })
          .onConflict((conflict) => conflict.columns(["alert_id", "fingerprint"]).doUpdateSet(times))
          .execute();
      }
    },

    async note(id, { actor, action, note = null }: { actor: string; action: string; note?: string | null }) {
      const at = now().toISOString();
      // Sorted by time, and within one transaction in order.
      const key = `${at}:${String(notes++).padStart(4, "0")}:${randomUUID().slice(0, 8)}`;
      await trx.insertInto("alert_history").values({ id: key, alert_id: id, at, actor, action, note }).execute();
    },

    feedback: (at) => standing(trx, at),

    async give(feedback) {
      await trx.insertInto("alert_feedback").values(feedbackRow(feedback)).execute();
    },

    async withdraw(alert) {
      await trx
        .updateTable("alert_feedback")
        .set({ withdrawn_at: now().toISOString() })
        .where("alert_id", "=", alert)
        .where("withdrawn_at", "is", null)
        .execute();
    },

    async post(posts, edits) {
      await putPosts(trx, posts, now());
      await putEdits(trx, edits, now());
    },

    takeBack: (keys) => takeBack(trx, keys, now()),
  };
}

async function read(kysely: Kysely<Schema>, id: string): Promise<Alert | null> {
  const row = await kysely.selectFrom("alerts").select("data").where("id", "=", id).executeTakeFirst();
  return row ? alertOf(row) : null;
}

async function standing(kysely: Kysely<Schema>, at: Date | undefined): Promise<AlertFeedback[]> {
  let query = kysely
    .selectFrom("alert_feedback")
    .select("data")
    .where("withdrawn_at", "is", null)
    .orderBy("given_at", "desc")
    .limit(MOST_OPEN);
  if (at) query = query.where("ends_at", ">", at.toISOString());
  return (await query.execute()).map(feedbackOf);
}
