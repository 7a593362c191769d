import { describe, expect, it } from "vitest";
import { forecastRevenue } from "../../src/tools/revenue-forecast.ts";
import { constrain } from "../../src/tools/revenue-forecast-constraints.ts";
import { fc } from "../kit/property.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, ledger, run, tableOf, wordsOf } from "./world.ts";

const feed = ledger(
  "sales",
  daily({ from: "2025-11-01", to: "2026-11-20" }, { country: "Germany" }, (_, i) => 1000 + i + 40 * (i % 7)),
  { kind: "metrics", measure: "revenue", unit: "EUR" },
);
const context = contextOf([feed]);

testTool(forecastRevenue, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    {
      name: "every constraint",
      input: { months: 2, growth_cap: 0.01, growth_floor: -0.1, capacity: 40_000, budget: 20_000, cost_share: 0.5 },
    },
  ],
  bad: [
    { name: "a budget without the cost it pays for", input: { budget: 5 }, says: /budget and cost_share together/ },
    { name: "a floor above the cap", input: { growth_cap: 0, growth_floor: 0.1 }, says: /above the growth cap/ },
    { name: "an unknown measure", input: { measure: "revnue" }, says: /Did you mean “revenue”/ },
    { name: "a currency it is not in", input: { currency: "USD" }, says: /There is EUR/ },
    { name: "more months than the past can carry", input: { months: 24 }, says: /Ask for fewer months/ },
  ],
});

interface Data {
  free: number;
  constrained: number;
  months: { mean: number; hi80: number; bound?: string; free: { mean: number } }[];
}

describe("revenue under constraints", () => {
  it("is the forecast where nothing is named or binds", async () => {
    const { free, constrained } = (await run(forecastRevenue, {}, context)).data as Data;
    const loose = (await run(forecastRevenue, { capacity: 1e9, growth_cap: 5 }, context)).data as Data;

    expect(constrained).toBeCloseTo(free);
    expect(loose.constrained).toBeCloseTo(free);
  });

  it("is held by a capacity, month by month, with its ranges", async () => {
    const finding = await run(forecastRevenue, { capacity: 30_000 }, context);
    const { months, free, constrained } = finding.data as Data;

    for (const month of months) expect(month).toMatchObject({ mean: 30_000, hi80: 30_000, bound: "capacity" });
    expect(constrained).toBe(90_000);
    expect(free).toBeGreaterThan(100_000);
    expect(wordsOf(finding)).toMatch(/They take €[\d,.]+ \([\d.]+%\), binding in December 2026 \(capacity\)/);
    expect(tableOf(finding).rows).toHaveLength(3);
  });

  it("keeps each month within its bounds and never above the capacity", () => {
    const month = fc.tuple(fc.nat(1000), fc.nat(200), fc.nat(200)).map(([mean, a, b]) => ({ mean, lo80: mean - a, hi80: mean + b }));
    fc.assert(
      fc.property(
        fc.array(month, { maxLength: 12 }),
        fc.nat(1000),
        fc.double({ min: -0.5, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (months, before, growthCap, capacity) => {
          let last = before;
          for (const { mean, lo80, hi80 } of constrain(months, before, { growthCap, capacity })) {
            expect(lo80).toBeLessThanOrEqual(mean);
            expect(mean).toBeLessThanOrEqual(hi80);
            expect(hi80).toBeLessThanOrEqual(capacity);
            if (last > 0) expect(mean).toBeLessThanOrEqual(last * (1 + growthCap) + 1e-9);
            last = mean;
          }
        },
      ),
    );
  });
});
