import { HttpError } from "../core/http.ts";
import type { CountInMinute } from "../records/rate-windows.ts";

/** So many a minute, and what it is told as: "key", "user", "place". */
export interface Policy {
  name: string;
  perMinute: number;
}

/** Counts one more of this user, in fixed minutes. Rejects with HttpError 429 and Retry-After; else gives the standard headers. */
export type RateLimit = (userId: string) => Promise<Record<string, string>>;

/** Where one of a subject's minute stands, this one counted. `resetS` are seconds to the next minute. */
export interface Standing {
  exceeded: boolean;
  left: number;
  resetS: number;
}

export interface Limits {
  take(subject: string, policy: Policy): Promise<Standing>;
}

const MINUTE_MS = 60_000;
const MOST_SUBJECTS = 10_000;

/** `count` is shared by replicas; where it fails, each process counts for itself until it works again. */
export function createLimits(now: () => Date, options: { count?: CountInMinute; onFault?(error: unknown): void } = {}): Limits {
  const alone = countInMemory();
  return {
    async take(subject, { name, perMinute }) {
      const at = now().getTime();
      const minute = Math.floor(at / MINUTE_MS);
      const key = `${name} ${subject}`;
      const shared = await options.count?.(key, minute).catch((error: unknown) => {
        options.onFault?.(error);
        return undefined;
      });
      const used = shared ?? alone(key, minute);
      const resetS = Math.ceil(((minute + 1) * MINUTE_MS - at) / 1000);
      return { exceeded: used > perMinute, left: Math.max(0, perMinute - used), resetS };
    },
  };
}

function countInMemory(): (subject: string, minute: number) => number {
  let current = -1;
  let counts = new Map<string, number>();
  return (subject, minute) => {
    if (minute !== current || counts.size > MOST_SUBJECTS) {
      current = minute;
      counts = new Map();
    }
    const used = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, used);
    return used;
  };
}

/** The same number for everyone, or by who it is. */
export function createRateLimit(
  policy: number | ((userId: string) => Policy),
  now: () => Date,
  limits: Limits = createLimits(now),
): RateLimit {
  return async (userId) => {
    const applied = typeof policy === "number" ? { name: "key", perMinute: policy } : policy(userId);
    const standing = await limits.take(userId, applied);
    const headers = headersOf(applied, standing);
    if (!standing.exceeded) return headers;
    throw new HttpError(429, `More than ${applied.perMinute} questions in a minute. Try again in ${standing.resetS} s.`, {
      headers: { ...headers, "retry-after": String(standing.resetS) },
    });
  };
}

/** As in the IETF draft "RateLimit header fields for HTTP", and the three names it had before, which more clients read. */
function headersOf({ name, perMinute }: Policy, { left, resetS }: Standing): Record<string, string> {
  return {
    "ratelimit-policy": `"${name}";q=${perMinute};w=60`,
    ratelimit: `"${name}";r=${left};t=${resetS}`,
    "ratelimit-limit": String(perMinute),
    "ratelimit-remaining": String(left),
    "ratelimit-reset": String(resetS),
  };
}
