import { randomBytes } from "node:crypto";
import type { Database } from "../storage/database.ts";

/** A secret of this deployment (to sign URLs, for example): 256 random bits as base64url, made at the first call and the same ever after. */
export async function appSecret(database: Database, name: string): Promise<string> {
  const { kysely } = database;
  await kysely
    .insertInto("app_secrets")
    .values({ name, value: randomBytes(32).toString("base64url") })
    // Of several processes that start together, the first one's stays.
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const row = await kysely.selectFrom("app_secrets").select("value").where("name", "=", name).executeTakeFirstOrThrow();
  return row.value;
}
