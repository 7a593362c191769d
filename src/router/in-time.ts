import type { Reply } from "../core/reply.ts";

export interface InTimeOptions {
  /** The answer is to end when this aborts. */
  limit: AbortSignal;
  /** Begun when `limit` aborts: how long the agent may take to end by itself. */
  grace(): AbortSignal;
  /** Told when an agent that was left fails afterwards. */
  onFault(error: unknown): void;
}

/**
 * An agent's replies, up to its final one. Whoever ignores `limit` is left behind when the grace is over: then this throws the
 * reason of `limit`, and what the agent still does goes nowhere.
 */
export async function* inTime(replies: AsyncIterator<Reply>, options: InTimeOptions): AsyncGenerator<Reply, void> {
  const left = new AbortController();
  const late = Promise.withResolvers<never>();
  // Nobody may be waiting for it when it comes.
  late.promise.catch(() => {});
  onAbort(options.limit, left.signal, () =>
    onAbort(options.grace(), left.signal, () => late.reject(options.limit.reason ?? new Error("The limit was met."))),
  );
  try {
    for (;;) {
      const next = await Promise.race([replies.next(), late.promise]);
      if (next.done) return;
      yield next.value;
      if (next.value.final) return;
    }
  } finally {
    left.abort();
    // Not awaited: an agent that is stuck would never answer to it.
    replies.return?.().then(undefined, options.onFault);
  }
}

function onAbort(signal: AbortSignal, until: AbortSignal, work: () => void): void {
  if (until.aborted) return;
  if (signal.aborted) work();
  else signal.addEventListener("abort", work, { once: true, signal: until });
}
