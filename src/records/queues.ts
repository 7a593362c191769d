import type { Database } from "../storage/database.ts";

/** What waits, and for how long. */
export interface Queue {
  name: "posts" | "digests" | "executions" | "approvals" | "webhooks";
  waiting: number;
  /** Seconds since the oldest became due; null when nothing waits. */
  oldestS: number | null;
}

/** Every queue of the house. What is not due yet does not wait. */
export async function readQueues({ kysely }: Pick<Database, "kysely">, now: Date): Promise<Queue[]> {
  const at = now.toISOString();
  const [posts, digests, executions, approvals, webhooks] = await Promise.all([
    kysely
      .selectFrom("outbox")
      .select((e) => [e.fn.countAll<number | string>().as("n"), e.fn.min("not_before").as("oldest")])
      .where("state", "in", ["waiting", "sending"])
      .where("not_before", "<=", at)
      .executeTakeFirst(),
    kysely
      .selectFrom("digest_runs")
      .select((e) => [e.fn.countAll<number | string>().as("n"), e.fn.min("due_at").as("oldest")])
      .where("state", "in", ["due", "building"])
      .where("due_at", "<=", at)
      .executeTakeFirst(),
    kysely
      .selectFrom("records")
      .select((e) => [e.fn.countAll<number | string>().as("n"), e.fn.min("created_at").as("oldest")])
      .where("kind", "=", "executions")
      .where("state", "=", "queued")
      .where("archived_at", "is", null)
      .executeTakeFirst(),
    kysely
      .selectFrom("approvals")
      .select((e) => [e.fn.countAll<number | string>().as("n"), e.fn.min("created_at").as("oldest")])
      .where("state", "=", "waiting")
      .where("expires_at", ">", at)
      .executeTakeFirst(),
    kysely
      .selectFrom("webhook_deliveries")
      .select((e) => [e.fn.countAll<number | string>().as("n"), e.fn.min("received_at").as("oldest")])
      .where("state", "=", "waiting")
      .executeTakeFirst(),
  ]);
  const queue = (name: Queue["name"], row: { n: number | string; oldest: string | null } | undefined): Queue => ({
    name,
    // PostgreSQL counts in 64 bits, which come as text.
    waiting: Number(row?.n ?? 0),
    oldestS: row?.oldest ? Math.max(0, (now.getTime() - Date.parse(row.oldest)) / 1000) : null,
  });
  return [
    queue("posts", posts),
    queue("digests", digests),
    queue("executions", executions),
    queue("approvals", approvals),
    queue("webhooks", webhooks),
  ];
}

/** Posts by what became of them, of the days that are kept. "unknown" may have arrived, and a person should look. */
export async function countPosts({ kysely }: Pick<Database, "kysely">): Promise<{ state: string; n: number }[]> {
  const rows = await kysely
    .selectFrom("outbox")
    .select((e) => ["state", e.fn.countAll<number | string>().as("n")])
    .groupBy("state")
    .execute();
  return rows.map(({ state, n }) => ({ state, n: Number(n) }));
}

/** Alerts that are not over, by severity. */
export async function countOpenAlerts({ kysely }: Pick<Database, "kysely">): Promise<{ severity: string; n: number }[]> {
  const rows = await kysely
    .selectFrom("alerts")
    .select((e) => ["severity", e.fn.countAll<number | string>().as("n")])
    .where("ended_at", "is", null)
    .groupBy("severity")
    .execute();
  return rows.map(({ severity, n }) => ({ severity, n: Number(n) }));
}
