import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { parseMinor, toMajor } from "../../../src/integrations/anthropic/money.ts";
import { feedOf, patience } from "../../kit/vendor-connection.ts";
import type { Routes } from "../../kit/vendor-server.ts";
import { codingRecord, costRow, idPage, KEYS, REAL, tokenPage, usageRow, WORKSPACES } from "./answers.ts";
import { startAnthropic } from "./world.ts";

const NOVEMBER = { from: "2026-11-01", to: "2026-11-20" };
const NAMES: Routes = {
  "GET /v1/organizations/workspaces": { json: idPage(WORKSPACES) },
  "GET /v1/organizations/api_keys": { json: idPage(KEYS) },
};
const refused = { status: 403, json: { type: "error", error: { type: "permission_error", message: "not for this key" } } };

describe("what Anthropic is asked", () => {
  it("are whole days of a month, grouped, with the version and the beta, and no moment that lies ahead", async () => {
    const { server, connection } = await startAnthropic(REAL);
    await feedOf(connection, "anthropic_usage").query({ period: NOVEMBER }, patience());

    const [first, second] = server.requests;
    expect(first?.headers).toMatchObject({
      "x-api-key": "key-for-a-test",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": "analytics-usage-cost-2026-08-24",
    });
    expect(Object.fromEntries(first?.query ?? [])).toMatchObject({
      starting_at: "2026-11-01T00:00:00Z",
      ending_at: "2026-11-21T09:30:00Z",
      time_bucket_width: "1d",
      limit: "1000",
    });
    expect(first?.query.getAll("group_by[]")).toEqual(["model", "workspace_id", "api_key_id", "product"]);
    expect(second?.query.get("page")).toBe("cGFnZQ");
    expect(server.requests).toHaveLength(2);
  });

  it("is each month once, while the answer is fresh", async () => {
    const { server, connection, advance } = await startAnthropic(REAL);
    const ask = (from: string, to: string) => feedOf(connection, "anthropic_usage").query({ period: { from, to } }, patience());
    await ask("2026-10-20", "2026-11-20");
    await ask("2026-11-03", "2026-11-04");
    advance(6 * 60_000);
    await ask("2026-10-01", "2026-11-04");

    const months = server.requests.filter((r) => r.query.get("page") === null).map((r) => r.query.get("starting_at")?.slice(0, 7));
    expect(months.toSorted()).toEqual(["2026-10", "2026-11", "2026-11"]);
  });
});

