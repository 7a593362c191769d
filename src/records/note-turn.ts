import type { Transaction } from "kysely";
import type { Schema, TurnState } from "../storage/schema.ts";
import { appendAudit } from "./audit.ts";

/** Writes into the audit log who asked what, and which tools ran for it. */
export async function noteTurn(trx: Transaction<Schema>, turnId: string, outcome: TurnState, at: Date): Promise<void> {
  const turn = await trx
    .selectFrom("turns")
    .innerJoin("conversations", "conversations.id", "turns.conversation_id")
    .select(["turns.user_id", "question", "conversation_id", "channel", "agent"])
    .where("turns.id", "=", turnId)
    .executeTakeFirst();
  if (!turn) return;
  const calls = await trx
    .selectFrom("tool_calls")
    .select(["name", "input", "outcome"])
    .where("turn_id", "=", turnId)
    .orderBy("position")
    .execute();
  const { user_id, question, conversation_id, channel, agent } = turn;
  const tools = calls.map((call) => ({ name: call.name, input: JSON.parse(call.input) as unknown, outcome: call.outcome }));
  const detail = { turn: turnId, channel, question, tools, agent, outcome };
  await appendAudit(trx, { actor: user_id, action: "ask", target: conversation_id, detail }, at);
}
