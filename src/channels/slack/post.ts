import { createHash } from "node:crypto";
import { type Client, failureOf, refusalOf, whenAllowed } from "./client.ts";
import { type Fields, fieldsOf, isTs, listOf, type Place, text } from "./parse.ts";
import type { SlackMessage } from "./render.ts";

/** Posts of which none may come twice. Slack cannot tell a repetition from a new post, so after an unclear failure we look. */
export interface Poster {
  /**
   * Gives channel and ts. `key` names the post for good. `look`: it may have been posted before, lately or since an instant; with an instant
   * nothing is posted where we cannot look. Throws what Slack refused, and what stays unclear.
   */
  post(place: Place, message: SlackMessage, key: string, look?: boolean | Date): Promise<Posted>;
  /** Safe to repeat, and repeated. */
  update(channel: string, ts: string, message: SlackMessage): Promise<void>;
  /** The ts of a stream of ours in the thread that began with these words and is not finished. */
  findStream(place: Place, words: string): Promise<string | "absent" | "blind">;
}

export interface Posted {
  channel: string;
  ts: string;
}

const MARK = "firstmate_answer";
/** An answer takes a while. */
const LOOK_BACK_MS = 15 * 60_000;
/** Ours and Slack's clock may differ by so much. */
const CLOCKS_MS = 60_000;
/** A post that was not answered may still arrive until three times its timeout has passed; an answered one is over. */
const SETTLE_MS = { answered: 1_000, silent: 20_000 };
const MOST_POSTS = 3;
const PAGE = 200;
/** A thousand messages since the first try: beyond that a place is too busy to look. */
const MOST_PAGES = 5;

interface Page {
  messages?: unknown[];
  response_metadata?: unknown;
  has_more?: boolean;
}

export function createPoster(client: Client, now: () => Date, wait: (ms: number) => Promise<void>): Poster {
  async function post(place: Place, message: SlackMessage, key: string, look: boolean | Date = false): Promise<Posted> {
    const slot = createHash("sha256").update(key).digest("hex").slice(0, 32);
    const since = look instanceof Date ? look.getTime() - CLOCKS_MS : now().getTime() - LOOK_BACK_MS;
    const find = () => findMessage(place, ({ metadata }) => fieldsOf(fieldsOf(metadata).event_payload).slot === slot, since);
    const there = look ? await find() : "absent";
    if (isTs(there)) return { channel: place.channel, ts: there };
    if (there === "blind" && look instanceof Date) throw new Error("an earlier post may stand, and the history cannot be read");
    for (let left = MOST_POSTS; ; left--) {
      const result = await tryToSend(place, message, slot);
      if ("ts" in result) return result;
      const found = await find();
      if (isTs(found)) return { channel: place.channel, ts: found };
      // Unread, a second post might be the second answer.
      if (found === "blind" || left === 1) throw result.unclear;
    }
  }

  /** Waits as long as Slack limits us, and until what was not answered cannot arrive any more. Throws a definite no. */
  async function tryToSend(place: Place, message: SlackMessage, slot: string): Promise<Posted | { unclear: unknown }> {
    try {
      const posted = await whenAllowed(() => send(place, message, slot), wait);
      return { channel: posted.channel ?? place.channel, ts: posted.ts ?? "" };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind !== "ambiguous") throw error;
      await wait(failure.answered ? SETTLE_MS.answered : SETTLE_MS.silent);
      return { unclear: error };
    }
  }

  function send({ channel, thread }: Place, { text: words, blocks }: SlackMessage, slot: string) {
    return client.chat.postMessage({
      channel,
      ...(thread ? { thread_ts: thread } : {}),
      text: words,
      blocks,
      // Other apps can read it: a hash and nothing else.
      metadata: { event_type: MARK, event_payload: { slot } },
      unfurl_links: false,
      unfurl_media: false,
    });
  }

  /** The newest message that is wanted; "blind" when we may not or cannot read. */
  async function findMessage(place: Place, wanted: (message: Fields) => boolean, since = now().getTime() - LOOK_BACK_MS): Promise<string> {
    try {
      let cursor = "";
      for (let page = 0; page < MOST_PAGES; page++) {
        const { messages, response_metadata, has_more } = await whenAllowed(() => readPage(place, since, cursor), wait);
        const found = listOf(messages).map(fieldsOf).filter(wanted);
        const ts = text(found.sort((a, b) => text(b.ts).localeCompare(text(a.ts)))[0]?.ts);
        cursor = text(fieldsOf(response_metadata).next_cursor);
        if (ts) return ts;
        if (!cursor) return has_more ? "blind" : "absent";
      }
      return "blind";
    } catch {
      return "blind";
    }
  }

  function readPage({ channel, thread }: Place, since: number, cursor: string): Promise<Page> {
    const oldest = (since / 1000).toFixed(6);
    const range = { channel, oldest, include_all_metadata: true, limit: PAGE, ...(cursor ? { cursor } : {}) };
    return thread ? client.conversations.replies({ ...range, ts: thread }) : client.conversations.history(range);
  }

  async function update(channel: string, ts: string, message: SlackMessage): Promise<void> {
    const edit = () => client.chat.update({ channel, ts, text: message.text, blocks: message.blocks });
    for (let attempt = 1; ; attempt++) {
      try {
        await whenAllowed(edit, wait);
        return;
      } catch (error) {
        const again = failureOf(error).kind === "ambiguous" || refusalOf(error) === "streaming_state_conflict";
        if (!again || attempt === MOST_POSTS) throw error;
        await wait(SETTLE_MS.answered);
        if (refusalOf(error)) await client.chat.stopStream({ channel, ts }).catch(() => undefined);
      }
    }
  }

  return {
    post,
    update,
    findStream: (place, words) =>
      findMessage(place, (message) => message.bot_id !== undefined && message.streaming_state === "in_progress" && message.text === words),
  };
}
