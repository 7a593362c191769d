import { describe, expect, test } from "vitest";
import { auc } from "../../../src/analytics/churn/auc.ts";
import { boostedLogOdds, fitBoostedTrees } from "../../../src/analytics/churn/boosted-trees.ts";
import { brierScore, calibrationBins, calibrationError } from "../../../src/analytics/churn/calibration.ts";
import { solveCholesky } from "../../../src/analytics/churn/cholesky.ts";
import { forwardFolds, stratifiedFolds } from "../../../src/analytics/churn/folds.ts";
import { fitLogistic, logOdds, type Matrix, sigmoid } from "../../../src/analytics/churn/logistic.ts";
import { fitNonNegativeLogistic } from "../../../src/analytics/churn/nonnegative-logistic.ts";
import { wilsonInterval } from "../../../src/analytics/churn/wilson.ts";
import { fc } from "../../kit/property.ts";
import { seededRandom } from "../../kit/random.ts";

function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { rows: rows.length, columns: rows[0]?.length ?? 0, values: Float64Array.from(rows.flat()) };
}

const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 20 })), { minLength: 2, maxLength: 60 });

describe("auc", () => {
  test("counts pairs, ties half", () => {
    // Positives 3 and 1 against negatives 2 and 1: 3>2, 3>1, 1<2, 1=1 → 2.5 of 4.
    expect(auc([1, 0, 1, 0], [3, 2, 1, 1])).toBe(2.5 / 4);
    expect(auc([0, 0, 1, 1], [1, 2, 3, 4])).toBe(1);
    expect(auc([1, 1], [1, 2])).toBeNaN();
  });

  test("agrees with counting every pair", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const positive = rows.filter(([y]) => y === 1);
        const negative = rows.filter(([y]) => y === 0);
        fc.pre(positive.length > 0 && negative.length > 0);
        const wins = positive.flatMap(([, a]) => negative.map(([, b]): number => (a > b ? 1 : a === b ? 0.5 : 0)));
        const counted = wins.reduce((x, y) => x + y, 0) / wins.length;

        expect(
          auc(
            rows.map(([y]) => y),
            rows.map(([, s]) => s),
          ),
        ).toBeCloseTo(counted, 12);
      }),
    );
  });
});

describe("calibration", () => {
  test("is nothing off when forecasts come true", () => {
    const bins = calibrationBins([1, 0, 1, 1], [0.5, 0.5, 1, 1]);

    expect(bins.map((b) => [b.rows, b.forecast, b.observed])).toEqual([
      [2, 0.5, 0.5],
      [2, 1, 1],
    ]);
    expect(calibrationError(bins)).toBe(0);
  });

  test("weighs the gaps by rows", () => {
    const bins = calibrationBins([0, 0, 0, 1], [0.25, 0.25, 0.25, 0.75]);

    expect(calibrationError(bins)).toBeCloseTo(0.25, 12);
    expect(brierScore([0, 0, 0, 1], [0.25, 0.25, 0.25, 0.75])).toBeCloseTo(0.0625, 12);
  });

  test("has Wilson's interval, within 0 and 1", () => {
    // Newcombe 1998: 15 of 148 gives .0624 to .1605.
    const found = wilsonInterval(15, 148);

    expect([found.low, found.high].map((v) => v.toFixed(4))).toEqual(["0.0624", "0.1605"]);
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilsonInterval(5, 5).high).toBe(1);
  });
});

describe("solveCholesky", () => {
  test("solves what it is given", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
        (m) => {
          const a = Float64Array.from({ length: 16 }, (_, k) => {
            const [i, j] = [Math.floor(k / 4), k % 4];
            return m.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), i === j ? 1 : 0);
          });
          const b = Float64Array.of(1, -2, 3, 0.5);

          const x = solveCholesky(a.slice(), b.slice());

          for (let i = 0; i < 4; i++) {
            const left = [0, 1, 2, 3].reduce((sum, j) => sum + (a[4 * i + j] ?? 0) * (x[j] ?? 0), 0);
            expect(left).toBeCloseTo(b[i] ?? 0, 6);
          }
        },
      ),
    );
    expect(() => solveCholesky(new Float64Array(3), new Float64Array(2))).toThrow(RangeError);
  });
});

