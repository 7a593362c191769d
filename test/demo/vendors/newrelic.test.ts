import { describe, expect, it } from "vitest";
import { newrelic } from "../../../src/demo/vendors/newrelic.ts";
import { createWorld } from "../../../src/demo/world/index.ts";

const world = createWorld("2026-11-21");
const baseUrl = "http://127.0.0.1:4010/newrelic";
const key = String(newrelic.settings(baseUrl).NEW_RELIC_API_KEY);
const DAY = { from: Date.parse("2026-11-18"), to: Date.parse("2026-11-19") };

async function ask(body: object, headers: Record<string, string> = { "api-key": key }, path = "/graphql") {
  const request = { method: "POST", path, query: new URLSearchParams(), headers, baseUrl, now: new Date("2026-11-21T00:00:00Z") };
  return newrelic.handle({ ...request, body: Buffer.from(JSON.stringify(body)) }, world);
}

type Data = { errors?: { message: string; extensions?: { errorClass: string } }[]; data?: Record<string, unknown> };

async function query(text: string, variables: object = {}, headers: Record<string, string> = { "api-key": key }): Promise<Data> {
  const { status, body } = await ask({ query: text, variables }, headers);
  expect(status).toBe(200);
  return body as Data;
}

async function nrql(text: string): Promise<{ results?: Record<string, unknown>[]; error?: string }> {
  const answer = await query("query($q: Nrql!) { actor { account(id: 4210077) { nrql(query: $q) { results } } } }", { q: text });
  const account = (answer.data?.actor as { account?: { nrql?: { results: Record<string, unknown>[] } } } | undefined)?.account;
  return {
    ...(account?.nrql ? { results: account.nrql.results } : {}),
    ...(answer.errors ? { error: answer.errors[0]?.message ?? "" } : {}),
  };
}

describe("the simulated New Relic", () => {
  it("refuses whoever has no key, and every other path", async () => {
    for (const headers of [{}, { "api-key": "other" }, { authorization: `Bearer ${key}` }])
      expect(await ask({ query: "{ actor { user { name } } }" }, headers as Record<string, string>)).toMatchObject({ status: 401 });
    expect((await ask({}, { "api-key": key }, "/v2/applications.json")).status).toBe(404);
  });

  it("says what is wrong with a query in its errors, with status 200", async () => {
    expect((await query("{ actor { nothing } }")).errors?.[0]?.message).toContain("nothing");
    expect((await query("{ actor {")).errors).toHaveLength(1);
    expect((await query("{ actor { account(id: 7) { name } } }")).errors?.[0]?.extensions?.errorClass).toBe("ACCESS_DENIED");
    expect((await nrql("SELECT everything")).error).toContain("NRQL Syntax Error");
    expect((await nrql(`FROM Metric SELECT sum(x) AS 'value' SINCE ${DAY.from} UNTIL ${DAY.to}`)).error).toContain("sum(x)");
  });

  it("asks to be asked for issues in a header", async () => {
    const text = "{ actor { account(id: 4210077) { aiIssues { issues { nextCursor } } } } }";

    expect((await query(text)).errors?.[0]?.message).toContain("opt-in");
    expect((await query(text, {}, { "api-key": key, "nerd-graph-unsafe-experimental-opt-in": "AiIssues" })).errors).toBeUndefined();
  });

  it("gives ten facets unless told otherwise, the largest first, and no more buckets than it says", async () => {
    const facets = `FROM SystemSample SELECT count(*) AS 'n' FACET hostname`;
    const window = `SINCE ${DAY.from} UNTIL ${DAY.to}`;

    expect((await nrql(`${facets} ${window}`)).results).toHaveLength(10);
    expect((await nrql(`${facets} LIMIT MAX ${window}`)).results?.length).toBeGreaterThan(10);
    const years = `FROM Metric SELECT count(*) AS 'n' SINCE ${Date.parse("2025-01-01")} UNTIL ${Date.parse("2026-06-01")} TIMESERIES 1 day`;
    expect((await nrql(years)).error).toContain("366 buckets");
  });

  it("counts what is not there as 0, as New Relic does, and has no mean of it", async () => {
    const ahead = `SINCE ${Date.parse("2027-01-01")} UNTIL ${Date.parse("2027-01-02")}`;

    expect(
      (await nrql(`FROM Metric SELECT count(apm.service.transaction.duration) AS 'n', apdex(apm.service.apdex) AS 'value' ${ahead}`))
        .results,
    ).toEqual([{ n: 0, value: null }]);
  });

  it("takes a value in quotes as that value", async () => {
    const where = (value: string) =>
      nrql(`FROM Metric SELECT count(*) AS 'n' WHERE appName IN ('${value}') SINCE ${DAY.from} UNTIL ${DAY.to}`);
    const [expected] = world.signals("gate-api", "2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z", "day");

    expect((await where("gate-api")).results).toEqual([{ n: expected?.requests }]);
    expect((await where("gate-api\\' OR \\'")).results).toEqual([{ n: 0 }]);
  });

  it("gives each issue once over all pages", async () => {
    const headers = { "api-key": key, "nerd-graph-unsafe-experimental-opt-in": "AiIssues" };
    const text = `query($cursor: String, $window: TimeWindowInput) { actor { account(id: 4210077) { aiIssues { issues(cursor: $cursor, timeWindow: $window) { issues { issueId } nextCursor } } } } }`;
    const window = { startTime: Date.parse("2026-01-01"), endTime: Date.parse("2026-11-21") };
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const { data } = await query(text, { cursor, window }, headers);
      const { issues } = (
        data as { actor: { account: { aiIssues: { issues: { issues: { issueId: string }[]; nextCursor: string | null } } } } }
      ).actor.account.aiIssues;
      ids.push(...issues.issues.map(({ issueId }) => issueId));
      cursor = issues.nextCursor;
    } while (cursor);

    expect(ids.length).toBeGreaterThan(100);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await query(text, { cursor: "x", window }, headers)).errors).toHaveLength(1);
  });
});
