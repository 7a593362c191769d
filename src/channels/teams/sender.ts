import type { ConversationReference } from "botbuilder";
import type { Delivery } from "../../core/channel.ts";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions } from "../index.ts";
import type { Connector } from "./adapter.ts";
import type { createAnswering } from "./answer.ts";
import { failureOf } from "./failure.ts";
import { renderWords } from "./words.ts";

type Reference = Partial<ConversationReference>;

export interface SenderOptions {
  connect(): Promise<Connector>;
  answering: ReturnType<typeof createAnswering>;
  places: Pick<ChannelOptions, "keepPlace" | "placeOf">;
  onSent(conversation: string, id: string, reply: Reply): Promise<void>;
  onFault(error: unknown): void;
}

/**
 * Posts nobody asked for. Teams gives no key for a post and no way to look for one, so what was tried is written down first: the same
 * key is never posted again unless Teams had refused it.
 */
export function createSender({ connect, answering, places, onSent, onFault }: SenderOptions) {
  async function send(conversation: string, reply: Reply, key: string): Promise<Delivery> {
    const slot = `teams-post:${conversation}:${key}`;
    try {
      const reference = (await places.placeOf(conversation)) as Reference | null;
      if (!reference) return { state: "refused", reason: "the bot was never spoken to there, so Teams gives no way in" };
      const before = (await places.placeOf(slot)) as Delivery | null;
      if (before && before.state !== "refused") return before;
      await places.keepPlace(slot, { state: "ambiguous", reason: "an earlier post of this may stand" } satisfies Delivery);
      const delivery = await post(conversation, reference, reply);
      await places.keepPlace(slot, delivery);
      return delivery;
    } catch (error) {
      onFault(error);
      return { state: "ambiguous", reason: "the outcome could not be kept" };
    }
  }

  async function post(conversation: string, reference: Reference, reply: Reply): Promise<Delivery> {
    const personal = (reference.conversation?.conversationType ?? "personal") === "personal";
    const words = renderWords(reply, personal);
    let id = "";
    try {
      const connector = await connect();
      let place = reference;
      if (isChannelRoot(reference))
        await connector.begin(reference, words, async ({ activity }) => {
          place = { ...reference, conversation: { ...reference.conversation, ...activity.conversation } };
          id = /;messageid=(\w+)/.exec(activity.conversation.id)?.[1] ?? activity.conversation.id;
        });
      await connector.enter(place, async (context) => {
        id ||= (await answering.post(context, words)) || "posted";
        await onSent(conversation, id, reply).catch(onFault);
        await answering.showBlocks(context, reply, personal);
      });
      return { state: "sent", id };
    } catch (error) {
      if (!id) return deliveryOf(error);
      onFault(error);
      return { state: "sent", id };
    }
  }

  return { send };
}

/** A channel itself, not a thread in it: there a post begins a thread. */
function isChannelRoot({ conversation }: Reference): boolean {
  return conversation?.conversationType === "channel" && !conversation.id.includes(";messageid=");
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
