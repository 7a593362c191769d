import { describe, expect, it } from "vitest";
import type { Feed } from "../../src/core/feed.ts";
import type { Project } from "../../src/records/projects.ts";
import { listProjects } from "../../src/tools/list-projects.ts";
import type { ProjectMetrics } from "../../src/tools/project-metrics.ts";
import { projectMetrics } from "../../src/tools/project-metrics-tool.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { contextOf, daily, ledger, sumOf } from "./world.ts";

const YEAR = { from: "2025-11-21", to: "2026-11-20" };
const rows = [
  ...daily(YEAR, { account: "atlas", service: "EC2" }, (_, i) => 100 + (i % 7)),
  ...daily(YEAR, { account: "other", service: "EC2" }, () => 999),
];
const bill = ledger("bill", rows);
const day = (text: string) => new Date(`${text}T10:00:00Z`);
const issues = fixtureRecords(
  "issues",
  [
    {
      id: "ATL-1",
      at: day("2026-09-01"),
      labels: { project: "ATL", status_category: "to do", priority: "High" },
      numbers: {},
      times: { due: day("2026-10-01") },
    },
    { id: "ATL-2", at: day("2026-10-01"), labels: { project: "ATL", status_category: "in progress" }, numbers: {}, times: {} },
    { id: "ATL-3", at: day("2026-10-02"), labels: { project: "ATL", status_category: "done" }, numbers: {}, times: {} },
    { id: "OPS-1", at: day("2026-10-03"), labels: { project: "OPS", status_category: "to do" }, numbers: {}, times: {} },
  ],
  ["project", "status_category", "priority"],
);

const atlas: Project = {
  name: "Atlas",
  cloudAccount: "atlas",
  jiraProject: "ATL",
  owner: "Ada",
  members: ["ben"],
  budget: { amount: 3_000, currency: "USD", period: "month" },
};

function contextWith(projects: readonly Project[], feeds: readonly Feed[] = [bill, issues], scope?: string) {
  const cards = projects.map((fields) => ({ id: `id-${fields.name}`, fields }));
  return { ...contextOf(feeds, { projects: async () => cards }), ...(scope ? { scope } : {}) };
}

const metricsOf = async (input: object, context: ReturnType<typeof contextWith>) => {
  const finding = await projectMetrics.run(projectMetrics.input.parse(input), context);
  return { finding, data: finding.data as ProjectMetrics };
};

describe("project_metrics", () => {
  it("gives each figure of the project alone, with its receipts, and what is missing with the reason", async () => {
    const { data, finding } = await metricsOf({ query: "how is atlas doing?" }, contextWith([atlas]));

    const window = { from: "2026-10-22", to: "2026-11-20" };
    expect(data.period).toEqual(window);
    expect(data.cost?.data).toMatchObject({ totals: [{ unit: "USD", value: sumOf(rows, window, { account: "atlas" }) }] });
    expect(data.issues?.data).toMatchObject({
      open: 2,
      inProgress: 1,
      overdue: 1,
      byPriority: { High: 1, "(not set)": 1 },
      oldest: { id: "ATL-1" },
    });
    const used = sumOf(rows, { from: "2026-11-01", to: "2026-11-20" }, { account: "atlas" });
    expect(data.budget?.data).toMatchObject({ amount: 3_000, used, usedShare: used / 3_000, outlook: { budget: { budget: 3_000 } } });
    expect(data.missing.map(({ part }) => part)).toEqual(["delivery", "incidents", "aiUsage"]);
    expect([data.delivery, data.incidents, data.aiUsage]).toEqual([null, null, null]);
    const ids = finding.receipts.map(({ id }) => id);
    for (const part of [data.cost, data.issues, data.budget]) {
      expect(part?.receipts.length).toBeGreaterThan(0);
      expect(ids).toEqual(expect.arrayContaining(part?.receipts ?? []));
    }
    expect(finding.content).not.toContain("999");
  });

  it("tells the budget where nothing says what was spent", async () => {
    const { data, finding } = await metricsOf({ query: "atlas" }, contextWith([atlas], [issues]));

    expect(data.budget).toBeNull();
    expect(finding.content).toContain("It is $3,000.00 a month; how much of it is used is not known.");
  });

  it("converts no budget into another currency", async () => {
    const { data } = await metricsOf(
      { query: "atlas" },
      contextWith([{ ...atlas, budget: { amount: 1, currency: "EUR", period: "month" } }]),
    );

    expect(data.budget).toBeNull();
    expect(data.missing.find(({ part }) => part === "budget")?.reason).toContain("is in EUR, and its costs are in USD");
  });

  it("goes on when a part fails", async () => {
    const broken: Feed = { ...issues, describe: () => Promise.reject(new Error("secret words")) };

    const { data } = await metricsOf({ query: "atlas" }, contextWith([atlas], [bill, broken]));

    expect(data.cost).not.toBeNull();
    expect(data.missing.find(({ part }) => part === "issues")?.reason).toMatch(/our side/);
  });

  it("is about the project of the place when none is named, and asks which otherwise", async () => {
    const both = [atlas, { name: "Atlas Web" }];

    expect((await metricsOf({}, contextWith(both, [bill], "id-Atlas"))).data.project.name).toBe("Atlas");
    expect((await metricsOf({ query: "status of atlas web" }, contextWith(both))).data.project.name).toBe("Atlas Web");
    await expect(metricsOf({}, contextWith(both))).rejects.toThrow("Which project? There is Atlas and Atlas Web.");
    await expect(metricsOf({ query: "atlas and atlas web" }, contextWith(both))).rejects.toThrow("Which one: Atlas Web and Atlas?");
    await expect(metricsOf({ query: "atlas" }, contextWith([]))).rejects.toThrow(/POST \/api\/v1\/projects/);
  });
});

