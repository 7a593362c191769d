import { describe, expect, test } from "vitest";
import { toInstant } from "../../src/core/civil-date.ts";
import type { Feed, FeedKind } from "../../src/core/feed.ts";
import type { FeedRecord } from "../../src/core/records.ts";
import { operations } from "../../src/mcp/operations/index.ts";
import { contextOf, daily, ledger, type Row } from "../tools/world.ts";

/** Every expected figure is added up here by hand or from the rows. Today is 21 November 2026. */

// biome-ignore lint/suspicious/noExplicitAny: answers are read by tests that check their shape
async function read(name: string, feeds: readonly Feed[], parameters: Record<string, string> = {}): Promise<any> {
  const resource = operations.find((r) => r.name === name);
  const answer = await resource?.read(parameters, contextOf(feeds));
  return JSON.parse(JSON.stringify(answer)) as unknown;
}

function recordsFeed(name: string, kind: FeedKind, records: readonly Partial<FeedRecord>[], unit = "count"): Feed {
  const feed = ledger(name, [], { kind, measure: kind === "customers" ? "mrr" : "n", unit });
  const whole = records.map((r, i) => ({ id: `${name}-${i}`, labels: {}, numbers: {}, times: {}, ...r }) as FeedRecord);
  const receipt = { id: name, source: name, query: "all", fetchedAt: new Date("2026-11-21T09:00:00Z"), status: "live" as const };
  return { ...feed, records: async () => ({ records: whole, receipts: [receipt] }) };
}

const at = (day: string) => ({ at: toInstant(day), times: { created: toInstant(day) } });

describe("production issues", () => {
  const incidents = recordsFeed("pager", "incidents", [
    { ...at("2026-11-01"), title: "Gate down", labels: { service: "gate", severity: "high", status: "resolved", cause: "a full disk" } },
    { ...at("2026-11-10"), title: "Gate slow", labels: { service: "gate", severity: "low", status: "open" } },
    { ...at("2026-11-12"), title: "Mail late", labels: { service: "mail", severity: "low", status: "open" } },
  ]);
  const due = (created: string, by: string, resolved?: string) => ({
    at: toInstant(created),
    times: { created: toInstant(created), due: toInstant(by), ...(resolved ? { resolved: toInstant(resolved) } : {}) },
  });
  const issues = recordsFeed("jira", "issues", [
    { ...due("2026-10-01", "2026-10-10", "2026-10-14"), labels: { component: "tariffs", status: "Done", type: "Story" } },
    { ...due("2026-10-01", "2026-11-11"), labels: { component: "berths", status: "In Progress" } },
    { ...due("2026-10-01", "2026-11-30"), labels: { component: "berths", status: "To Do" } },
    { ...at("2026-10-01"), labels: { component: "berths", status: "To Do" } },
  ]);

  test("are incidents, and work past its due date with its days; what is in time is left out", async () => {
    const answer = await read("production_issues", [incidents, issues]);

    expect(answer.issues.map((i: { title: string; delay_days: number }) => [i.title, i.delay_days])).toEqual([
      ["Mail late", null],
      ["Gate slow", null],
      ["Gate down", null],
      [null, 10],
      [null, 4],
    ]);
    expect(answer.issues[2]).toMatchObject({ show: "gate", severity: "high", root_cause: "a full disk", cost_overrun: null });
    expect(answer.pareto_analysis.by_delay_days).toMatchObject({ total: 14, n: 2, smallest_for_80: 2, is_80_20: false });
    expect(answer.pareto_analysis.by_delay_days.note).toMatch(/too few/);
    expect(answer.pareto_analysis.by_incidents).toMatchObject({
      total: 3,
      items: [
        { label: "gate", value: 2 },
        { label: "mail", value: 1 },
      ],
    });
    expect(answer.pareto_analysis.by_cost_overrun).toBeNull();
    expect(answer.missing.by_cost_overrun).toMatch(/money/);
    expect(answer.sources.length).toBe(2);
  });

  test("are filtered by state and severity and cut at the limit, which is said", async () => {
    const open = await read("production_issues", [incidents, issues], { status: "open, in progress", include_pareto: "false" });
    const low = await read("production_issues", [incidents], { severity: "LOW", limit: "1" });

    expect(open.issues.length).toBe(3);
    expect(open).not.toHaveProperty("pareto_analysis");
    expect(low).toMatchObject({ n: 2, issues: [{ title: "Mail late" }], note: "1 more; raise limit to see them." });
  });

  test("come from the sources that answer; one that fails is named", async () => {
    const broken: Feed = { ...issues, name: "broken", records: () => Promise.reject(new Error("bug")) };

    await expect(read("production_issues", [incidents, broken])).rejects.toThrow("bug");
    const answer = await read("production_issues", [incidents]);

    expect(answer.issues.length).toBe(3);
    expect(answer.missing["late work"]).toBe("no source of issues is connected");
  });
});

