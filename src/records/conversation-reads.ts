import type { Kysely } from "kysely";
import type { PastTurn } from "../core/agent.ts";
import type { Audience } from "../core/message.ts";
import type { AgentKind, Reply, ToolCall, Usage } from "../core/reply.ts";
import type { Schema, TurnState } from "../storage/schema.ts";
import { replyFromJson } from "./stored-reply.ts";

export interface ConversationSummary {
  id: string;
  channel: string;
  audience: Audience;
  title: string;
  createdAt: Date;
  /** When the last question came. */
  updatedAt: Date;
}

export interface StoredConversation extends ConversationSummary {
  turns: readonly StoredTurn[];
}

export interface StoredTurn {
  id: string;
  userId: string;
  question: string;
  askedAt: Date;
  state: TurnState;
  /** null while running, and when interrupted before there was a final reply. */
  reply: Reply | null;
  calls: readonly ToolCall[];
  agent: AgentKind | null;
  usage: Usage | null;
  finishedAt: Date | null;
  /** What the reader thought of it; null when they have not said. */
  verdict: "good" | "bad" | null;
}

export async function pastTurns(kysely: Kysely<Schema>, conversation: string, limit: number): Promise<PastTurn[]> {
  const newestFirst = await kysely
    .selectFrom("turns")
    .select(["id", "question", "answer_text"])
    .where("conversation_id", "=", conversation)
    .where("state", "in", ["done", "failed"])
    .orderBy("asked_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  const calls = await callsOf(
    kysely,
    newestFirst.map((turn) => turn.id),
  );
  return newestFirst
    .reverse()
    .map(({ id, question, answer_text }) => ({ question, answer: answer_text ?? "", calls: calls.get(id) ?? [] }));
}

export async function listConversations(kysely: Kysely<Schema>, userId: string, limit: number): Promise<ConversationSummary[]> {
  const rows = await kysely
    .selectFrom("conversations")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("updated_at", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(summaryOf);
}

export async function readConversation(kysely: Kysely<Schema>, conversation: string, userId: string): Promise<StoredConversation | null> {
  const head = await kysely
    .selectFrom("conversations")
    .selectAll()
    .where("id", "=", conversation)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  if (!head) return null;
  const rows = await kysely
    .selectFrom("turns")
    .selectAll()
    .where("conversation_id", "=", conversation)
    .orderBy("asked_at")
    .orderBy("id")
    .execute();
  const calls = await callsOf(
    kysely,
    rows.map((turn) => turn.id),
  );
  const given = await kysely
    .selectFrom("feedback")
    .innerJoin("turns", "turns.id", "feedback.turn_id")
    .select(["feedback.turn_id", "verdict"])
    .where("conversation_id", "=", conversation)
    .where("feedback.user_id", "=", userId)
    .execute();
  const verdicts = new Map(given.map(({ turn_id, verdict }) => [turn_id, verdict]));
  const turns = rows.map((row) => ({ ...turnOf(row, calls.get(row.id) ?? []), verdict: verdicts.get(row.id) ?? null }));
  return { ...summaryOf(head), turns };
}

export async function replyOf(kysely: Kysely<Schema>, turnId: string): Promise<{ reply: Reply; userId: string } | null> {
  const row = await kysely.selectFrom("turns").select(["reply", "user_id"]).where("id", "=", turnId).executeTakeFirst();
  return row?.reply ? { reply: replyFromJson(row.reply), userId: row.user_id } : null;
}

/** Databases bound the number of parameters in one statement. */
const IDS_AT_ONCE = 500;

async function callsOf(kysely: Kysely<Schema>, turnIds: readonly string[]): Promise<Map<string, ToolCall[]>> {
  const calls = new Map<string, ToolCall[]>();
  for (let start = 0; start < turnIds.length; start += IDS_AT_ONCE) {
    const rows = await kysely
      .selectFrom("tool_calls")
      .select(["turn_id", "name", "input"])
      .where("turn_id", "in", turnIds.slice(start, start + IDS_AT_ONCE))
      .orderBy("turn_id")
      .orderBy("position")
      .execute();
    for (const { turn_id, name, input } of rows) {
      const ofTurn = calls.get(turn_id) ?? [];
      ofTurn.push({ name, input: JSON.parse(input) as ToolCall["input"] });
      calls.set(turn_id, ofTurn);
    }
  }
  return calls;
}

function summaryOf(row: Schema["conversations"]): ConversationSummary {
  const { id, channel, audience, title } = row;
  return { id, channel, audience, title, createdAt: new Date(row.created_at), updatedAt: new Date(row.updated_at) };
}

function turnOf(row: Schema["turns"], calls: readonly ToolCall[]): Omit<StoredTurn, "verdict"> {
  return {
    id: row.id,
    userId: row.user_id,
    question: row.question,
    askedAt: new Date(row.asked_at),
    state: row.state,
    reply: row.reply === null ? null : replyFromJson(row.reply),
    calls,
    agent: row.agent,
    usage: row.usage === null ? null : (JSON.parse(row.usage) as Usage),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  };
}

export interface UnansweredTurn {
  id: string;
  messageId: string;
  channel: string;
  conversation: string;
  question: string;
  /** The answer that was made and may never have arrived; null when it was cut off. */
  reply: Reply | null;
}

export async function unansweredTurns(
  kysely: Kysely<Schema>,
  channels: readonly string[],
  { since, before }: { since: Date; before: Date },
): Promise<UnansweredTurn[]> {
  if (channels.length === 0) return [];
  const rows = await kysely
    .selectFrom("turns")
    .innerJoin("conversations", "conversations.id", "turns.conversation_id")
    .select(["turns.id", "message_id", "channel", "conversation_id", "question", "reply"])
    .where("channel", "in", [...channels])
    .where("asked_at", ">=", since.toISOString())
    .where("delivered_at", "is", null)
    .where((has) =>
      has.or([has("state", "=", "interrupted"), has.and([has("state", "!=", "running"), has("finished_at", "<", before.toISOString())])]),
    )
    .orderBy("asked_at")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    messageId: row.message_id,
    channel: row.channel,
    conversation: row.conversation_id,
    question: row.question,
    reply: row.reply === null ? null : replyFromJson(row.reply),
  }));
}

export async function questionsOf(kysely: Kysely<Schema>, userId: string, limit: number): Promise<{ question: string; at: Date }[]> {
  const rows = await kysely
    .selectFrom("turns")
    .select(["question", "asked_at"])
    .where("user_id", "=", userId)
    .orderBy("asked_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => ({ question: row.question, at: new Date(row.asked_at) }));
}
