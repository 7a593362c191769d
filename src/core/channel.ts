import type { Route } from "./http.ts";
import type { Message } from "./message.ts";
import type { Reply } from "./reply.ts";

/**
 * Answers one message. Never throws for anything a person or a vendor did: such errors come as a final reply.
 * Always ends with exactly one `final` reply, also after `signal` aborts; a gesture seen before yields nothing at all.
 * The first reply is yielded once the message is kept: from then on a platform may be told that it has arrived.
 */
export type Handler = (message: Message, signal: AbortSignal) => AsyncIterable<Reply>;

export interface Channel {
  readonly name: string;
  /** HTTP routes the channel needs on the common port; read once, before `start`. */
  readonly routes?: readonly Route[];
  /** Begins to take messages. Called once. May throw ConfigError. */
  start(handle: Handler): Promise<void>;
  /**
   * Posts a reply nobody asked for. `key` makes it safe to repeat. Never throws: the outcome says what happened. `firstTried`: a try with
   * this key was begun then and may have arrived, perhaps in another process. Then it is looked for since, and where that cannot be done
   * nothing is posted and the outcome is ambiguous.
   */
  send(conversation: string, reply: Reply, key: string, firstTried?: Date): Promise<Delivery>;
  /** Changes a post that `send` gave the id of, in the same conversation. Safe to repeat. Never throws. Absent where posts cannot be changed. */
  update?(conversation: string, id: string, reply: Reply): Promise<Delivery>;
  /** The conversation that a name ("#finops") means in the workspace of `beside`; undefined when the bot sees none. */
  findPlace?(name: string, beside: string): Promise<string | undefined>;
  /** Takes no more messages and resolves when those in flight are answered. Safe to call twice. */
  stop(): Promise<void>;
}

/** ambiguous: it may have arrived. Look before sending again. `thread`: the conversation of what people answer under it, where that is another. */
export type Delivery =
  | { state: "sent"; id: string; thread?: string }
  | { state: "refused"; reason: string; retryAfterMs?: number }
  | { state: "ambiguous"; reason: string };
