import type { Reply } from "../../core/reply.ts";
import { explainError } from "../../errors.ts";
import { type Client, refusalOf } from "./client.ts";
import { createDrawing } from "./draw.ts";
import { splitMarkdown } from "./markdown.ts";
import type { Place } from "./parse.ts";
import type { Posted, Poster } from "./post.ts";
import type { Reach, Standing } from "./reach.ts";
import { renderReply, type SlackMessage } from "./render.ts";
import { clearStatus, createStatus } from "./status.ts";
import { isAboutBlocks, Stream } from "./stream.ts";
import { cleanMarkdown, settledPart } from "./text.ts";
import { type UploadOptions, whenReady } from "./upload.ts";

export interface AnswerOptions extends UploadOptions {
  client: Client;
  poster: Poster;
  reach: Reach;
  now(): Date;
}

/** Where one answer goes. */
export interface Target {
  place: Place;
  user: string;
  /** Names the answer for good. */
  key: string;
  /** A message of ours that becomes the answer. */
  placeholder?: string;
  /** What was asked, where the reader cannot see it: stands above the answer, as markdown. */
  asked?: string;
  /** The message of ours whose button was pressed: where the answer ends its approval, it shows how. */
  card?: { channel: string; ts: string };
  /** Aborts when the person pressed stop: nothing is added after that. */
  stopped: AbortSignal;
}

