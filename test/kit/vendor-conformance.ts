import { describe, expect, test } from "vitest";
import type { FeedAnswer } from "../../src/core/feed.ts";
import type { Finding } from "../../src/core/tool.ts";
import { VendorError } from "../../src/errors.ts";
import { NOW, patience } from "./vendor-connection.ts";
import { expectHonest, expectOurError, HOSTILE, SECRET } from "./vendor-honesty.ts";
import { failures, type Handler } from "./vendor-server.ts";
import { eachField, inWorld, type VendorUnderTest } from "./vendor-world.ts";

export type { VendorUnderTest } from "./vendor-world.ts";

interface Case {
  name: string;
  /** The vendors it says something about; all by default. */
  applies?(vendor: VendorUnderTest): boolean;
  run(vendor: VendorUnderTest): Promise<void>;
}

const MOST_REQUESTS = 250;

/** Joins a vendor to the suite: the nine answers every vendor gives one day, and what else the network can do. */
export function testVendor(vendor: VendorUnderTest): void {
  describe(`the vendor ${vendor.name}`, () => {
    for (const { name, applies, run } of VENDOR_CASES) test.skipIf(applies?.(vendor) === false)(name, () => run(vendor));
  });
}

/** For the test of the suite itself; vendors call `testVendor`. */
export const VENDOR_CASES: readonly Case[] = [
  {
    name: "answers from its recorded answers, live and with receipts, and uses all of them",
    run: (vendor) =>
      inWorld(vendor, async ({ server, connection, ask, now, calls }) => {
        const answer = await ask();
        const checks = await connection.check(patience());

        expectHonest(answer);
        for (const receipt of answer.receipts) expect(receipt).toMatchObject({ status: "live", fetchedAt: now() });
        expect(answer.facts?.length ?? (answer as Finding).content.length).toBeGreaterThan(0);
        expect(checks.filter((c) => c.state !== "ok")).toEqual([]);
        expect(calls.length).toBeGreaterThanOrEqual(server.requests.length);
        for (const call of calls) expect(call.operation).not.toContain(SECRET);
        server.assertAllUsed();
      }),
  },
  {
    name: "labels what the simulated company says as demo",
    run: (vendor) =>
      inWorld(
        vendor,
        async ({ ask }) => {
          for (const receipt of (await ask()).receipts) expect(receipt.status).toBe("demo");
        },
        { demo: true },
      ),
  },
  {
    name: "has an answer with a receipt when the vendor has nothing",
    run: (vendor) => inWorld(vendor, async ({ ask }) => expectHonest(await ask()), { routes: vendor.empty }),
  },
  refused("says which variable to check when the credentials are refused (401)", () => failures.unauthorized(`Bad key ${SECRET}`), {
    status: 401,
    says: (vendor) => new RegExp(vendor.credentials),
  }),
  refused("says what the credentials lack when it is not allowed (403)", () => failures.forbidden, {
    status: 403,
    says: (vendor) => new RegExp(vendor.credentials),
  }),
  refused("says when there is no such thing (404)", () => failures.notFound, { status: 404 }),
  refused("says when it asked too often, and for how long (429)", () => failures.tooMany("120"), {
    status: 429,
    says: () => /in 2 min|120 s/,
  }),
  refused("says that the vendor failed (500)", () => failures.serverError, { status: 500 }),
  refused("gives none of a proxy's page as it is (502)", () => failures.badGateway, { status: 502 }),
  refused("says when the answer is not JSON", () => failures.garbage),
  refused("says when the answer ends too early", () => failures.truncated),
  refused("says when the connection dies", () => failures.reset),
  refused("says when the answer has another shape, and answers no zero", () => failures.drifted),
  refused("says when no answer comes in time", () => failures.silent, { says: () => /within/, attemptMs: 60 }),
  refused("stops reading an answer of 500 MB", () => failures.huge, { says: () => /MB/, mostBytes: 120_000_000 }),
  refused("stops unpacking an answer of 500 MB", () => failures.bomb, { says: () => /MB/ }),
  {
    ...refused("says what GraphQL says with status 200", () => failures.graphqlErrors, { detail: /boom/ }),
    applies: (v) => v.graphql === true,
  },
  {
    name: "waits as long as it is asked to, then answers (429 once)",
    run: (vendor) =>
      inWorld(vendor, async ({ server, ask, waits }) => {
        server.misbehave(failures.tooMany("2"), 1);

        await expectUndisturbed(vendor, await ask());
        expect(Math.max(...waits)).toBeGreaterThanOrEqual(2_000);
      }),
  },
  {
    name: "gets over a moment's failure (503 once)",
    run: (vendor) =>
      inWorld(vendor, async ({ server, ask }) => {
        server.misbehave(failures.unavailable, 1);

        await expectUndisturbed(vendor, await ask());
      }),
  },
  {
    name: "serves its last answer when the vendor fails, and says so",
    applies: (vendor) => vendor.uncached === undefined,
    run: (vendor) =>
      inWorld(vendor, async ({ server, ask, advance, now }) => {
        const before = await ask();
        const fetchedAt = now();
        advance(20 * 60_000);
        server.misbehave(failures.unavailable);
        const after = await ask();

        expectHonest(after);
        expect(after.facts).toEqual(before.facts);
        expect(after.receipts.length).toBe(before.receipts.length);
        for (const receipt of after.receipts) {
          expect(receipt).toMatchObject({ status: "stale", fetchedAt });
          expect(receipt.notes?.join(" ")).toMatch(/2\d min old/);
        }
      }),
  },
  {
    name: "does not cover a refusal with an old answer",
    run: (vendor) =>
      inWorld(vendor, async ({ server, ask, advance }) => {
        await ask();
        advance(20 * 60_000);
        server.misbehave(failures.unauthorized());

        await expectRefusal(ask(), vendor, { status: 401 });
      }),
  },
  {
    name: "reads pages without an end to its limit, and says what is left out",
    applies: ({ endless }) => !isReason(endless),
    run: (vendor) =>
      inWorld(
        vendor,
        async ({ server, ask }) => {
          const answer = await ask();

          expectHonest(answer);
          expect(server.requests.length).toBeLessThanOrEqual(MOST_REQUESTS);
          expect(answer.receipts.some((receipt) => (receipt.truncated ?? "") !== "")).toBe(true);
        },
        { routes: isReason(vendor.endless) ? {} : vendor.endless },
      ),
  },
  {
    name: "keeps hostile words of every field from becoming markup",
    run: (vendor) =>
      eachField(vendor, "string", async (answer, field) => {
        const outcome = await answer(() => HOSTILE);
        if (outcome instanceof Error) expectOurError(outcome, field);
        else expectHonest(outcome, field);
      }),
  },
  {
    name: "makes no figure of a number that is none",
    run: (vendor) =>
      eachField(vendor, "number", async (answer, field) => {
        for (const odd of ["n/a", null, {}]) {
          const outcome = await answer(() => odd);
          if (outcome instanceof Error) expectOurError(outcome, field);
          else expectHonest(outcome, field);
        }
      }),
  },
  {
    name: "reads no clock but its own",
    run: async (vendor) => {
      for (const days of [-400, 400])
        await inWorld(
          vendor,
          async ({ server, ask, now }) => {
            const answer = await ask().catch((error: unknown) => error);

            expect(server.requests.length).toBeGreaterThan(0);
            if (answer instanceof Error) return expectOurError(answer, "a clock that is wrong");
            for (const receipt of (answer as FeedAnswer).receipts) expect(receipt.fetchedAt).toEqual(now());
          },
          { start: new Date(NOW.getTime() + days * 86_400_000) },
        );
    },
  },
  {
    name: "stops when it is told to, before and while it asks",
    run: (vendor) =>
      inWorld(vendor, async ({ server, ask }) => {
        await expect(ask(AbortSignal.abort())).rejects.toThrow();
        expect(server.requests).toEqual([]);

        const turn = new AbortController();
        server.misbehave(() => {
          setImmediate(() => turn.abort());
          return failures.silent;
        });
        await expect(ask(turn.signal)).rejects.toThrow();
        server.misbehave(undefined);
        expectHonest(await ask());
      }),
  },
  {
    name: "checks itself without throwing, and says what to do",
    run: (vendor) =>
      inWorld(vendor, async ({ server, connection }) => {
        for (const how of [failures.unauthorized(), failures.serverError, failures.garbage, failures.reset]) {
          server.misbehave(how);
          const checks = await connection.check(patience());

          expect(checks.some((check) => check.state !== "ok")).toBe(true);
          for (const check of checks) if (check.state !== "ok") expect(check.fix).toMatch(/\w{3}/);
          expect(JSON.stringify(checks)).not.toContain(SECRET);
        }
        expect(Array.isArray(await connection.check(AbortSignal.abort()))).toBe(true);
      }),
  },
  {
    name: "closes twice",
    run: (vendor) =>
      inWorld(vendor, async ({ connection, ask }) => {
        await ask();
        await connection.close();
        await connection.close();
      }),
  },
];

