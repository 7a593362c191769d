import type { Kysely } from "kysely";
import type { CivilDate } from "../../core/fact.ts";
import type { Schema } from "../../storage/schema.ts";

/** Deletes events from before the instant, and daily sums and their users from before the day. An agent stays, with nothing to tell. */
export async function dropOldEvents(kysely: Kysely<Schema>, before: { events: Date; days: CivilDate }): Promise<void> {
  await kysely.deleteFrom("agent_events").where("at", "<", before.events.toISOString()).execute();
  await kysely.deleteFrom("agent_days").where("day", "<", before.days).execute();
  await kysely.deleteFrom("agent_day_users").where("day", "<", before.days).execute();
  await kysely.deleteFrom("agent_day_user_counts").where("day", "<", before.days).execute();
}
