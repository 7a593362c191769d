import { describe, expect, it } from "vitest";
import { feedOf, patience } from "../../kit/vendor-connection.ts";
import { issue, issues, routesOf, SCRIPT } from "./answers.ts";
import { startNewRelic } from "./world.ts";

const period = { from: "2026-11-01", to: "2026-11-20" };

function asked(requests: readonly { body: unknown }[]): string[] {
  return requests.flatMap(({ body }) =>
    Object.entries((body as { variables: Record<string, unknown> }).variables).flatMap(([name, text]) =>
      /^q\d/.test(name) ? [String(text)] : [],
    ),
  );
}

describe("New Relic is asked", () => {
  it("in NRQL whose values stay values, for whole days in UTC, with its key in a header", async () => {
    const { server, connection } = await startNewRelic(routesOf(SCRIPT));
    const odd = "a' OR appName LIKE '%\\";
    await feedOf(connection, "newrelic_metrics").query({ measure: "requests", filter: { service: [odd, "b"] }, period }, patience());

    const [query = ""] = asked(server.requests);
    expect(query).toContain("WHERE appName IN ('a\\' OR appName LIKE \\'%\\\\', 'b')");
    expect(query).toContain(`SINCE ${Date.parse("2026-11-01")} UNTIL ${Date.parse("2026-11-21")}`);
    expect(query).not.toContain("TIMESERIES");
    expect(server.requests[0]?.headers["api-key"]).toBe("key-for-a-test");
  });

  it("for days at once, and for each step of a percentile, which days do not give", async () => {
    const { server, connection } = await startNewRelic(routesOf(SCRIPT));
    const feed = feedOf(connection, "newrelic_metrics");
    await feed.query({ measure: "latency", grain: "week", period }, patience());
    await feed.query({ measure: "latency_p95", grain: "week", period }, patience());

    const queries = asked(server.requests);
    expect(queries.filter((query) => query.includes("TIMESERIES 1 day"))).toHaveLength(1);
    expect(queries.filter((query) => query.includes("percentile(duration, 95)"))).toHaveLength(4);
  });

  it("not at all about days it cannot have, which are missing and not zero", async () => {
    const { server, connection } = await startNewRelic(routesOf(SCRIPT));
    const feed = feedOf(connection, "newrelic_metrics");
    for (const years of [
      { from: "1990-01-01", to: "1990-01-31" },
      { from: "2027-01-01", to: "2027-01-31" },
    ]) {
      const { facts, receipts } = await feed.query({ period: years }, patience());
      expect(facts).toEqual([]);
      expect(receipts[0]?.notes?.join(" ")).toMatch(/keeps 395 days|No day of it has come/);
    }
    expect(server.requests).toEqual([]);
  });

  it("for what it measures only, and says by what", async () => {
    const { connection } = await startNewRelic(routesOf(SCRIPT));
    const feed = feedOf(connection, "newrelic_metrics");

    await expect(feed.query({ measure: "uptime" }, patience())).rejects.toThrow("no measure “uptime”. It has requests");
    await expect(feed.query({ measure: "latency", by: ["host"] }, patience())).rejects.toThrow("latency by service");
    await expect(feed.query({ by: ["planet"] }, patience())).rejects.toThrow("no dimension “planet”");
  });
});

describe("New Relic's answers", () => {
  it("are weighed by what they stand for when days are put together, and days without an agent count for nothing", async () => {
    const at = (day: number) => Date.parse(`2026-11-0${day}`) / 1_000;
    const rows = [
      { value: 0.1, n: 100, beginTimeSeconds: at(2) },
      { value: 0.3, n: 300, beginTimeSeconds: at(3) },
      { value: 0, n: 0, beginTimeSeconds: at(4) },
      { value: null, n: 5, beginTimeSeconds: at(5) },
    ];
    const { connection } = await startNewRelic(routesOf({ ...SCRIPT, nrql: () => rows }));
    const feed = feedOf(connection, "newrelic_metrics");
    const week = await feed.query({ measure: "error_rate", grain: "week", period: { from: "2026-11-02", to: "2026-11-08" } }, patience());
    const days = await feed.query({ measure: "requests", grain: "day", period: { from: "2026-11-02", to: "2026-11-08" } }, patience());

    expect(week.facts).toMatchObject([{ value: 0.25, average: true, unit: "ratio", at: new Date("2026-11-02") }]);
    expect(days.facts).toHaveLength(2);
  });

  it("may rate Apdex as a number or beside its counts", async () => {
    const { connection } = await startNewRelic(routesOf({ ...SCRIPT, nrql: () => [{ score: 0.9, count: 10, s: 8, t: 2, f: 0, n: 10 }] }));
    const { facts } = await feedOf(connection, "newrelic_metrics").query({ measure: "apdex", period }, patience());

    expect(facts).toMatchObject([{ value: 0.9 }]);
  });

  it("become incidents with their times; merged ones are not counted twice, and only New Relic's own pages are links", async () => {
    const list = [
      issue("a"),
      issue("b", { parentMergeId: "a" }),
      issue("c", { deepLinkUrl: ["https://elsewhere.example/x"], closedAt: null, state: "ACTIVATED" }),
    ];
    const { server, connection } = await startNewRelic(routesOf({ ...SCRIPT, issues: () => issues(list) }));
    const answer = await feedOf(connection, "newrelic_incidents").records?.({ period }, patience());

    expect(answer?.records.map(({ id }) => id)).toEqual(["a", "c"]);
    expect(answer?.records[0]).toMatchObject({
      title: "Error rate of checkout is high",
      url: "https://one.newrelic.com/redirect/issue/a",
      labels: { service: "checkout", severity: "critical", status: "resolved", cause: "error rate" },
      times: { acknowledged: new Date("2026-11-10T09:10:00Z"), resolved: new Date("2026-11-10T11:00:00Z") },
    });
    expect(answer?.records[1]?.url).toBeUndefined();
    expect(answer?.records[1]?.labels.status).toBe("open");
    expect(server.requests[0]?.headers["nerd-graph-unsafe-experimental-opt-in"]).toBe("AiIssues");
  });
});

describe("the check of New Relic", () => {
  it("says when no service reports, and what to do", async () => {
    const { connection } = await startNewRelic(routesOf({ ...SCRIPT, nrql: () => [] }));
    const checks = await connection.check(patience());

    expect(checks.map(({ state }) => state)).toEqual(["ok", "warning", "ok"]);
    expect(checks[1]?.fix).toContain("NEW_RELIC_ACCOUNT_ID");
  });
});
