import type { Usage } from "../core/reply.ts";
import type { Database } from "../storage/database.ts";

export interface Spend {
  /** In, out and cached. */
  tokens: number;
  /** List price in US dollars, of the answers whose model has one. */
  usd: number;
}

/** What the answers begun since `start` used: of all, of those to this person, of those in the channel this conversation is in. */
export async function spentSince(
  database: Database,
  start: Date,
  payer: { user: string; conversation: string; channel: string },
): Promise<{ day: Spend; user: Spend; channel: Spend }> {
  const rows = await database.kysely
    .selectFrom("turns")
    .innerJoin("conversations", "conversations.id", "turns.conversation_id")
    .select(["turns.user_id", "usage", "conversation_id", "conversations.channel"])
    .where("asked_at", ">=", start.toISOString())
    .where("usage", "is not", null)
    .execute();
  const room = roomOf(payer);
  return {
    day: sum(rows),
    user: sum(rows.filter(({ user_id }) => user_id === payer.user)),
    channel: sum(rows.filter(({ conversation_id, channel }) => roomOf({ conversation: conversation_id, channel }) === room)),
  };
}

/** A chat's channel with all its threads; elsewhere the door as a whole. */
function roomOf({ conversation, channel }: { conversation: string; channel: string }): string {
  if (channel === "slack") return conversation.split(":").slice(0, 3).join(":");
  return channel === "teams" ? conversation.replace(/;messageid=.*$/, "") : channel;
}

function sum(rows: readonly { usage: string | null }[]): Spend {
  return rows.reduce(
    (total, { usage: json }) => {
      const usage = json === null ? {} : (JSON.parse(json) as Partial<Usage>);
      const { inputTokens = 0, outputTokens = 0, cachedTokens = 0, costUsd = 0 } = usage;
      return { tokens: total.tokens + inputTokens + outputTokens + cachedTokens, usd: total.usd + costUsd };
    },
    { tokens: 0, usd: 0 },
  );
}
