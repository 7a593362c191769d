import type { Kysely } from "kysely";
import type { Period } from "../../core/fact.ts";
import type { AgentDayRow, Schema } from "../../storage/schema.ts";

/** An agent's own figures: its sums per day and model, and how many users each day had. */
export interface AgentReading {
  rows: readonly AgentDayRow[];
  /** Day → unique users; days without a named user are absent. */
  users: ReadonlyMap<string, number>;
}

/** From the daily sums, so that a million events cost no more than one. Days in order. */
export async function readDays(kysely: Kysely<Schema>, agent: string, { from, to }: Period): Promise<AgentReading> {
  const rows = await kysely
    .selectFrom("agent_days")
    .selectAll()
    .where("agent_id", "=", agent)
    .where("day", ">=", from)
    .where("day", "<=", to)
    .orderBy("day")
    .orderBy("model")
    .execute();
  const users = await kysely
    .selectFrom("agent_day_users")
    .select(["day", (eb) => eb.fn.count<number | string>("user_id").distinct().as("users")])
    .where("agent_id", "=", agent)
    .where("day", ">=", from)
    .where("day", "<=", to)
    .groupBy("day")
    .execute();
  return { rows, users: new Map(users.map(({ day, users: n }) => [day, Number(n)])) };
}
