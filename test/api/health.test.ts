import { describe, expect, it } from "vitest";
import type { ApiContext } from "../../src/api/context.ts";
import { healthRoutes } from "../../src/api/routes/health.ts";
import type { HttpRequest } from "../../src/core/http.ts";
import type { CheckResult } from "../../src/core/integration.ts";

describe("readiness", () => {
  const ready = async (...checks: [CheckResult["state"], boolean][]) => {
    const readiness: ApiContext["readiness"] = async () =>
      checks.map(([state, required], i) => ({ name: `check ${i}`, state, required, message: "the password is hunter2" }));
    const route = healthRoutes({ readiness, started: () => true } as ApiContext).find(({ path }) => path === "/health/ready");
    return route?.handle({ signal: new AbortController().signal } as HttpRequest);
  };

  it("is 503 when something it needs is not well, and tells no details", async () => {
    expect(await ready(["ok", true], ["failed", true])).toEqual({
      status: 503,
      data: {
        status: "not ready",
        checks: [
          { name: "check 0", state: "ok" },
          { name: "check 1", state: "failed" },
        ],
      },
    });
  });

  it("does not depend on a source that is away", async () => {
    expect(await ready(["ok", true], ["failed", false], ["off", false])).toMatchObject({ status: 200, data: { status: "ready" } });
  });
});