describe("logistic regression", () => {
  test("with one flag is the log odds of the two groups", () => {
    // 30 of 100 and 60 of 100 positive.
    const rows = Array.from({ length: 200 }, (_, i) => [i < 100 ? 0 : 1]);
    const labels = rows.map(([x], i) => (i % 100 < (x ? 60 : 30) ? 1 : 0));

    const fit = fitLogistic(matrix(rows), labels, { lambda: 0 });

    expect(fit.intercept).toBeCloseTo(Math.log(0.3 / 0.7), 6);
    expect(fit.weights[0]).toBeCloseTo(Math.log(0.6 / 0.4) - Math.log(0.3 / 0.7), 6);
  });

  test("stays finite where the classes can be told apart perfectly", () => {
    const fit = fitLogistic(matrix([[-1], [-1], [1], [1]]), [0, 0, 1, 1], { lambda: 1 });

    expect(fit.weights[0]).toBeGreaterThan(0);
    expect(fit.weights[0]).toBeLessThan(5);
  });

  test("has no slope left at its optimum", () => {
    const random = seededRandom(5);
    const rows = Array.from({ length: 120 }, () => [random() - 0.5, random() - 0.5, random() > 0.5 ? 1 : 0]);
    const labels = rows.map(([a = 0, , c = 0]) => (random() < sigmoid(2 * a + c) ? 1 : 0));
    const x = matrix(rows);

    const fit = fitLogistic(x, labels, { lambda: 2 });

    const errors = logOdds(fit, x).map((z, i) => sigmoid(z) - (labels[i] ?? 0));
    for (let j = 0; j < 3; j++) {
      const slope = errors.reduce((sum, e, i) => sum + e * (rows[i]?.[j] ?? 0), 0) + 2 * (fit.weights[j] ?? 0);
      expect(slope).toBeCloseTo(0, 4);
    }
  });

  test("that may not be negative sets to zero what would be, and else agrees", () => {
    const random = seededRandom(6);
    const rows = Array.from({ length: 400 }, () => [random(), random()]);
    const labels = rows.map(([a = 0, b = 0]) => (random() < sigmoid(3 * a - 3 * b) ? 1 : 0));

    const { weights } = fitNonNegativeLogistic(matrix(rows), labels, { lambda: 1 });
    const alone = fitLogistic(matrix(rows.map(([a = 0]) => [a])), labels, { lambda: 1 });

    expect(weights[1]).toBe(0);
    expect(weights[0]).toBeCloseTo(alone.weights[0] ?? 0, 3);
  });
});

describe("boosted trees", () => {
  const random = seededRandom(7);
  const [a, b] = [0, 1].map(() => Uint8Array.from({ length: 800 }, () => Math.floor(random() * 8)));
  const labels = Float64Array.from({ length: 800 }, (_, i) => ((a?.[i] ?? 0) > 3 !== (b?.[i] ?? 0) > 3 ? 1 : 0));
  const data = { rows: 800, bins: 8, columns: [a ?? new Uint8Array(), b ?? new Uint8Array()] };
  const options = { trees: 60, depth: 2, rate: 0.3, lambda: 1, leastWeight: 1, rowShare: 0.8, columnShare: 1, seed: 1 };

  test("find what only two columns together tell", () => {
    expect(auc(labels, boostedLogOdds(fitBoostedTrees(data, labels, options), data))).toBeGreaterThan(0.99);
  });

  test("are the same on every run", () => {
    const odds = () => boostedLogOdds(fitBoostedTrees(data, labels, options), data);

    expect(odds()).toEqual(odds());
  });
});

describe("folds", () => {
  test("try each row once, with the share of labels of all", () => {
    const labels = Array.from({ length: 103 }, (_, i) => (i % 4 === 0 ? 1 : 0));

    const folds = stratifiedFolds(labels, 5);

    expect(folds.flatMap(({ test }) => [...test]).sort((x, y) => x - y)).toEqual([...labels.keys()]);
    for (const { train, test } of folds) {
      expect(train.length + test.length).toBe(103);
      expect([5, 6]).toContain(test.filter((i) => labels[i] === 1).length);
    }
  });

  test("forward in time learn only from before", () => {
    const times = Float64Array.from({ length: 50 }, (_, i) => (i * 7) % 50);

    for (const { train, test } of forwardFolds(times, 4))
      expect(Math.max(...Array.from(train, (i) => times[i] ?? 0))).toBeLessThan(Math.min(...Array.from(test, (i) => times[i] ?? 0)));
  });
});
