import { describe, expect, it } from "vitest";
import { churnRootCause } from "../../src/tools/churn-root-cause.ts";
import { churnGroups, twoSided } from "../../src/tools/churn-root-cause-groups.ts";
import { seededRandom } from "../kit/random.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { customerFeed, tableOf as customersTable } from "./customers.ts";
import { contextOf, refusalOf, run, wordsOf } from "./world.ts";

const context = contextOf([customerFeed(800)]);

testTool(churnRootCause, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "one dimension and a top", input: { by: "plan", top: 1 } },
    { name: "a filter", input: { dataset: "crm", filter: { plan: "monthly" } } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "crn" }, says: /Did you mean “crm”/ },
    { name: "an unknown dimension", input: { by: "plna" }, says: /Did you mean “plan”/ },
    { name: "a label that is none", input: { label: "churnd" }, says: /Did you mean “churned”/ },
  ],
});

describe("root causes of churn", () => {
  it("are the groups with most leavers beyond the rate of the others, with their range", async () => {
    const finding = await run(churnRootCause, {}, context);
    const { groups, left, customers } = finding.data as {
      groups: { column: string; value: string; low: number; rate: number; high: number; p: number }[];
      left: number;
      customers: number;
    };

    expect(customers).toBe(800);
    expect(groups[0]).toMatchObject({ column: "plan", value: "monthly" });
    expect(groups[0]?.p).toBeLessThan(1e-6);
    expect(wordsOf(finding)).toContain("Most of the excess is in **plan monthly**");
    for (const { low, rate, high } of groups) {
      expect(low).toBeLessThanOrEqual(rate);
      expect(rate).toBeLessThanOrEqual(high);
    }
    expect(wordsOf(finding)).toContain(`${left} of 800 customers have left`);
    expect(wordsOf(finding)).toContain("associations, not causes");
  });

  it("takes a column known only of those who left for their reasons, and leaves out what was written after the fact", () => {
    const random = seededRandom(3);
    const n = 400;
    const gone = Array.from({ length: n }, () => random() < 0.3);
    const table = customersTable({
      region: gone.map(() => (random() < 0.5 ? "north" : "south")),
      reason: gone.map((g) => (g ? (random() < 0.7 ? "price" : "outages") : null)),
      seen: gone.map((g) => (g ? null : "1")),
      state: gone.map((g) => (g ? "off" : "on")),
    });

    const { groups, reasons, skipped } = churnGroups(table, Uint8Array.from(gone, Number), ["region", "reason", "seen", "state"]);

    expect(reasons[0]?.value).toBe("price");
    expect(reasons.reduce((sum, r) => sum + r.left, 0)).toBe(gone.filter(Boolean).length);
    expect(skipped.map((s) => s.column)).toEqual(["state"]);
    expect(new Set(groups.map((g) => g.column))).toEqual(new Set(["region"]));
    expect(groups.every((g) => g.p > 0.05)).toBe(true);
  });

  it("are told from chance by a probability that goes on where tables end", () => {
    expect(twoSided(0)).toBeCloseTo(1, 6);
    expect(twoSided(-1.959964)).toBeCloseTo(0.05, 6);
    expect(twoSided(6) / 1.9731753e-9).toBeCloseTo(1, 4);
  });

  it("are refused for few customers, and without an outcome", async () => {
    expect((await refusalOf(run(churnRootCause, {}, contextOf([customerFeed(60)])))).message).toMatch(/compared from 100 customers/);
    const unknown = customerFeed(300, ({ churned: _, ...row }) => row);
    expect((await refusalOf(run(churnRootCause, {}, contextOf([unknown])))).message).toMatch(/does not say which customers left/);
  });
});
