import { HttpError } from "../core/http.ts";

/** So many per minute and user, counted in fixed minutes. Throws HttpError 429 with Retry-After; else gives the standard headers. */
export type RateLimit = (userId: string) => Record<string, string>;

const MINUTE_MS = 60_000;
const MOST_USERS = 10_000;

export function createRateLimit(perMinute: number, now: () => Date): RateLimit {
  let minute = -1;
  let counts = new Map<string, number>();
  return (userId) => {
    const at = now().getTime();
    const current = Math.floor(at / MINUTE_MS);
    if (current !== minute || counts.size > MOST_USERS) {
      minute = current;
      counts = new Map();
    }
    const used = (counts.get(userId) ?? 0) + 1;
    counts.set(userId, used);
    const reset = Math.ceil(((current + 1) * MINUTE_MS - at) / 1000);
    const headers = {
      "ratelimit-limit": String(perMinute),
      "ratelimit-remaining": String(Math.max(0, perMinute - used)),
      "ratelimit-reset": String(reset),
    };
    if (used > perMinute)
      throw new HttpError(429, `More than ${perMinute} questions in a minute. Try again in ${reset} s.`, {
        headers: { ...headers, "retry-after": String(reset) },
      });
    return headers;
  };
}
