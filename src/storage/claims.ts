import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import type { Schema } from "./schema.ts";

/**
 * Takes the keys of each event, as if the events came one after the other. True for an event none of whose keys was taken before; false
 * when any was: then it has been seen, and its other keys count as seen from now on. Of many callers at once exactly one gets true.
 * Call it in the transaction that stores what is claimed: if that fails, nothing is taken.
 */
export async function claim(trx: Kysely<Schema>, events: readonly (readonly string[])[], at: Date): Promise<boolean[]> {
  // Sorted, so that two transactions with the same keys wait for each other in the same order.
  const wanted = [...new Set(events.flat())].sort();
  const rows = await trx
    .insertInto("claims")
    .values(wanted.map((key) => ({ key, claimed_at: at.toISOString() })))
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returning("key")
    .execute();
  const free = new Set(rows.map(({ key }) => key));
  return events.map((keys) => {
    const taken = keys.every((key) => free.has(key));
    for (const key of keys) free.delete(key);
    return taken;
  });
}

/** Drops claims older than `before`, and gives their number. No platform delivers again after a day. */
export async function dropClaims(database: Database, before: Date): Promise<number> {
  const result = await database.kysely.deleteFrom("claims").where("claimed_at", "<", before.toISOString()).executeTakeFirst();
  return Number(result.numDeletedRows);
}
