import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FeedAnswer, FeedQuery } from "../../../src/core/feed.ts";
import { UserError, VendorError } from "../../../src/errors.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";
import { costsBy, patience, type Running, startAws } from "./world.ts";

const OCTOBER = { from: "2026-10-01", to: "2026-10-31" };
const RECENT = { from: "2026-10-22", to: "2026-11-20" };

describe("the costs of AWS", () => {
  let aws: Running;
  beforeAll(async () => {
    aws = await startAws();
  });
  afterAll(() => aws.stop());

  const ask = (query: FeedQuery) => aws.feed.query(query, patience());
  const byLabel = ({ facts }: FeedAnswer, name: string) => new Map(facts.map((fact) => [fact.labels[name] ?? "", fact.value]));

  function expectSame(found: ReadonlyMap<string, number>, truth: ReadonlyMap<string, number>): void {
    expect([...found.keys()].sort()).toEqual([...truth.keys()].sort());
    for (const [key, value] of truth) expect(found.get(key), key).toBeCloseTo(value, 4);
  }

  test("are those of the company's bill, to the cent and to the last day of the month", async () => {
    const { facts, receipts } = await ask({ period: OCTOBER });

    const [truth = 0] = costsBy(OCTOBER.from, OCTOBER.to, () => "all").values();
    expect(facts).toMatchObject([{ measure: "cost", unit: "USD", labels: {}, at: new Date("2026-10-01T00:00:00Z") }]);
    expect(facts[0]?.value).toBeCloseTo(truth, 4);
    expect(receipts).toMatchObject([{ status: "demo", source: "AWS Cost Explorer", window: OCTOBER }]);
    expect(receipts[0]).not.toHaveProperty("provisional");
    expectHonest({ facts, receipts });
  });

  test.each([
    ["account", (line: { account: string }) => line.account],
    ["region", (line: { region: string }) => line.region],
    ["usage_type", (line: { usageType: string }) => line.usageType],
    ["charge_category", (line: { charge: string }) => line.charge],
    ["team", (line: { team: string | null }) => line.team ?? "(not set)"],
    ["environment", (line: { environment: string | null }) => line.environment ?? "(not set)"],
  ] as const)("are split by %s as the bill is", async (dimension, of) => {
    const answer = await ask({ by: [dimension], period: RECENT });

    expectSame(byLabel(answer, dimension), costsBy(RECENT.from, RECENT.to, of as never));
  });

  test("have services by Cost Explorer's names, with the bill's amounts", async () => {
    const answer = await ask({ by: ["service"], period: RECENT });

    const named = (service: string) => (service === "Amazon Elastic Compute Cloud" ? `${service} - Compute` : service);
    expectSame(
      byLabel(answer, "service"),
      costsBy(RECENT.from, RECENT.to, (line) => named(line.service)),
    );
  });

  test("come by three dimensions and day, though two at once is all AWS gives", async () => {
    const { facts, receipts } = await ask({
      by: ["service", "account", "region"],
      grain: "day",
      period: { from: "2026-11-16", to: "2026-11-18" },
    });

    const named = (service: string) => (service === "Amazon Elastic Compute Cloud" ? `${service} - Compute` : service);
    const truth = costsBy("2026-11-16", "2026-11-18", (l) => [l.day, named(l.service), l.account, l.region].join("|"));
    expectSame(
      new Map(facts.map(({ at, labels: l, value }) => [[at.toISOString().slice(0, 10), l.service, l.account, l.region].join("|"), value])),
      truth,
    );
    expect(receipts[0]?.notes?.join()).toMatch(/\d+ requests to Cost Explorer \(\$0\.\d\d\)/);
  });

  test("keep to a filter of four dimensions, of names and of what is not set", async () => {
    const filter = { account: ["data-platform"], region: ["us-east-1", "eu-west-1"], charge_category: ["Usage"], team: ["(not set)"] };
    const answer = await ask({ by: ["region"], filter, period: RECENT });

    const isIn = (l: { account: string; region: string; charge: string; team: string | null }) =>
      l.account === "data-platform" && filter.region.includes(l.region) && l.charge === "Usage" && l.team === null;
    const truth = costsBy(RECENT.from, RECENT.to, (line) => (isIn(line) ? line.region : ""));
    truth.delete("");
    expectSame(byLabel(answer, "region"), truth);
  });

  test("of older years come by month, and days that AWS does not keep are named", async () => {
    const months = await ask({ grain: "month", period: { from: "2025-01-01", to: "2025-12-31" } });
    const days = await ask({ grain: "day", period: { from: "2025-09-01", to: "2025-10-31" } });
    const part = await ask({ period: { from: "2025-03-10", to: "2025-04-30" } });

    expectSame(
      new Map(months.facts.map((f) => [f.at.toISOString().slice(0, 7), f.value])),
      costsBy("2025-01-01", "2025-12-31", (l) => l.day.slice(0, 7)),
    );
    expect(months.receipts[0]).not.toHaveProperty("truncated");
    expect(days.facts[0]?.at.toISOString()).toMatch(/^2025-10-01/);
    expect(days.receipts[0]?.truncated).toMatch(/September 2025: AWS keeps single days only since 1 October 2025/);
    const [april = 0] = costsBy("2025-04-01", "2025-04-30", () => "all").values();
    expect(part.facts[0]?.value).toBeCloseTo(april, 4);
    expect(part.receipts[0]?.truncated).toMatch(/10–31 March 2025/);
  });

  test("mark the last days as provisional and say that the month is an estimate", async () => {
    const { receipts } = await ask({ period: { from: "2026-11-01", to: "2026-11-20" } });

    expect(receipts[0]?.provisional).toBe("since 2026-11-19");
    expect(receipts[0]?.notes?.join()).toMatch(/since 1 November 2026 an estimate/);
  });

  test("of a day that is not over are missing, not zero", async () => {
    const { facts, receipts } = await ask({ period: { from: "2026-11-21", to: "2026-11-21" } });

    expect(facts).toEqual([]);
    expect(receipts).toHaveLength(1);
  });

  test("are asked for once: many questions over the same months cost two requests", async () => {
    const fresh = await aws.connect();
    const [feed] = fresh.feeds;
    // What dimensions there are and how large they are is known before anyone asks in words.
    await feed?.describe(patience());
    aws.sent();
    for (const query of [
      { period: OCTOBER },
      { by: ["service"], period: RECENT },
      { by: ["account"], grain: "day" as const, period: RECENT },
      { by: ["service", "account"], grain: "week" as const, period: { from: "2026-08-01", to: "2026-11-20" } },
      { filter: { service: ["AWS Lambda"] }, period: OCTOBER },
    ])
      await feed?.query(query, patience());

    // Three months of services by account are two pages.
    expect(aws.sent()).toEqual(["GetCostAndUsage", "GetCostAndUsage", "GetCostAndUsage"]);
  });

  test("refuse what cannot be asked, in words that say what can", async () => {
    await expect(ask({ by: ["service", "account", "region", "team"], period: RECENT })).rejects.toThrow(/3 dimensions at once/);
    await expect(ask({ by: ["usage_type", "service", "team"], period: RECENT })).resolves.toBeDefined();
    await expect(ask({ by: ["planet"] })).rejects.toThrow(UserError);
  });

  test("are described with what people call things", async () => {
    const about = await aws.feed.describe(patience());

    expect(about.covers).toEqual({ from: "2024-12-01", to: "2026-11-20" });
    expect(about.dimensions.map(({ name }) => name)).toEqual([
      ...["service", "account", "region", "usage_type", "charge_category", "team", "environment"],
    ]);
    const values = (name: string) => about.dimensions.find((d) => d.name === name)?.values ?? [];
    expect(values("service")[0]).toBe("Amazon Elastic Compute Cloud - Compute");
    expect(values("account")).toContain("data-platform");
    expect(values("team")).toContain("(not set)");
    expect(await aws.feed.describe(patience())).toBe(about);
  });
});

