import type { Delivery } from "../../core/channel.ts";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions } from "../index.ts";
import type { createAnswering } from "./answer.ts";
import { failureOf } from "./client.ts";
import { fieldsOf, isTs, type Place, text } from "./parse.ts";

/** Posts nobody asked for. `conversation` is one of ours, or "slack:TEAM:CHANNEL" for the channel itself. Never throws. */
export function createSending(answering: ReturnType<typeof createAnswering>, options: Pick<ChannelOptions, "placeOf">) {
  return async function send(conversation: string, reply: Reply, key: string): Promise<Delivery> {
    try {
      const posted = await answering.send(await placeFor(conversation), reply, `send:${key}`);
      return posted ? { state: "sent", id: posted.ts } : { state: "refused", reason: "there is nothing to say" };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "limited") return { state: "refused", reason: "Slack limits our posts", retryAfterMs: failure.seconds * 1000 };
      return failure.kind === "refused" ? { state: "refused", reason: failure.error } : { state: "ambiguous", reason: failure.detail };
    }
  };

  /** The conversation of a command has a thread of another name. */
  async function placeFor(conversation: string): Promise<Place> {
    const [, team = "", channel = "", own = ""] = conversation.split(":");
    const kept = isTs(own) || own === "" ? {} : fieldsOf(await options.placeOf(conversation));
    const thread = text(kept.thread) || own;
    const place = { team, channel: text(kept.channel) || channel };
    return { ...place, direct: place.channel.startsWith("D"), ...(isTs(thread) ? { thread } : {}) };
  }
}
