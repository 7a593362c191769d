import type { Usage } from "../core/reply.ts";
import type { Database } from "../storage/database.ts";

/** Tokens, in and out and cached, of all answers begun since `start`. */
export async function tokensSince(database: Database, start: Date): Promise<number> {
  const rows = await database.kysely
    .selectFrom("turns")
    .select("usage")
    .where("asked_at", ">=", start.toISOString())
    .where("usage", "is not", null)
    .execute();
  return rows.reduce((sum, row) => sum + tokensOf(row.usage), 0);
}

function tokensOf(json: string | null): number {
  const usage = json === null ? undefined : (JSON.parse(json) as Partial<Usage>);
  return (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0) + (usage?.cachedTokens ?? 0);
}
