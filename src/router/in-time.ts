import type { Reply } from "../core/reply.ts";

export interface InTimeOptions {
  /** The answer is to end when this aborts. */
  limit: AbortSignal;
  /** Begun when `limit` aborts: calls back when the agent has had its time to end by itself. Gives what calls that off. */
  grace(isOver: () => void): () => void;
  /** Told when an agent that was left fails afterwards. */
  onFault(error: unknown): void;
}

/**
 * An agent's replies, up to its final one. Whoever ignores `limit` is left behind when the grace is over: then this throws the
 * reason of `limit`, and what the agent still does goes nowhere.
 */
export async function* inTime(replies: AsyncIterator<Reply>, options: InTimeOptions): AsyncGenerator<Reply, void> {
  const late = Promise.withResolvers<never>();
  // Nobody may be waiting for it when it comes.
  late.promise.catch(() => {});
  let callOff = () => {};
  const end = () => {
    callOff = options.grace(() => late.reject(options.limit.reason ?? new Error("The limit was met.")));
  };
  if (options.limit.aborted) end();
  else options.limit.addEventListener("abort", end, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([replies.next(), late.promise]);
      if (next.done) return;
      yield next.value;
      if (next.value.final) return;
    }
  } finally {
    options.limit.removeEventListener("abort", end);
    callOff();
    // Not awaited: an agent that is stuck would never answer to it.
    replies.return?.().then(undefined, options.onFault);
  }
}