describe("list_projects", () => {
  it("says who owns the one that is named, and lists all otherwise", async () => {
    const context = contextWith([atlas, { name: "Borealis" }]);

    expect((await listProjects.run({ query: "who owns atlas?" }, context)).blocks[0]).toEqual({
      type: "markdown",
      text: "**Project Atlas**, owned by Ada, seen by ben and with a budget of $3,000.00 a month.",
    });
    expect((await listProjects.run({}, context)).content).toContain("**2 projects**: Atlas and Borealis.");
    await expect(listProjects.run({}, contextWith([]))).rejects.toThrow(/no project on record/);
  });

  it("takes no project for another thing that was named", async () => {
    const context = contextWith([{ ...atlas, services: ["checkout"], repositories: ["acme/web-shop"] }]);
    const said = async (query: string) => (await listProjects.run({ query }, context)).blocks[0];

    expect(await said("who owns the checkout service?")).toMatchObject({
      text: expect.stringContaining("checkout belongs to **Project Atlas**"),
    });
    expect(await said("who owns web-shop?")).toMatchObject({ text: expect.stringContaining("owned by Ada") });
    expect(await said("who owns the payments service?")).toMatchObject({
      text: "No project on record is called “payments”, or has such a service or repository. There is Atlas.",
    });
  });

  it("knows which are the asker's, and which one the place is bound to", async () => {
    const own = { ...atlas, members: ["ADA@example.com"] };
    const all = contextWith([own, { name: "Borealis" }]);
    const ada = { ...all, user: { ...all.user, email: "ada@example.com" } };
    const said = async (query: string, context: typeof all) => (await listProjects.run({ query }, context)).blocks[0];

    expect(await said("my projects", ada)).toMatchObject({ text: expect.stringContaining("**Project Atlas**, owned by Ada") });
    expect(await said("which projects do I own?", all)).toMatchObject({
      text: "No project names you as its owner or a member. You may see Atlas and Borealis.",
    });
    expect(await said("which project is this channel bound to?", { ...all, scope: "id-Borealis" })).toMatchObject({
      text: expect.stringContaining("This place is bound to **Project Borealis**"),
    });
    expect(await said("who is on the project?", { ...all, scope: "id-Borealis" })).toMatchObject({
      text: expect.stringMatching(/^\*\*Project Borealis/),
    });
    expect(await said("which project is this channel bound to?", all)).toMatchObject({
      text: expect.stringContaining("bound to no project. There is Atlas and Borealis"),
    });
  });
});
