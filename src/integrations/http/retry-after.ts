/**
 * Milliseconds the vendor asks us to wait, from `Retry-After` (RFC 9110, 10.2.3: seconds or a date), or from GitHub's
 * `x-ratelimit-reset` when nothing is left. A date is read against the answer's own `Date`, so that our clock may be wrong.
 * undefined when it does not say.
 */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const theirNow = Date.parse(headers.get("date") ?? "") || now.getTime();
  const said = headers.get("retry-after")?.trim();
  if (said && /^\d+(\.\d+)?$/.test(said)) return Number(said) * 1_000;
  const date = said ? Date.parse(said) : Number.NaN;
  if (!Number.isNaN(date)) return Math.max(0, date - theirNow);
  const reset = Number(headers.get("x-ratelimit-reset"));
  return headers.get("x-ratelimit-remaining") === "0" && reset > 0 ? Math.max(0, reset * 1_000 - theirNow) : undefined;
}

/** GitHub says 403 when too much was asked; its headers tell that from a missing right. */
export function isRateLimit(status: number, headers: Headers): boolean {
  return status === 429 || (status === 403 && (headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0"));
}
