import { UserError } from "../errors.ts";
import type { McpCall, McpWorld } from "./world.ts";

/** Does one call and reports how it ended, whatever happens. Throws what `work` throws. */
export async function recorded<T>(
  call: Pick<McpCall, "kind" | "name" | "user" | "input">,
  signal: AbortSignal,
  world: Pick<McpWorld, "onCall" | "now">,
  work: () => Promise<T>,
): Promise<T> {
  const started = world.now().getTime();
  const report = (outcome: McpCall["outcome"]) => world.onCall({ ...call, outcome, ms: world.now().getTime() - started });
  try {
    const result = await work();
    await report("ok");
    return result;
  } catch (error) {
    await report(signal.aborted ? "cancelled" : error instanceof UserError ? "refused" : "failed");
    throw error;
  }
}

/**
 * Calls of 2025 clients under way. Their cancellation comes in a request of its own, so it has to be found again: by who asks, the
 * session id they send along, and the id of the call. A session is no more than this name; it holds nothing and proves nothing.
 */
export class CallsUnderWay {
  readonly #calls = new Map<string, AbortController>();
  readonly #waiting = new Set<() => void>();

  /** Gives a signal that aborts on cancellation, and what takes the call off the list. */
  start(user: string, session: string, id: string | number): { signal: AbortSignal; done(): void } {
    const controller = new AbortController();
    const key = keyOf(user, session, id);
    this.#calls.set(key, controller);
    const done = () => {
      this.#calls.delete(key);
      if (this.#calls.size === 0) for (const tell of this.#waiting) tell();
    };
    return { signal: controller.signal, done };
  }

  /** Resolves when no call is under way. */
  async settled(): Promise<void> {
    if (this.#calls.size > 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  cancel(user: string, session: string, id: string | number): void {
    this.#calls.get(keyOf(user, session, id))?.abort(new Error("cancelled by the caller"));
  }
}

function keyOf(user: string, session: string, id: string | number): string {
  return JSON.stringify([user, session, id]);
}
