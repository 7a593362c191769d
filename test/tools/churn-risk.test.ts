import { describe, expect, test } from "vitest";
import { churnRisk } from "../../src/tools/churn-risk.ts";
import { billFeed } from "../kit/fixture-feed.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { customerFeed } from "./customers.ts";
import { contextOf, refusalOf, run, tableOf, wordsOf } from "./world.ts";

interface Risk {
  customers: number;
  expected: number;
  quality: { auc: number; ece: number };
  atRisk: { id: string; probability: number; reasons: string[] }[];
  cohorts: { name: string; customers: number; observed: number; low: number; high: number }[];
  campaign: { size: number; treated: number; held: number; saveRate: number; expectedSaves: number; cost?: number; benefit?: number };
  notUsed: { name: string; why: string }[];
}

const LONG = `${'a very long name of a customer | with\nodd "signs" '.repeat(4)}`;
const context = contextOf([customerFeed()]);

testTool(churnRisk, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "a campaign with its money", input: { top: 3, save_rate: 0.2, cost_per_contact: 5, value_per_save: 300 } },
    { name: "without a column", input: { without: ["plan"] } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "crn" }, says: /Did you mean “crm”/ },
    { name: "an unknown label", input: { label: "churnd" }, says: /Did you mean “churned”/ },
    { name: "a column to leave out that is not there", input: { without: ["pln"] }, says: /Did you mean “plan”/ },
    { name: "a value the label has not", input: { label: "churned", positive: "maybe" }, says: /has “(?:yes|no)” and “(?:yes|no)”/ },
    { name: "too few rows", input: { filter: { customer: "C-1000" } }, says: /All rows|Too little/ },
    { name: "a save rate above one", input: { save_rate: 2 }, says: /save_rate|1/ },
  ],
  wide: { input: { top: 500 }, context: contextOf([customerFeed(700, (row) => ({ ...row, customer: `${row.customer} ${LONG}` }))]) },
});

describe("churn risk", () => {
  test("ranks those still there with reasons, quality, groups and a plan", async () => {
    const finding = await run(churnRisk, { top: 5 }, context);
    const data = finding.data as Risk;

    expect(data.quality.auc).toBeGreaterThan(0.75);
    expect(data.atRisk.map((c) => c.probability)).toEqual(data.atRisk.map((c) => c.probability).toSorted((a, b) => b - a));
    expect(data.atRisk[0]?.reasons.join("; ")).toMatch(/plan monthly raises the odds|tenure .* raises the odds/);
    expect(data.expected).toBeGreaterThan(0);
    expect(data.expected).toBeLessThan(data.customers);
    for (const c of data.cohorts) expect(c.low <= c.observed && c.observed <= c.high).toBe(true);
    expect(data.campaign.treated + data.campaign.held).toBe(data.campaign.size);
    expect(wordsOf(finding)).toMatch(/associations in the data, not causes/);
    expect(wordsOf(finding)).toMatch(/AUC 0\.\d{3} \(5 folds\), calibration error \(ECE\) 0\.\d{3}/);
    expect(wordsOf(finding)).toMatch(/10% of those who would leave stay \(an assumption; name your own\)/);
    expect(wordsOf(finding)).toMatch(/leave \d+ alone, chosen by chance/);
    expect(tableOf(finding).rows).toHaveLength(6);
    expect(finding.blocks.filter((b) => b.type === "chart")).toHaveLength(2);
  });

  test("does not learn from what gives the outcome away, and says so", async () => {
    const leaky = customerFeed(400, (row) => ({ ...row, plan: row.churned === "yes" ? "closed" : (row.plan ?? "") }));

    const finding = await run(churnRisk, {}, contextOf([leaky]));

    expect((finding.data as Risk).notUsed.map((c) => c.name)).toContain("plan");
    expect((finding.data as Risk).quality.auc).toBeLessThan(0.95);
    expect(wordsOf(finding)).toMatch(/“plan” was not used: it tells “churned” almost by itself/);
  });

  test("of a source without an outcome says what it takes", async () => {
    const refusal = await refusalOf(
      run(churnRisk, {}, contextOf([customerFeed(200, ({ customer = "", plan = "" }) => ({ customer, plan }))])),
    );

    expect(refusal.message).toMatch(/“crm” does not say which customers left.*“churned” with yes and no/);
  });

  test("without any customers names what would turn them on", async () => {
    expect((await refusalOf(run(churnRisk, {}, contextOf([billFeed()])))).message).toMatch(/No connected source has customers/);
  });
});
