import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BRIEF_LIMITS, type BriefSignals, type BriefWords, briefItems } from "../../src/analytics/brief/rules.ts";
import type { FeedRecord } from "../../src/core/records.ts";
import { defineTool } from "../../src/core/tool.ts";
import { brief } from "../../src/tools/brief.ts";
import { findAnomalies } from "../../src/tools/find-anomalies.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, ledger } from "./world.ts";

const WORDS: BriefWords = { amount: (v, u) => `${v} ${u}`, percent: (r) => `${Math.round(r * 100)} %`, hours: (h) => `${h} h` };
const rules = (signals: BriefSignals) => briefItems(signals, WORDS).map(({ rule }) => rule);

describe("the rules of the brief", () => {
  it("are silent about what is not connected, and below their limits", () => {
    expect(rules({})).toEqual([]);
    expect(
      rules({
        costs: { unit: "USD", total: 1_000 + BRIEF_LIMITS.costRiseMoney - 1, previous: 1_000, movers: [] },
        incidents: { count: 2, previous: 0, open: 0, openSevere: 0 },
        delivery: { failureRate: 0.15, pickupHours: 23, pickupHoursBefore: 20, aging: 4, leadHours: 1, leadHoursBefore: 1 },
        idle: { unit: "USD", monthly: 99, count: 3, first: "x" },
        ai: { unit: "USD", total: 1_199, previous: 1_000 },
        pipelines: { runs: 19, failed: 19 },
        anomalies: [{ label: "S3", when: "on 1 November 2026", excess: 99, unit: "USD" }],
      }),
    ).toEqual([]);
  });

  it("speak at their limits, the weightiest first", () => {
    const found = rules({
      costs: { unit: "USD", total: 6_000, previous: 5_000, movers: [{ label: "EC2", rise: 900 }] },
      incidents: { count: 3, previous: 0, open: 1, openSevere: 1 },
      delivery: { failureRate: 0.2, pickupHours: 24, pickupHoursBefore: null, aging: 5, leadHours: 1, leadHoursBefore: 1 },
      idle: { unit: "USD", monthly: 100, count: 3, first: "x" },
      ai: { unit: "USD", total: 1_300, previous: 1_000 },
      pipelines: { runs: 20, failed: 5 },
      anomalies: [{ label: "S3", when: "on 1 November 2026", excess: 100, unit: "USD" }],
    });

    expect(found).toEqual([
      "severe-incidents",
      "more-incidents",
      "anomaly",
      "cost-rise",
      "failing-changes",
      "waiting-reviews",
      "failing-pipelines",
      "idle-resources",
      "ai-spend",
      "aging-work",
    ]);
  });
});

const DAYS = { from: "2026-09-01", to: "2026-11-20" };
const bill = ledger(
  "bill",
  daily(DAYS, { service: "EC2" }, (day) => (day >= "2026-10-22" ? 200 : 100)),
  { withoutPeriod: "recent" },
);
const open: FeedRecord = {
  id: "P1",
  at: new Date("2026-11-19T10:00:00Z"),
  labels: { service: "api", severity: "critical", status: "open" },
  numbers: {},
  times: { created: new Date("2026-11-19T10:00:00Z") },
};
const context = contextOf([bill, fixtureRecords("incidents", [open], ["service"])]);

testTool(brief, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a period", input: { period: "last month" } },
  ],
  bad: [{ name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ }],
});

