import { describe, expect, it } from "vitest";
import { z } from "zod";
import { VendorError } from "../../../src/errors.ts";
import { seededRandom } from "../../kit/random.ts";
import { failures } from "../../kit/vendor-server.ts";
import { failureOf, patience, START, startWorld } from "./world.ts";

const anything = z.unknown();
const list = { path: "things", operation: "list things" };
const OK = { "GET /things": { json: [1] }, "POST /things": { json: [1] } };

describe("repeating a request", () => {
  it.each(["unavailable", "badGateway", "reset", "truncated"] as const)(
    "gets over %s, waiting a random part of a growing time",
    async (how) => {
      const { http, server, waits, calls } = await startWorld(OK);
      server.misbehave(failures[how], 2);

      expect(await http.json(list, anything, patience())).toEqual([1]);
      expect(waits).toEqual([250, 500]);
      expect(calls.map((c) => [c.attempt, c.outcome])).toEqual([
        [1, "failed"],
        [2, "failed"],
        [3, "ok"],
      ]);
    },
  );

  it.each([
    ["a refusal", failures.forbidden],
    ["an error of the vendor itself", failures.serverError],
    ["something that is not JSON", failures.garbage],
  ])("does not repeat after %s", async (_, how) => {
    const { http, server } = await startWorld(OK);
    server.misbehave(how);

    await expect(http.json(list, anything, patience())).rejects.toBeInstanceOf(VendorError);
    expect(server.requests.length).toBe(1);
  });

  it("does not repeat after a timeout: asking a slow vendor again makes it slower", async () => {
    const { http, server, calls } = await startWorld(OK, { attemptMs: 40 });
    server.misbehave(failures.silent);

    await expect(http.json(list, anything, patience())).rejects.toThrow("Acme did not answer within 1 s.");
    expect(server.requests.length).toBe(1);
    expect(calls).toEqual([expect.objectContaining({ outcome: "timeout", attempt: 1 })]);
  });

  it("repeats a POST only when it is said to be a read", async () => {
    const { http, server } = await startWorld(OK);
    const post = { ...list, method: "POST" as const, body: { q: 1 } };

    server.misbehave(failures.unavailable, 1);
    await expect(http.json(post, anything, patience())).rejects.toThrow("Acme failed (503).");
    expect(server.requests.length).toBe(1);

    server.misbehave(failures.unavailable, 1);
    expect(await http.json({ ...post, safe: true }, anything, patience())).toEqual([1]);
    expect(server.requests.map((r) => r.body)).toEqual([{ q: 1 }, { q: 1 }, { q: 1 }]);
  });

  it("gives SDKs the last answer as it is", async () => {
    const { http, server } = await startWorld(OK);
    server.misbehave(failures.unavailable);

    const response = await http.fetch(`${server.url}/things`);

    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ message: "Back soon" });
    expect(server.requests.length).toBe(3);
  });
});

