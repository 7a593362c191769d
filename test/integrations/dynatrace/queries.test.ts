import { describe, expect, it } from "vitest";
import { contextOf, feedOf, patience, toolOf } from "../../kit/vendor-connection.ts";
import { DETAILS, metrics, problem, problems, routesOf } from "./answers.ts";
import { startDynatrace } from "./world.ts";

const period = { from: "2026-11-01", to: "2026-11-20" };
const DAY_MS = 86_400_000;

describe("Dynatrace is asked", () => {
  it("with its token, for whole days in UTC, by names that stay names", async () => {
    const { server, connection } = await startDynatrace(routesOf());
    await feedOf(connection, "dynatrace_services").query(
      { measure: "requests", filter: { service: ['a"),type("HOST', "b~"] }, period },
      patience(),
    );

    const [request] = server.requests;
    expect(request?.headers.authorization).toBe("Api-Token token-for-a-test");
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      metricSelector: "builtin:service.requestCount.total:splitBy():value",
      entitySelector: 'type("SERVICE"),entityName.in("a~"),type(~"HOST","b~~")',
      from: String(Date.parse("2026-11-01")),
      to: String(Date.parse("2026-11-21")),
      resolution: "Inf",
    });
  });

  it("for the next page by its key alone, but for the properties it wants", async () => {
    const { server, connection } = await startDynatrace(routesOf());
    const answer = await feedOf(connection, "dynatrace_problems").records?.({ period }, patience());

    expect(answer?.records.map(({ id }) => id)).toEqual(["P-1", "P-2", "P-3"]);
    expect([...(server.requests[1]?.query.keys() ?? [])].toSorted()).toEqual(["fields", "nextPageKey"]);
  });

  it("never for more time than has passed", async () => {
    const { server, connection } = await startDynatrace(routesOf());
    await feedOf(connection, "dynatrace_services").query({ period: { from: "2026-11-16", to: "2026-11-22" } }, patience());

    expect(server.requests[0]?.query.get("to")).toBe(String(Date.parse("2026-11-21T09:30:00Z")));
  });
});