/** Brings an answer to its reader: streamed in direct messages, a status and one post elsewhere. */
export function createAnswering(options: AnswerOptions) {
  const { client, poster, reach, now, wait, onFault } = options;
  const drawing = createDrawing(options);

  /** Never throws: what cannot be delivered is told to the asker, and to the log. */
  async function deliver(replies: AsyncIterable<Reply>, target: Target): Promise<void> {
    const status = createStatus(client, target.place, target.user);
    const stream = streamFor(target);
    try {
      const last = await follow(replies, (reply) => {
        if (target.stopped.aborted) return;
        if (reply.text) {
          // Where the text itself is seen to grow, it says enough.
          if (stream) status.rest();
          stream?.push(growing(withQuestion(reply, target)));
        } else if (reply.status) status.show(reply.status.replace(/[<>]/g, ""));
      });
      if (target.stopped.aborted) await stream?.abandon();
      else await finish(withQuestion(last, target), target, stream);
      await settleCard(last, target);
    } catch (error) {
      await explainNoPost(error, target);
    } finally {
      await status.clear();
    }
  }

  /** The final reply; a handler that breaks its promise gives one all the same. */
  async function follow(replies: AsyncIterable<Reply>, onReply: (reply: Reply) => void): Promise<Reply> {
    let shown = "";
    let final: Reply | undefined;
    try {
      for await (const reply of replies) {
        if (reply.final) final ??= reply;
        else if (!final) {
          shown = reply.text;
          onReply(reply);
        }
      }
      if (final) return final;
      throw new Error("an answer ended without its final reply");
    } catch (error) {
      onFault(error);
      return final ?? { text: [shown, explainError(error)].filter(Boolean).join("\n\n"), final: true };
    }
  }

  /** Nobody presses twice what is over. Never throws: the answer stands already. */
  async function settleCard({ settled }: Reply, { card }: Target): Promise<void> {
    if (settled && card) await update(card.channel, card.ts, { text: "", blocks: [settled], final: true }).catch(onFault);
  }

  function streamFor({ place, placeholder, user, key }: Target): Stream | undefined {
    const { thread } = place;
    if (!place.direct || !thread || placeholder) return undefined;
    const onStart = (ts: string) => reach.note(key, { channel: place.channel, thread, ts });
    return new Stream({ client, poster, place: { ...place, thread }, recipient: user, key: `${key}:0`, onStart, now, wait });
  }

  async function finish(reply: Reply, target: Target, stream: Stream | undefined): Promise<void> {
    const { place, placeholder, key } = target;
    // A stream has no switch for link previews, so nothing that was streamed has links.
    const said = stream ? { ...reply, text: withoutLinks(reply.text) } : reply;
    for (const [i, message] of renderReply(said, await drawing.draw(reply)).entries()) {
      if (i === 0 && stream) await plainer(message, reply, (form) => stream.end(form));
      else if (i === 0 && placeholder) await plainer(message, reply, (form) => poster.update(place.channel, placeholder, form));
      else await plainer(message, reply, (form) => poster.post(place, form, `${key}:${i}`));
    }
  }

  /** All messages of a reply nobody asked for; gives the first. `since`: it may have been posted from then on. Throws as `Poster.post`. */
  async function send(place: Place, reply: Reply, key: string, since?: Date): Promise<Posted | undefined> {
    let first: Posted | undefined;
    for (const [i, message] of renderReply(reply, await drawing.draw(reply)).entries()) {
      const posted = await plainer(message, reply, (form) => poster.post(place, form, `${key}:${i}`, since ?? true));
      first ??= posted;
    }
    return first;
  }

  /**
   * In place of an answer whose process ended before it: what stands there of it becomes this reply, and nobody is said to work on it
   * any more. `key` is that of the answer. Safe to repeat. Throws as `send`.
   */
  async function takeOver(standing: Standing | undefined, place: Place, reply: Reply, key: string): Promise<Posted | undefined> {
    const { ts, channel = place.channel } = standing ?? {};
    const thread = standing?.thread ?? place.thread;
    const there = { ...place, channel, ...(thread ? { thread } : {}) };
    let first: Posted | undefined;
    for (const [i, message] of renderReply(reply, await drawing.draw(reply)).entries()) {
      const edited = i === 0 && ts !== undefined && (await plainer(message, reply, (form) => wasEdited(channel, ts, form)));
      const posted = edited ? { channel, ts } : await plainer(message, reply, (form) => poster.post(there, form, `${key}:${i}`, true));
      first ??= posted;
    }
    if (thread) await clearStatus(client, { ...there, thread });
    return first;
  }

  /** In place of a post of ours. What was in further messages stays as it was said. Throws what Slack refused, and what stays unclear. */
  async function update(channel: string, ts: string, reply: Reply): Promise<void> {
    const [message] = renderReply(reply, await drawing.draw(reply));
    if (message) await plainer(message, reply, (form) => poster.update(channel, ts, form));
  }

  /** False when the message is gone, or may not be changed any more. */
  async function wasEdited(channel: string, ts: string, message: SlackMessage): Promise<boolean> {
    try {
      await poster.update(channel, ts, message);
      return true;
    } catch (error) {
      if (GONE.test(refusalOf(error))) return false;
      throw error;
    }
  }

  /** Once with everything; where Slack finds a block wrong, in ever plainer forms, so that nobody is left without an answer. */
  async function plainer<T>(message: SlackMessage, reply: Reply, send: (message: SlackMessage) => Promise<T>): Promise<T> {
    let last: unknown;
    for await (const form of drawing.forms(message, reply)) {
      try {
        return await whenReady(() => send(form), wait);
      } catch (error) {
        if (!isAboutBlocks(error)) throw error;
        onFault(error);
        last = error;
      }
    }
    throw last;
  }

  /** The place takes no posts: the asker hears so directly. Anything else is a fault. */
  async function explainNoPost(error: unknown, { place, user, key }: Target): Promise<void> {
    const why = NO_POST[refusalOf(error)];
    if (!why || place.direct) return onFault(error);
    const direct: Place = { team: place.team, channel: user, direct: true };
    await poster.post(direct, { text: why, blocks: [] }, `${key}:why`).catch(onFault);
  }

  return { deliver, send, takeOver, update };
}

const GONE = /^(?:message_not_found|cant_update_message|edit_window_closed)$/;

const NOT_IN_CHANNEL = "I am not in that channel: invite me with /invite, then ask again.";

/** What the asker is told where a place takes no posts. */
export const NO_POST: Readonly<Record<string, string>> = {
  not_in_channel: NOT_IN_CHANNEL,
  channel_not_found: NOT_IN_CHANNEL,
  is_archived: "That channel is archived: ask me in a direct message instead.",
  restricted_action: "I may not post in that channel: ask me in a direct message instead.",
};

function withQuestion(reply: Reply, { asked }: Target): Reply {
  return asked && reply.text ? { ...reply, text: `${asked}\n\n${reply.text}` } : reply;
}

/** What may be streamed of a text that is still growing: whole words, no links, no more than one message holds. */
function growing({ text }: Reply): string {
  const [lead = "", ...more] = splitMarkdown(cleanMarkdown(settledPart(text)));
  return more.length > 0 ? lead : lead.trimEnd();
}

function withoutLinks(text: string): string {
  return text.replace(/(?<!!)\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g, "$1").replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s<>()]+/gi, "(link removed)");
}
