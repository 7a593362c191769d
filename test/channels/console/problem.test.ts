import { describe, expect, it } from "vitest";
import type { ProblemDocument } from "../../../src/channels/console/wire.ts";
import { pageModule } from "./page-module.ts";

interface Problem extends Error {
  status: number;
}
interface Advice {
  title: string;
  advice: string;
  details: string[];
  action: string;
  wait: number;
}

const { Problem, adviseOn, retryAfterSeconds } = await pageModule<{
  Problem: new (status: number, document?: ProblemDocument, retryAfter?: number | null) => Problem;
  adviseOn(problem: Problem, state: { online: boolean; hasKey: boolean }): Advice;
  retryAfterSeconds(header: string | null, now: number): number | null;
}>("problem.js");

const state = { online: true, hasKey: false };

describe("advice on a question that failed", () => {
  it.each([
    [0, "retry", "The connection to Firstmate was lost"],
    [400, "edit", "This question could not be answered"],
    [401, "key", "This console needs a key"],
    [403, "key", "Your key may not do this"],
    [404, "new", "This conversation is not here"],
    [413, "edit", "This question is too long"],
    [429, "retry", "Too many questions in a short time"],
    [500, "retry", "Something went wrong on our side"],
    [503, "retry", "Firstmate is restarting or busy"],
  ])("after %i is to %s", (status, action, title) => {
    const advice = adviseOn(new Problem(status), state);

    expect(advice).toMatchObject({ action, title });
    expect(advice.advice).not.toBe("");
  });

  it("tells being offline from a server that is away, and a wrong key from none", () => {
    expect(adviseOn(new Problem(0), { online: false, hasKey: false }).title).toBe("You are offline");
    expect(adviseOn(new Problem(401), { online: true, hasKey: true }).title).toBe("This key was not accepted");
  });

  it("passes on what the server said", () => {
    const advice = adviseOn(
      new Problem(400, {
        title: "Not valid",
        detail: "The period could not be read.",
        errors: [{ path: "period", message: "must be a day" }],
      }),
      state,
    );

    expect(advice).toMatchObject({ title: "Not valid", advice: "The period could not be read.", details: ["period: must be a day"] });
  });

  it("waits as long as the server asks", () => {
    expect(adviseOn(new Problem(429, {}, 23), state).wait).toBe(23);
    expect(adviseOn(new Problem(429), state).wait).toBe(0);
  });

  it("reads Retry-After in both of its forms", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(retryAfterSeconds("30", now)).toBe(30);
    expect(retryAfterSeconds("Sat, 21 Nov 2026 12:01:00 GMT", now)).toBe(60);
    expect(retryAfterSeconds("Sat, 21 Nov 2026 11:00:00 GMT", now)).toBe(0);
    expect(retryAfterSeconds("soon", now)).toBeNull();
    expect(retryAfterSeconds(null, now)).toBeNull();
  });
});