describe("the feed of usage and cost", () => {
  it("adds decimals of cents exactly, over all pages", async () => {
    const { connection } = await startAnthropic(REAL);
    const { facts, receipts } = await feedOf(connection, "anthropic_usage").query({ period: NOVEMBER }, patience());

    expect(facts).toEqual([{ at: new Date("2026-11-01T00:00:00Z"), measure: "cost", unit: "USD", labels: {}, value: 13.508 }]);
    expect(receipts).toMatchObject([{ status: "live", query: "cost, 2026-11-01 to 2026-11-20 (UTC days)" }]);
    expect(receipts[0]?.provisional).toBeUndefined();
  });

  it("never adds two currencies", async () => {
    const euro = { ...costRow("2026-11-02", "100"), cost: { amount: "100", currency: "EUR" } };
    const { connection } = await startAnthropic({
      "GET /v1/organizations/analytics/cost": { json: tokenPage([costRow("2026-11-01", "100"), euro]) },
    });
    const { facts } = await feedOf(connection, "anthropic_usage").query({ period: NOVEMBER }, patience());

    expect(facts.map(({ unit, value }) => [unit, value])).toEqual([
      ["USD", 1],
      ["EUR", 1],
    ]);
  });

  it("tells keys of one name apart, and filters by what it calls them", async () => {
    const { connection } = await startAnthropic({ ...REAL, ...NAMES });
    const feed = feedOf(connection, "anthropic_usage");
    const { facts } = await feed.query({ by: ["workspace", "key"], period: NOVEMBER }, patience());

    expect(facts.map(({ labels, value }) => [labels.workspace, labels.key, value])).toEqual([
      ["Documents", "production (…_one)", 13.505],
      ["Engineering", "production (…_one)", 0.002],
      ["Engineering", "production (…_two)", 0.001],
    ]);
    const filtered = await feed.query({ filter: { key: ["production (…_two)"] }, period: NOVEMBER }, patience());
    expect(filtered.facts.map(({ value }) => value)).toEqual([0.001]);
  });

  it("has no requests where Anthropic counted none, and marks the days it is still counting", async () => {
    const { connection } = await startAnthropic({
      "GET /v1/organizations/analytics/usage": {
        json: tokenPage([usageRow("2026-11-19", 7), usageRow("2026-11-20", null)], null, "2026-11-20T23:00:00Z"),
      },
    });
    const { facts, receipts } = await feedOf(connection, "anthropic_usage").query(
      { measure: "requests", grain: "day", period: NOVEMBER },
      patience(),
    );

    expect(facts.map(({ at, value }) => [at.toISOString().slice(0, 10), value])).toEqual([["2026-11-19", 7]]);
    expect(receipts[0]?.provisional).toBe("since 2026-11-20");
  });

  it("falls back to the older reports when the newer ones are refused, and says what they lack", async () => {
    const { server, connection } = await startAnthropic({
      ...NAMES,
      "GET /v1/organizations/analytics/cost": refused,
      "GET /v1/organizations/cost_report": {
        json: {
          data: [
            {
              starting_at: "2026-11-01T00:00:00Z",
              ending_at: "2026-11-02T00:00:00Z",
              results: [
                { amount: "250.75", currency: "USD", workspace_id: null, description: "Claude Sonnet Usage", model: "claude-sonnet-5-5" },
                { amount: "49.25", currency: "USD", workspace_id: "wrkspc_two", description: "Web Search", model: null },
              ],
            },
          ],
          has_more: false,
          next_page: null,
        },
      },
    });
    const feed = feedOf(connection, "anthropic_usage");
    const { facts } = await feed.query({ by: ["workspace"], period: NOVEMBER }, patience());
    const byKey = await feed.query({ by: ["key"], period: NOVEMBER }, patience());
    await feed.query({ period: { from: "2026-10-01", to: "2026-10-31" } }, patience());

    expect(facts.map(({ labels, value }) => [labels.workspace, value])).toEqual([
      ["Default", 2.5075],
      ["Engineering", 0.4925],
    ]);
    expect(byKey.facts).toMatchObject([{ labels: {}, value: 3 }]);
    expect(byKey.receipts[0]?.notes?.[0]).toMatch(/no cost by key: missing, not zero/);
    const older = server.requests.filter(({ path }) => path.endsWith("/cost_report"));
    expect(older[0]?.query.get("ending_at")).toBe("2026-11-22T00:00:00Z");
    expect(server.requests.filter(({ path }) => path.endsWith("/analytics/cost"))).toHaveLength(1);
  });

  it("shows ids when the key may not read names, and says so", async () => {
    const { connection } = await startAnthropic({
      ...REAL,
      "GET /v1/organizations/workspaces": refused,
      "GET /v1/organizations/api_keys": refused,
    });
    const { facts, receipts } = await feedOf(connection, "anthropic_usage").query({ by: ["workspace"], period: NOVEMBER }, patience());

    expect(facts.map(({ labels }) => labels.workspace)).toEqual(["wrkspc_one", "wrkspc_two"]);
    expect(receipts[0]?.notes?.[0]).toMatch(/shown by their ids/);
  });

  it("leaves out years that a key of the newer reports may not see, and says so", async () => {
    const { connection } = await startAnthropic({ ...REAL, "GET /v1/organizations/cost_report": refused });
    const { facts, receipts } = await feedOf(connection, "anthropic_usage").query(
      { period: { from: "2025-12-01", to: "2026-11-20" }, grain: "year" },
      patience(),
    );

    expect(facts).toHaveLength(1);
    expect(receipts[0]?.truncated).toMatch(/2025-12-01 to 2025-12-31, which this key may not see/);
  });
});

