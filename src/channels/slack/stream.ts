import { type Client, failureOf, whenAllowed } from "./client.ts";
import type { Place } from "./parse.ts";
import type { Poster } from "./post.ts";
import type { SlackMessage } from "./render.ts";

export interface StreamOptions {
  client: Client;
  poster: Poster;
  place: Place & { thread: string };
  /** Slack wants to know for whom, in direct messages too. */
  recipient: string;
  /** Names the answer, should it have to be posted. */
  key: string;
  /** Told once where the stream stands, before it goes on. Must not throw. */
  onStart(ts: string): Promise<void>;
  now(): Date;
  wait(ms: number): Promise<void>;
}

/** Slack ends a stream some five minutes after its start; ours goes over to edits before that. */
const LIFE_MS = 280_000;
/** Appends and edits are limited per minute, so small growth waits for more. In characters. */
const WORTH = { live: 200, edited: 400 } as const;

/**
 * idle: nothing sent. live: Slack extends it. edited: it stands there, whole texts replace it. off: no stream here, the end is posted.
 * lost: the start was not answered. stopped: the person stopped it.
 */
type State = "idle" | "live" | "edited" | "broken" | "off" | "lost" | "stopped";

/**
 * One streamed answer. Slack can only extend, and forgets a stream after five minutes; whatever breaks, the reader ends up with
 * the whole answer once: by the stream, by an edit of what stands there, or by a post when nothing does.
 */
export class Stream {
  readonly #options: StreamOptions;
  #state: State = "idle";
  #ts = "";
  #started = 0;
  #pausedUntil = 0;
  #sent = "";
  #wanted = "";
  #pumping: Promise<void> | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** The whole text so far, as it may be shown. Never throws. What comes while a call is under way is sent together after it. */
  push(text: string): void {
    this.#wanted = text;
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = undefined;
    });
  }

  async #pump(): Promise<void> {
    while (this.#isWorthSending()) await this.#flush(this.#wanted);
  }

  #isWorthSending(): boolean {
    const grown = this.#wanted.length - this.#sent.length;
    if (this.#now() < this.#pausedUntil || !this.#wanted.startsWith(this.#sent)) return false;
    if (this.#state === "idle") return this.#wanted.trim() !== "";
    return (this.#state === "live" || this.#state === "edited") && grown >= WORTH[this.#state];
  }

  async #flush(text: string): Promise<void> {
    if (this.#state === "live" && this.#now() - this.#started > LIFE_MS) return this.#rollOver();
    try {
      if (this.#state === "idle") await this.#start(text);
      else if (this.#state === "live") await this.#append(text.slice(this.#sent.length));
      else await this.#edit(text);
      this.#sent = text;
    } catch (error) {
      this.#takeFailure(error, text);
    }
  }

  async #start(text: string): Promise<void> {
    const { client, place, recipient } = this.#options;
    const started = this.#now();
    const { ts } = await client.chat.startStream({
      channel: place.channel,
      thread_ts: place.thread,
      recipient_team_id: place.team,
      recipient_user_id: recipient,
      chunks: [{ type: "markdown_text", text }],
    });
    this.#state = "live";
    this.#ts = ts ?? "";
    this.#started = started;
    await this.#options.onStart(this.#ts);
  }

  async #append(text: string): Promise<void> {
    await this.#options.client.chat.appendStream({ ...this.#message(), chunks: [{ type: "markdown_text", text }] });
  }

  async #edit(text: string): Promise<void> {
    await this.#options.client.chat.update({ ...this.#message(), text: "Answer", blocks: [{ type: "markdown", text }] });
  }

  async #rollOver(): Promise<void> {
    this.#state = "edited";
    await this.#options.client.chat.stopStream(this.#message()).catch(() => undefined);
  }

  #takeFailure(error: unknown, text: string): void {
    const failure = failureOf(error);
    if (this.#state === "idle") {
      // Refused: no streams here, or too many at once. Unclear: one may stand there half.
      this.#state = failure.kind === "ambiguous" ? "lost" : "off";
      this.#sent = text;
    } else if (failure.kind === "limited") this.#pausedUntil = this.#now() + failure.seconds * 1000;
    else this.#state = failure.kind === "refused" && failure.error === "stopped_by_user" ? "stopped" : "broken";
  }

  /** Ends with the whole answer, whose words are `message.lead`. Throws what Slack refused; then a plainer message may be tried. */
  async end(message: SlackMessage): Promise<void> {
    await this.#pumping;
    if (this.#state === "lost") await this.#recover();
    if (this.#state === "live" && (await this.#finish(message))) return;
    if (this.#state === "stopped") return;
    const { poster, place, key } = this.#options;
    if (!this.#ts) {
      await poster.post(place, message, key);
      return;
    }
    // An edit of a live stream is refused.
    if (this.#state !== "edited") await this.#rollOver();
    await poster.update(place.channel, this.#ts, message);
  }

  /** True when the stream took it. False when it has to be edited, or was stopped. */
  async #finish(message: SlackMessage): Promise<boolean> {
    const lead = message.lead ?? "";
    if (!lead.startsWith(this.#sent) || lead === "") return false;
    const rest = lead.slice(this.#sent.length);
    const { client, wait } = this.#options;
    const stop = () =>
      client.chat.stopStream({
        ...this.#message(),
        ...(rest ? { chunks: [{ type: "markdown_text" as const, text: rest }] } : {}),
        blocks: message.blocks.slice(1),
      });
    try {
      await whenAllowed(stop, wait);
      return true;
    } catch (error) {
      if (isAboutBlocks(error)) throw error;
      this.#takeFailure(error, lead);
      if (this.#state === "live") this.#state = "broken";
      return false;
    }
  }

  /** The start was not answered: is there a stream? Throws when we cannot know: a post might be the second answer. */
  async #recover(): Promise<void> {
    const { poster, place, wait } = this.#options;
    await wait(1_000);
    const found = await poster.findStream(place, this.#sent);
    if (found === "blind") throw new Error("Slack did not answer the start of a stream, and what stands there cannot be read");
    this.#state = found === "absent" ? "off" : "broken";
    this.#ts = found === "absent" ? "" : found;
  }

  /** Adds nothing more: the person stopped it. */
  async abandon(): Promise<void> {
    await this.#pumping;
    if (this.#state === "live") await this.#options.client.chat.stopStream(this.#message()).catch(() => undefined);
    this.#state = "stopped";
  }

  #message(): { channel: string; ts: string } {
    return { channel: this.#options.place.channel, ts: this.#ts };
  }

  #now(): number {
    return this.#options.now().getTime();
  }
}

/** Slack found a block wrong, or too much of them; with plainer ones the message may pass. */
export function isAboutBlocks(error: unknown): boolean {
  const failure = failureOf(error);
  return failure.kind === "refused" && /block|attachment|msg_too_long/.test(failure.error);
}
