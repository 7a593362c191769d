import type { Transaction } from "kysely";
import type { Message } from "../core/message.ts";
import { UserError } from "../errors.ts";
import { dropNul } from "../storage/bind.ts";
import { claim } from "../storage/claims.ts";
import type { Schema } from "../storage/schema.ts";
import { titleOf } from "./title.ts";

export interface TurnStart {
  message: Message;
  turnId: string;
  /** Further ids of the same gesture; one seen before is enough. */
  aliases?: readonly string[];
}

export type Begun = "begun" | "duplicate";

/**
 * Takes messages and begins their turns as if they came one after the other, by three statements however many they are: a burst is
 * acknowledged only when it is kept. Throws UserError when one is asked in a conversation that is another person's or of another place.
 */
export async function beginTurns(trx: Transaction<Schema>, starts: readonly TurnStart[], at: Date): Promise<Begun[]> {
  const keys = starts.map(({ message, aliases = [] }) => [message.id, ...aliases].map((id) => `message:${message.channel}:${id}`));
  const isNew = await claim(trx, keys, at);
  const begun = starts.filter((_, i) => isNew[i]);
  if (begun.length > 0) {
    await joinConversations(
      trx,
      begun.map(({ message }) => message),
      at,
    );
    await insertTurns(trx, begun);
  }
  return isNew.map((fresh) => (fresh ? "begun" : "duplicate"));
}

/** Makes the conversations, or marks them as used. */
async function joinConversations(trx: Transaction<Schema>, messages: readonly Message[], at: Date): Promise<void> {
  const time = at.toISOString();
  const rows = new Map<string, { id: string; channel: string; user_id: string; audience: Message["audience"]; title: string }>();
  for (const { conversation: id, channel, audience, user, text } of messages)
    if (!rows.has(id)) rows.set(id, { id, channel, user_id: user.id, audience, title: titleOf(text) });
  const known = await trx
    .insertInto("conversations")
    // Sorted, so that two transactions wait for each other in the same order.
    .values([...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map((row) => ({ ...row, created_at: time, updated_at: time })))
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ updated_at: time }))
    .returning(["id", "channel", "audience", "user_id"])
    .execute();
  const places = new Map(known.map((row) => [row.id, row]));
  for (const { conversation, channel, audience, user } of messages) {
    const place = places.get(conversation);
    // A name guessed at another door must not lead into other people's conversation.
    if (place?.channel !== channel || place.audience !== audience || (audience === "direct" && place.user_id !== user.id))
      throw new UserError("There is no such conversation of yours. Leave the conversation out to begin a new one.", {
        path: "conversation",
      });
  }
}

async function insertTurns(trx: Transaction<Schema>, starts: readonly TurnStart[]): Promise<void> {
  await trx
    .insertInto("turns")
    .values(
      starts.map(({ message, turnId }) => ({
        id: turnId,
        conversation_id: message.conversation,
        user_id: message.user.id,
        message_id: message.id,
        question: dropNul(message.text),
        asked_at: message.at.toISOString(),
        state: "running" as const,
      })),
    )
    .execute();
}