describe("the feed of Claude Code", () => {
  const routes: Routes = {
    "GET /v1/organizations/usage_report/claude_code": ({ query }) => {
      const day = query.get("starting_at") ?? "";
      const second = codingRecord(day, "bob@acme.example", {
        tool_actions: { edit_tool: { accepted: 0, rejected: 90 } },
        actor: { type: "api_actor", api_key_name: "ci" },
      });
      if (day === "2026-11-12") return { json: tokenPage([]) };
      return { json: query.get("page") ? tokenPage([second]) : tokenPage([codingRecord(day, "ann@acme.example")], "more") };
    },
  };

  it("asks each day for itself and reads all its pages", async () => {
    const { server, connection } = await startAnthropic(routes);
    const { facts } = await feedOf(connection, "claude_code").query(
      { by: ["person"], period: { from: "2026-11-10", to: "2026-11-12" } },
      patience(),
    );

    expect(facts.map(({ labels, value }) => [labels.person, value])).toEqual([
      ["ann@acme.example", 10],
      ["ci", 10],
    ]);
    expect([...new Set(server.requests.map((r) => r.query.get("starting_at")))].toSorted()).toEqual([
      "2026-11-10",
      "2026-11-11",
      "2026-11-12",
    ]);
  });

  it("weighs acceptance by what was proposed", async () => {
    const { connection } = await startAnthropic(routes);
    const { facts } = await feedOf(connection, "claude_code").query(
      { measure: "acceptance", period: { from: "2026-11-10", to: "2026-11-10" } },
      patience(),
    );

    expect(facts).toMatchObject([{ value: 9 / 102, average: true, unit: "ratio" }]);
  });

  it("calls its cost an estimate, so that it is not added to what the organisation pays", async () => {
    const { connection } = await startAnthropic(routes);
    const { facts, receipts } = await feedOf(connection, "claude_code").query(
      { measure: "estimated_cost", by: ["model"], period: { from: "2026-11-10", to: "2026-11-11" } },
      patience(),
    );

    expect(facts).toMatchObject([{ value: 41, unit: "USD", labels: { model: "claude-opus-5-5" } }]);
    expect(receipts[0]?.notes?.[0]).toMatch(/not to be added/);
    const sessions = feedOf(connection, "claude_code").query({ by: ["model"] }, patience());
    await expect(sessions).rejects.toBeInstanceOf(UserError);
  });

  it("does not ask again for days whose figures have settled", async () => {
    const { server, connection, advance } = await startAnthropic(routes);
    const ask = () => feedOf(connection, "claude_code").query({ period: { from: "2026-11-10", to: "2026-11-20" } }, patience());
    await ask();
    const before = server.requests.length;
    advance(10 * 60_000);
    await ask();

    expect([...new Set(server.requests.slice(before).map((r) => r.query.get("starting_at")))]).toEqual([
      "2026-11-18",
      "2026-11-19",
      "2026-11-20",
    ]);
  });

  it("says which days it does not read", async () => {
    const { connection } = await startAnthropic({ "GET /v1/organizations/usage_report/claude_code": { json: tokenPage([]) } });
    const { receipts } = await feedOf(connection, "claude_code").query({ period: { from: "2025-10-01", to: "2025-10-20" } }, patience());

    expect(receipts[0]?.truncated).toMatch(/days before 2025-10-17/);
  });
});

describe("an amount in minor units", () => {
  it("stays exact where floating point would not", () => {
    const sum = ["0.1", "0.2", "12345678901.4567"].map(parseMinor).reduce((a, b) => a + b);

    expect(toMajor(sum, "USD")).toBe(123456789.017567);
    expect(toMajor(parseMinor("0.1") + parseMinor("0.2"), "USD")).toBe(0.003);
    expect(toMajor(parseMinor("-5"), "USD")).toBe(-0.05);
    expect(toMajor(parseMinor("500"), "JPY")).toBe(500);
    expect(() => parseMinor("1e5")).toThrow(/not an amount/);
  });
});
