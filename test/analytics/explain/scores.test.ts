import { describe, expect, it } from "vitest";
import { type Amounts, backwards, excess, expected, scaleOf, without } from "../../../src/analytics/explain/amounts.ts";
import { calmPeriods, directionOf } from "../../../src/analytics/explain/calm-periods.ts";
import { changePoint } from "../../../src/analytics/explain/change-point.ts";
import { evidence } from "../../../src/analytics/explain/evidence.ts";
import { linearRest, restRose } from "../../../src/analytics/explain/rest-rose.ts";
import { withoutWeekdays } from "../../../src/analytics/explain/without-weekdays.ts";
import { fc } from "../../kit/property.ts";

const amount = fc.integer({ min: 0, max: 100_000 });
const plain: fc.Arbitrary<Amounts> = fc.record({ before: amount, after: amount, totalBefore: fc.constant(0), totalAfter: fc.constant(0) });
const rated: fc.Arbitrary<Amounts> = fc
  .record({ before: amount, after: amount, moreBefore: amount, moreAfter: amount })
  .map(({ before, after, moreBefore, moreAfter }) => ({ before, after, totalBefore: before + moreBefore, totalAfter: after + moreAfter }));

describe("amounts", () => {
  it("expect the rate before at the totals after", () => {
    const whole = { before: 100, after: 100, totalBefore: 10_000, totalAfter: 10_000 };
    const scale = scaleOf(whole, { rates: true, counts: true, periods: 1 });
    const slice = { before: 50, after: 300, totalBefore: 1000, totalAfter: 3000 };

    expect(expected(slice, scale)).toBeCloseTo((3000 * (50 + 2 * 0.01)) / 1002, 9);
    expect(excess(slice, scale)).toBeCloseTo(300 - expected(slice, scale), 9);
  });

  it("expect the overall rate of a slice that was not there", () => {
    const scale = scaleOf({ before: 100, after: 100, totalBefore: 10_000, totalAfter: 10_000 }, { rates: true, counts: true, periods: 4 });

    expect(expected({ before: 0, after: 5, totalBefore: 0, totalAfter: 200 }, scale)).toBeCloseTo(2, 9);
  });

  it("turned round twice are the same", () => {
    fc.assert(
      fc.property(rated, (slice) => {
        expect(backwards(backwards(slice))).toEqual(slice);
      }),
    );
  });
});

describe("evidence", () => {
  it("is the Poisson log likelihood ratio of a rise", () => {
    expect(evidence(20, 10, 1)).toBeCloseTo(20 * Math.log(2) - 10, 12);
  });

  it("is never negative, grows with the amount, and is the same in cents as in dollars", () => {
    fc.assert(
      fc.property(amount, amount, (after, usual) => {
        expect(evidence(after, usual, 1)).toBeGreaterThanOrEqual(0);
        expect(evidence(after + 1, usual, 1)).toBeGreaterThanOrEqual(evidence(after, usual, 1));
        expect(evidence(after * 100, usual * 100, 100)).toBeCloseTo(evidence(after, usual, 1), 6);
      }),
    );
  });
});

describe("how far the rest rose", () => {
  const scale = scaleOf({ before: 1000, after: 2000, totalBefore: 0, totalAfter: 0 }, { rates: false, counts: true, periods: 1 });

  it("lies between nothing and as much, for all amounts, and is a number", () => {
    fc.assert(
      fc.property(fc.oneof(plain, rated), fc.oneof(plain, rated), fc.boolean(), (slice, rest, rates) => {
        const own = scaleOf(slice, { rates, counts: true, periods: 1 });
        const rose = restRose(slice, rest, own);
        expect(rose).toBeGreaterThanOrEqual(0);
        expect(rose).toBeLessThanOrEqual(1);
        expect(Number.isFinite(linearRest(slice, rest, own))).toBe(true);
      }),
    );
  });

  it("is nothing where the rest stayed, and all where it doubled too", () => {
    const slice = { before: 500, after: 1000, totalBefore: 0, totalAfter: 0 };

    expect(restRose(slice, { before: 500, after: 500, totalBefore: 0, totalAfter: 0 }, scale)).toBeLessThan(0.01);
    expect(restRose(slice, { before: 500, after: 1000, totalBefore: 0, totalAfter: 0 }, scale)).toBeGreaterThan(0.99);
  });

  it("is all where there is no rest: a longer name for the same rows is no better", () => {
    const slice = { before: 500, after: 1000, totalBefore: 0, totalAfter: 0 };

    expect(restRose(slice, without(slice, slice), scale)).toBe(1);
  });
});

describe("calm periods", () => {
  it("are the lower half for a rise, the upper for a fall, in order of time", () => {
    const rates = [0.02, 0.5, 0.01, 0.03];

    expect(calmPeriods(rates, "rise")).toEqual([0, 2]);
    expect(calmPeriods(rates, "fall")).toEqual([1, 3]);
    expect(calmPeriods([0.4], "rise")).toEqual([0]);
  });

  it("a change is a fall only below all that came before", () => {
    expect(directionOf([5, 9, 20], 4)).toBe("fall");
    expect(directionOf([5, 9, 20], 6)).toBe("rise");
    expect(directionOf([10], 9)).toBe("fall");
    expect(directionOf([], 9)).toBe("rise");
  });
});

describe("the change point", () => {
  it("finds a planted step, with both levels", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 30 }),
        fc.integer({ min: 5, max: 30 }),
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 }),
        (left, right, noise) => {
          const series = Array.from({ length: left + right }, (_, i) => (i < left ? 100 : 150) + (noise[i] ?? 0));
          const found = changePoint(series);
          expect(found?.at).toBe(left);
          expect(found?.before).toBeCloseTo(100, -1);
          expect(found?.after).toBeCloseTo(150, -1);
          expect(found?.strength).toBeGreaterThan(1);
        },
      ),
    );
  });

  it("does not call steady noise a change more often than its bound says, by far", () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const false_ = Array.from({ length: 400 }, () => changePoint(Array.from({ length: 60 }, () => random() + random() + random()))).filter(
      (p) => (p?.strength ?? 0) > 1,
    );

    expect(false_.length / 400).toBeLessThan(0.12);
  });

  it("leaves missing days out, and needs four values", () => {
    expect(changePoint([10, Number.NaN, 10, 10, Number.NaN, 50, 50, 50])).toMatchObject({ at: 5, before: 10, after: 50 });
    expect(changePoint([1, 2, 3])).toBeUndefined();
    expect(changePoint([])).toBeUndefined();
    expect(changePoint([Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1])).toBeUndefined();
  });

  it("says nothing changed in a constant series", () => {
    expect(changePoint([5, 5, 5, 5, 5, 5])).toBeUndefined();
  });

  it("sees a step through the week", () => {
    const week = [100, 100, 100, 100, 100, 40, 40];
    const series = Array.from({ length: 56 }, (_, i) => (week[i % 7] ?? 0) + (i < 30 ? 0 : 15));

    expect(changePoint(withoutWeekdays(series))?.at).toBe(30);
  });
});
