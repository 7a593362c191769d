import type { Database } from "../storage/database.ts";

/** Where channels can reach a conversation again. The reference is the channel's own JSON and means nothing here. */
export async function keepPlace(database: Database, conversation: string, reference: object, now: Date, until?: Date): Promise<void> {
  const row = {
    conversation,
    reference: JSON.stringify(reference),
    updated_at: now.toISOString(),
    expires_at: until?.toISOString() ?? null,
  };
  await database.kysely
    .insertInto("places")
    .values(row)
    .onConflict((conflict) =>
      conflict.column("conversation").doUpdateSet({ reference: row.reference, updated_at: row.updated_at, expires_at: row.expires_at }),
    )
    .execute();
}

/** null when nothing was kept. */
export async function placeOf(database: Database, conversation: string): Promise<object | null> {
  const row = await database.kysely.selectFrom("places").select("reference").where("conversation", "=", conversation).executeTakeFirst();
  return row ? (JSON.parse(row.reference) as object) : null;
}

/** Forgets what was kept for a time that is over. */
export async function dropPlaces(database: Database, now: Date): Promise<void> {
  await database.kysely.deleteFrom("places").where("expires_at", "<", now.toISOString()).execute();
}