/** A case in which every request goes wrong the same way, and the person learns what to do. */
function refused(name: string, how: () => Handler, expected: Expected = {}): Case {
  const { attemptMs, mostBytes } = expected;
  return {
    name,
    run: (vendor) =>
      inWorld(
        vendor,
        async ({ server, ask, calls }) => {
          server.misbehave(how());

          await expectRefusal(ask(), vendor, expected);
          expect(calls.length).toBeGreaterThanOrEqual(1);
          expect(server.requests.length).toBeLessThanOrEqual(20);
          if (mostBytes !== undefined) {
            await expect.poll(() => server.bytesSent).toBeGreaterThan(0);
            expect(server.bytesSent).toBeLessThan(mostBytes);
          }
        },
        attemptMs === undefined ? {} : { attemptMs },
      ),
  };
}

interface Expected {
  status?: number;
  says?(vendor: VendorUnderTest): RegExp;
  detail?: RegExp;
  attemptMs?: number;
  mostBytes?: number;
}

async function expectRefusal(asked: Promise<unknown>, vendor: VendorUnderTest, { status, says, detail }: Expected): Promise<void> {
  const error = await asked.then(
    (answer) => expect.fail(`an answer came instead of an error: ${JSON.stringify(answer)?.slice(0, 300)}`),
    (cause: unknown) => cause,
  );
  expectOurError(error, vendor.name);
  expect(error).toBeInstanceOf(VendorError);
  if (status !== undefined) expect((error as VendorError).status).toBe(status);
  if (says) expect((error as VendorError).message).toMatch(says(vendor));
  if (detail) expect((error as VendorError).detail).toMatch(detail);
}

/** The same answer as from a vendor that never failed: a lost page is not a small number. */
async function expectUndisturbed(vendor: VendorUnderTest, answer: Finding | FeedAnswer): Promise<void> {
  const told = (given: Finding | FeedAnswer) => given.facts ?? (given as Finding).content;
  expectHonest(answer);
  expect(told(answer)).toEqual(told(await inWorld(vendor, ({ ask }) => ask())));
}

function isReason(endless: VendorUnderTest["endless"]): endless is { none: string } {
  return "none" in endless && typeof endless.none === "string";
}
