import { describe, expect, it } from "vitest";
import { newrelic as simulator } from "../../../src/demo/vendors/newrelic.ts";
import type { Signal } from "../../../src/demo/world/index.ts";
import { VendorError } from "../../../src/errors.ts";
import { newrelic } from "../../../src/integrations/newrelic/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { DEFINITION_CHECKS } from "../../kit/tool-conformance.ts";
import { contextOf, feedOf, NOW, patience } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated New Relic, and the simulated company's own records beside it. */
const company = simulatedCompany({
  simulator,
  integration: newrelic,
  now: NOW,
  async warm({ host }) {
    const query = `{ actor { account(id: 4210077) { nrql(query: "FROM Metric SELECT count(*) SINCE ${Date.parse("2026-10-01")} UNTIL ${NOW.getTime()} TIMESERIES 1 day") { results } } } }`;
    const headers = { "api-key": String(host.settings.NEW_RELIC_API_KEY) };
    await fetch(`${host.origin}/newrelic/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
  },
});
const { world } = company;
const period = { from: "2026-10-01", to: "2026-11-20" };
const services = world.services().filter(({ kind }) => kind === "api" || kind === "worker");
const names = new Set(services.map(({ name }) => name));

function signalsOf(service: string, step: "day" | "hour" = "day"): readonly Signal[] {
  return world.signals(service, "2026-10-01T00:00:00Z", "2026-11-21T00:00:00Z", step);
}
const weighed = (signals: readonly Signal[], of: (signal: Signal) => number) =>
  signals.reduce((sum, s) => sum + of(s) * s.requests, 0) / signals.reduce((sum, s) => sum + s.requests, 0);

async function byService(measure: string): Promise<Map<string | undefined, number>> {
  const { facts } = await feedOf(company.connection, "newrelic_metrics").query({ measure, by: ["service"], period }, patience());
  return new Map(facts.map(({ labels, value }) => [labels.service, value]));
}

describe("the simulated company in New Relic", () => {
  it("has the golden signals of its services", { timeout: 60_000 }, async () => {
    const [requests, errors, rates, p95, apdex] = await Promise.all(
      ["requests", "errors", "error_rate", "latency_p95", "apdex"].map(byService),
    );

    expect(new Set(requests?.keys())).toEqual(names);
    for (const { name } of services) {
      const signals = signalsOf(name);
      const sum = (of: (signal: Signal) => number) => signals.reduce((total, s) => total + of(s), 0);
      expect(requests?.get(name)).toBe(sum((s) => s.requests));
      expect(errors?.get(name)).toBe(sum((s) => s.errors));
      expect(rates?.get(name)).toBeCloseTo(sum((s) => s.errors) / sum((s) => s.requests), 10);
      expect(p95?.get(name)).toBeCloseTo(
        weighed(signals, (s) => s.p95),
        6,
      );
      expect(apdex?.get(name)).toBeCloseTo(
        weighed(signals, (s) => s.apdex),
        8,
      );
    }
  });

  it("has the same requests by day, by week and in all, and an error rate over everything that is weighed", {
    timeout: 60_000,
  }, async () => {
    const feed = feedOf(company.connection, "newrelic_metrics");
    const total = services.flatMap(({ name }) => signalsOf(name)).reduce((sum, { requests }) => sum + requests, 0);
    for (const grain of ["day", "week", "month", undefined] as const) {
      const { facts, receipts } = await feed.query({ measure: "requests", ...(grain ? { grain } : {}), period }, patience());
      expect(facts.reduce((sum, { value }) => sum + value, 0)).toBe(total);
      expect(receipts).toMatchObject([{ status: "demo", window: period, source: "New Relic (account 4210077)" }]);
      expect(receipts[0]?.provisional).toBeUndefined();
    }
    const errors = services.flatMap(({ name }) => signalsOf(name)).reduce((sum, s) => sum + s.errors, 0);
    const { facts } = await feed.query({ measure: "error_rate", period }, patience());
    expect(facts).toMatchObject([{ average: true, unit: "ratio" }]);
    expect(facts[0]?.value).toBeCloseTo(errors / total, 12);
  });

  it("has its hosts' load", { timeout: 60_000 }, async () => {
    const { facts } = await feedOf(company.connection, "newrelic_metrics").query({ measure: "cpu", by: ["host"], period }, patience());
    const machine = world.hosts().find((one) => one.services.length === 1 && names.has(one.services[0] ?? ""));
    const days = signalsOf(machine?.services[0] ?? "");

    expect(facts.length).toBeGreaterThan(10);
    expect(facts.find(({ labels }) => labels.host === machine?.name)?.value).toBeCloseTo(
      days.reduce((sum, { cpu }) => sum + cpu, 0) / days.length,
      8,
    );
  });

  it("marks a day that is not over", { timeout: 60_000 }, async () => {
    const today = { from: "2026-11-21", to: "2026-11-21" };
    const { facts, receipts } = await feedOf(company.connection, "newrelic_metrics").query(
      { measure: "requests", period: today },
      patience(),
    );
    const so_far = services.flatMap(({ name }) => world.signals(name, "2026-11-21T00:00:00Z", "2026-11-21T09:00:00Z", "hour"));

    expect(facts[0]?.value).toBe(so_far.reduce((sum, { requests }) => sum + requests, 0));
    expect(receipts[0]?.provisional).toContain("since 2026-11-21");
  });

  it("has one incident for each of its own, with its alerts' times, over all pages, and the noise as low", {
    timeout: 60_000,
  }, async () => {
    const year = { from: "2026-01-01", to: "2026-11-20" };
    const answer = await feedOf(company.connection, "newrelic_incidents").records?.({ period: year }, patience());
    const groups = Map.groupBy(
      world.alerts().filter(({ service }) => names.has(service)),
      ({ incident, id }) => incident ?? id,
    );
    const first = ([, alerts]: [string, readonly { openedAt: string }[]]) => alerts.map(({ openedAt }) => openedAt).toSorted()[0] ?? "";
    const expected = [...groups].filter((group) => first(group) >= "2026-01-01" && first(group) < "2026-11-21");

    expect(answer?.records.length).toBe(expected.length);
    expect(expected.length).toBeGreaterThan(100);
    expect(answer?.records.map(({ at }) => at?.toISOString().replace(".000", ""))).toEqual(expected.map(first).toSorted());
    expect(answer?.records.filter(({ labels }) => labels.severity === "low").length).toBeGreaterThan(20);
    expect(answer?.receipts[0]?.truncated).toBeUndefined();
  });

  it("says in words what doctor found", { timeout: 60_000 }, async () => {
    const checks = await company.connection.check(patience());

    expect(checks.map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
    expect(checks[0]?.message).toBe("Firstmate reads Harbourline (4210077)");
    expect(checks[1]?.message).toContain("10 have reported");
  });

  it.each(["limited", "failing", "truncated", "drifted", "revoked"] as const)(
    "says so when New Relic is %s",
    { timeout: 60_000 },
    async (fault) => {
      const other = await company.connect();
      await company.during(fault, async () => {
        await expect(feedOf(other, "newrelic_metrics").query({ period }, patience())).rejects.toBeInstanceOf(VendorError);
        expect((await other.check(patience())).some(({ state, fix }) => state === "failed" && fix)).toBe(true);
      });
    },
  );

  it("fails in words or gives all of it when every second request fails, and serves its last answer when all do", {
    timeout: 60_000,
  }, async () => {
    const feed = feedOf(company.connection, "newrelic_metrics");
    const [week, other] = [
      { from: "2026-11-09", to: "2026-11-15" },
      { from: "2026-11-02", to: "2026-11-08" },
    ];
    const ask = (days: typeof week) => feed.query({ period: days }, patience());
    const before = await ask(week);
    const outcome = await company.during("half-failing", () => ask(other)).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome.message).toContain("New Relic failed (500)");
    else expect(outcome).toMatchObject({ facts: [{ measure: "requests" }] });
    const after = await company.later(20 * 60_000, () => company.during("failing", () => ask(week)));
    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]?.notes?.join(" ")).toContain("old, because New Relic failed");
    expectHonest(after);
  });
});

describe("find_errors over the simulated company", () => {
  it.each(DEFINITION_CHECKS)("$name", ({ check }) => {
    for (const tool of company.connection.tools) check(tool);
  });

  const run = async (input: Record<string, unknown>) => {
    const [tool] = company.connection.tools;
    if (!tool) throw new Error("there is no tool");
    return tool.run(tool.input.parse(input), contextOf(company.connection));
  };

  it("names the kinds of errors of a service as the company has them", { timeout: 60_000 }, async () => {
    const finding = await run({ service: "gate", period: { from: "2026-11-01", to: "2026-11-20" } });
    const groups = world.errorGroups("gate-api", "2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z");
    const data = finding.data as { total: number; groups: { error: string; count: number; service: string }[] };

    expect(data.total).toBe(groups.reduce((sum, { count }) => sum + count, 0));
    for (const { error, count, service } of data.groups) {
      expect(service).toBe("gate-api");
      expect(count).toBe(groups.filter((g) => g.class === error).reduce((sum, g) => sum + g.count, 0));
    }
    expect(finding.receipts[0]).toMatchObject({ status: "demo", window: { from: "2026-11-01", to: "2026-11-20" } });
    expectHonest(finding);
  });

  it("says what is new, and how many kinds it does not show", { timeout: 60_000 }, async () => {
    const finding = await run({ top: 3 });

    expect(finding.content).toMatch(/New against 8–14 November 2026: \*\*/);
    expect(finding.content).toMatch(/\d+ more kinds/);
    expect(finding.content.length).toBeLessThanOrEqual(8_000);
  });

  it("refuses a service it does not know, with the near name", { timeout: 60_000 }, async () => {
    await expect(run({ service: "gaet-api" })).rejects.toThrow("Did you mean “gate-api”?");
    await expect(run({ period: "sometime" })).rejects.toThrow("Write it like");
  });
});
