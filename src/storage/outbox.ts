import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import type { OutboxRow, OutboxState, Schema } from "./schema.ts";

/**
 * What the bot says by itself, in the database before it is sent: whoever dies, restarts or runs twice, each key is one post.
 * Write a post in the transaction of what it tells about; the posting loop does the rest.
 */
export interface Post {
  /** One post for good: the second with the same key is dropped. */
  key: string;
  /** The channel's name, and the conversation it is for. */
  channel: string;
  conversation: string;
  /** A final `Reply` as JSON: a retry sends the same words. */
  reply: string;
  /** Key of the post in whose thread it goes, once that one has arrived. It falls with it. */
  after?: string;
  notBefore?: Date;
}

export interface ClaimedPost {
  id: string;
  key: string;
  channel: string;
  /** That of the thread, for a post that follows another. */
  conversation: string;
  reply: string;
  /** Tries so far, without this one. */
  attempts: number;
  /** When it was first tried; it may have arrived since. */
  firstTried?: Date;
  /** The platform's id of the post whose place it takes; absent for a post of its own. */
  edits?: string;
}

/** New words for an earlier post. */
export interface PostEdit {
  key: string;
  /** Key of the post that it changes. */
  of: string;
  reply: string;
  /** What is out already stays as it is. */
  onlyUnsent?: boolean;
}

/** What became of a try. `thread`: the conversation of answers under the post. `retryAt`: it is tried again then. */
export type Outcome =
  | { state: "sent"; platformId: string; thread?: string }
  | { state: "waiting"; retryAt: Date; error: string }
  | { state: "refused" | "unknown"; error: string };

/**
 * Keeps posts; of the same key the first stays, and what would follow a post that never arrived is not kept. Give it the transaction that
 * makes them true.
 */
export async function putPosts(trx: Kysely<Schema>, posts: readonly Post[], now: Date): Promise<void> {
  const rows = (await withoutLost(trx, posts)).map((post) => ({
    id: randomUUID(),
    key: post.key,
    channel: post.channel,
    conversation: post.conversation,
    reply: post.reply,
    after_key: post.after ?? null,
    edits: 0,
    state: "waiting" as const,
    attempts: 0,
    not_before: (post.notBefore ?? now).toISOString(),
    created_at: now.toISOString(),
  }));
  if (rows.length === 0) return;
  await trx
    .insertInto("outbox")
    .values(rows)
    .onConflict((conflict) => conflict.column("key").doNothing())
    .execute();
}

async function withoutLost(trx: Kysely<Schema>, posts: readonly Post[]): Promise<readonly Post[]> {
  const own = new Set(posts.map(({ key }) => key));
  const before = [...new Set(posts.flatMap(({ after }) => (after === undefined || own.has(after) ? [] : [after])))];
  if (before.length === 0) return posts;
  const rows = await trx
    .selectFrom("outbox")
    .select("key")
    .where("key", "in", before)
    .where("state", "in", ["waiting", "sending", "sent"])
    .execute();
  const standing = new Set(rows.map(({ key }) => key));
  return posts.filter(({ after }) => after === undefined || own.has(after) || standing.has(after));
}

/**
 * Changes posts where they stand. One that is not out yet goes out with the new words; one that stands is changed once, with the newest
 * words; one that never arrived is left. Give it the transaction that makes the words true.
 */
export async function putEdits(trx: Kysely<Schema>, edits: readonly PostEdit[], now: Date): Promise<void> {
  for (const { key, of, reply, onlyUnsent = false } of edits) {
    const unsent = await trx
      .updateTable("outbox")
      .set({ reply })
      .where("key", "=", of)
      .where("state", "=", "waiting")
      .where("attempts", "=", 0)
      .executeTakeFirst();
    if (unsent.numUpdatedRows > 0n || onlyUnsent) continue;
    const post = await trx
      .selectFrom("outbox")
      .selectAll()
      .where("key", "=", of)
      .where("state", "in", ["sending", "sent", "waiting"])
      .executeTakeFirst();
    if (!post) continue;
    await trx
      .updateTable("outbox")
      .set({ state: "dropped", finished_at: now.toISOString(), error: "newer words took its place" })
      .where("after_key", "=", of)
      .where("edits", "=", 1)
      .where("state", "=", "waiting")
      .execute();
    const { channel, conversation } = post;
    await putPosts(trx, [{ key, channel, conversation, reply, after: of }], now);
    await trx.updateTable("outbox").set({ edits: 1 }).where("key", "=", key).execute();
  }
}

/** Takes back posts that nobody has tried to send yet. */
export async function takeBack(trx: Kysely<Schema>, keys: readonly string[], now: Date): Promise<void> {
  if (keys.length === 0) return;
  await trx
    .updateTable("outbox")
    .set({ state: "dropped", finished_at: now.toISOString(), error: "it was over before it went out" })
    .where("key", "in", keys)
    .where("state", "=", "waiting")
    .where("attempts", "=", 0)
    .execute();
}

/**
 * Takes the oldest post of the channel that is due, or whose taker's lease has run out, for `leaseMs`. undefined when there is none.
 * Of many takers at once, in this process or others, one gets it. The lease must be longer than any try, or be renewed.
 */
