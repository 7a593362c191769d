import type { Handler } from "../../core/channel.ts";
import type { Message } from "../../core/message.ts";
import type { Reply } from "../../core/reply.ts";
import type { ChannelOptions } from "../index.ts";
import { conversationOf, fieldsOf, type Gesture, text } from "./parse.ts";
import type { Known } from "./people.ts";
import { KEEP_MS } from "./reach.ts";

/** One turn under way. */
export interface Turn {
  /** Names the gesture, and so the answer, for good. */
  readonly key: string;
  readonly user: string;
  readonly conversation: string;
  readonly channel: string;
  /** Where it is answered; set once there is a message to answer under. */
  thread: string | undefined;
  /** Aborts when the person presses stop. */
  readonly stopped: AbortSignal;
}

/** Brings the replies to their reader; runs after the acknowledgement. A rejection is a fault. */
export type Carry = (replies: AsyncIterable<Reply>, turn: Turn) => Promise<void>;

export interface Turns {
  /** Resolves when the turn is kept, and then Slack may hear that we have it; false for a gesture that was seen before. */
  begin(gesture: Gesture, person: Known, carry: Carry): Promise<boolean>;
  /** The person pressed stop in this thread. */
  stop(channel: string, thread: string, user: string): void;
  /** From now on the thread belongs to the turn's conversation, also after a restart. Never throws. */
  settle(turn: Turn, place: { team: string; channel: string; thread: string }): Promise<void>;
  /** Work after an acknowledgement, which `idle` waits for. */
  inBackground(work: Promise<unknown>): void;
  idle(): Promise<void>;
}

export function createTurns(options: ChannelOptions, handler: () => Handler): Turns {
  const running = new Map<Turn, AbortController>();
  const working = new Set<Promise<unknown>>();

  function inBackground(work: Promise<unknown>): void {
    const tracked = work.catch(options.onFault).finally(() => working.delete(tracked));
    working.add(tracked);
  }

  async function begin(gesture: Gesture, person: Known, carry: Carry): Promise<boolean> {
    const abort = new AbortController();
    const conversation = await conversationFor(gesture);
    const { channel, thread } = gesture.place;
    const turn: Turn = { key: gesture.ids[0] ?? "", user: gesture.user, conversation, channel, thread, stopped: abort.signal };
    const replies = handler()(toMessage(gesture, person, conversation), abort.signal)[Symbol.asyncIterator]();
    const first = await replies.next();
    if (first.done) return false;
    running.set(turn, abort);
    const end = async () => {
      running.delete(turn);
      // Whoever stopped listening lets the handler end too.
      await replies.return?.();
      await options.onDelivered?.(turn.key);
    };
    inBackground(carry(resume(first.value, replies), turn).finally(end));
    return true;
  }

  /** A thread under a command's answer goes on with the command's conversation. */
  async function conversationFor({ ids, place }: Gesture): Promise<string> {
    if (!place.thread) return conversationOf(place, (ids[0] ?? "").replaceAll(":", "-"));
    const own = conversationOf(place, place.thread);
    // What begins a thread goes on with nothing.
    if (ids[0]?.endsWith(`:${place.thread}`)) return own;
    return text(fieldsOf(await options.placeOf(own)).conversation) || own;
  }

  function toMessage({ ids: [id = "", ...aliases], place, user, text: words }: Gesture, person: Known, conversation: string): Message {
    const { name = "someone", email, timeZone } = typeof person === "object" ? person : {};
    return {
      id,
      ...(aliases.length ? { aliases } : {}),
      channel: "slack",
      conversation,
      audience: place.direct ? "direct" : "group",
      user: {
        id: userIdOf(place.team, user),
        name,
        ...(email ? { email } : {}),
        timeZone: timeZone || options.timeZone,
        roles: options.rolesOf({ id: user, ...(email ? { email } : {}) }),
      },
      text: words,
      at: options.now(),
    };
  }

  return {
    begin,
    inBackground,
    stop(channel, thread, user) {
      for (const [turn, abort] of running)
        if (turn.channel === channel && turn.thread === thread && turn.user === user) abort.abort(new Error("stopped by the person"));
    },
    async settle(turn, { team, channel, thread }) {
      turn.thread = thread;
      const own = conversationOf({ team, channel, direct: false }, thread);
      const until = new Date(options.now().getTime() + KEEP_MS.thread);
      try {
        await options.keepPlace(own, { conversation: turn.conversation }, until);
        await options.keepPlace(turn.conversation, { channel, thread }, until);
      } catch (error) {
        // The answer comes all the same; only its thread will begin anew.
        options.onFault(error);
      }
    },
    async idle() {
      while (working.size > 0) await Promise.allSettled(working);
    },
  };
}

export function userIdOf(team: string, user: string): string {
  return `slack:${team}:${user}`;
}

async function* resume(first: Reply, rest: AsyncIterator<Reply>): AsyncIterable<Reply> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done) return;
    yield next.value;
  }
}
