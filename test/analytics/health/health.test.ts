import { describe, expect, test } from "vitest";
import { chooseColumns } from "../../../src/analytics/churn/columns.ts";
import { growthRate } from "../../../src/analytics/health/growth.ts";
import { inputValue, rankInput } from "../../../src/analytics/health/inputs.ts";
import { isotonic } from "../../../src/analytics/health/isotonic.ts";
import { healthOf, learnHealth } from "../../../src/analytics/health/learn.ts";
import { healthScore } from "../../../src/analytics/health/score.ts";
import { fc } from "../../kit/property.ts";
import { customers } from "../../tools/customers.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("a health score", () => {
  test("is the weighted mean of what is known; a missing input lowers the confidence, not the score", () => {
    const averages = Float64Array.of(0.5, 0.5, 0.5);
    const weights = Float64Array.of(0.5, 0.3, 0.2);

    expect(healthScore(Float64Array.of(1, 0, 0.5), weights, averages)).toMatchObject({ score: 0.6, confidence: 1 });
    const missing = healthScore(Float64Array.of(1, Number.NaN, 1), weights, averages);
    expect(missing.score).toBe(1);
    expect(missing.confidence).toBeCloseTo(0.7, 12);
    expect(missing.drivers.map((d) => d.input)).toEqual([0, 2]);
    expect(healthScore(Float64Array.of(Number.NaN), Float64Array.of(1), Float64Array.of(0.5))).toMatchObject({
      score: Number.NaN,
      confidence: 0,
    });
  });

  test("never falls when an input gets better, and its drivers add up to its distance from the average", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, unit, unit), { minLength: 1, maxLength: 6 }), unit, (rows, better) => {
        const inputs = Float64Array.from(rows, ([x]) => x);
        const weights = Float64Array.from(rows, ([, w]) => w + 0.01);
        const averages = Float64Array.from(rows, ([, , a]) => a);
        const before = healthScore(inputs, weights, averages);
        const raised = inputs.map((x, i) => (i === 0 ? Math.max(x, better) : x));
        const total = weights.reduce((a, b) => a + b, 0);
        const average = weights.reduce((sum, w, i) => sum + w * (averages[i] ?? 0), 0) / total;

        expect(healthScore(raised, weights, averages).score).toBeGreaterThanOrEqual(before.score - 1e-12);
        expect(before.drivers.reduce((sum, d) => sum + d.effect, 0)).toBeCloseTo(before.score - average, 9);
      }),
    );
  });
});

describe("inputs", () => {
  test("by rank go one way, from the first to the last", () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => i);
    const column = { kind: "number" as const, name: "logins", values: Float64Array.of(-5, 50, 999, Number.NaN) };

    const up = rankInput("logins", values, true);
    const down = rankInput("logins", values, false);

    expect([0, 1, 2, 3].map((i) => inputValue(up, column, i).toFixed(2))).toEqual(["0.00", "0.50", "1.00", "NaN"]);
    expect(inputValue(down, column, 0)).toBeCloseTo(1 - inputValue(up, column, 0), 12);
  });

  test("isotonic is the nearest that never falls", () => {
    expect([...isotonic([1, 3, 2, 4], [1, 1, 1, 1])]).toEqual([1, 2.5, 2.5, 4]);
    expect([...isotonic([3, 2, 1], [1, 1, 2])]).toEqual([1.75, 1.75, 1.75]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 }), (values) => {
        const fitted = [
          ...isotonic(
            values,
            values.map(() => 1),
          ),
        ];

        expect(fitted).toEqual(fitted.toSorted((a, b) => a - b));
        expect(fitted.reduce((a, b) => a + b, 0)).toBeCloseTo(
          values.reduce((a, b) => a + b, 0),
          6,
        );
      }),
    );
  });
});

describe("learnt health", () => {
  const { table, truth } = customers(1000, 31);
  const { columns } = chooseColumns(table, "churned", "customer");
  const rows = Uint32Array.from({ length: 1000 }, (_, i) => i);
  const kept = Float64Array.from(table.column("churned"), (c) => (c === "yes" ? 0 : 1));
  const model = learnHealth(columns, rows, kept);

  test("tells kept from lost almost as well as the law that made them; more are lost in each lower band", () => {
    expect(model.quality?.auc).toBeGreaterThan(truth - 0.03);
    const shares = (model.quality?.bands ?? []).map((b) => b.lost / Math.max(1, b.n));
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    expect((model.quality?.bands ?? []).reduce((sum, b) => sum + b.n, 0)).toBe(1000);
  });

  test("has weights that are not negative, and hardly any for what does not matter", () => {
    const weight = (name: string) => model.weights[model.inputs.findIndex((i) => i.input.name === name)] ?? 0;

    expect(Math.min(...model.weights)).toBeGreaterThanOrEqual(0);
    expect(model.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(weight("charges")).toBeLessThan(0.15);
    expect(weight("tenure") + weight("plan")).toBeGreaterThan(0.5);
  });

  test("never falls with a better value", () => {
    const tickets = columns.findIndex((c) => c.name === "tickets");
    const score = (count: number) => {
      const changed = columns.map((c, k) =>
        k === tickets && c.kind === "number" ? { ...c, values: new Float64Array(1000).fill(count) } : c,
      );
      return healthOf(model, changed, 0).score;
    };

    const scores = [0, 1, 2, 3, 4].map(score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });
});

describe("growth", () => {
  test("is the median slope over the median level: one odd month is no trend", () => {
    expect(growthRate(Float64Array.of(100, 110, 120, 130, 140))).toMatchObject({ rate: 10 / 120, steps: 5 });
    expect(growthRate(Float64Array.of(100, 100, 900, 100, 100, Number.NaN, 100))?.rate).toBe(0);
  });

  test("needs four steps and a level above zero", () => {
    expect(growthRate(Float64Array.of(1, 2, 3))).toBeUndefined();
    expect(growthRate(Float64Array.of(0, 0, 0, 0))).toBeUndefined();
  });
});