describe("markets and money", () => {
  const month = { from: "2026-10-22", to: "2026-11-20" };
  const before = { from: "2026-09-22", to: "2026-10-21" };
  const rows: Row[] = [
    ...daily(month, { region: "Europe" }, () => 80),
    ...daily(month, { region: "Asia" }, () => 20),
    ...daily(before, { region: "Europe" }, () => 100),
  ];
  const revenue = ledger("revenue", rows, { kind: "metrics", measure: "revenue" });

  test("give each region its revenue, share and change; one without a before has no change", async () => {
    const { regional_performance } = await read("international_markets", [revenue]);

    expect(regional_performance).toEqual([
      { region: "Europe", revenue: 2400, unit: "USD", share: 0.8, revenue_before: 3000, change: expect.closeTo(-0.2, 9) },
      { region: "Asia", revenue: 600, unit: "USD", share: 0.2, revenue_before: null, change: null },
    ]);
  });

  test("leave out small regions and others than the one asked for", async () => {
    const large = await read("international_markets", [revenue], { min_performance: "0.5" });
    const asia = await read("international_markets", [revenue], { region: "asia" });

    expect(large.regional_performance.map((r: { region: string }) => r.region)).toEqual(["Europe"]);
    expect(asia.regional_performance.map((r: { region: string }) => r.region)).toEqual(["Asia"]);
    expect(asia.filtered_region).toBe("asia");
  });

  test("never add two currencies", async () => {
    const mixed = ledger("sales", [...rows, ...daily(month, { region: "Asia" }, () => 5).map(([d, l, v]) => [d, l, v, "EUR"] as Row)], {
      kind: "metrics",
      measure: "sales",
    });

    const { regional_performance } = await read("international_markets", [mixed], { region: "Asia", min_performance: "0" });

    expect(regional_performance.map((r: { revenue: number; unit: string; share: number }) => [r.revenue, r.unit, r.share])).toEqual([
      [600, "USD", 0.2],
      [150, "EUR", 1],
    ]);
  });

  test("count what customers who left paid once each, and only of the days asked for", async () => {
    const left = (day: string, mrr?: number) => ({ times: { ended: toInstant(day) }, numbers: mrr === undefined ? {} : { mrr } });
    const customers = recordsFeed(
      "crm",
      "customers",
      [left("2026-11-20", 100), left("2026-11-01", 50), left("2026-09-01", 999), left("2026-11-02"), { numbers: { mrr: 7 } }],
      "USD",
    );

    const answer = await read("revenue_impact", [customers], { include_projections: "no" });

    expect(answer.churn_revenue_impact).toEqual([
      { currency: expect.anything(), customers_left: 3, with_known_payment: 2, lost_a_month: 150, lost_a_year: 1800 },
    ]);
    expect(answer.total_aggregated_impact.total_opportunity).toBeNull();
    expect(answer).not.toHaveProperty("revenue_projections");
    expect(answer.missing.production_revenue_impact).toMatch(/money/);
  });

  test("say that payments are unknown rather than that nothing was lost", async () => {
    const customers = recordsFeed("crm", "customers", [{ times: { ended: toInstant("2026-11-20") } }]);

    const answer = await read("revenue_impact", [customers], { include_projections: "false" });

    expect(answer.churn_revenue_impact).toBeNull();
    expect(answer.missing.churn_revenue_impact).toMatch(/mrr/);
  });
});

describe("the content catalogue", () => {
  const watched = ledger(
    "watched",
    [
      ["2026-11-01", { show: "Harbour", genre: "drama" }, 90],
      ["2026-11-02", { show: "Harbour", genre: "drama" }, 10],
      ["2026-11-01", { show: "Tides", genre: "news" }, 25],
    ],
    { kind: "metrics", measure: "viewing_hours", unit: "h" },
  );

  test("adds up each show, and filters by genre", async () => {
    const all = await read("content_catalog", [watched]);
    const news = await read("content_catalog", [watched], { genre: "news" });

    expect(all.shows).toEqual([
      { name: "Harbour", viewing_hours: 100 },
      { name: "Tides", viewing_hours: 25 },
    ]);
    expect(all.pareto_analysis.by_viewing_hours).toMatchObject({ total: 125, smallest_for_80: 1 });
    expect(all.monetization_summary).toBeNull();
    expect(news.shows).toEqual([{ name: "Tides", viewing_hours: 25 }]);
  });

  test("says what to describe where no dataset has shows", async () => {
    const answer = await read("content_catalog", [ledger("other", [["2026-11-01", { team: "a" }, 1]], { kind: "metrics" })]);

    expect(answer.shows).toBeNull();
    expect(answer.missing.shows).toMatch(/dimension such as “show”/);
  });
});

describe("parameters", () => {
  test("of wrong kinds are refused by name, and defaults are told", async () => {
    const feeds = [ledger("revenue", [["2026-11-01", { region: "x" }, 1]], { kind: "metrics", measure: "revenue" })];

    await expect(read("international_markets", feeds, { min_performance: "lots" })).rejects.toThrow(/min_performance/);
    await expect(read("churn_signals", feeds, { risk_threshold: "2" })).rejects.toThrow(/risk_threshold/);
    await expect(read("operational_efficiency", feeds, { timeframe_days: "0" })).rejects.toThrow(/timeframe_days/);
    expect((await read("international_markets", feeds)).query_params).toEqual({ min_performance: 0.1 });
  });

  test("are described with their defaults, and a resource without its sources is not there", () => {
    const signals = operations.find((r) => r.name === "churn_signals");

    expect(signals?.parameters.map((p) => p.name)).toEqual(["risk_threshold", "min_cohort_size", "include_pareto"]);
    expect(signals?.parameters[0]?.description).toBe("Least churn risk of a cohort (0.3 unless given).");
    expect(signals?.isThere(contextOf([]))).toBe(false);
  });
});