export async function claimPost(
  { kysely, dialect }: Database,
  { channel, owner, now, leaseMs }: { channel: string; owner: string; now: Date; leaseMs: number },
): Promise<ClaimedPost | undefined> {
  const at = now.toISOString();
  const due = (db: Kysely<Schema>) =>
    db
      .selectFrom("outbox as o")
      .selectAll("o")
      .where("o.channel", "=", channel)
      .where((e) =>
        e.or([
          e.and([e("o.state", "=", "waiting"), e("o.not_before", "<=", at)]),
          e.and([e("o.state", "=", "sending"), e("o.lease_until", "<", at)]),
        ]),
      )
      .where((e) =>
        e.or([
          e("o.after_key", "is", null),
          e.exists(e.selectFrom("outbox as p").select("p.id").whereRef("p.key", "=", "o.after_key").where("p.state", "=", "sent")),
        ]),
      )
      // Edits of one post go one after the other, or the older words might win.
      .where((e) =>
        e.or([
          e("o.edits", "=", 0),
          e.not(
            e.exists(
              e
                .selectFrom("outbox as q")
                .select("q.id")
                .whereRef("q.after_key", "=", "o.after_key")
                .whereRef("q.id", "!=", "o.id")
                .where("q.edits", "=", 1)
                .where("q.state", "=", "sending")
                .where("q.lease_until", ">=", at),
            ),
          ),
        ]),
      )
      .orderBy("o.not_before")
      .orderBy("o.created_at")
      .limit(1);
  // A look takes no lock: most of them find nothing.
  if ((await due(kysely).execute()).length === 0) return undefined;
  return kysely.transaction().execute(async (trx) => {
    const row = await (dialect === "postgres" ? due(trx).forUpdate().skipLocked() : due(trx)).executeTakeFirst();
    if (!row) return undefined;
    await trx
      .updateTable("outbox")
      .set({
        state: "sending",
        attempts: row.attempts + 1,
        lease_owner: owner,
        lease_until: new Date(now.getTime() + leaseMs).toISOString(),
        first_attempt_at: row.first_attempt_at ?? at,
      })
      .where("id", "=", row.id)
      .execute();
    const before = row.after_key === null ? undefined : await standing(trx, row.after_key);
    const edits = row.edits === 1 ? before?.platform_id : null;
    return {
      id: row.id,
      key: row.key,
      channel: row.channel,
      conversation: row.edits === 1 ? row.conversation : (before?.thread ?? row.conversation),
      reply: row.reply,
      attempts: row.attempts,
      ...(row.first_attempt_at === null ? {} : { firstTried: new Date(row.first_attempt_at) }),
      ...(edits ? { edits } : {}),
    };
  });
}

function standing(trx: Kysely<Schema>, key: string): Promise<Pick<OutboxRow, "thread" | "platform_id"> | undefined> {
  return trx.selectFrom("outbox").select(["thread", "platform_id"]).where("key", "=", key).executeTakeFirst();
}

/** Goes on holding a post. False when it is held no longer: then its outcome is no longer this taker's to tell. */
export async function renewPost(database: Database, id: string, owner: string, until: Date): Promise<boolean> {
  const result = await database.kysely
    .updateTable("outbox")
    .set({ lease_until: until.toISOString() })
    .where("id", "=", id)
    .where("lease_owner", "=", owner)
    .where("state", "=", "sending")
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Writes down what became of a try. Does nothing when someone else holds the post by now. What was to follow a lost post falls with it. */
export async function settlePost(database: Database, id: string, owner: string, outcome: Outcome, now: Date): Promise<void> {
  await database.kysely.transaction().execute(async (trx) => {
    const settled = await trx
      .updateTable("outbox")
      .set({ ...columnsOf(outcome, now), lease_owner: null, lease_until: null })
      .where("id", "=", id)
      .where("lease_owner", "=", owner)
      .where("state", "=", "sending")
      .returning("key")
      .executeTakeFirst();
    if (!settled || (outcome.state !== "refused" && outcome.state !== "unknown")) return;
    await trx
      .updateTable("outbox")
      .set({ state: "dropped", finished_at: now.toISOString(), error: "what it was to follow did not arrive" })
      .where("after_key", "=", settled.key)
      .where("state", "=", "waiting")
      .execute();
  });
}

function columnsOf(outcome: Outcome, now: Date): Partial<OutboxRow> {
  const finished_at = now.toISOString();
  if (outcome.state === "sent")
    return { state: "sent", platform_id: outcome.platformId, thread: outcome.thread ?? null, error: null, finished_at };
  if (outcome.state === "waiting") return { state: "waiting", not_before: outcome.retryAt.toISOString(), error: outcome.error };
  return { state: outcome.state, error: outcome.error, finished_at };
}

/** What became of the post with this key; null when there is none. */
export async function postState(database: Database, key: string): Promise<{ state: OutboxState; error: string | null } | null> {
  const row = await database.kysely.selectFrom("outbox").select(["state", "error"]).where("key", "=", key).executeTakeFirst();
  return row ?? null;
}

/** Posts in each state, for metrics. */
export async function countPosts(database: Database): Promise<ReadonlyMap<OutboxState, number>> {
  const rows = await database.kysely
    .selectFrom("outbox")
    .select((e) => ["state", e.fn.countAll<number | string>().as("n")])
    .groupBy("state")
    .execute();
  return new Map(rows.map(({ state, n }) => [state, Number(n)]));
}

/** Drops posts that ended before then, and gives their number. Keep them longer than anything asks about them. */
export async function dropPosts(database: Database, before: Date): Promise<number> {
  const result = await database.kysely.deleteFrom("outbox").where("finished_at", "<", before.toISOString()).executeTakeFirst();
  return Number(result.numDeletedRows);
}
