import { describe, expect, test } from "vitest";
import { retentionCampaign } from "../../src/tools/retention-campaign.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { customerFeed } from "./customers.ts";
import { contextOf, refusalOf, run, tableOf, wordsOf } from "./world.ts";

interface Plan {
  target: string;
  groups: string[];
  size: number;
  treated: number;
  held: number;
  expectedSaves: number;
  expectedLosses: number;
  cost?: number;
  schedule: { begin: string; contactUntil: string; measure: string };
  contact: { id: string; probability: number }[];
  leaveAlone: string[];
}

const LONG = `${'a very long name of a customer | with\nodd "signs" '.repeat(4)}`;
const context = contextOf([customerFeed()]);
const plan = async (input: Record<string, unknown>) => (await run(retentionCampaign, input, context)).data as Plan;

testTool(retentionCampaign, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a budget and what a contact costs", input: { budget: 200, cost_per_contact: 10, value_per_save: 300, days: 60 } },
    { name: "a filter instead of a group", input: { filter: { plan: "monthly" }, top: 3 } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "crn" }, says: /Did you mean “crm”/ },
    { name: "an unknown group", input: { group: "zebras" }, says: /no group “zebras” at risk. There is/ },
    { name: "an unknown value", input: { filter: { plan: "montly" } }, says: /Did you mean “monthly”/ },
    { name: "a budget without what a contact costs", input: { budget: 100 }, says: /cost_per_contact/ },
    { name: "a budget for nobody", input: { budget: 1, cost_per_contact: 10 }, says: /not enough for one contact/ },
  ],
  wide: { input: { top: 500 }, context: contextOf([customerFeed(700, (row) => ({ ...row, customer: `${row.customer} ${LONG}` }))]) },
});

describe("a retention campaign", () => {
  test("names whom to contact and whom to leave alone, the same on every run, and when to count", async () => {
    const found = await plan({});

    expect(found.target).toBe(found.groups[0]);
    expect([found.contact.length, found.leaveAlone.length]).toEqual([found.treated, found.held]);
    expect(found.held / found.size).toBeCloseTo(0.2, 1);
    expect(new Set([...found.contact.map(({ id }) => id), ...found.leaveAlone]).size).toBe(found.size);
    expect(found.contact.map((c) => c.probability)).toEqual(found.contact.map((c) => c.probability).toSorted((a, b) => b - a));
    expect(found.schedule).toEqual({ begin: "2026-11-22", contactUntil: "2026-12-07", measure: "2027-01-06" });
    expect((await plan({})).leaveAlone).toEqual(found.leaveAlone);
  });

  test("spends no more than the budget, on the most at risk", async () => {
    const whole = await plan({ filter: { plan: "monthly" } });
    const small = await plan({ filter: { plan: "monthly" }, budget: 405, cost_per_contact: 10 });

    expect(small.cost).toBeLessThanOrEqual(405);
    expect(small.treated).toBe(40);
    const ids = [...small.contact.map(({ id }) => id), ...small.leaveAlone];
    const most = [...whole.contact].slice(0, 30).map(({ id }) => id);
    expect(most.every((id) => ids.includes(id))).toBe(true);
  });

  test("says which figure is an assumption, and what it takes to see the effect", async () => {
    const finding = await run(retentionCampaign, { top: 4 }, context);

    expect(wordsOf(finding)).toMatch(/10% of those who would leave stay \(an assumption; name your own\)/);
    expect(wordsOf(finding)).toMatch(/it would take about [\d,]+ customers in each|large enough to see that effect/);
    expect(wordsOf(finding)).toMatch(/associations, so ask before you offer/);
    expect(tableOf(finding).rows).toHaveLength(5);
  });

  test("is refused where nobody is known to have left", async () => {
    const kept = contextOf([customerFeed(300, (row) => ({ ...row, churned: "no" }))]);

    expect((await refusalOf(run(retentionCampaign, {}, kept))).message).toMatch(/both outcomes/);
  });
});
