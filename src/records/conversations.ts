import type { Transaction } from "kysely";
import type { PastTurn, RecordedCall } from "../core/agent.ts";
import type { Reply } from "../core/reply.ts";
import { dropNul } from "../storage/bind.ts";
import type { Database } from "../storage/database.ts";
import { createGroupCommit } from "../storage/group-commit.ts";
import type { Schema, TurnState } from "../storage/schema.ts";
import { createTogether } from "../storage/together.ts";
import { type Begun, beginTurns, type TurnStart } from "./begin-turns.ts";
import {
  type ConversationSummary,
  listConversations,
  pastTurns,
  questionsOf,
  readConversation,
  replyOf,
  type StoredConversation,
  type UnansweredTurn,
  unansweredTurns,
} from "./conversation-reads.ts";
import { forgetConversation, forgetPerson } from "./forget.ts";
import { noteTurn } from "./note-turn.ts";
import { toJson } from "./stored-reply.ts";
import { titleOf } from "./title.ts";

/** Messages of one commit. */
const MOST_AT_ONCE = 200;

/** What was asked and answered. Every write is one transaction and safe to repeat; NUL characters in people's words are dropped. */
export interface Conversations {
  /**
   * Takes a message and begins its turn, in one transaction. "duplicate": this gesture was begun before, by whomever; nothing else happened.
   * `aliases` are further ids of the same gesture; one seen before is enough.
   * Throws UserError when the conversation is another person's or belongs to another place; then nothing is taken.
   */
  begin(start: TurnStart): Promise<Begun>;
  /** Keeps one tool call. `position` counts from 0. Does nothing when it is kept already or the turn is gone. */
  recordCall(turnId: string, position: number, call: RecordedCall): Promise<void>;
  /** Keeps the final reply and its receipts. The first outcome "done" or "failed" stays. Does nothing when the turn is gone. */
  finish(turnId: string, reply: Reply, state: Exclude<TurnState, "running">): Promise<void>;
  /** The newest `limit` answered turns ("done" and "failed"), oldest first. Empty for an unknown conversation. */
  history(conversation: string, limit: number): Promise<PastTurn[]>;
  /** The newest `limit` conversations this person began, latest use first. */
  list(userId: string, limit: number): Promise<ConversationSummary[]>;
  /** All turns, oldest first. null when there is no such conversation or it is another person's. */
  read(conversation: string, userId: string): Promise<StoredConversation | null>;
  /** The final reply of a turn and its asker. null when there is none (yet). The caller compares the asker. */
  reply(turnId: string): Promise<{ reply: Reply; userId: string } | null>;
  /** Who began the conversation; null when there is none. */
  owner(conversation: string): Promise<string | null>;
  /**
   * Marks turns that a crash left running, and gives their number. Called at start. With several processes on one database
   * give `before` (longest answer ago), or turns that others are answering are marked too; `finish` mends such a mark.
   */
  interrupted(before?: Date): Promise<number>;
  /**
   * Turns asked since then in one of the channels whose askers have heard nothing, oldest first: interrupted ones, and ones that ended
   * before `before` and were never marked as delivered. `delivered` settles one.
   */
  unanswered(channels: readonly string[], asked: { since: Date; before: Date }): Promise<UnansweredTurn[]>;
  /** The answer to the message has reached its reader. Does nothing when it is marked already or there is no such message. */
  delivered(messageId: string): Promise<void>;
  /** What a person asked, newest first. */
  questions(userId: string, limit: number): Promise<{ question: string; at: Date }[]>;
  /** False when there is no such conversation, or it is another person's; so does `remove`. */
  rename(conversation: string, userId: string, title: string): Promise<boolean>;
  /** Deletes what the person asked there and was told. Others' turns in a shared conversation stay. */
  remove(conversation: string, userId: string): Promise<boolean>;
  /** Deletes all a person asked and was told. Others' turns in shared conversations stay. */
  forget(userId: string): Promise<void>;
}

