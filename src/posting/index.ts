import type { Channel, Delivery } from "../core/channel.ts";
import type { Reply } from "../core/reply.ts";
import { replyFromJson } from "../records/stored-reply.ts";
import type { Database } from "../storage/database.ts";
import { type ClaimedPost, claimPost, type Outcome, renewPost, settlePost } from "../storage/outbox.ts";

export interface PostingOptions {
  database: Database;
  channels: readonly Pick<Channel, "name" | "send" | "update">[];
  now(): Date;
  /** Names this process among those that share the database. */
  owner: string;
  /**
   * A post is one process's for so long after its last sign of life, in milliseconds: at least three times a platform's timeout, because a
   * slow server may accept a post whose sender is dead.
   */
  leaseMs: number;
  /** A post has arrived; called before that is written down, so it may be called again. `thread`: where it is answered. */
  onSent?(post: ClaimedPost, reply: Reply, thread: string): Promise<void>;
  onFault(error: unknown): void;
  onPost?(event: { channel: string; state: string; attempts: number }): void;
}

export interface Posting {
  /** Sends what is due, channel beside channel, and resolves when nothing is left to be sent now. Never throws. */
  drain(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>;
}

/** A platform that says no for now is asked again for so many tries, and one that gives no clear answer for so many. */
const MOST_TRIES = { refused: 20, ambiguous: 5 };
const RENEWALS = 4;
const NO_EDITS: Delivery = { state: "refused", reason: "posts cannot be changed there" };

/**
 * Brings the outbox to the channels. Each try has the same key, which the channel promises to post once; where a try's outcome stays
 * unclear the post ends as unknown and is never sent again.
 */
export function createPosting(options: PostingOptions): Posting {
  const { database, now, owner, leaseMs, onFault } = options;
  const running = new Map<string, Promise<void>>();

  async function drainChannel(channel: PostingOptions["channels"][number], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const post = await claimPost(database, { channel: channel.name, owner, now: now(), leaseMs });
      if (!post) return;
      await settlePost(database, post.id, owner, await tryPost(channel, post), now());
    }
  }

  async function tryPost(channel: PostingOptions["channels"][number], post: ClaimedPost): Promise<Outcome> {
    const reply = replyFromJson(post.reply);
    const holding = setInterval(() => {
      renewPost(database, post.id, owner, new Date(now().getTime() + leaseMs)).catch(onFault);
    }, leaseMs / RENEWALS);
    try {
      const delivery = await (post.edits === undefined
        ? channel.send(post.conversation, reply, post.key, post.firstTried)
        : (channel.update?.(post.conversation, post.edits, reply) ?? NO_EDITS));
      if (delivery.state === "sent" && post.edits === undefined)
        await options.onSent?.(post, reply, delivery.thread ?? post.conversation)?.catch(onFault);
      const outcome = outcomeOf(delivery, post.attempts + 1);
      options.onPost?.({ channel: channel.name, state: outcome.state, attempts: post.attempts + 1 });
      return outcome;
    } finally {
      clearInterval(holding);
    }
  }

  function outcomeOf(delivery: Delivery, tries: number): Outcome {
    if (delivery.state === "sent")
      return { state: "sent", platformId: delivery.id, ...(delivery.thread === undefined ? {} : { thread: delivery.thread }) };
    const { reason: error } = delivery;
    if (delivery.state === "refused" && delivery.retryAfterMs !== undefined && tries < MOST_TRIES.refused)
      return { state: "waiting", retryAt: new Date(now().getTime() + delivery.retryAfterMs), error };
    if (delivery.state === "refused") return { state: "refused", error };
    // Looked for again when the earlier try cannot arrive any more.
    if (tries < MOST_TRIES.ambiguous) return { state: "waiting", retryAt: new Date(now().getTime() + leaseMs), error };
    return { state: "unknown", error };
  }

  return {
    async idle() {
      await Promise.all(running.values());
    },
    async drain(signal) {
      await Promise.all(
        options.channels.map((channel) => {
          const work =
            running.get(channel.name) ??
            drainChannel(channel, signal)
              .catch(onFault)
              .finally(() => running.delete(channel.name));
          running.set(channel.name, work);
          return work;
        }),
      );
    },
  };
}
