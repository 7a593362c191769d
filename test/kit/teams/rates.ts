import { Refusal } from "./shapes.ts";

/** Requests per milliseconds that one conversation takes. */
const WINDOWS = [
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
  [1_800, 3_600_000],
] as const;

/** Counts what was let through; throws 429 with Retry-After for what is too much. */
export function createRates() {
  const taken = new Map<string, number[]>();
  return (conversation: string, at: Date): void => {
    const times = taken.get(conversation) ?? [];
    for (const [most, span] of WINDOWS) {
      const within = times.filter((time) => at.getTime() - time < span);
      if (within.length < most) continue;
      const free = (within[within.length - most] ?? 0) + span;
      throw new Refusal(429, "TooManyRequests", { retryAfter: Math.max(1, Math.ceil((free - at.getTime()) / 1_000)) });
    }
    taken.set(conversation, [...times, at.getTime()]);
  };
}
