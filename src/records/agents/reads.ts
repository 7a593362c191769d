import type { Kysely } from "kysely";
import type { Period } from "../../core/fact.ts";
import { builtOnce } from "../../storage/built-once.ts";
import type { AgentDayRow, Schema } from "../../storage/schema.ts";

/** An agent's own figures: its sums per day and model, and how many users each day had. */
export interface AgentReading {
  rows: readonly AgentDayRow[];
  /** Day → unique users; days without a named user are absent. */
  users: ReadonlyMap<string, number>;
}

/** From the daily sums, so that a million events cost no more than one. Days in order. */
export function createDayReads(kysely: Kysely<Schema>): { read(agent: string, period: Period): Promise<AgentReading> } {
  const sums = builtOnce<AgentDayRow>(
    kysely
      .selectFrom("agent_days")
      .selectAll()
      .where("agent_id", "=", "")
      .where("day", ">=", "")
      .where("day", "<=", "")
      .orderBy("day")
      .orderBy("model"),
  );
  const counts = builtOnce<{ day: string; users: number }>(
    kysely
      .selectFrom("agent_day_user_counts")
      .select(["day", "users"])
      .where("agent_id", "=", "")
      .where("day", ">=", "")
      .where("day", "<=", ""),
  );
  return {
    async read(agent, { from, to }) {
      const [{ rows }, users] = await Promise.all([
        kysely.executeQuery(sums([agent, from, to])),
        kysely.executeQuery(counts([agent, from, to])),
      ]);
      return { rows, users: new Map(users.rows.map(({ day, users: n }) => [day, n])) };
    },
  };
}
