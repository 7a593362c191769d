import type { Fields, RecordedCall } from "./shapes.ts";

/** Things that go wrong on the way. `accept: "after"`: Slack did the work, and the answer was lost. */
export type Fault =
  | { kind: "status"; status: number; accept: "before" | "after" }
  | { kind: "reset"; accept: "before" | "after" }
  | { kind: "hang"; accept: "before" | "after" }
  | { kind: "ratelimited"; retryAfter: number }
  | { kind: "error"; code: string; extra?: Fields }
  | { kind: "garbage" }
  /** The answer waits for the promise; the work is done at once. */
  | { kind: "late"; until: Promise<unknown> };

export const FAULTS = {
  serverError: { kind: "status", status: 500, accept: "before" },
  serverErrorAfter: { kind: "status", status: 500, accept: "after" },
  reset: { kind: "reset", accept: "before" },
  resetAfter: { kind: "reset", accept: "after" },
  hang: { kind: "hang", accept: "before" },
  hangAfter: { kind: "hang", accept: "after" },
  garbage: { kind: "garbage" },
} as const satisfies Record<string, Fault>;

export interface FaultScript {
  /** The next `times` calls of `method` (that satisfy `when`) meet this fault. Infinity: all of them, and at least one must come. */
  inject(method: string, fault: Fault, options?: { times?: number; when?: (call: RecordedCall) => boolean }): void;
  next(call: RecordedCall): Fault | undefined;
  /** What was scripted and never met, in words. */
  unused(): string[];
}

interface Entry {
  method: string;
  fault: Fault;
  left: number;
  met: number;
  when: (call: RecordedCall) => boolean;
}

export function createFaultScript(): FaultScript {
  const entries: Entry[] = [];
  return {
    inject(method, fault, { times = 1, when = () => true } = {}) {
      entries.push({ method, fault, left: times, met: 0, when });
    },
    next(call) {
      const entry = entries.find((e) => e.left > 0 && e.method === call.method && e.when(call));
      if (!entry) return undefined;
      entry.left -= 1;
      entry.met += 1;
      return entry.fault;
    },
    unused: () =>
      entries.flatMap((e) =>
        e.left === 0 || (e.left === Number.POSITIVE_INFINITY && e.met > 0)
          ? []
          : [`a scripted ${e.fault.kind} for ${e.method} never came to use (${e.left} left)`],
      ),
  };
}
