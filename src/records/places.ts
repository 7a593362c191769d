import type { Database } from "../storage/database.ts";

/** Where channels can reach a conversation again. The reference is the channel's own JSON and means nothing here. */
export async function keepPlace(database: Database, conversation: string, reference: object, now: Date): Promise<void> {
  const row = { conversation, reference: JSON.stringify(reference), updated_at: now.toISOString() };
  await database.kysely
    .insertInto("places")
    .values(row)
    .onConflict((conflict) => conflict.column("conversation").doUpdateSet({ reference: row.reference, updated_at: row.updated_at }))
    .execute();
}

/** null when nothing was kept. */
export async function placeOf(database: Database, conversation: string): Promise<object | null> {
  const row = await database.kysely.selectFrom("places").select("reference").where("conversation", "=", conversation).executeTakeFirst();
  return row ? (JSON.parse(row.reference) as object) : null;
}
