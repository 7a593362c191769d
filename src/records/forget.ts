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
  for (const { id } of begun) {
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
}
