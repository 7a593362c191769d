import type { Activity, TurnContext } from "botbuilder";
import { failureOf, whenAllowed } from "./failure.ts";

/** Teams takes one update a second. */
const GAP_MS = 1_500;

type Update = { kind: "informative" | "streaming"; text: string };

export interface StreamOptions {
  wait(ms: number): Promise<void>;
  /** The reader pressed "stop". */
  onStopped(): void;
}

/**
 * One streamed answer in a personal chat. Each update holds the whole text so far. Whatever breaks before the end, `end` brings the whole
 * answer once; after "stop" by the reader nothing is added.
 */
export class Stream {
  readonly #context: TurnContext;
  readonly #options: StreamOptions;
  #id: string | undefined;
  #sequence = 1;
  #shown = "";
  #next: Update | undefined;
  #pump: Promise<void> | undefined;
  #state: "live" | "off" | "stopped" = "live";

  constructor(context: TurnContext, options: StreamOptions) {
    this.#context = context;
    this.#options = options;
  }

  status(text: string): void {
    if (this.#shown === "" && this.#next?.kind !== "streaming") this.#queue({ kind: "informative", text });
  }

  push(text: string): void {
    this.#queue({ kind: "streaming", text });
  }

  #queue(update: Update): void {
    if (this.#state !== "live" || !update.text.trim()) return;
    // Teams shows an update only when it holds what is there already.
    if (update.kind === "streaming" && (!update.text.startsWith(this.#shown) || update.text === this.#shown)) return;
    this.#next = update;
    this.#pump ??= this.#run().finally(() => {
      this.#pump = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#next && this.#state === "live") {
      const update = this.#next;
      this.#next = undefined;
      await this.#update(update);
      await this.#options.wait(GAP_MS);
    }
  }

  async #update({ kind, text }: Update): Promise<void> {
    const info = { type: "streaminfo", streamType: kind, streamSequence: this.#sequence++, ...(this.#id ? { streamId: this.#id } : {}) };
    if (kind === "streaming") this.#shown = text;
    try {
      const sent = await this.#context.sendActivity({ type: "typing", text, entities: [info] });
      this.#id ??= sent?.id || undefined;
      if (!this.#id) this.#state = "off";
    } catch (error) {
      await this.#onFailedUpdate(error);
    }
  }

  /** A lost update is made good by the next; without its beginning there is no stream. */
  async #onFailedUpdate(error: unknown): Promise<void> {
    const failure = failureOf(error);
    if (failure.kind === "stopped") {
      this.#state = "stopped";
      this.#options.onStopped();
    } else if (failure.kind === "refused" && failure.retryAfterMs !== undefined && this.#id) await this.#options.wait(failure.retryAfterMs);
    else if (failure.kind === "refused" || !this.#id) this.#state = "off";
  }

  /**
   * Gives the id of the message that stands; "stopped" when the reader stopped the stream. Throws when the answer was refused, and when
   * nobody knows whether it stands: it is not sent again then.
   */
  async end(activity: Partial<Activity>): Promise<{ id: string } | "stopped"> {
    this.#next = undefined;
    await this.#pump;
    if (this.#state === "live" && this.#id) {
      const ended = await this.#close(activity, this.#id);
      if (ended) return ended;
    }
    if (this.#state === "stopped") return "stopped";
    const sent = await whenAllowed(() => this.#context.sendActivity(activity), this.#options.wait);
    return { id: sent?.id ?? "" };
  }

  /** undefined: Teams takes no end of this stream, so a plain message must bring the answer. */
  async #close(activity: Partial<Activity>, id: string): Promise<{ id: string } | undefined> {
    const final = { type: "streaminfo", streamType: "final", streamId: id };
    const message = { ...activity, entities: [final, ...(activity.entities ?? [])] };
    try {
      await whenAllowed(() => this.#context.sendActivity(message), this.#options.wait);
      return { id };
    } catch (error) {
      const { kind } = failureOf(error);
      if (kind === "ambiguous") throw error;
      if (kind === "stopped") this.#state = "stopped";
      return undefined;
    }
  }
}
