import type { Transaction } from "kysely";
import type { Schema } from "../storage/schema.ts";
import { forgetAudit } from "./audit.ts";
import { titleOf } from "./title.ts";

/**
 * Deletes the person's turns with their calls and receipts, what they thought of others', what they asked to be done, what the audit log says of their questions, and
 * the conversations that are empty then. That a write was approved stays in the audit log: it happened to others too.
 * A shared conversation that the person began passes to who asked first of those who remain: its title was the person's words.
 */
export async function forgetPerson(trx: Transaction<Schema>, userId: string): Promise<void> {
  await forgetAudit(trx, userId);
  await trx.deleteFrom("approvals").where("user_id", "=", userId).execute();
  await trx.deleteFrom("feedback").where("user_id", "=", userId).execute();
  const begun = await trx.selectFrom("conversations").select("id").where("user_id", "=", userId).execute();
  await trx.deleteFrom("turns").where("user_id", "=", userId).execute();
  for (const { id } of begun) await passOn(trx, id);
}

/** The same of one conversation that the person began; false when there is none. */
export async function forgetConversation(trx: Transaction<Schema>, id: string, userId: string): Promise<boolean> {
  const found = await trx.selectFrom("conversations").select("id").where("id", "=", id).where("user_id", "=", userId).executeTakeFirst();
  if (!found) return false;
  await forgetAudit(trx, userId, id);
  await trx.deleteFrom("approvals").where("user_id", "=", userId).where("conversation", "=", id).execute();
  await trx.deleteFrom("turns").where("user_id", "=", userId).where("conversation_id", "=", id).execute();
  await passOn(trx, id);
  return true;
}

/** To who asked first of those who remain; deleted when nobody does. */
async function passOn(trx: Transaction<Schema>, id: string): Promise<void> {
  const heir = await trx
    .selectFrom("turns")
    .select(["user_id", "question"])
    .where("conversation_id", "=", id)
    .orderBy("asked_at")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  if (heir)
    await trx
      .updateTable("conversations")
      .set({ user_id: heir.user_id, title: titleOf(heir.question) })
      .where("id", "=", id)
      .execute();
  else await trx.deleteFrom("conversations").where("id", "=", id).execute();
}
