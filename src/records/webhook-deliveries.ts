import type { Database } from "../storage/database.ts";
import { createGroupCommit } from "../storage/group-commit.ts";

export { QueueFull } from "../storage/group-commit.ts";

/** What vendors deliver, on disk before they hear that we have it. */
export interface WebhookDeliveries {
  /** Resolves once it is on disk. False: it came before, and nothing was kept. Rejects with QueueFull when too much waits. */
  keep(delivery: { key: string; source: string; body: string }): Promise<boolean>;
  /** The oldest that nobody has dealt with. */
  waiting(limit: number): Promise<{ key: string; source: string; body: string; receivedAt: Date }[]>;
  /** Writes down that they were dealt with; one with an error is not tried again. The body is let go of. */
  settle(ends: readonly { key: string; error?: string }[]): Promise<void>;
  /** Drops those that ended before then. */
  drop(before: Date): Promise<number>;
}

interface Delivery {
  key: string;
  source: string;
  body: string;
  at: string;
}

/** Ten seconds of a storm of 10,000 a minute. */
const MOST_WAITING = 2_000;
const MOST_AT_ONCE = 250;

export function createWebhookDeliveries(database: Database, now: () => Date): WebhookDeliveries {
  const { kysely } = database;
  const queue = createGroupCommit<Delivery, boolean>({
    mostWaiting: MOST_WAITING,
    mostAtOnce: MOST_AT_ONCE,
    async store(groups) {
      const wanted = new Map(groups.flat().map((delivery) => [delivery.key, delivery]));
      const inserted = await kysely.transaction().execute((trx) =>
        trx
          .insertInto("webhook_deliveries")
          .values(
            [...wanted.values()].map(({ key, source, body, at }) => ({ key, source, body, received_at: at, state: "waiting" as const })),
          )
          .onConflict((conflict) => conflict.column("key").doNothing())
          .returning("key")
          .execute(),
      );
      const fresh = new Set(inserted.map(({ key }) => key));
      // Of two copies in one commit the first is told that it is new.
      return groups.map(([delivery]) => delivery !== undefined && fresh.delete(delivery.key));
    },
  });
  return {
    keep: (delivery) => queue.add([{ ...delivery, at: now().toISOString() }]),

    async waiting(limit) {
      const rows = await kysely
        .selectFrom("webhook_deliveries")
        .selectAll()
        .where("state", "=", "waiting")
        .orderBy("received_at")
        .orderBy("key")
        .limit(limit)
        .execute();
      return rows.map(({ key, source, body, received_at }) => ({ key, source, body, receivedAt: new Date(received_at) }));
    },

    async settle(ends) {
      const finished_at = now().toISOString();
      await kysely.transaction().execute(async (trx) => {
        for (const { key, error } of ends)
          await trx
            .updateTable("webhook_deliveries")
            .set({ state: error === undefined ? "done" : "failed", error: error ?? null, finished_at, body: "" })
            .where("key", "=", key)
            .execute();
      });
    },

    async drop(before) {
      const result = await kysely.deleteFrom("webhook_deliveries").where("finished_at", "<", before.toISOString()).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
