import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addDays, weekday } from "../../src/core/civil-date.ts";
import { billOf } from "../../src/demo/bill.ts";
import { writeDemoCompany } from "../../src/demo/index.ts";
import { HISTORY_DAYS, story } from "../../src/demo/story.ts";
import { datasets } from "../../src/integrations/datasets/index.ts";

const TODAY = "2026-11-21";
const SEED = 7;

interface Row {
  cost: number;
  category: string;
  day: string;
  region: string;
  service: string;
  account: string;
}

const days = Array.from({ length: HISTORY_DAYS }, (_, i) => addDays(TODAY, i - HISTORY_DAYS));
const billed = (seed: number): Row[] =>
  days.flatMap((day) =>
    billOf(day, seed).map(({ cost, charge, region, service, account }) => ({ cost, category: charge, day, region, service, account })),
  );
const rows = billed(SEED);
const event = (name: string) => {
  const found = story(TODAY).find((e) => e.name === name);
  if (!found) throw new Error(name);
  return found;
};

function mean(test: (row: Row) => boolean, from: string, to: string): number {
  const byDay = new Map<string, number>();
  for (const row of rows)
    if (row.day >= from && row.day <= to && row.category === "Usage" && test(row)) byDay.set(row.day, (byDay.get(row.day) ?? 0) + row.cost);
  return [...byDay.values()].reduce((a, b) => a + b, 0) / byDay.size;
}

describe("the demo company's bill", () => {
  it("has something on each day of two years", () => {
    expect([...new Set(rows.map((r) => r.day))]).toEqual(days);
  });

  it("is the same for the same seed and day, and another for another seed", () => {
    expect(billed(SEED)).toEqual(rows);
    expect(billed(SEED + 1)).not.toEqual(rows);
  });

  it("has no amount that is not a number, and refunds only as credits", () => {
    expect(rows.filter((r) => !Number.isFinite(r.cost))).toEqual([]);
    expect(rows.filter((r) => r.cost < 0 && r.category !== "Credit")).toEqual([]);
    expect(rows.some((r) => r.category === "Credit" && r.cost < 0)).toBe(true);
  });

  it("rests at weekends in staging, and works on in the data platform", () => {
    const on = (account: string, test: (day: number) => boolean) =>
      mean(
        (r) => r.account === account && r.service === "Amazon Elastic Compute Cloud" && test(weekday(r.day)),
        addDays(TODAY, -90),
        addDays(TODAY, -1),
      );

    expect(on("staging", (d) => d > 5) / on("staging", (d) => d <= 5)).toBeLessThan(0.5);
    expect(on("data-platform", (d) => d === 6) / on("data-platform", (d) => d <= 5)).toBeGreaterThan(1);
  });

  it("launches the assistant: no Bedrock before, a steady cost a month later", () => {
    const { from } = event("launch");
    const bedrock = (r: Row) => r.service === "Amazon Bedrock";

    expect(rows.filter((r) => bedrock(r) && r.day < from)).toEqual([]);
    expect(mean(bedrock, addDays(from, 40), addDays(from, 60))).toBeGreaterThan(200);
  });

  it("raises the price of RDS by 22 percent from one day to the next", () => {
    const { from } = event("price-change");
    const rds = (r: Row) => r.service === "Amazon Relational Database Service";

    expect(mean(rds, from, addDays(from, 13)) / mean(rds, addDays(from, -14), addDays(from, -1))).toBeCloseTo(1.22, 1);
  });

  it("spends on one day in the sandbox what it spends in weeks", () => {
    const { from } = event("experiment");
    const sandbox = (r: Row) => r.account === "sandbox";

    expect(mean(sandbox, from, from)).toBeGreaterThan(10 * mean(sandbox, addDays(from, -14), addDays(from, -1)));
  });

  it("leaks logs day by day until they are turned off", () => {
    const { from, to } = event("leak");
    const leak = (r: Row) => r.service === "AmazonCloudWatch" && r.account === "data-platform" && r.region === "eu-west-1";
    const course = Array.from({ length: 15 }, (_, i) => mean(leak, addDays(from, i), addDays(from, i)));

    expect(course.at(-1)).toBeGreaterThan(5 * (course[0] ?? 0));
    expect(mean(leak, addDays(to, 1), addDays(to, 5))).toBeLessThan((course[0] ?? 0) * 1.2);
  });
});

describe("the demo company's tables", () => {
  it("are written once a day, whole, and read like any dataset with every receipt labelled demo", async () => {
    const folder = mkdtempSync(join(tmpdir(), "firstmate-demo-"));
    const path = writeDemoCompany(folder, TODAY);
    const written = statSync(join(folder, "revenue.csv")).mtimeMs;
    expect(writeDemoCompany(folder, TODAY)).toBe(path);
    expect(statSync(join(folder, "revenue.csv")).mtimeMs).toBe(written);
    expect(readFileSync(path, "utf8")).toContain("simulated: true");

    const connection = await datasets.connect({ DATASETS: path }, { now: () => new Date(`${TODAY}T09:00:00Z`) });
    const feed = connection.feeds.find(({ name }) => name === "revenue");
    const { signal } = new AbortController();
    const answer = await feed?.query({ by: ["region"], period: { from: "2026-10-01", to: "2026-10-31" } }, signal);
    await connection.close();

    expect(answer?.facts.length).toBeGreaterThan(2);
    expect(answer?.receipts.map((r) => r.status)).toEqual(["demo"]);
  });
});
