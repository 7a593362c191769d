import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "../../src/config/index.ts";
import { addDays, daysBetween, fromInstant, startOf } from "../../src/core/civil-date.ts";
import type { Fact } from "../../src/core/fact.ts";
import { FEED_KINDS, type Feed, type FeedDescription, type FeedQuery, type Grain } from "../../src/core/feed.ts";
import { isCurrency } from "../../src/core/format.ts";
import type { Connection, Integration } from "../../src/core/integration.ts";
import { isPeriod } from "../../src/core/period.ts";
import { UserError } from "../../src/errors.ts";
import { expectCompleteReceipts, expectSoundFacts } from "./receipts.ts";
import { DEFINITION_CHECKS } from "./tool-conformance.ts";

/** An integration with a source behind it to answer: eight lines to join the suite. */
export interface IntegrationUnderTest {
  name: string;
  integration: Integration;
  /** Starts the source. Called once. Throws when this machine cannot run it: then its tests are skipped and the reason is printed. */
  start(): Promise<RunningSource>;
}

export interface RunningSource {
  /** As they stand in the environment. */
  settings: Readonly<Record<string, string>>;
  /** Settings that are well-formed and lead to nothing that answers. */
  broken: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const NOW = new Date("2026-11-21T09:30:00Z");
const GRAINS: readonly Grain[] = ["day", "week", "month", "quarter", "year"];
const SECRET_LIKE = /TOKEN|SECRET|PASSWORD|_KEY$/;

/** Runs what every integration must keep, whatever its vendor. */
export function testIntegration(under: IntegrationUnderTest): void {
  const { integration } = under;

  describe(`the integration ${under.name}`, () => {
    let running: RunningSource | undefined;
    let connection: Connection | undefined;
    let reason = "";
    beforeAll(async () => {
      try {
        running = await under.start();
        connection = await connect(running.settings);
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
        console.warn(`${under.name} is not tested here: ${reason}`);
      }
    });
    beforeEach((context) => context.skip(connection === undefined, reason));
    afterAll(async () => {
      await connection?.close();
      await running?.stop();
    });

    const connect = (settings: Readonly<Record<string, string>>) =>
      integration.connect(integration.settings.parse(settings), { now: () => NOW });
    const feedsOf = () => connection?.feeds ?? [];
    const signal = () => AbortSignal.timeout(60_000);

    test("is absent without its required settings, and there with them", async () => {
      const group = { name: integration.name, settings: integration.settings, requires: integration.requires };
      const load = (environment: Readonly<Record<string, string>>) => loadConfig({ environment, directory: "/nowhere" }, [group]);

      expect((await load({})).groups.size).toBe(0);
      for (const left of integration.requires) {
        const { [left]: _, ...others } = running?.settings ?? {};
        expect((await load(others)).groups.size, left).toBe(0);
      }
      expect((await load(running?.settings ?? {})).groups.has(integration.name)).toBe(true);
      expect(integration.requires.length).toBeGreaterThan(0);
    });

    test("describes every setting and marks the secret ones", () => {
      expect(integration.name).toMatch(/^[a-z][a-z_]*$/);
      for (const [name, type] of Object.entries(integration.settings.shape)) {
        const meta = z.globalRegistry.get(type as z.ZodType);
        expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
        expect(meta?.description, name).toMatch(/\w{3}.*\.$/);
        if (SECRET_LIKE.test(name)) expect(meta?.secret, name).toBe(true);
      }
    });

    test("names its tools and feeds once, in lower case", () => {
      for (const names of [connection?.tools.map((t) => t.name) ?? [], feedsOf().map((f) => f.name)]) {
        expect(new Set(names.map((n) => n.toLowerCase())).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
      }
    });

    test.each(DEFINITION_CHECKS)("every tool $name", ({ check }) => {
      for (const tool of connection?.tools ?? []) check(tool);
    });

    test("every feed says what can be asked", async () => {
      for (const feed of feedsOf()) {
        const about = await feed.describe(signal());

        expect(FEED_KINDS).toContain(feed.kind);
        expect(["all", "recent"]).toContain(feed.withoutPeriod);
        expect(about.title).not.toBe("");
        expect(about.measures.length).toBeGreaterThan(0);
        for (const names of [about.measures.map((m) => m.name), about.dimensions.map((d) => d.name)])
          expect(new Set(names.map((n) => n.toLowerCase())).size).toBe(names.length);
        for (const { values } of about.dimensions) expect(new Set(values).size).toBe(values.length);
        if (about.covers) expect(isPeriod(about.covers)).toBe(true);
        expect(await feed.describe(signal())).toBe(about);
      }
    });

    test("every feed answers a total, whose facts are sound and whose receipt is complete", async () => {
      await eachMeasure(feedsOf(), signal(), async (feed, about, measure) => {
        const { facts, receipts } = await feed.query({ measure: measure.name }, signal());

        expect(facts.length).toBeGreaterThan(0);
        expectSoundFacts(facts, measure.unit === "currency" || isCurrency(measure.unit));
        expectCompleteReceipts(receipts);
        for (const receipt of receipts) {
          expect(receipt.fetchedAt).toEqual(NOW);
          expect(receipt.window).toEqual(about.covers);
          expect(receipt.query).toContain(measure.name);
        }
        for (const fact of facts) expect(fact).toMatchObject({ measure: measure.name, labels: {} });
        expect(new Set(facts.map((f) => f.unit)).size).toBe(facts.length);
      });
    });

    test("the first measure is the one meant without a name", async () => {
      for (const feed of feedsOf()) {
        const about = await feed.describe(signal());
        const plain = await feed.query({}, signal());

        expect(totals(plain.facts)).toEqual(totals((await feed.query({ measure: about.measures[0]?.name ?? "" }, signal())).facts));
      }
    });

    test("the parts of every dimension add up to the total, and a filter gives its part", async () => {
      await eachMeasure(feedsOf(), signal(), async (feed, about, { name: measure }) => {
        const whole = totals((await feed.query({ measure }, signal())).facts);
        for (const dimension of about.dimensions) {
          const { facts } = await feed.query({ measure, by: [dimension.name] }, signal());
          for (const fact of facts) expect(Object.keys(fact.labels)).toEqual([dimension.name]);
          expectClose(totals(facts), whole);

          const value = dimension.values[0] ?? facts[0]?.labels[dimension.name] ?? "";
          const filtered = await feed.query({ measure, filter: { [dimension.name]: [value] } }, signal());
          expectClose(totals(filtered.facts), totals(facts.filter((f) => f.labels[dimension.name] === value)));
        }
      });
    });

    test("periods that meet add up to the whole, and so do the steps of every grain", async () => {
      await eachMeasure(feedsOf(), signal(), async (feed, about, { name: measure }) => {
        const { covers } = about;
        if (!covers) return;
        const whole = totals((await feed.query({ measure }, signal())).facts);
        const middle = addDays(covers.from, Math.floor(daysBetween(covers.from, covers.to) / 2));
        const halves = [
          { from: covers.from, to: middle },
          { from: addDays(middle, 1), to: covers.to },
        ].filter((p) => p.from <= p.to);
        const parts = await Promise.all(halves.map((period) => feed.query({ measure, period }, signal())));
        expectClose(totals(parts.flatMap((p) => p.facts)), whole);
        for (const [i, part] of parts.entries()) expect(part.receipts[0]?.window).toEqual(halves[i]);

        for (const grain of GRAINS) {
          const { facts } = await feed.query({ measure, grain }, signal());
          for (const fact of facts) expect(startOf(grain, fromInstant(fact.at))).toBe(fromInstant(fact.at));
          expect(new Set(facts.map((f) => `${f.at.getTime()} ${f.unit}`)).size).toBe(facts.length);
          expectClose(totals(facts), whole);
        }
      });
    });

    test("a period with nothing in it has no facts, but a receipt", async () => {
      for (const feed of feedsOf()) {
        if (!(await feed.describe(signal())).covers) continue;
        const { facts, receipts } = await feed.query({ period: { from: "1990-01-01", to: "1990-01-31" } }, signal());

        expect(facts).toEqual([]);
        expectCompleteReceipts(receipts);
      }
    });

    test("refuses what it does not have in words that name what it has", async () => {
      for (const feed of feedsOf()) {
        const [first] = (await feed.describe(signal())).measures;
        const asked: FeedQuery[] = [
          { measure: "no_such_measure" },
          { by: ["no_such_dimension"] },
          { filter: { no_such_dimension: ["x"] } },
        ];
        for (const query of asked) {
          const error = await feed.query(query, signal()).then(
            () => undefined,
            (cause: unknown) => cause,
          );
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).message).toContain("no_such");
        }
        await expect(feed.query({ measure: `${first?.name}x` }, signal())).rejects.toThrow(first?.name);
      }
    });

    test("stops when it is told to", async () => {
      const fresh = await connect(running?.settings ?? {});
      for (const feed of fresh.feeds) {
        await expect(feed.describe(AbortSignal.abort())).rejects.toThrow();
        await expect(feed.query({}, AbortSignal.abort())).rejects.toThrow();
        await expect(feed.describe(signal())).resolves.toBeDefined();
      }
      await fresh.close();
    });

    test("checks itself: what works is ok, what does not names its fix, and it never throws", async () => {
      const well = (await connection?.check(signal())) ?? [];
      expect(well.length).toBeGreaterThan(0);
      for (const result of well)
        expect(result).toMatchObject({ state: "ok", name: expect.stringMatching(/\w/), message: expect.stringMatching(/\w/) });

      const broken = await connect(running?.broken ?? {});
      const results = [...(await broken.check(signal())), ...(await broken.check(AbortSignal.abort()))];
      expect(results.some((r) => r.state !== "ok")).toBe(true);
      for (const result of results) {
        expect(result.message).not.toBe("");
        if (result.state !== "ok") expect(result.fix).toMatch(/\w{3}/);
      }
      await broken.close();
    });

    test("closes twice, and unused", async () => {
      const used = await connect(running?.settings ?? {});
      for (const feed of used.feeds) await feed.describe(signal());
      await used.close();
      await used.close();

      const unused = await connect(running?.settings ?? {});
      await unused.close();
    });
  });
}

async function eachMeasure(
  feeds: readonly Feed[],
  signal: AbortSignal,
  check: (feed: Feed, about: FeedDescription, measure: FeedDescription["measures"][number]) => Promise<void>,
): Promise<void> {
  for (const feed of feeds) {
    const about = await feed.describe(signal);
    for (const measure of about.measures) await check(feed, about, measure);
  }
}

function totals(facts: readonly Fact[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const fact of facts) sums.set(fact.unit ?? "", (sums.get(fact.unit ?? "") ?? 0) + fact.value);
  return sums;
}

/** Equal but for the last digits: databases add in different orders. */
function expectClose(actual: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): void {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [unit, value] of expected) expect(Math.abs((actual.get(unit) ?? 0) - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
}
