import type { Activity, TurnContext } from "botbuilder";

/** Teams takes one update a second and two minutes in all. */
const GAP_MS = 1_500;

/**
 * One streamed answer in a personal chat; elsewhere it only sends the end. Each update holds the whole text so far. Whatever breaks,
 * `end` brings the whole answer once; after "stop" by the reader nothing is added.
 */
export class Stream {
  readonly #context: TurnContext;
  readonly #wait: (ms: number) => Promise<void>;
  #id: string | undefined;
  #sequence = 1;
  #shown = "";
  #next: { kind: "informative" | "streaming"; text: string } | undefined;
  #pump: Promise<void> | undefined;
  #state: "live" | "off" | "stopped";

  constructor(context: TurnContext, personal: boolean, wait: (ms: number) => Promise<void>) {
    this.#context = context;
    this.#wait = wait;
    this.#state = personal ? "live" : "off";
  }

  status(text: string): void {
    if (this.#shown === "") this.#queue("informative", text.slice(0, 1_000));
  }

  push(text: string): void {
    this.#queue("streaming", text);
  }

  #queue(kind: "informative" | "streaming", text: string): void {
    if (this.#state !== "live" || !text) return;
    this.#next = { kind, text };
    this.#pump ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#next && this.#state === "live") {
      const { kind, text } = this.#next;
      this.#next = undefined;
      if (kind === "streaming" && !text.startsWith(this.#shown)) continue;
      if (kind === "streaming") this.#shown = text;
      const info = { type: "streaminfo", streamType: kind, streamSequence: this.#sequence++, ...(this.#id ? { streamId: this.#id } : {}) };
      await this.#send({ type: "typing", text, entities: [info] });
      await this.#wait(GAP_MS);
    }
    this.#pump = undefined;
  }

  async #send(activity: Partial<Activity>): Promise<boolean> {
    try {
      const sent = await this.#context.sendActivity(activity);
      this.#id ??= sent?.id;
      if (!this.#id) this.#state = "off";
      return true;
    } catch (error) {
      this.#state = /cancel/i.test(error instanceof Error ? error.message : "") ? "stopped" : "off";
      return false;
    }
  }

  /** Gives the id of the message that stands; undefined when the reader stopped the stream. */
  async end(activity: Partial<Activity>): Promise<string | undefined> {
    this.#next = undefined;
    await this.#pump;
    if (this.#state === "live" && this.#id) {
      const final = { type: "streaminfo", streamType: "final", streamId: this.#id };
      if (await this.#send({ ...activity, entities: [final, ...(activity.entities ?? [])] })) return this.#id;
    }
    return this.#state === "stopped" ? undefined : (await this.#context.sendActivity(activity))?.id;
  }
}