describe("the brief", () => {
  it("names the biggest risk, what to do first, and how sure it is", async () => {
    const { data, blocks } = await brief.run({}, context);

    expect(data).toMatchObject({ risk: { rule: "severe-incidents" }, first: expect.stringContaining("incident list") });
    expect((data as { items: { rule: string }[] }).items.map(({ rule }) => rule)).toContain("cost-rise");
    expect(blocks[0]).toMatchObject({ text: expect.stringContaining("**Biggest risk.** 1 severe incident is open.") });
  });

  it("reads each part as its tool gives it: an unusual day is told with its date and its amount", async () => {
    const days = { from: "2026-05-01", to: "2026-11-20" };
    const peak = daily(days, { service: "EC2" }, (day, i) => (day === "2026-11-10" ? 900 : 100 + (i % 5)));
    const told = contextOf([ledger("bill", peak, { withoutPeriod: "recent" })], { tools: [findAnomalies] });

    const { data } = await brief.run({}, told);

    expect(data).toMatchObject({
      risk: { rule: "anomaly", title: expect.stringMatching(/^EC2 cost \$79\d\.\d\d more than expected on 10 November 2026$/) },
    });
  });

  it("leaves out of a project's brief what cannot be told apart by project", async () => {
    const everybodys = defineTool({
      ...{ name: "cloud_inventory", title: "Cloud inventory", description: "What stands in the accounts.", examples: [] },
      ...{ effect: "read", role: "viewer", input: z.strictObject({ finding: z.string() }) },
      run: async () => ({
        ...{ content: "", blocks: [], receipts: [] },
        data: { resources: [{ name: "i-1", monthly_saving: 500, currency: "USD" }] },
      }),
    });
    const told = contextOf([fixtureRecords("incidents", [open], ["service"])], { tools: [everybodys] });

    expect((await brief.run({}, told)).data).toMatchObject({ opportunity: { rule: "idle-resources" } });
    const { data } = await brief.run({}, { ...told, scope: "p1" });
    expect(data).toMatchObject({ opportunity: null, seen: expect.not.arrayContaining(["idle resources"]) });
  });

  const services = ledger(
    "bill",
    [...daily(DAYS, { service: "api" }, () => 100), ...daily(DAYS, { service: "web" }, (day) => (day >= "2026-10-22" ? 200 : 100))],
    { withoutPeriod: "recent" },
  );
  const cards = [
    { id: "p1", fields: { name: "Gate", services: ["api"] } },
    { id: "p2", fields: { name: "Front", services: ["web"] } },
  ];
  const asked = (text: string) => ({
    ...contextOf([services, fixtureRecords("incidents", [open], ["service"])], { projects: async () => cards }),
    message: { channel: "console", conversation: "c", text },
  });

  it.each([
    ["named in the arguments", { project: "gate" }, "brief"],
    ["named in the question", {}, "what is our biggest risk in Gate?"],
    ["named after the command", {}, "/brief Gate"],
  ])("is of one project alone where it is %s", async (_, input, text) => {
    const { data, blocks } = await brief.run(input, asked(text));

    // The rise is of the other project's service.
    expect((data as { items: { rule: string }[] }).items.map(({ rule }) => rule)).toEqual(["severe-incidents"]);
    expect(blocks[0]).toMatchObject({ text: expect.stringMatching(/^\*\*Project Gate\*\*, 22 October – 20 November 2026/) });
  });

  it("is of everything where a project's name is only a word of the question", async () => {
    const { data } = await brief.run({}, asked("gate review tomorrow: what matters most?"));

    expect((data as { items: { rule: string }[] }).items.map(({ rule }) => rule)).toContain("cost-rise");
  });

  it("names what of a project cannot be told, and why", async () => {
    const feeds = [
      ledger(
        "bill",
        daily(DAYS, { service: "web" }, () => 100),
      ),
      fixtureRecords("incidents", [open], ["service"]),
    ];
    const { data } = await brief.run({ project: "Gate" }, { ...asked(""), feeds });
    const unbound = { ...asked(""), projects: async () => [{ id: "p3", fields: { name: "Depot", jiraProject: "DEP" } }] };

    expect(data).toMatchObject({ seen: ["incidents"], missing: [expect.stringMatching(/^costs.*“bill” has no service api/)] });
    await expect(brief.run({ project: "Depot" }, unbound)).rejects.toThrow("Project Depot does not say which costs are its own.");
  });

  it("refuses a project nobody knows, and another than the one a place is bound to", async () => {
    await expect(brief.run({ project: "Gaet" }, asked(""))).rejects.toThrow("Did you mean Gate?");
    await expect(brief.run({}, asked("brief for project Nonesuch"))).rejects.toThrow("There is no project “Nonesuch”.");
    await expect(brief.run({ project: "Front" }, { ...asked(""), scope: "p1" })).rejects.toThrow("where Front is bound");
  });

  it("says so when nothing is connected", async () => {
    await expect(brief.run({}, contextOf([]))).rejects.toThrow("doctor");
  });
});
