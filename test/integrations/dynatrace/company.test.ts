import { describe, expect, it } from "vitest";
import { addDays } from "../../../src/core/civil-date.ts";
import { dynatrace as simulator } from "../../../src/demo/vendors/dynatrace.ts";
import type { Signal, UserExperience } from "../../../src/demo/world/index.ts";
import { VendorError } from "../../../src/errors.ts";
import { dynatrace } from "../../../src/integrations/dynatrace/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { DEFINITION_CHECKS } from "../../kit/tool-conformance.ts";
import { contextOf, feedOf, NOW, patience, toolOf } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated Dynatrace, and the simulated company's own records beside it. */
const company = simulatedCompany({
  simulator,
  integration: dynatrace,
  now: NOW,
  warm: ({ host }) =>
    fetch(`${host.origin}/dynatrace/api/v2/problems?from=now-1d`, {
      headers: { authorization: `Api-Token ${host.settings.DYNATRACE_TOKEN}` },
    }),
});
const { world } = company;
const period = { from: "2026-11-01", to: "2026-11-20" };
const services = world.services().filter(({ kind }) => kind === "web" || kind === "mobile");
const names = new Set(services.map(({ name }) => name));

const signalsOf = (service: string) => world.signals(service, "2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z", "day");
const experiences = Array.from({ length: 20 }, (_, i) => world.userExperience(addDays("2026-11-01", i))).flat();

async function by(feed: string, measure: string, dimension: string): Promise<Map<string | undefined, number>> {
  const { facts, receipts } = await feedOf(company.connection, feed).query({ measure, by: [dimension], period }, patience());
  expect(receipts).toMatchObject([{ status: "demo", window: period, source: "Dynatrace" }]);
  return new Map(facts.map(({ labels, value }) => [labels[dimension], value]));
}

