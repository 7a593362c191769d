import type { Database } from "../storage/database.ts";

/** How often something happened in a minute, counted by all processes together. Gives the count with this one. */
export type CountInMinute = (subject: string, minute: number) => Promise<number>;

/** One row per subject and minute. `minute` counts from 1970. What is older than the minute before is dropped with the first count of a new one. */
export function createSharedCount({ kysely }: Pick<Database, "kysely">): CountInMinute {
  let newest = 0;
  return async (subject, minute) => {
    if (minute > newest) {
      newest = minute;
      await kysely
        .deleteFrom("rate_windows")
        .where("minute", "<", minute - 1)
        .execute();
    }
    const row = await kysely
      .insertInto("rate_windows")
      .values({ subject, minute, count: 1 })
      .onConflict((conflict) => conflict.columns(["subject", "minute"]).doUpdateSet((eb) => ({ count: eb("rate_windows.count", "+", 1) })))
      .returning("count")
      .executeTakeFirstOrThrow();
    return row.count;
  };
}
