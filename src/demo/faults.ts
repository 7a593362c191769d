/** What a simulated vendor can be told to do wrong, for tests and to show how answers degrade. */
export const FAULTS = ["slow", "limited", "failing", "half-failing", "truncated", "drifted", "revoked", "silent"] as const;

/**
 * slow: each answer takes two seconds. limited: 429 with Retry-After. failing: 500. half-failing: every second request fails.
 * truncated: the connection ends in mid-body. drifted: fields have other names and types. revoked: the token is no longer good.
 * silent: no answer at all.
 */
export type Fault = (typeof FAULTS)[number];
