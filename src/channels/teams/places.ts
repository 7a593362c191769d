import type { Activity, ConversationReference } from "botbuilder";
import type { ChannelOptions } from "../index.ts";
import { text } from "./parse.ts";

/** What is kept about conversations, and under which names. Whatever does not stand for a conversation itself ends by itself. */

export type Reference = Partial<ConversationReference>;
type Keeping = Pick<ChannelOptions, "keepPlace" | "placeOf" | "now">;

const DAY_MS = 24 * 3_600_000;
/** Thumbs are given within days. */
const ANSWER_MS = 90 * DAY_MS;
/** Longer than any post is tried again. */
export const SLOT_MS = 7 * DAY_MS;
const SHORT_MS = DAY_MS;
/** Teams ends a stream by itself after two minutes. */
const STREAM_MS = 120_000;

export function conversationOf(id: string): string {
  return `teams:${id}`;
}

export async function referenceOf(activity: Activity): Promise<Reference> {
  const { TurnContext } = await import("botbuilder");
  return TurnContext.getConversationReference(activity);
}

/** A channel itself, not a thread in it: there a post begins a thread. */
export function isChannelRoot({ conversation }: Reference): boolean {
  return conversation?.conversationType === "channel" && !conversation.id.includes(";messageid=");
}

export function createPlaces({ keepPlace, placeOf, now }: Keeping) {
  const until = (ms: number) => new Date(now().getTime() + ms);

  return {
    keepConversation: (place: string, reference: Reference) => keepPlace(conversationOf(place), reference),
    /** null: never met. "removed": the bot was thrown out and may not come back by itself. */
    async conversation(conversation: string): Promise<Reference | "removed" | null> {
      const kept = (await placeOf(conversation)) as (Reference & { removed?: unknown }) | null;
      return kept?.removed === true ? "removed" : kept;
    },
    leave: (place: string) => keepPlace(conversationOf(place), { removed: true }, until(SHORT_MS)),

    /** The thumbs under an answer name the message, not the turn. */
    keepAnswer: (conversation: string, message: string, turn: string) =>
      keepPlace(answerKey(conversation, message), { turn }, until(ANSWER_MS)),
    async turnOf(conversation: string, message: string): Promise<string> {
      return text(((await placeOf(answerKey(conversation, message))) as { turn?: unknown } | null)?.turn);
    },

    /** A stream that is open, so that it can be ended after a restart. `message` is the id of the question's message. */
    keepStream: (message: string, id: string) => keepPlace(streamKey(message), { stream: id, begun: now().toISOString() }, until(SHORT_MS)),
    /** "" where there is none that Teams would still end. */
    async streamOf(message: string): Promise<string> {
      const kept = (await placeOf(streamKey(message))) as { stream?: unknown; begun?: unknown } | null;
      const begun = Date.parse(text(kept?.begun));
      return now().getTime() - begun < STREAM_MS ? text(kept?.stream) : "";
    },

    keepSlot: (slot: string, state: object) => keepPlace(`teams-post:${slot}`, state, until(SLOT_MS)),
    slot: (slot: string) => placeOf(`teams-post:${slot}`),
  };
}

export type Places = ReturnType<typeof createPlaces>;

/** A click may name the channel or the thread; a message's id is unique in both. */
function answerKey(conversation: string, message: string): string {
  return `teams-answer:${conversation.replace(/;messageid=.*$/, "")}:${message}`;
}

function streamKey(message: string): string {
  return `teams-stream:${message}`;
}
