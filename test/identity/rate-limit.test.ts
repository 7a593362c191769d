import { describe, expect, it } from "vitest";
import { HttpError } from "../../src/core/http.ts";
import { createRateLimit } from "../../src/identity/rate-limit.ts";

describe("the limit per minute", () => {
  let now = new Date("2026-11-21T09:00:10Z");
  const limit = createRateLimit(2, () => now);

  it("counts down for each caller, refuses with the time to wait, and opens with the next minute", () => {
    expect(limit("ada")).toEqual({ "ratelimit-limit": "2", "ratelimit-remaining": "1", "ratelimit-reset": "50" });
    expect(limit("ada")).toMatchObject({ "ratelimit-remaining": "0" });
    now = new Date("2026-11-21T09:00:40.500Z");
    const refusal = refusalOf(() => limit("ada"));
    expect(refusal.status).toBe(429);
    expect(refusal.headers).toEqual({ "ratelimit-limit": "2", "ratelimit-remaining": "0", "ratelimit-reset": "20", "retry-after": "20" });
    expect(refusal.message).toContain("Try again in 20 s");
    expect(limit("ben")).toMatchObject({ "ratelimit-remaining": "1" });

    now = new Date("2026-11-21T09:01:00Z");

    expect(limit("ada")).toMatchObject({ "ratelimit-remaining": "1", "ratelimit-reset": "60" });
  });
});

function refusalOf(work: () => unknown): HttpError {
  try {
    work();
  } catch (error) {
    if (error instanceof HttpError) return error;
  }
  throw new Error("it was not refused");
}
