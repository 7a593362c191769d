import type { Database } from "../storage/database.ts";

export interface Feedback {
  turn: string;
  user: string;
  verdict: "good" | "bad";
}

/** Keeps what a person thought of an answer; a second verdict replaces the first. Does nothing for a turn that is gone. */
export async function keepFeedback(database: Database, { turn, user, verdict }: Feedback, now: Date): Promise<void> {
  const row = { turn_id: turn, user_id: user, verdict, given_at: now.toISOString() };
  await database.kysely.transaction().execute(async (trx) => {
    const known = await trx.selectFrom("turns").select("id").where("id", "=", turn).executeTakeFirst();
    if (!known) return;
    await trx
      .insertInto("feedback")
      .values(row)
      .onConflict((conflict) => conflict.columns(["turn_id", "user_id"]).doUpdateSet({ verdict, given_at: row.given_at }))
      .execute();
  });
}
