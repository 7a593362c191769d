import { describe, expect, it } from "vitest";
import type { FeedRecord } from "../../src/core/records.ts";
import { aiValue } from "../../src/tools/ai-value.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, ledger } from "./world.ts";

const DAYS = { from: "2026-09-01", to: "2026-11-20" };
const spend = ledger(
  "anthropic",
  daily(DAYS, { model: "claude-opus-5-5" }, () => 10),
  { kind: "ai_usage", withoutPeriod: "recent" },
);

function pull(id: number, opened: string, merged?: string): FeedRecord {
  const at = new Date(`${opened}T10:00:00Z`);
  const times = { created: at, ...(merged ? { merged: new Date(`${merged}T10:00:00Z`) } : {}) };
  return {
    id: `web#${id}`,
    at,
    title: `Change ${id}`,
    labels: { repository: "web", state: merged ? "merged" : "open" },
    numbers: {},
    times,
  };
}

const pulls = fixtureRecords("pulls", [
  pull(1, "2026-08-20", "2026-09-02"),
  pull(2, "2026-09-10", "2026-09-30"),
  pull(3, "2026-09-29", "2026-10-01"),
  pull(4, "2026-10-05"),
  pull(5, "2026-10-05", "2026-11-21"),
]);
const context = contextOf([spend, pulls]);

testTool(aiValue, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "weeks of a month", input: { period: "last month", grain: "week" } },
  ],
  bad: [{ name: "a period to come", input: { period: "next month" }, says: /in the past/ }],
});

describe("AI cost per merged pull request", () => {
  it("lays the cost of a month on those merged in it, whenever they were opened", async () => {
    const { data } = await aiValue.run({ period: { from: "2026-09-01", to: "2026-10-31" } }, context);

    expect(data).toMatchObject({
      unit: "USD",
      total: { cost: 610, merged: 3, costPerMerged: 610 / 3 },
      rows: [
        { step: "2026-09-01", cost: 300, merged: 2, costPerMerged: 150 },
        { step: "2026-10-01", cost: 310, merged: 1, costPerMerged: 310 },
      ],
    });
  });

  it("gives no cost for each where none was merged", async () => {
    const { data, content } = await aiValue.run({ period: { from: "2026-11-01", to: "2026-11-20" } }, context);

    expect(data).toMatchObject({ total: { merged: 0, costPerMerged: null } });
    expect(content).toMatch(/No pull request was merged/);
  });

  it("says which source of pull requests would turn it on", async () => {
    await expect(aiValue.run({}, contextOf([spend]))).rejects.toThrow(/No connected source has pulls/);
  });
});