describe("Dynatrace's answers", () => {
  it.each(["end", "start"] as const)("count for their day when points stand at the %s of it", async (place) => {
    const from = Date.parse("2026-11-02");
    const shift = place === "end" ? DAY_MS : 0;
    const result = [
      {
        metricId: "builtin:service.requestCount.total:splitBy():value",
        data: [{ dimensions: [], dimensionMap: {}, timestamps: [0, 1, 2].map((i) => from + i * DAY_MS + shift), values: [5, null, 7] }],
      },
    ];
    const { connection } = await startDynatrace(routesOf({ "GET /api/v2/metrics/query": { json: { nextPageKey: null, result } } }));
    const { facts } = await feedOf(connection, "dynatrace_services").query(
      { measure: "requests", grain: "day", period: { from: "2026-11-02", to: "2026-11-04" } },
      patience(),
    );

    expect(facts.map(({ at, value }) => [at.toISOString().slice(0, 10), value])).toEqual([
      ["2026-11-02", 5],
      ["2026-11-04", 7],
    ]);
  });

  it("are shares of the requests, and of no figure where the metric is not there", async () => {
    const { connection } = await startDynatrace(routesOf());
    const feed = feedOf(connection, "dynatrace_services");
    const rate = await feed.query({ measure: "error_rate", grain: "month", period }, patience());
    expect(rate.facts).toMatchObject([{ value: 0.02, unit: "ratio", average: true }]);
    expect((await feed.query({ measure: "latency_p95", period }, patience())).facts).toMatchObject([{ value: 250, unit: "ms" }]);

    const requestsOnly = await startDynatrace(
      routesOf({
        "GET /api/v2/metrics/query": (request) => {
          const answer = metrics(request) as { result: { metricId: string }[] };
          return { json: { ...answer, result: answer.result.filter(({ metricId }) => !metricId.includes("errors")) } };
        },
      }),
    );
    const { facts, receipts } = await feedOf(requestsOnly.connection, "dynatrace_services").query(
      { measure: "error_rate", period },
      patience(),
    );
    expect(facts).toEqual([]);
    expect(receipts[0]?.truncated).toContain("no such metric");
  });

  it("tell two services of one name apart", async () => {
    const series = (id: string, value: number) => ({
      ...{ dimensions: ["checkout", id], dimensionMap: { "dt.entity.service": id, "dt.entity.service.name": "checkout" } },
      ...{ timestamps: [Date.parse("2026-11-21")], values: [value] },
    });
    const result = [{ metricId: "builtin:service.requestCount.total:…", data: [series("SERVICE-1", 5), series("SERVICE-2", 6)] }];
    const { connection } = await startDynatrace(routesOf({ "GET /api/v2/metrics/query": { json: { result } } }));
    const { facts } = await feedOf(connection, "dynatrace_services").query({ measure: "requests", by: ["service"], period }, patience());

    expect(facts.map(({ labels, value }) => [labels.service, value])).toEqual([
      ["checkout (SERVICE-1)", 5],
      ["checkout (SERVICE-2)", 6],
    ]);
  });

  it("become incidents with severity, cause and users", async () => {
    const list = [
      problem(1),
      problem(2, { status: "OPEN", endTime: -1, severityLevel: "AVAILABILITY", rootCauseEntity: null, impactAnalysis: null }),
    ];
    const { connection } = await startDynatrace(routesOf({ "GET /api/v2/problems": { json: problems(list) } }));
    const answer = await feedOf(connection, "dynatrace_problems").records?.({ period }, patience());

    expect(answer?.records).toMatchObject([
      {
        id: "P-1",
        labels: { service: "checkout", severity: "high", status: "resolved", cause: "checkout" },
        numbers: { affected_users: 37 },
      },
      { id: "P-2", labels: { severity: "critical", status: "open" }, numbers: {} },
    ]);
    expect(answer?.records[1]?.times.resolved).toBeUndefined();
  });
});

describe("problem_details", () => {
  it("tells the cause first, whom it touched, and what people said", async () => {
    const { connection } = await startDynatrace(routesOf({ "GET /api/v2/problems/:id": { json: problem(2, DETAILS) } }));
    const tool = toolOf(connection, "problem_details");
    const finding = await tool.run(tool.input.parse({ key: "p-2" }), contextOf(connection));

    const lines = finding.content.split("\n");
    expect(lines[0]).toMatch(/^\*\*P-2 Failure rate increase\*\* on \*\*checkout\*\*: high, from 2026-11-10 09:00 UTC for 120 min|2 h/);
    expect(lines.find((line) => line.includes("vidence"))).toContain("Deployment of 1a2b3c");
    expect(finding.content).toContain("Users who felt it: about 37");
    expect(finding.content).toContain("Comment of ann");
  });

  it("names what there is when there is no such problem", async () => {
    const { connection } = await startDynatrace(routesOf());
    const tool = toolOf(connection, "problem_details");

    await expect(tool.run(tool.input.parse({ key: "OPS-9" }), contextOf(connection))).rejects.toThrow("The newest are P-3, P-2 and P-1.");
  });
});

describe("the check of Dynatrace", () => {
  it("names the scope that is missing, and what does not work without it", async () => {
    const refusal = {
      status: 403,
      json: { error: { code: 403, message: "Token is missing required scope. Use one of: problems.read (Read problems)" } },
    };
    const { connection } = await startDynatrace(routesOf({ "GET /api/v2/problems": refusal }));
    const [first, ...others] = await connection.check(patience());

    expect(first).toMatchObject({ state: "warning", fix: "Give the token of DYNATRACE_TOKEN the scope problems.read." });
    expect(first?.message).toContain("Without it problems do not count as incidents.");
    expect(others.map(({ state }) => state)).toEqual(["ok", "ok"]);
  });
});
