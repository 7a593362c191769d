import type { AnyBlock } from "@slack/types";
import type { ChatStreamer } from "@slack/web-api";
import type { Client } from "./client.ts";
import { fieldsOf } from "./parse.ts";
import { escapeText } from "./text.ts";

export interface StreamPlace {
  channel: string;
  thread_ts: string;
  recipient_team_id: string;
  recipient_user_id: string;
}

/** How an answer reached its reader. */
export type Landing = { how: "streamed" | "updated" | "posted" | "stopped"; ts: string };

/** Slack ends a stream some five minutes after its start; ours is handed over to edits before that. */
const ROLL_OVER_MS = 280_000;

/**
 * One streamed answer. Slack can only extend, and forgets a stream after five minutes; whatever breaks, the reader ends up with
 * the whole answer once: by the stream, by an edit of what stands there, or by a post when nothing does.
 */
export class Stream {
  readonly #client: Client;
  readonly #place: StreamPlace;
  readonly #streamer: ChatStreamer;
  readonly #now: () => Date;
  #started = 0;
  #sent = "";
  #chain: Promise<void> = Promise.resolve();
  #state: "live" | "broken" | "stopped" = "live";

  constructor(client: Client, place: StreamPlace, now: () => Date) {
    this.#client = client;
    this.#place = place;
    this.#now = now;
    this.#streamer = client.chatStream(place);
  }

  /** The whole text so far, as it may be shown. Never throws; calls are sent one after the other. */
  push(text: string): void {
    this.#chain = this.#chain.then(async () => {
      if (this.#state !== "live" || !text.startsWith(this.#sent) || text === this.#sent) return;
      if (this.#started > 0 && this.#now().getTime() - this.#started > ROLL_OVER_MS) {
        this.#state = "broken";
        return;
      }
      const suffix = text.slice(this.#sent.length);
      if (await this.#try(() => this.#streamer.append({ markdown_text: suffix }))) {
        this.#sent = text;
        this.#started ||= this.#now().getTime();
      }
    });
  }

  /** Ends with the whole answer. Throws only when Slack refuses the final post or edit. */
  async end(text: string, blocks: AnyBlock[]): Promise<Landing> {
    await this.#chain;
    const rest = text.slice(this.#sent.length);
    const fits = this.#state === "live" && this.#started > 0 && text.startsWith(this.#sent);
    if (fits && (await this.#try(() => this.#streamer.stop({ ...(rest ? { markdown_text: rest } : {}), blocks }))))
      return { how: "streamed", ts: this.#streamer.ts ?? "" };
    if (this.#state === "stopped") return { how: "stopped", ts: this.#streamer.ts ?? "" };
    return this.#land(text, blocks);
  }

  async #land(text: string, blocks: AnyBlock[]): Promise<Landing> {
    const { channel, thread_ts } = this.#place;
    const body = {
      channel,
      text: escapeText(text).slice(0, 3_000) || "Answer",
      blocks: [...(text ? [{ type: "markdown", text } as AnyBlock] : []), ...blocks],
    };
    const { ts } = this.#streamer;
    if (ts) {
      await this.#streamer.stop().catch(() => undefined);
      await this.#client.chat.update({ ...body, ts });
      return { how: "updated", ts };
    }
    const posted = await this.#client.chat.postMessage({ ...body, thread_ts, unfurl_links: false, unfurl_media: false });
    return { how: "posted", ts: posted.ts ?? "" };
  }

  async #try(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      this.#state = fieldsOf((error as { data?: unknown }).data).error === "stopped_by_user" ? "stopped" : "broken";
      return false;
    }
  }
}
