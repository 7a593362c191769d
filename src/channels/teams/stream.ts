import type { Activity, TurnContext } from "botbuilder";
import { failureOf, whenAllowed } from "./failure.ts";

/** Teams takes one update a second. */
const GAP_MS = 1_500;

type Update = { kind: "informative" | "streaming"; text: string };

export interface StreamOptions {
  wait(ms: number): Promise<void>;
  /** The reader pressed "stop". */
  onStopped(): void;
  /** Teams gave the stream its id. Must not throw. */
  onBegun(id: string): Promise<void>;
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

  /** Its reader sees a status or words, or is about to. */
  get isShown(): boolean {
    return this.#state === "live" && this.#sequence > 1;
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
      if (this.#id) return;
      this.#id = sent?.id || undefined;
      if (this.#id) await this.#options.onBegun(this.#id);
      else this.#state = "off";
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
   * Gives the id of the message that stands ("" when Teams names none); "stopped" when the reader stopped the stream. Throws when the answer was refused, and when
   * nobody knows whether it stands: it is not sent again then.
   */
  async end(activity: Partial<Activity>): Promise<string> {
    this.#next = undefined;
    await this.#pump;
    if (this.#state === "live" && this.#id) {
      const ended = await this.#close(activity, this.#id);
      if (ended) return ended;
    }
    if (this.#state === "stopped") return "stopped";
    const sent = await whenAllowed(() => this.#context.sendActivity(activity), this.#options.wait);
    return sent?.id ?? "";
  }

  /** undefined: Teams takes no end of this stream, so a plain message must bring the answer. */
  async #close(activity: Partial<Activity>, id: string): Promise<string | undefined> {
    const closed = await closeStream(this.#context, activity, id, this.#options.wait);
    if (closed === "stopped") this.#state = "stopped";
    return closed === "closed" ? id : undefined;
  }
}

/**
 * Ends a stream with a message, also one that was begun before a restart. "refused": Teams takes no end of it, so a plain message must do.
 * Throws when nobody knows whether it ended.
 */
export async function closeStream(
  context: TurnContext,
  activity: Partial<Activity>,
  id: string,
  wait: (ms: number) => Promise<void>,
): Promise<"closed" | "refused" | "stopped"> {
  const final = { type: "streaminfo", streamType: "final", streamId: id };
  const message = { ...activity, entities: [final, ...(activity.entities ?? [])] };
  try {
    await whenAllowed(() => context.sendActivity(message), wait);
    return "closed";
  } catch (error) {
    const { kind } = failureOf(error);
    if (kind === "ambiguous") throw error;
    return kind;
  }
}
