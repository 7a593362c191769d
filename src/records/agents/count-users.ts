import { sql } from "kysely";
import type { CivilDate } from "../../core/fact.ts";
import type { Database } from "../../storage/database.ts";

/**
 * Counts the users of the days from `from` on anew. While an older version runs beside this one (a rolling upgrade), it names users and
 * counts none, and a user of two models twice; from here on each is one user of the day again. Safe to run in many processes at once.
 */
export async function countUsersAnew({ kysely, dialect }: Pick<Database, "kysely" | "dialect">, from: CivilDate): Promise<void> {
  await kysely.transaction().execute(async (trx) => {
    // Storing events begins with its agents, in this order: until the end nobody adds. SQLite has one writer anyway.
    if (dialect === "postgres") await trx.selectFrom("agents").select("id").orderBy("id").forUpdate().execute();
    await sql`insert into agent_day_users (agent_id, day, model, user_id)
      select distinct agent_id, day, '', user_id from agent_day_users where day >= ${from} and model <> ''
      on conflict do nothing`.execute(trx);
    await trx.deleteFrom("agent_day_users").where("day", ">=", from).where("model", "<>", "").execute();
    await sql`insert into agent_day_user_counts (agent_id, day, users)
      select agent_id, day, count(*) from agent_day_users where day >= ${from} group by agent_id, day
      on conflict (agent_id, day) do update set users = excluded.users`.execute(trx);
  });
}
