import type { Delivery } from "../../core/channel.ts";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions } from "../index.ts";
import type { createAnswering } from "./answer.ts";
import { failureOf } from "./client.ts";
import { conversationOf, fieldsOf, isTs, type Place, text } from "./parse.ts";
import type { Posted } from "./post.ts";
import type { Reach } from "./reach.ts";

/** A turn whose process ended before it; the rest is the turn's `Message.id`. */
const INTERRUPTED = "interrupted:";

/**
 * Posts nobody asked for. `conversation` is one of ours, or "slack:TEAM:CHANNEL" for the channel itself. With the key "interrupted:ID"
 * the reply takes the place of what stands of the answer to that message. Never throws.
 */
export function createSending(answering: ReturnType<typeof createAnswering>, reach: Reach, options: Pick<ChannelOptions, "placeOf">) {
  return { send, update };

  /** Changes one of those posts. Safe to repeat. Never throws. */
  async function update(conversation: string, id: string, reply: Reply): Promise<Delivery> {
    const [, , channel = ""] = conversation.split(":");
    try {
      await answering.update(channel, id, reply);
      return { state: "sent", id };
    } catch (error) {
      const delivery = deliveryOf(error);
      return delivery.state === "ambiguous" ? { state: "refused", reason: delivery.reason, retryAfterMs: EDIT_AGAIN_MS } : delivery;
    }
  }

  async function send(conversation: string, reply: Reply, key: string, firstTried?: Date): Promise<Delivery> {
    try {
      const [message] = key.startsWith(INTERRUPTED) ? [key.slice(INTERRUPTED.length)] : [];
      const posted = message ? await takeOver(conversation, reply, message) : await post(conversation, reply, key, firstTried);
      return posted
        ? { state: "sent", id: posted.ts, ...threadUnder(conversation, posted) }
        : { state: "refused", reason: "there is nothing to say, or nowhere" };
    } catch (error) {
      return deliveryOf(error);
    }
  }

  async function post(conversation: string, reply: Reply, key: string, firstTried: Date | undefined): Promise<Posted | undefined> {
    const place = await placeFor(conversation);
    return place && answering.send(place, reply, `send:${key}`, firstTried);
  }

  async function takeOver(conversation: string, reply: Reply, message: string): Promise<Posted | undefined> {
    const standing = await reach.find(message);
    const [, team = ""] = conversation.split(":");
    // Told to them directly: an ephemeral message is gone when nobody looks.
    if (standing?.alone) return answering.send({ team, channel: standing.alone, direct: true }, reply, message);
    const place = standing ? placeAt(team, standing.channel, standing.thread) : await placeFor(conversation);
    if (!place) return undefined;
    const posted = await answering.takeOver(standing, place, reply, message);
    if (posted) await reach.note(message, { ...posted, ...(place.thread ? { thread: place.thread } : {}) });
    return posted;
  }

  /** The conversation of a command has a thread of another name; undefined while it has none: the channel is not whom it is for. */
  async function placeFor(conversation: string): Promise<Place | undefined> {
    const [, team = "", channel = "", own = ""] = conversation.split(":");
    if (own === "" || isTs(own)) return placeAt(team, channel, own);
    const { channel: kept, thread } = fieldsOf(await options.placeOf(conversation));
    return text(thread) ? placeAt(team, text(kept) || channel, text(thread)) : undefined;
  }
}

function deliveryOf(error: unknown): Delivery {
  const failure = failureOf(error);
  if (failure.kind === "limited") return { state: "refused", reason: "Slack limits our posts", retryAfterMs: failure.seconds * 1000 };
  if (failure.kind !== "refused") return { state: "ambiguous", reason: failure.detail };
  const why = REFUSALS[failure.error];
  return { state: "refused", reason: why ? `${why} (${failure.error})` : failure.error };
}

const NO_TOKEN = "Slack takes our token no more: install the app again and set SLACK_BOT_TOKEN";

/** What an operator does about a place that takes no posts; Slack's own code stands behind it. */
const REFUSALS: Readonly<Record<string, string>> = {
  not_in_channel: "the bot is not in that channel: invite it with /invite",
  channel_not_found: "that channel is gone, or private and the bot is not in it: invite it with /invite",
  is_archived: "that channel is archived: choose another one",
  restricted_action: "the workspace lets only some people post in that channel",
  account_inactive: NO_TOKEN,
  invalid_auth: NO_TOKEN,
  token_revoked: NO_TOKEN,
};

/** The same words twice are the same words: what stays unclear is said again. */
const EDIT_AGAIN_MS = 30_000;

/** What stands in a thread is answered in it; what stands by itself begins one. */
function threadUnder(conversation: string, { channel, ts }: Posted): { thread?: string } {
  const [, team = "", , own = ""] = conversation.split(":");
  return own ? {} : { thread: conversationOf({ team, channel, direct: false }, ts) };
}

function placeAt(team: string, channel: string, thread = ""): Place {
  return { team, channel, direct: channel.startsWith("D"), ...(isTs(thread) ? { thread } : {}) };
}