describe("an account that keeps no years", () => {
  test("has the days of fourteen months, and says so", async () => {
    const aws = await startAws({ keepsYears: false });
    const about = await aws.feed.describe(patience(), "names");
    const { facts, receipts } = await aws.feed.query({ period: { from: "2025-07-01", to: "2025-10-31" } }, patience());

    const [october = 0] = costsBy("2025-10-01", "2025-10-31", () => "all").values();
    expect(about.covers).toEqual({ from: "2025-10-01", to: "2026-11-20" });
    expect(facts[0]?.value).toBeCloseTo(october, 4);
    expect(receipts).toHaveLength(1);
    await aws.stop();
  });
});

describe("AWS in trouble", () => {
  const question: FeedQuery = { by: ["service"], period: { from: "2026-11-01", to: "2026-11-20" } };

  test.each([
    ["failing", /failed/],
    ["limited", /limits how often|asked us to wait/],
    ["truncated", /could not be reached/],
    ["drifted", /unexpected shape|cannot be read/],
    ["revoked", /did not accept the credentials/],
  ] as const)("%s: says so in words, and answers again when it is over", async (fault, words) => {
    const aws = await startAws();
    aws.faults.set("aws", fault);
    const error = await aws.feed.query(question, patience()).catch((cause: unknown) => cause);

    expect(error).toBeInstanceOf(VendorError);
    expect((error as VendorError).message).toMatch(words);
    aws.faults.clear();
    aws.advance(60_000);
    expect((await aws.feed.query(question, patience())).facts.length).toBeGreaterThan(10);
    await aws.stop();
  });

  test("half-failing: gives the whole answer", async () => {
    const aws = await startAws();
    const calm = await aws.feed.query(question, patience());
    const shaken = await aws.connect();
    aws.faults.set("aws", "half-failing");

    // A server error is not repeated; the next question is answered.
    const first = await shaken.feeds[0]?.query(question, patience()).catch((error: unknown) => error);
    const second = first instanceof Error ? await shaken.feeds[0]?.query(question, patience()) : first;
    expect((second as FeedAnswer).facts).toEqual(calm.facts);
    await aws.stop();
  });

  test("gives the last good answer with its age while it is down", async () => {
    const aws = await startAws();
    const before = await aws.feed.query(question, patience());
    aws.advance(2 * 3_600_000);
    aws.faults.set("aws", "failing");
    const after = await aws.feed.query(question, patience());

    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]).toMatchObject({ status: "demo", fetchedAt: before.receipts[0]?.fetchedAt });
    expect(after.receipts[0]?.notes?.[0]).toMatch(/2 h old, because AWS failed/);
    await aws.stop();
  });

  test("refuses a key it does not know as AWS does, and the answer names the variables", async () => {
    const aws = await startAws();
    const stranger = await aws.connect({ AWS_ACCESS_KEY_ID: "somebody-else" });
    const error = await stranger.feeds[0]?.query(question, patience()).catch((cause: unknown) => cause);

    expect(error).toMatchObject({ status: 401, message: expect.stringContaining("AWS_SECRET_ACCESS_KEY") });
    const checks = await stranger.check(patience());
    expect(checks).toMatchObject([{ name: "AWS", state: "failed", fix: expect.stringContaining("AWS_ACCESS_KEY_ID") }]);
    await aws.stop();
  });
});
