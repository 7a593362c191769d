import { describe, expect, test } from "vitest";
import { kaplanMeier, survivalAt, survivalTime } from "../../../src/analytics/survival/kaplan-meier.ts";
import { fc } from "../../kit/property.ts";

/** Weeks in remission under 6-MP; + is censored. Freireich et al. 1963, as in Kalbfleisch and Prentice. */
const REMISSION = "6 6 6 7 10 13 16 22 23 6+ 9+ 10+ 11+ 17+ 19+ 20+ 25+ 32+ 32+ 34+ 35+".split(" ");

function curveOf(cells: readonly string[]) {
  return kaplanMeier(
    Float64Array.from(cells, (c) => Number.parseFloat(c)),
    cells.map((c) => (c.endsWith("+") ? 0 : 1)),
  );
}

describe("kaplanMeier", () => {
  test("gives the published remission curve", () => {
    const curve = curveOf(REMISSION);

    expect(curve.steps.map((s) => [s.time, s.atRisk, s.survival.toFixed(4)])).toEqual([
      [6, 21, "0.8571"],
      [7, 17, "0.8067"],
      [10, 15, "0.7529"],
      [13, 12, "0.6902"],
      [16, 11, "0.6275"],
      [22, 7, "0.5378"],
      [23, 6, "0.4482"],
    ]);
    expect(survivalTime(curve, 0.5)).toBe(23);
    expect([survivalAt(curve, 5.9), survivalAt(curve, 6).toFixed(4), survivalAt(curve, 99).toFixed(4)]).toEqual([1, "0.8571", "0.4482"]);
    expect(curve).toMatchObject({ n: 21, events: 9, last: 35 });
  });

  test("is undefined where the curve does not come", () => {
    expect(survivalTime(curveOf(["1", "2+", "3+"]), 0.5)).toBeUndefined();
    expect(survivalTime(kaplanMeier(new Float64Array(), []), 0.5)).toBeUndefined();
  });

  test("without censoring is the share left", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 30 }),
        (times, at) => {
          const curve = kaplanMeier(
            Float64Array.from(times),
            times.map(() => 1),
          );

          expect(survivalAt(curve, at)).toBeCloseTo(times.filter((t) => t > at).length / times.length, 12);
        },
      ),
    );
  });

  test("never rises, stays in its band and within 0 and 1", () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean()), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rows, (given) => {
        const { steps } = kaplanMeier(
          Float64Array.from(given, ([t]) => t),
          given.map(([, e]) => Number(e)),
        );

        for (const [i, { survival, low, high }] of steps.entries()) {
          expect(survival).toBeLessThanOrEqual(steps[i - 1]?.survival ?? 1);
          expect(low >= 0 && low <= survival + 1e-12 && survival <= high + 1e-12 && high <= 1).toBe(true);
        }
      }),
    );
  });

  test("takes no time that is no number", () => {
    expect(() => kaplanMeier(Float64Array.of(1, Number.NaN), [1, 1])).toThrow(RangeError);
  });
});
