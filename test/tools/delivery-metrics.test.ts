import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { UserError, VendorError } from "../../src/errors.ts";
import { deliveryMetrics } from "../../src/tools/delivery-metrics.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, NOW } from "./world.ts";

const HOUR = 3_600_000;

/** One pull request a day at 10:00, reviewed after 2 hours, merged after 4, deployed after 5; written an hour before. */
function history(days: number) {
  const pulls: FeedRecord[] = [];
  const deploys: FeedRecord[] = [];
  for (let i = 1; i <= days; i++) {
    const created = new Date(Date.UTC(2026, 10, 21 - i, 10));
    const later = (hours: number) => new Date(created.getTime() + hours * HOUR);
    const labels = {
      repository: "acme/web",
      author: i % 2 ? "ann" : "bob",
      reviewers: i % 2 ? "bob" : "cem",
      state: "merged",
      commit: `c${i}`,
    };
    const times = { created, first_commit: later(-1), first_review: later(2), merged: later(4) };
    pulls.push({ id: `acme/web#${i}`, at: created, title: `Change ${i}`, labels, numbers: {}, times });
    const deploy = { repository: "acme/web", environment: "production", status: "success", commits: `c${i}` };
    deploys.push({ id: `d${i}`, at: later(4.5), labels: deploy, numbers: {}, times: { started: later(4.5), finished: later(5) } });
  }
  const old = new Date(NOW.getTime() - 20 * 24 * HOUR);
  pulls.push({
    id: "acme/web#old",
    at: old,
    title: "Waits",
    labels: { state: "open", author: "ann" },
    numbers: {},
    times: { created: old },
  });
  return { pulls, deploys };
}

const { pulls, deploys } = history(200);
const incident: FeedRecord = {
  id: "i1",
  at: new Date("2026-11-10T16:00:00Z"),
  labels: { severity: "high" },
  numbers: {},
  times: { created: new Date("2026-11-10T16:00:00Z"), resolved: new Date("2026-11-10T18:00:00Z") },
};
const all = [fixtureRecords("pulls", pulls), fixtureRecords("deploys", deploys), fixtureRecords("incidents", [incident])];
const context = contextOf(all);

testTool(deliveryMetrics, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    {
      name: "a period, a definition and a filter",
      input: { period: "last month", definition: "middleware", filter: { repository: "acme/web" } },
    },
    { name: "days", input: { period: { from: "2026-11-01", to: "2026-11-10" } } },
  ],
  bad: [
    { name: "a definition nobody has", input: { definition: "ours" }, says: /devlake/ },
    { name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ },
  ],
});

describe("delivery metrics", () => {
  it("give what the records say, worked out by hand", async () => {
    const { data } = await deliveryMetrics.run({}, context);

    expect(data).toMatchObject({
      definition: "devlake",
      period: { from: "2026-10-22", to: "2026-11-20" },
      now: {
        deploymentsPerWeek: 7,
        leadTimeHours: 6,
        changeFailureRate: 1 / 30,
        recoveryHours: 3,
        codingHours: 1,
        pickupHours: 2,
        reviewHours: 2,
        deployHours: 1,
        mergedPullRequests: 30,
      },
      aging: [{ id: "acme/web#old", days: 20 }],
      missing: [],
    });
  });

  it("take means and incidents by the definition that is named", async () => {
    const { data } = await deliveryMetrics.run({ definition: "middleware" }, context);

    expect(data).toMatchObject({ definition: "middleware", now: { leadTimeHours: 6, recoveryHours: 2 } });
  });

  it("name the input they lack, with the variable that turns it on, and are never zero for want of it", async () => {
    const absent = [{ title: "Pager", requires: ["PAGER_TOKEN"], topics: ["incidents"], kinds: ["incidents" as const] }];
    const { data, blocks } = await deliveryMetrics.run({}, { ...contextOf([fixtureRecords("pulls", pulls)]), absent });

    expect(data).toMatchObject({ now: { leadTimeHours: null, changeFailureRate: null, recoveryHours: null, deploymentsPerWeek: null } });
    const text = blocks[0]?.type === "markdown" ? blocks[0].text : "";
    expect(text).toContain("Change failure rate: No connected source has incidents.");
    expect(text).toContain("Set PAGER_TOKEN (Pager).");
  });

  it("count nothing that no source tells of, and no week before the first deployment", async () => {
    const { data, blocks } = await deliveryMetrics.run({}, contextOf([fixtureRecords("deploys", deploys.slice(0, 40))]));

    expect(data).toMatchObject({ now: { deploymentsPerWeek: 7, mergedPullRequests: null } });
    expect(blocks.find(({ type }) => type === "chart")).toMatchObject({ alt: expect.not.stringContaining("lowest 0") });
  });

  it("are missing, and say why, while one of several sources is out of reach", async () => {
    const [minor, main] = [fixtureRecords("deploys", deploys.slice(0, 6)), fixtureRecords("deploys", deploys)];
    const down = {
      ...main,
      name: "main_deploys",
      records: async () => Promise.reject(new VendorError("GitHub", "GitHub did not answer.")),
    };
    const finding = await deliveryMetrics.run(
      {},
      contextOf([fixtureRecords("pulls", pulls), minor, down, fixtureRecords("incidents", [incident])]),
    );

    expect(finding.data).toMatchObject({
      now: { deploymentsPerWeek: null, changeFailureRate: null, recoveryHours: null, leadTimeHours: null },
    });
    expect(finding.content).toMatch(/Deployment frequency: main_deploys could not be read just now/);
    expect(finding.content).toMatch(/Change failure rate: main_deploys could not be read just now/);
  });

  it("refuse when neither pull requests nor deployments are connected", async () => {
    await expect(deliveryMetrics.run({}, contextOf([]))).rejects.toThrow("No connected source has pulls");
  });

  it("say what is wrong with the only source", async () => {
    const broken = { ...fixtureRecords("deploys", deploys), records: () => Promise.reject(new UserError("It has no column “one”.")) };

    await expect(deliveryMetrics.run({}, contextOf([broken]))).rejects.toThrow("Left out “forge deploys”: It has no column “one”.");
  });
});