describe("the simulated company in Dynatrace", () => {
  it("has the golden signals of its front ends", { timeout: 60_000 }, async () => {
    const requests = await by("dynatrace_services", "requests", "service");
    const rates = await by("dynatrace_services", "error_rate", "service");
    const p95 = await by("dynatrace_services", "latency_p95", "service");

    expect(new Set(requests.keys())).toEqual(names);
    for (const { name } of services) {
      const signals = signalsOf(name);
      const sum = (of: (signal: Signal) => number) => signals.reduce((total, s) => total + of(s), 0);
      expect(requests.get(name)).toBe(sum((s) => s.requests));
      expect(rates.get(name)).toBeCloseTo(sum((s) => s.errors) / sum((s) => s.requests), 10);
      expect(p95.get(name)).toBeCloseTo(sum((s) => s.p95 * s.requests) / sum((s) => s.requests), 6);
    }
  });

  it("adds up to the same by day and by week", { timeout: 60_000 }, async () => {
    const total = services.flatMap(({ name }) => signalsOf(name)).reduce((sum, { requests }) => sum + requests, 0);
    for (const grain of ["day", "week", undefined] as const) {
      const query = { measure: "requests", ...(grain ? { grain } : {}), period };
      const { facts } = await feedOf(company.connection, "dynatrace_services").query(query, patience());
      expect(facts.reduce((sum, { value }) => sum + value, 0)).toBe(total);
    }
  });

  it("has what real users saw", { timeout: 60_000 }, async () => {
    const sum = (name: string, of: (e: UserExperience) => number) =>
      experiences.filter(({ application }) => application === name).reduce((total, e) => total + of(e), 0);
    const actions = await by("dynatrace_user_experience", "user_actions", "application");
    const apdex = await by("dynatrace_user_experience", "apdex", "application");
    const load = await by("dynatrace_user_experience", "page_load_median", "application");

    for (const name of names) {
      expect(actions.get(name)).toBe(sum(name, (e) => e.actions));
      expect(apdex.get(name)).toBeCloseTo(sum(name, (e) => e.apdex * e.actions) / sum(name, (e) => e.actions), 8);
      expect(load.get(name)).toBeCloseTo(sum(name, (e) => e.loadMedian * e.pageLoads) / sum(name, (e) => e.pageLoads), 6);
    }
  });

  it("has one problem for each incident of its front ends, and the noise beside them", { timeout: 60_000 }, async () => {
    const year = { from: "2026-01-01", to: "2026-11-20" };
    const answer = await feedOf(company.connection, "dynatrace_problems").records?.({ period: year }, patience());
    const groups = Map.groupBy(
      world.alerts().filter(({ service }) => names.has(service)),
      ({ incident, id }) => incident ?? id,
    );
    const began = [...groups.values()].map((alerts) => alerts.map(({ openedAt }) => openedAt).toSorted()[0] ?? "");
    const expected = began.filter((at) => at >= "2026-01-01" && at < "2026-11-21").toSorted();

    expect(answer?.records.map(({ at }) => at?.toISOString().replace(".000", ""))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(20);
    for (const { labels, url } of answer?.records ?? []) {
      expect(names).toContain(labels.service);
      expect(url).toBeUndefined();
    }
  });

  it("names the deployment behind a problem as its evidence", { timeout: 60_000 }, async () => {
    const caused = world
      .incidents()
      .findLast(({ service, deployment, openedAt }) => names.has(service) && deployment && openedAt > "2026-09-01");
    const alert = world.alerts().find(({ incident, source }) => incident === caused?.id && source === "service");
    const commit = world
      .deployments()
      .find(({ id }) => id === caused?.deployment)
      ?.commit.slice(0, 7);
    const tool = toolOf(company.connection, "problem_details");
    const finding = await tool.run(tool.input.parse({ key: `P-${alert?.number}` }), contextOf(company.connection));

    expect(finding.content).toContain(`Evidence of the cause: Deployment of ${commit}`);
    expect(finding.data).toMatchObject({ id: `P-${alert?.number}`, users: caused?.impact.customers });
    expectHonest(finding);
  });

  it("shows the least satisfied users first, with the week before", { timeout: 60_000 }, async () => {
    const tool = toolOf(company.connection, "user_experience");
    const finding = await tool.run(tool.input.parse({}), contextOf(company.connection));
    const { applications } = finding.data as { applications: { application: string; now: { apdex: number }; before: { apdex: number } }[] };

    expect(new Set(applications.map(({ application }) => application))).toEqual(names);
    const scores = applications.map(({ now }) => now.apdex);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(applications.every(({ before }) => before.apdex > 0)).toBe(true);
    expect(finding.content).toContain("compared with 7–13 November 2026");
    expect(new Set(finding.receipts.map(({ id }) => id)).size).toBe(finding.receipts.length);
    expectHonest(finding);
    await expect(tool.run(tool.input.parse({ application: "wep-app" }), contextOf(company.connection))).rejects.toThrow(
      "Did you mean “web-app”?",
    );
  });

  it("says in words what doctor found", { timeout: 60_000 }, async () => {
    expect((await company.connection.check(patience())).map(({ state, message }) => `${state}: ${message}`)).toContain(
      "ok: 4 services are known",
    );
  });

  it.each(["limited", "failing", "truncated", "drifted", "revoked"] as const)(
    "says so when Dynatrace is %s",
    { timeout: 60_000 },
    async (fault) => {
      const other = await company.connect();
      await company.during(fault, async () => {
        await expect(feedOf(other, "dynatrace_services").query({ period }, patience())).rejects.toBeInstanceOf(VendorError);
        expect((await other.check(patience())).every(({ state, fix }) => state === "failed" && fix)).toBe(true);
      });
    },
  );

  it("fails in words or gives all of it when every second request fails, and serves its last answer when all do", {
    timeout: 60_000,
  }, async () => {
    const feed = feedOf(company.connection, "dynatrace_services");
    const [week, other] = [
      { from: "2026-11-09", to: "2026-11-15" },
      { from: "2026-11-02", to: "2026-11-08" },
    ];
    const ask = (days: typeof week) => feed.query({ period: days }, patience());
    const before = await ask(week);
    const outcome = await company.during("half-failing", () => ask(other)).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome.message).toContain("Dynatrace failed (500)");
    else expect(outcome).toMatchObject({ facts: [{ measure: "requests" }] });
    const after = await company.later(20 * 60_000, () => company.during("failing", () => ask(week)));
    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]?.notes?.join(" ")).toContain("old, because Dynatrace failed");
    expectHonest(after);
  });

  it.each(DEFINITION_CHECKS)("has tools, each of which $name", ({ check }) => {
    for (const tool of company.connection.tools) check(tool);
  });
});
