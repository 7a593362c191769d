import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDays } from "../../../src/core/civil-date.ts";
import type { Connection } from "../../../src/core/integration.ts";
import type { Fault } from "../../../src/demo/faults.ts";
import { type Host, startHost } from "../../../src/demo/host.ts";
import { dynatrace as simulator } from "../../../src/demo/vendors/dynatrace.ts";
import { createWorld, type Signal, type UserExperience } from "../../../src/demo/world/index.ts";
import { VendorError } from "../../../src/errors.ts";
import { dynatrace } from "../../../src/integrations/dynatrace/index.ts";
import type { HttpContext } from "../../../src/integrations/http/caller.ts";
import { DEFINITION_CHECKS } from "../../kit/tool-conformance.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";
import { contextOf, feedOf, NOW, patience, toolOf } from "./world.ts";

/** Our integration against the simulated Dynatrace, and the simulated company's own records beside it. */
const world = createWorld("2026-11-21", undefined, new Date("2026-11-21T09:00:00Z"));
const period = { from: "2026-11-01", to: "2026-11-20" };
const services = world.services().filter(({ kind }) => kind === "web" || kind === "mobile");
const names = new Set(services.map(({ name }) => name));

const faults = new Map<string, Fault>();
let host: Host;
let connection: Connection;
let time = NOW.getTime();

async function connect(): Promise<Connection> {
  const context: HttpContext = { now: () => new Date(time), demoOrigins: [host.origin], random: () => 0.5, wait: async () => {} };
  return dynatrace.connect(dynatrace.settings.parse(host.settings), context);
}

beforeAll(async () => {
  host = await startHost({ simulators: [simulator], now: () => new Date(time), faults });
  connection = await connect();
  // The company is made with the first question, which takes its time on a busy machine.
  await fetch(`${host.origin}/dynatrace/api/v2/problems?from=now-1d`, {
    headers: { authorization: `Api-Token ${host.settings.DYNATRACE_TOKEN}` },
  });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await host?.close();
});

const signalsOf = (service: string) => world.signals(service, "2026-11-01T00:00:00Z", "2026-11-21T00:00:00Z", "day");
const experiences = Array.from({ length: 20 }, (_, i) => world.userExperience(addDays("2026-11-01", i))).flat();

async function by(feed: string, measure: string, dimension: string): Promise<Map<string | undefined, number>> {
  const { facts, receipts } = await feedOf(connection, feed).query({ measure, by: [dimension], period }, patience());
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
      const { facts } = await feedOf(connection, "dynatrace_services").query(query, patience());
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
    const answer = await feedOf(connection, "dynatrace_problems").records?.({ period: year }, patience());
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
    const tool = toolOf(connection, "problem_details");
    const finding = await tool.run(tool.input.parse({ key: `P-${alert?.number}` }), contextOf(connection));

    expect(finding.content).toContain(`Evidence of the cause: Deployment of ${commit}`);
    expect(finding.data).toMatchObject({ id: `P-${alert?.number}`, users: caused?.impact.customers });
    expectHonest(finding);
  });

  it("shows the least satisfied users first, with the week before", { timeout: 60_000 }, async () => {
    const tool = toolOf(connection, "user_experience");
    const finding = await tool.run(tool.input.parse({}), contextOf(connection));
    const { applications } = finding.data as { applications: { application: string; now: { apdex: number }; before: { apdex: number } }[] };

    expect(new Set(applications.map(({ application }) => application))).toEqual(names);
    const scores = applications.map(({ now }) => now.apdex);
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    expect(applications.every(({ before }) => before.apdex > 0)).toBe(true);
    expect(finding.content).toContain("compared with 7–13 November 2026");
    expect(new Set(finding.receipts.map(({ id }) => id)).size).toBe(finding.receipts.length);
    expectHonest(finding);
    await expect(tool.run(tool.input.parse({ application: "wep-app" }), contextOf(connection))).rejects.toThrow("Did you mean “web-app”?");
  });

  it("says in words what doctor found", { timeout: 60_000 }, async () => {
    expect((await connection.check(patience())).map(({ state, message }) => `${state}: ${message}`)).toContain("ok: 4 services are known");
  });

  it.each(["limited", "failing", "truncated", "drifted", "revoked"] as const)(
    "says so when Dynatrace is %s",
    { timeout: 60_000 },
    async (fault) => {
      const other = await connect();
      faults.set("dynatrace", fault);
      try {
        await expect(feedOf(other, "dynatrace_services").query({ period }, patience())).rejects.toBeInstanceOf(VendorError);
        expect((await other.check(patience())).every(({ state, fix }) => state === "failed" && fix)).toBe(true);
      } finally {
        faults.delete("dynatrace");
        await other.close();
      }
    },
  );

  it("fails in words or gives all of it when every second request fails, and serves its last answer when all do", {
    timeout: 60_000,
  }, async () => {
    const feed = feedOf(connection, "dynatrace_services");
    const [week, other] = [
      { from: "2026-11-09", to: "2026-11-15" },
      { from: "2026-11-02", to: "2026-11-08" },
    ];
    const before = await feed.query({ period: week }, patience());
    try {
      faults.set("dynatrace", "half-failing");
      const outcome = await feed.query({ period: other }, patience()).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome.message).toContain("Dynatrace failed (500)");
      else expect(outcome).toMatchObject({ facts: [{ measure: "requests" }] });
      faults.set("dynatrace", "failing");
      time += 20 * 60_000;
      const after = await feed.query({ period: week }, patience());
      expect(after.facts).toEqual(before.facts);
      expect(after.receipts[0]?.notes?.join(" ")).toContain("old, because Dynatrace failed");
      expectHonest(after);
    } finally {
      faults.delete("dynatrace");
    }
  });

  it.each(DEFINITION_CHECKS)("has tools, each of which $name", ({ check }) => {
    for (const tool of connection.tools) check(tool);
  });
});