export function createConversations(database: Database, now: () => Date): Conversations {
  const { kysely } = database;
  const together = createTogether(kysely);
  const arriving = createGroupCommit<TurnStart, Begun>({
    mostWaiting: Number.POSITIVE_INFINITY,
    mostAtOnce: MOST_AT_ONCE,
    store: (groups) => kysely.transaction().execute((trx) => beginTurns(trx, groups.flat(), now())),
  });
  return {
    begin: (start) => arriving.add([start]),

    recordCall: (turnId, position, recorded) => together((trx) => insertCall(trx, turnId, position, recorded)),

    finish: (turnId, reply, state) =>
      together(async (trx) => {
        const wasOpen = await closeTurn(trx, turnId, reply, state, now());
        if (!wasOpen) return;
        await replaceReceipts(trx, turnId, reply);
        await noteTurn(trx, turnId, state, now());
      }),

    history: (conversation, limit) => pastTurns(kysely, conversation, limit),
    list: (userId, limit) => listConversations(kysely, userId, limit),
    read: (conversation, userId) => readConversation(kysely, conversation, userId),
    reply: (turnId) => replyOf(kysely, turnId),

    async owner(conversation) {
      const row = await kysely.selectFrom("conversations").select("user_id").where("id", "=", conversation).executeTakeFirst();
      return row?.user_id ?? null;
    },

    async interrupted(before) {
      const running = kysely
        .updateTable("turns")
        .set({ state: "interrupted", finished_at: now().toISOString() })
        .where("state", "=", "running");
      const result = await (before ? running.where("asked_at", "<", before.toISOString()) : running).executeTakeFirst();
      return Number(result.numUpdatedRows);
    },

    unanswered: (channels, asked) => unansweredTurns(kysely, channels, asked),
    questions: (userId, limit) => questionsOf(kysely, userId, limit),

    async delivered(messageId) {
      await kysely
        .updateTable("turns")
        .set({ delivered_at: now().toISOString() })
        .where("message_id", "=", messageId)
        .where("delivered_at", "is", null)
        .execute();
    },

    async rename(conversation, userId, title) {
      const { numUpdatedRows } = await kysely
        .updateTable("conversations")
        .set({ title: titleOf(title) })
        .where("id", "=", conversation)
        .where("user_id", "=", userId)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    remove: (conversation, userId) => kysely.transaction().execute((trx) => forgetConversation(trx, conversation, userId)),

    forget: (userId) => kysely.transaction().execute((trx) => forgetPerson(trx, userId)),
  };
}

async function insertCall(
  trx: Transaction<Schema>,
  turnId: string,
  position: number,
  { call, durationMs, outcome }: RecordedCall,
): Promise<void> {
  const turn = await trx.selectFrom("turns").select("id").where("id", "=", turnId).executeTakeFirst();
  if (!turn) return;
  await trx
    .insertInto("tool_calls")
    .values({
      id: `${turnId}:${position}`,
      turn_id: turnId,
      position,
      name: call.name,
      input: JSON.stringify(call.input),
      outcome: "error" in outcome ? "error" : "ok",
      error: "error" in outcome ? dropNul(outcome.error) : null,
      duration_ms: Math.round(durationMs),
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** True when the turn had no final outcome yet. */
async function closeTurn(trx: Transaction<Schema>, turnId: string, reply: Reply, state: TurnState, at: Date): Promise<boolean> {
  const result = await trx
    .updateTable("turns")
    .set({
      state,
      answer_text: dropNul(reply.text),
      reply: toJson(reply),
      agent: reply.turn?.agent ?? null,
      usage: reply.turn?.usage ? JSON.stringify(reply.turn.usage) : null,
      finished_at: at.toISOString(),
    })
    .where("id", "=", turnId)
    .where("state", "in", ["running", "interrupted"])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

async function replaceReceipts(trx: Transaction<Schema>, turnId: string, { receipts = [] }: Reply): Promise<void> {
  await trx.deleteFrom("receipts").where("turn_id", "=", turnId).execute();
  const rows = receipts.map((receipt, position) => ({
    id: `${turnId}:${position}`,
    turn_id: turnId,
    position,
    receipt: JSON.stringify(receipt),
  }));
  if (rows.length > 0) await trx.insertInto("receipts").values(rows).execute();
}
