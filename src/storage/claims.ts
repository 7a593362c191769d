import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import type { Schema } from "./schema.ts";

/**
 * Takes all `keys` for one event. True when none was taken before; false when any was: then the event has been seen,
 * and the other keys count as seen from now on. Of many callers at once exactly one gets true.
 * Call it in the transaction that stores what is claimed: if that fails, nothing is taken.
 */
export async function claim(trx: Kysely<Schema>, keys: readonly string[], at: Date): Promise<boolean> {
  // Sorted, so that two transactions with the same keys wait for each other in the same order.
  const wanted = [...new Set(keys)].sort();
  const taken = await trx
    .insertInto("claims")
    .values(wanted.map((key) => ({ key, claimed_at: at.toISOString() })))
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returning("key")
    .execute();
  return taken.length === wanted.length;
}

/** Drops claims older than `before`, and gives their number. No platform delivers again after a day. */
export async function dropClaims(database: Database, before: Date): Promise<number> {
  const result = await database.kysely.deleteFrom("claims").where("claimed_at", "<", before.toISOString()).executeTakeFirst();
  return Number(result.numDeletedRows);
}
