import { describe, expect, it } from "vitest";
import { HttpError } from "../../src/core/http.ts";
import { createLimits, createRateLimit } from "../../src/identity/rate-limit.ts";

describe("the limit per minute", () => {
  it("counts down for each caller, refuses with the time to wait, and opens with the next minute", async () => {
    let now = new Date("2026-11-21T09:00:10Z");
    const limit = createRateLimit(2, () => now);

    expect(await limit("ada")).toEqual({
      "ratelimit-policy": '"key";q=2;w=60',
      ratelimit: '"key";r=1;t=50',
      "ratelimit-limit": "2",
      "ratelimit-remaining": "1",
      "ratelimit-reset": "50",
    });
    expect(await limit("ada")).toMatchObject({ "ratelimit-remaining": "0" });
    now = new Date("2026-11-21T09:00:40.500Z");
    const refusal = await refusalOf(limit("ada"));
    expect(refusal.status).toBe(429);
    expect(refusal.headers).toMatchObject({ ratelimit: '"key";r=0;t=20', "ratelimit-remaining": "0", "retry-after": "20" });
    expect(refusal.message).toContain("Try again in 20 s");
    expect(await limit("ben")).toMatchObject({ "ratelimit-remaining": "1" });

    now = new Date("2026-11-21T09:01:00Z");

    expect(await limit("ada")).toMatchObject({ "ratelimit-remaining": "1", "ratelimit-reset": "60" });
  });

  it("differs by who it is, and one subject's count under one policy is no other's", async () => {
    const now = () => new Date("2026-11-21T09:00:10Z");
    const limit = createRateLimit((id) => (id.startsWith("key:") ? { name: "key", perMinute: 1 } : { name: "user", perMinute: 3 }), now);

    expect(await limit("key:1")).toMatchObject({ "ratelimit-policy": '"key";q=1;w=60' });
    expect(await limit("slack:T1:U1")).toMatchObject({ "ratelimit-policy": '"user";q=3;w=60', ratelimit: '"user";r=2;t=50' });
    expect((await refusalOf(limit("key:1"))).status).toBe(429);
  });

  it("goes on in one process while what is shared fails, and says so", async () => {
    const faults: unknown[] = [];
    const count = async () => {
      throw new Error("the database is away");
    };
    const limits = createLimits(() => new Date(0), { count, onFault: (error) => faults.push(error) });

    expect(await limits.take("ada", { name: "user", perMinute: 1 })).toMatchObject({ exceeded: false, left: 0 });
    expect(await limits.take("ada", { name: "user", perMinute: 1 })).toMatchObject({ exceeded: true });
    expect(faults).toHaveLength(2);
  });
});

async function refusalOf(work: Promise<unknown>): Promise<HttpError> {
  const error = await work.catch((e: unknown) => e);
  if (error instanceof HttpError) return error;
  throw new Error("it was not refused");
}
