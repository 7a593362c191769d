import { describe, expect, it } from "vitest";
import { z } from "zod";
import { UserError, VendorError } from "../../../src/errors.ts";
import { createVendorHttp, stampOf } from "../../../src/integrations/http.ts";
import { failures } from "../../kit/vendor-server.ts";
import { failureOf, patience, START, startWorld } from "./world.ts";

const MINUTE = 60_000;
const OK = { "GET /things": { json: ["a"] } };

async function cacheWorld(options: Parameters<typeof startWorld>[1] = {}) {
  const world = await startWorld(OK, options);
  const load = (signal: AbortSignal) => world.http.json({ path: "things", operation: "list things" }, z.array(z.string()), signal);
  return { ...world, load, ask: (signal = patience()) => world.http.cached("things", load, signal, { operation: "things" }) };
}

describe("remembered answers", () => {
  it("reach the vendor once for a thousand equal questions at once", async () => {
    const { ask, server, calls } = await cacheWorld();

    const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask()));

    expect(server.requests.length).toBe(1);
    expect(new Set(answers.map((a) => a.value)).size).toBe(1);
    expect(calls.length).toBe(1);
  });

  it("are fresh for five minutes", async () => {
    const { ask, server, calls, advance } = await cacheWorld();
    await ask();

    advance(5 * MINUTE - 1);
    expect(await ask()).toEqual({ value: ["a"], fetchedAt: START, status: "live" });
    expect(calls.at(-1)).toMatchObject({ outcome: "cached", operation: "things", vendor: "Acme" });
    advance(1);
    expect((await ask()).fetchedAt).toEqual(new Date(START.getTime() + 5 * MINUTE));
    expect(server.requests.length).toBe(2);
  });

  it("are never shared between two credentials", async () => {
    const { server, http, context, load } = await cacheWorld();
    const other = createVendorHttp({ vendor: "Acme", baseUrl: server.url, context });
    await http.cached("things", load, patience());

    const answer = await other.cached("things", async () => ["b"], patience());

    expect(answer.value).toEqual(["b"]);
    await other.close();
  });

  it("are served with their age and the reason when the vendor fails, until they are a day old", async () => {
    const { ask, server, calls, advance } = await cacheWorld();
    await ask();
    server.misbehave(failures.serverError);

    advance(18 * MINUTE);
    const reason = "as of 2026-11-21 08:42 UTC, 18 min old, because Acme failed (500)";
    expect(await ask()).toEqual({ value: ["a"], fetchedAt: START, status: "stale", reason });
    expect(calls.at(-1)).toMatchObject({ outcome: "stale" });

    advance(24 * 60 * MINUTE);
    expect(await failureOf(ask())).toMatchObject({ status: 500 });
  });

  it.each([
    ["no connection", failures.reset],
    ["garbage", failures.garbage],
    ["another shape", failures.drifted],
    ["too many requests", failures.tooMany("100")],
    ["too much", failures.announced],
  ])("stand in for %s", async (_, how) => {
    const { ask, server, advance } = await cacheWorld();
    await ask();
    advance(6 * MINUTE);
    server.misbehave(how);

    expect(await ask()).toMatchObject({ status: "stale", fetchedAt: START });
  });

  it.each([
    ["401", failures.unauthorized()],
    ["403", failures.forbidden],
    ["404", failures.notFound],
  ])("are forgotten when the vendor refuses (%s)", async (_, how) => {
    const { ask, server, advance } = await cacheWorld();
    await ask();
    advance(6 * MINUTE);
    server.misbehave(how);
    await expect(ask()).rejects.toBeInstanceOf(VendorError);

    server.misbehave(failures.serverError);
    await expect(ask()).rejects.toThrow("(500)");
  });

  it("do not cover up faults of ours or of the question", async () => {
    const { http, ask, advance } = await cacheWorld();
    await ask();
    advance(6 * MINUTE);

    for (const fault of [new TypeError("a bug"), new UserError("No such measure.")])
      expect(await failureOf(http.cached("things", () => Promise.reject(fault), patience()))).toBe(fault);
  });

  it("are labelled as demo when they are the simulated company's, old ones too", async () => {
    const { server, context, load } = await cacheWorld();
    const demoContext = { ...context, demoOrigins: [server.url] };
    const http = createVendorHttp({ vendor: "Acme", baseUrl: `${server.url}/`, context: demoContext });
    const first = await http.cached("things", load, patience());
    server.misbehave(failures.serverError);
    const second = await http.cached("things", load, patience(), { ttlMs: 0 });

    expect(http.demo).toBe(true);
    expect(first.status).toBe("demo");
    expect(second).toMatchObject({ status: "demo", reason: expect.stringContaining("0 s old") });
    await http.close();
  });

  it("are not kept for failures: the next question asks again", async () => {
    const { ask, server } = await cacheWorld();
    server.misbehave(failures.serverError, 1);

    await expect(ask()).rejects.toThrow("(500)");
    expect((await ask()).status).toBe("live");
  });

  it("do not become fresh because the clock was set back", async () => {
    const { ask, server, advance } = await cacheWorld();
    await ask();
    advance(-60 * MINUTE);
    await ask();

    expect(server.requests.length).toBe(2);
  });
});

describe("a load that several wait for", () => {
  it("goes on when one of them gives up", async () => {
    const { http } = await cacheWorld();
    const gate = Promise.withResolvers<string>();
    let aborted = false;
    const load = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return gate.promise;
    };
    const leaver = new AbortController();
    const first = failureOf(http.cached("k", load, leaver.signal));
    const second = http.cached("k", load, patience());

    leaver.abort(new Error("gone"));
    expect(await first).toMatchObject({ message: "gone" });
    gate.resolve("value");
    expect((await second).value).toBe("value");
    expect(aborted).toBe(false);
  });

  it("stops when all have given up, and the next one starts anew", async () => {
    const { http, server, load } = await cacheWorld();
    server.misbehave(failures.silent);
    const turns = [new AbortController(), new AbortController()];
    const waiting = turns.map(({ signal }) => failureOf(http.cached("things", load, signal)));
    await expect.poll(() => server.requests.length).toBe(1);

    for (const turn of turns) turn.abort(new Error("gone"));
    await Promise.all(waiting);
    server.misbehave(undefined);
    expect((await http.cached("things", load, patience())).value).toEqual(["a"]);
    expect(server.requests.length).toBe(2);
  });

  it("is not begun for a turn that is over", async () => {
    const { ask, server } = await cacheWorld();

    await expect(ask(AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
    expect(server.requests.length).toBe(0);
  });
});

describe("the stamp of a receipt", () => {
  it("is as old and as weak as its weakest part", () => {
    const fresh = { value: 1, fetchedAt: START, status: "live" as const };
    const old = { value: 2, fetchedAt: new Date(0), status: "stale" as const, reason: "as of long ago" };

    expect(stampOf(fresh)).toEqual({ fetchedAt: START, status: "live" });
    expect(stampOf(fresh, old, old)).toEqual({
      fetchedAt: new Date(0),
      status: "stale",
      notes: ["as of long ago"],
      outage: "as of long ago",
    });
    expect(stampOf(old, { ...fresh, status: "demo" }).status).toBe("demo");
  });
});