describe("a vendor that asks us to wait", () => {
  it.each([
    ["in seconds", () => "7"],
    ["until a date, by the vendor's own clock", () => new Date(Date.parse("2031-01-01T00:00:07Z")).toUTCString()],
  ])("is asked again after the time it said (%s)", async (_, after) => {
    const { http, server, waits } = await startWorld(OK);
    const limited = failures.tooMany(after());
    server.misbehave({ ...limited, headers: { ...limited.headers, date: "Wed, 01 Jan 2031 00:00:00 GMT" } }, 1);

    expect(await http.json(list, anything, patience())).toEqual([1]);
    expect(waits).toEqual([7_000]);
  });

  it("is not waited for when it takes too long, nor asked meanwhile, by anybody", async () => {
    const { http, server, calls, advance } = await startWorld(OK);
    server.misbehave(failures.tooMany("90"), 1);

    await expect(http.json(list, anything, patience())).rejects.toThrow("Acme limits how often it may be asked. Try again in 90 s.");
    const error = await failureOf(http.json(list, anything, patience()));
    expect(error).toMatchObject({ status: 429, message: "Acme asked us to wait 90 s before the next request. Try again then." });
    expect(server.requests.length).toBe(1);
    expect(calls.map((c) => c.outcome)).toEqual(["refused", "refused"]);

    advance(90_001);
    expect(await http.json(list, anything, patience())).toEqual([1]);
  });

  it("holds back everybody who asks the same host", async () => {
    const { http, server, waits } = await startWorld(OK);
    server.misbehave(failures.tooMany("9"), 1);
    await http.json(list, anything, patience());
    server.misbehave(failures.tooMany("9"), 1);
    const post = { ...list, method: "POST" as const };
    await expect(http.json(post, anything, patience())).rejects.toThrow("limits");

    expect(await http.json(list, anything, patience())).toEqual([1]);
    expect(waits).toEqual([9_000, 9_000]);
  });

  it("may say so as GitHub does: 403 with nothing left until a time", async () => {
    const { http, server, waits } = await startWorld(OK);
    const reset = String(Math.floor(START.getTime() / 1_000) + 12);
    const headers = { date: START.toUTCString(), "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    server.misbehave({ status: 403, json: { message: "rate limit" }, headers }, 1);

    expect(await http.json(list, anything, patience())).toEqual([1]);
    expect(waits).toEqual([12_000]);
  });

  it("is not obeyed for ever", async () => {
    const { http, server, advance } = await startWorld(OK);
    server.misbehave(failures.tooMany("999999999"), 1);
    await expect(http.json(list, anything, patience())).rejects.toThrow("Try again in 11574 days");

    advance(5 * 60_000 + 1);
    expect(await http.json(list, anything, patience())).toEqual([1]);
  });
});

describe("a vendor that fails", () => {
  it("is left alone after five failures in a row, then tried by one request", async () => {
    const { http, server, advance, calls } = await startWorld(OK);
    const ask = () => http.json(list, anything, patience());
    server.misbehave(failures.serverError);
    for (let i = 0; i < 5; i++) await expect(ask()).rejects.toThrow("Acme failed (500).");
    await expect(ask()).rejects.toThrow("left alone");
    expect(server.requests.length).toBe(5);
    expect(calls.at(-1)).toMatchObject({ outcome: "broken-circuit", operation: "list things" });

    advance(15_001);
    const three = await Promise.allSettled([ask(), ask(), ask()]);
    expect(three.map((r) => r.status === "rejected" && String(r.reason).includes("left alone"))).toEqual([false, true, true]);
    expect(server.requests.length).toBe(6);

    advance(15_001);
    server.misbehave(undefined);
    expect(await ask()).toEqual([1]);
    expect(await Promise.all([ask(), ask()])).toEqual([[1], [1]]);
  });

  it("is not left alone because it refuses, nor longer because our clock was set back", async () => {
    const { http, server, advance } = await startWorld(OK);
    const ask = () => http.json(list, anything, patience());
    server.misbehave(failures.forbidden);
    for (let i = 0; i < 8; i++) await expect(ask()).rejects.toThrow("does not allow");

    server.misbehave(failures.serverError);
    for (let i = 0; i < 5; i++) await expect(ask()).rejects.toThrow("(500)");
    advance(-3_600_000);
    server.misbehave(undefined);
    expect(await ask()).toEqual([1]);
  });

  it("gets few retries when half of all calls fail; no call takes over 30 s, every old answer says so, and none is made up", async () => {
    const random = seededRandom(7);
    const { http, server, now, advance } = await startWorld({}, { random });
    const kinds = [
      failures.unavailable,
      failures.badGateway,
      failures.reset,
      failures.tooMany("3"),
      failures.tooMany(),
      failures.tooMany("45"),
    ];
    const given = new Map<number, number>();
    server.misbehave(() => {
      if (random() < 0.5) return kinds[Math.floor(random() * kinds.length)] ?? failures.reset;
      given.set(given.size, now());
      return { json: given.size - 1 };
    });
    const calls = 400;
    let reached = 0;
    const seen = { live: 0, stale: 0, failed: 0 };
    for (let i = 0; i < calls; i++) {
      const began = now();
      const before = server.requests.length;
      const load = (signal: AbortSignal) => http.json(list, z.number(), signal);
      const result = await http.cached("things", load, patience(), { ttlMs: 1 }).catch((error: unknown) => error as Error);
      expect(now() - began).toBeLessThan(30_000);
      if (server.requests.length > before) reached++;
      advance(5_000);
      if (result instanceof Error) {
        expect(result).toBeInstanceOf(VendorError);
        seen.failed++;
        continue;
      }
      expect(given.get(result.value)).toBeGreaterThanOrEqual(result.fetchedAt.getTime());
      if (result.status === "live") expect(result.fetchedAt.getTime()).toBe(began);
      else expect(result.reason).toMatch(/^as of .* old, because Acme /);
      seen[result.status === "live" ? "live" : "stale"]++;
    }

    expect(server.requests.length).toBeLessThanOrEqual(reached * 1.5);
    expect(seen.live).toBeGreaterThan(50);
    expect(seen.stale).toBeGreaterThan(50);
  });

  it("gets one retry for ten calls when its failures come one by one, so that retries do not keep it down", async () => {
    const { http, server, advance } = await startWorld(OK);
    let n = 0;
    server.misbehave(() => (n++ % 2 === 0 ? failures.unavailable : { json: [1] }));
    const calls = 200;
    for (let i = 0; i < calls; i++) {
      await http.json(list, anything, patience()).catch(() => undefined);
      advance(1_000);
    }

    expect(server.requests.length).toBeGreaterThan(calls * 1.05);
    expect(server.requests.length).toBeLessThanOrEqual(calls * 1.12);
  });

  it("gets hardly more requests than there are calls when it fails always", async () => {
    const { http, server, advance } = await startWorld(OK);
    server.misbehave(failures.unavailable);
    for (let i = 0; i < 100; i++) {
      await expect(http.json(list, anything, patience())).rejects.toBeInstanceOf(VendorError);
      advance(20_000);
    }

    expect(server.requests.length).toBeLessThanOrEqual(115);
  });
});

describe("many requests at once", () => {
  it("reach a host sixteen at a time", async () => {
    let inside = 0;
    let most = 0;
    const { http, server } = await startWorld({
      "GET /things": async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        return { json: [1] };
      },
    });

    await Promise.all(Array.from({ length: 100 }, () => http.json(list, anything, patience())));

    expect(server.requests.length).toBe(100);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  it("let go of their place in the queue when their turn is over", async () => {
    const { http, server } = await startWorld(OK);
    server.misbehave(failures.silent);
    const first = new AbortController();
    const held = Array.from({ length: 16 }, () => failureOf(http.json(list, anything, first.signal)));
    await expect.poll(() => server.requests.length).toBe(16);
    const turn = new AbortController();
    const queued = failureOf(http.json(list, anything, turn.signal));
    const behind = http.json(list, anything, patience());

    turn.abort(new Error("the turn is over"));
    expect(await queued).toMatchObject({ message: "the turn is over" });
    server.misbehave(undefined);
    first.abort();
    await Promise.all(held);
    expect(await behind).toEqual([1]);
    expect(server.requests.length).toBe(17);
  });
});
