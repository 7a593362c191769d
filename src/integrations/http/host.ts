import type { Words } from "./words.ts";

/** What all requests to one host share: sixteen at once, one pause, one breaker, one purse for retries. */
export interface Host {
  /** Waits for a free place and the end of a pause. Throws VendorError when the breaker is open or the pause is too long. */
  enter(signal: AbortSignal, remainingMs: () => number): Promise<Leave>;
  /** Nobody asks this host before the time is over. */
  pause(ms: number): void;
  /** A new call: pays a tenth of a retry into the purse. */
  called(): void;
  /** Whether one more retry is paid for; takes it. */
  takeRetry(): boolean;
}

/** Gives the place back and tells how it went; abandoned: we stopped waiting, which says nothing about the host. */
export type Leave = (how: "answered" | "failed" | "abandoned") => void;

/** The parts of time that are injected in tests. */
export interface Time {
  now(): Date;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const AT_ONCE = 16;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 15_000;
/** A vendor that asks for a day is asked again sooner, once. */
const LONGEST_PAUSE_MS = 300_000;
const PURSE = { start: 3, perCall: 0.1, most: 10 };

export function createHost(time: Time, words: Words): Host {
  const waiting = new Set<() => void>();
  let inside = 0;
  let purse = PURSE.start;
  let failures = 0;
  let openUntil = 0;
  let probing = false;
  let pausedUntil = 0;

  /** Milliseconds until then. A clock set back must not make it longer than it was meant. */
  function until(then: number, longest: number): number {
    const left = then - time.now().getTime();
    return left > longest ? 0 : Math.max(0, left);
  }

  async function place(signal: AbortSignal): Promise<void> {
    while (inside >= AT_ONCE) await turn(waiting, signal);
    inside++;
  }

  function leave(): void {
    inside--;
    const [next] = waiting;
    next?.();
  }

  /** Open: refuses. Afterwards one request tries, and the others are refused until it is back. Gives whether this is the one. */
  function isProbe(): boolean {
    if (failures < FAILURES_TO_OPEN) return false;
    if (probing || until(openUntil, OPEN_MS) > 0) throw words.broken();
    probing = true;
    return true;
  }

  function record(how: "answered" | "failed" | "abandoned"): void {
    if (how === "answered") failures = 0;
    if (how === "failed" && ++failures >= FAILURES_TO_OPEN) openUntil = time.now().getTime() + OPEN_MS;
  }

  return {
    async enter(signal, remainingMs) {
      // Each pause is waited for once, also when the clock does not agree that it is over.
      let served = 0;
      for (;;) {
        const pause = pausedUntil > served ? until(pausedUntil, LONGEST_PAUSE_MS) : 0;
        if (pause > 0 && pause >= remainingMs()) throw words.paused(pause);
        served = pausedUntil;
        if (pause > 0) await time.wait(pause, signal);
        await place(signal);
        if (pausedUntil <= served) break;
        leave();
      }
      let probe: boolean;
      try {
        probe = isProbe();
      } catch (error) {
        leave();
        throw error;
      }
      return (how) => {
        if (probe) probing = false;
        record(how);
        leave();
      };
    },
    pause(ms) {
      pausedUntil = Math.max(until(pausedUntil, LONGEST_PAUSE_MS), Math.min(ms, LONGEST_PAUSE_MS)) + time.now().getTime();
    },
    called() {
      purse = Math.min(PURSE.most, purse + PURSE.perCall);
    },
    takeRetry() {
      if (purse < 1) return false;
      purse--;
      return true;
    },
  };
}

/** Resolves when called from the queue, in order; rejects with the signal's reason. */
function turn(queue: Set<() => void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => () => {
      queue.delete(go);
      signal.removeEventListener("abort", stop);
      done();
    };
    const go = settle(resolve);
    const stop = settle(() => reject(signal.reason));
    queue.add(go);
    signal.addEventListener("abort", stop, { once: true });
  });
}
