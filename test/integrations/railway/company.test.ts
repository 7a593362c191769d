import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/demo/faults.ts";
import { railway as simulator } from "../../../src/demo/vendors/railway.ts";
import { VendorError } from "../../../src/errors.ts";
import { railway } from "../../../src/integrations/railway/index.ts";
import { simulatedCompany } from "../../kit/simulated-company.ts";
import { contextOf, feedOf, NOW, patience } from "../../kit/vendor-connection.ts";
import { expectHonest } from "../../kit/vendor-honesty.ts";

/** Our integration against the simulated Railway, and the simulated company's own records beside it. */
const company = simulatedCompany({
  simulator,
  integration: railway,
  now: NOW,
  attemptMs: 8_000,
  async warm({ host }) {
    const { RAILWAY_TOKEN = "", RAILWAY_API_URL = "" } = host.settings;
    await fetch(RAILWAY_API_URL, {
      method: "POST",
      headers: { authorization: `Bearer ${RAILWAY_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ query: "{ deployments(input: {}, first: 1) { edges { node { id } } } }" }),
    });
  },
});
const { world } = company;
const period = { from: "2026-06-01", to: "2026-11-20" };
const isIn = (at: string) => at.slice(0, 10) >= period.from && at.slice(0, 10) <= period.to;

describe("the simulated company on Railway", () => {
  it("has its deployments, of all pages, with outcome, place and commit", async () => {
    const expected = world.deployments().filter(({ platform, createdAt }) => platform === "railway" && isIn(createdAt));
    const answer = await feedOf(company.connection, "railway_deploys").records?.({ period }, patience());
    const told = (answer?.records ?? []).map(({ id, labels, at }) => [
      id,
      labels.service,
      labels.environment,
      labels.status,
      labels.commit,
      at,
    ]);

    expect(told.length).toBeGreaterThan(200);
    expect(told.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual(
      expected
        .map((d) => [
          ...[d.id, d.service, d.environment, d.status === "in_progress" ? "running" : d.status, d.commit],
          new Date(d.createdAt),
        ])
        .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    );
    expect(company.calls.filter((operation) => operation === "list deployments").length).toBeGreaterThan(3);
    expect(answer?.receipts).toMatchObject([{ status: "demo", window: period }]);
  });

  it.each([
    ["cpu_minutes", "cpuMinutes"],
    ["memory_gb_minutes", "memoryGbMinutes"],
    ["network_gb", "networkGb"],
    ["disk_gb_minutes", "diskGbMinutes"],
  ] as const)("has its %s by service", async (measure, field) => {
    const { facts } = await feedOf(company.connection, "railway_usage").query({ measure, by: ["service"], period }, patience());
    const sums = new Map<string, number>();
    for (let at = Date.parse(period.from); at <= Date.parse(period.to); at += 86_400_000)
      for (const row of world.railwayUsage(new Date(at).toISOString().slice(0, 10)))
        sums.set(row.service, (sums.get(row.service) ?? 0) + row[field]);

    expect(facts.map(({ labels }) => labels.service).toSorted()).toEqual([...sums.keys()].toSorted());
    for (const { labels, value } of facts) expect(value).toBeCloseTo(sums.get(labels.service ?? "") ?? Number.NaN, 4);
  });

  it("tells its services with what they use", async () => {
    const [tool] = company.connection.tools;
    const finding = await tool?.run(tool.input.parse({ period: "last month" }), contextOf(company.connection));

    expect(finding?.content).toContain("reporting-old");
    expectHonest(finding ?? { facts: [], receipts: [] });
    expect(await company.connection.check(patience())).toMatchObject([
      { state: "ok", message: expect.stringContaining("3 projects") },
      { state: "ok" },
    ]);
  });

  const broken: Fault[] = ["limited", "failing", "truncated", "drifted", "revoked"];
  it.each(broken)("answers with an error of ours, and never with a figure, when it is %s", async (fault) => {
    const fresh = await company.connect();
    for (const feed of fresh.feeds)
      await expect(company.during(fault, () => feed.query({ period }, patience()))).rejects.toBeInstanceOf(VendorError);
  });

  it("serves its last answer with its age while it fails", async () => {
    const ask = () => feedOf(company.connection, "railway_usage").query({ period: { from: "2026-11-01", to: "2026-11-20" } }, patience());
    const before = await ask();
    const after = await company.later(20 * 60_000, () => company.during("failing", ask));

    expect(after.facts).toEqual(before.facts);
    expect(after.receipts[0]?.notes?.join(" ")).toMatch(/2\d min old/);
  });
});
