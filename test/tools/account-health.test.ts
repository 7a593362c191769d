import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/core/fact.ts";
import type { FeedRecord } from "../../src/core/records.ts";
import { accountHealth } from "../../src/tools/account-health.ts";
import { fixtureFeed } from "../kit/fixture-feed.ts";
import { fixtureRecords } from "../kit/fixture-records.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { customerFeed } from "./customers.ts";
import { contextOf, refusalOf, run, wordsOf } from "./world.ts";

interface Health {
  weights: string;
  auc: number | null;
  inputs: { name: string; weight: number }[];
  bands: { band: string; accounts: number; lostShare: number | null }[];
  accounts: { id: string; score: number | null; known: number; growth: { perMonth: number } | null; outlook: string | null }[];
}

const context = contextOf([customerFeed()]);

testTool(accountHealth, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "one account", input: { account: "c-1003" } },
    { name: "stated directions", input: { good: ["tenure"], bad: ["tickets"], top: 3 } },
  ],
  bad: [
    { name: "an unknown dataset", input: { dataset: "crn" }, says: /Did you mean “crm”/ },
    { name: "an account that is not there", input: { account: "C-10o3" }, says: /no current account “C-10o3”.*Did you mean “C-1/ },
    { name: "a column that is not there", input: { good: ["tenur"] }, says: /Did you mean “tenure”/ },
    { name: "a field it does not have", input: { colour: "red" }, says: /colour/ },
  ],
  wide: {
    input: { top: 500 },
    context: contextOf([customerFeed(700, (row) => ({ ...row, customer: `${row.customer} ${"long name ".repeat(12)}` }))]),
  },
});

describe("account health", () => {
  test("weighs by the outcomes, and shows how well: AUC and what became of each band", async () => {
    const finding = await run(accountHealth, {}, context);
    const data = finding.data as Health;

    expect(data.weights).toBe("learnt");
    expect(data.auc).toBeGreaterThan(0.75);
    const lost = data.bands.map((b) => b.lostShare ?? 0);
    expect(lost).toEqual(lost.toSorted((a, b) => b - a));
    expect(data.accounts.map((a) => a.score)).toEqual(data.accounts.map((a) => a.score).toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(wordsOf(finding)).toMatch(/Left per band: red \d/);
  });

  test("without outcomes counts all inputs alike, in the direction named, and does not claim to be right", async () => {
    const finding = await run(accountHealth, { good: ["tenure"], bad: ["tickets"] }, context);
    const data = finding.data as Health;

    expect(data).toMatchObject({ weights: "equal", auc: null });
    expect(data.inputs.map((i) => [i.name, i.weight])).toEqual([
      ["tenure", 0.5],
      ["tickets", 0.5],
    ]);
    expect(wordsOf(finding)).toMatch(/not known, as no outcome stands beside the score/);
  });

  test("has growth from whole months, and an outlook for the renewal", async () => {
    const records = Array.from(
      { length: 30 },
      (_, i): FeedRecord => ({
        id: `A${i}`,
        at: new Date("2026-01-05T00:00:00Z"),
        labels: { account: `Account ${i}`, renewal: i % 2 ? "2026-12-15" : "2026-02-01" },
        numbers: i === 4 ? {} : { usage: 10 * i, tickets: 30 - i },
        times: { started: new Date("2026-01-05T00:00:00Z") },
      }),
    );
    const facts = ["05", "06", "07", "08", "09", "10"].flatMap((month, m): Fact[] => [
      {
        at: new Date(`2026-${month}-10T00:00:00Z`),
        measure: "usage",
        unit: "count",
        value: 100 - 10 * m,
        labels: { account: "Account 1" },
      },
    ]);
    const dated = fixtureFeed({
      name: "use",
      kind: "customers",
      measures: [{ name: "usage", unit: "count" }],
      dimensions: ["account"],
      facts,
    });
    const feed = { ...dated, records: fixtureRecords("customers", records, ["account"]).records };

    const data = (await run(accountHealth, {}, contextOf([feed as typeof dated]))).data as Health;

    const one = data.accounts.find((a) => a.id === "Account 1");
    expect(one?.growth?.perMonth).toBeLessThan(-0.1);
    expect(one?.outlook).toBe("at risk, due soon");
    expect(data.accounts.find((a) => a.id === "Account 2")?.outlook).toBe("renewal is past");
    expect(data.accounts.find((a) => a.id === "Account 4")).toMatchObject({ score: null, known: 0, growth: null });
  });

  test("of a table whose good end nobody knows asks for it", async () => {
    const facts = Array.from(
      { length: 40 },
      (_, i): Fact => ({ at: new Date("2026-10-01T00:00:00Z"), measure: "zeta", unit: "count", value: i, labels: { account: `A${i}` } }),
    );
    const feed = fixtureFeed({
      name: "odd",
      kind: "customers",
      measures: [{ name: "zeta", unit: "count" }],
      dimensions: ["account"],
      facts,
    });

    expect((await refusalOf(run(accountHealth, {}, contextOf([feed])))).message).toMatch(/Name some as good or bad/);
  });
});
