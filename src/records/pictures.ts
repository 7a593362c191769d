import type { Database } from "../storage/database.ts";

/** Keeps a PNG until then. `id` is the caller's. */
export async function keepPicture(database: Database, id: string, png: Buffer, until: Date): Promise<void> {
  await database.kysely
    .insertInto("pictures")
    .values({ id, png: png.toString("base64"), expires_at: until.toISOString() })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** null when there is none (any more). */
export async function pictureOf(database: Database, id: string): Promise<Buffer | null> {
  const row = await database.kysely.selectFrom("pictures").select("png").where("id", "=", id).executeTakeFirst();
  return row ? Buffer.from(row.png, "base64") : null;
}

export async function dropPictures(database: Database, now: Date): Promise<void> {
  await database.kysely.deleteFrom("pictures").where("expires_at", "<", now.toISOString()).execute();
}
