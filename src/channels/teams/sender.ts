import type { Activity, TurnContext } from "botbuilder";
import type { Delivery } from "../../core/channel.ts";
import type { Reply } from "../../core/reply.ts";
import type { Connector } from "./adapter.ts";
import type { createAnswering } from "./answer.ts";
import { failureOf } from "./failure.ts";
import { conversationOf, isChannelRoot, type Places, type Reference } from "./places.ts";
import { closeStream } from "./stream.ts";
import { tidied } from "./tidy.ts";
import { renderWords } from "./words.ts";

export interface SenderOptions {
  connect(): Promise<Connector>;
  answering: ReturnType<typeof createAnswering>;
  places: Places;
  wait(ms: number): Promise<void>;
  onSent(conversation: string, id: string, reply: Reply): Promise<void>;
  onFault(error: unknown): void;
}

/** The same words twice are the same words: what stays unclear is said again. */
const EDIT_AGAIN_MS = 30_000;
/** The key of what is said about a question that a restart cut off: its stream is ended with it, where one is open. */
const INTERRUPTED = /^interrupted:(.+)$/s;

/**
 * Posts nobody asked for. Teams gives no key for a post and no way to look for one, so what was tried is written down first: the same
 * key is never posted again unless Teams had refused it.
 */
export function createSender({ connect, answering, places, wait, onSent, onFault }: SenderOptions) {
  async function send(conversation: string, reply: Reply, key: string): Promise<Delivery> {
    const slot = `${conversation}:${key}`;
    try {
      const reference = await places.conversation(conversation);
      if (!reference) return { state: "refused", reason: "the bot was never spoken to there, so Teams gives no way in" };
      if (reference === "removed") return { state: "refused", reason: "the bot was removed from there" };
      const before = (await places.slot(slot)) as Delivery | null;
      if (before && before.state !== "refused") return before;
      await places.keepSlot(slot, { state: "ambiguous", reason: "an earlier post of this may stand" } satisfies Delivery);
      const question = INTERRUPTED.exec(key)?.[1];
      const stream = question === undefined ? "" : await places.streamOf(question);
      const delivery = await post(conversation, reference, tidied(reply), stream);
      await places.keepSlot(slot, delivery);
      return delivery;
    } catch (error) {
      onFault(error);
      return { state: "ambiguous", reason: "the outcome could not be kept" };
    }
  }

  async function post(conversation: string, reference: Reference, reply: Reply, stream: string): Promise<Delivery> {
    const personal = (reference.conversation?.conversationType ?? "personal") === "personal";
    let id = "";
    let thread = conversation;
    try {
      const connector = await connect();
      let place = reference;
      if (isChannelRoot(reference))
        await connector.begin(
          reference,
          reply.card ? await answering.cardOf(reply) : renderWords(reply, personal),
          async ({ activity }) => {
            place = { ...reference, conversation: { ...reference.conversation, ...activity.conversation } };
            id = /;messageid=(\w+)/.exec(activity.conversation.id)?.[1] ?? activity.conversation.id;
            thread = await keepThread(activity.conversation.id, place);
          },
        );
      await connector.enter(place, async (context) => {
        if (id === "" && reply.card) id = (await answering.post(context, await answering.cardOf(reply))) || "posted";
        else if (id === "") {
          const words = (activity: Partial<Activity>) => postWords(context, activity, stream);
          id = (await answering.postWords(reply, personal, words)) || "posted";
        }
        await onSent(conversation, id, reply).catch(onFault);
        if (!reply.card) await answering.showBlocks(context, reply, personal);
      });
      return { state: "sent", id, ...(thread === conversation ? {} : { thread }) };
    } catch (error) {
      if (!id) return deliveryOf(error);
      onFault(error);
      return { state: "sent", id, ...(thread === conversation ? {} : { thread }) };
    }
  }

  /** Changes a post that is a card. Safe to repeat: what stays unclear is said again. Never throws. */
  async function update(conversation: string, id: string, reply: Reply): Promise<Delivery> {
    try {
      const thread = await places.conversation(`${conversation};messageid=${id}`);
      const reference = thread ?? (await places.conversation(conversation));
      if (!reference || reference === "removed") return { state: "refused", reason: "the bot is not there any more" };
      if (id === "posted") return { state: "refused", reason: "Teams gave that post no id" };
      const card = await answering.cardOf(tidied(reply));
      await (await connect()).enter(reference, async (context) => void (await context.updateActivity({ ...card, id })));
      return { state: "sent", id };
    } catch (error) {
      const delivery = deliveryOf(error);
      return delivery.state === "ambiguous" ? { ...delivery, state: "refused", retryAfterMs: EDIT_AGAIN_MS } : delivery;
    }
  }

  /** So that more can be posted under it before anyone has answered there. Gives the conversation. */
  async function keepThread(id: string, place: Reference): Promise<string> {
    await places.keepConversation(id, place).catch(onFault);
    return conversationOf(id);
  }

  /** Gives the id of the message. What its reader had stopped stays as it is: they wanted no more of it. */
  async function postWords(context: TurnContext, words: Partial<Activity>, stream: string): Promise<string> {
    if (stream === "" || (await closeStream(context, words, stream, wait)) === "refused") return await answering.post(context, words);
    return stream;
  }

  return { send, update };
}

function deliveryOf(error: unknown): Delivery {
  const failure = failureOf(error);
  if (failure.kind === "ambiguous") return { state: "ambiguous", reason: failure.reason };
  if (failure.kind === "stopped") return { state: "refused", reason: "Teams answered 403" };
  return {
    state: "refused",
    reason: failure.reason,
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  };
}
