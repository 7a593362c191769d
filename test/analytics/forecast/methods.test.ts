import { describe, expect, test } from "vitest";
import { autocorrelations, differences, middle, undoDifferences } from "../../../src/analytics/forecast/autocorrelation.ts";
import { autoregression, solvePositive } from "../../../src/analytics/forecast/autoregression.ts";
import { dampedHolt, fitHolt, rollHolt } from "../../../src/analytics/forecast/damped-holt.ts";
import { dynamicTheta } from "../../../src/analytics/forecast/dynamic-theta.ts";
import { seasonBefore, shortMemory, wholeSeason } from "../../../src/analytics/forecast/season-lags.ts";
import { adjustSeason, isSeasonal } from "../../../src/analytics/forecast/seasonal-adjustment.ts";
import { seasonalTotals } from "../../../src/analytics/forecast/seasonal-totals.ts";
import { normalQuantile, normalShare, studentQuantile } from "../../../src/analytics/forecast/student-t.ts";
import { straightLine, theta } from "../../../src/analytics/forecast/theta.ts";
import { lastYearsCourse, usualSeason } from "../../../src/analytics/forecast/usual-week.ts";
import { fc } from "../../kit/property.ts";
import { seededRandom } from "../../kit/random.ts";

const line = (n: number, start: number, slope: number) => Float64Array.from({ length: n }, (_, t) => start + slope * t);
const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 12, maxLength: 60 }).map((x) => Float64Array.from(x));
const WEEK = [1.2, 1.1, 1, 1, 1.1, 0.8, 0.8];

describe("theta", () => {
  test("continues a straight line at half its slope or more, and a constant as it is", () => {
    const ahead = theta(line(40, 100, 2), 3);

    expect(ahead[0]).toBeGreaterThan(176);
    expect((ahead[2] ?? 0) - (ahead[1] ?? 0)).toBeCloseTo(1, 6);
    expect([...theta(new Float64Array(20).fill(7), 2)]).toEqual([expect.closeTo(7, 9), expect.closeTo(7, 9)]);
  });

  test.each([theta, dynamicTheta, dampedHolt])("%o moves with the unit and the level of its values", (method) => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.1, max: 100, noNaN: true }), (x, scale) => {
        const size = Math.max(1, ...x.map(Math.abs));
        const plain = method(x, 4);
        const scaled = method(
          x.map((value) => value * scale),
          4,
        );
        for (const [k, value] of plain.entries()) expect(Math.abs((scaled[k] ?? 0) - scale * value)).toBeLessThan(1e-6 * size * scale);
      }),
      {
        numRuns: 40,
        examples: [
          [Float64Array.of(0, 0, 0, 0, 0, 0, 0, 4.585559344981301e-13, 0, 0, 0, 40.000000000000085), 0.1],
          [Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2.565979440834146e-14, 0, 0, 0, 83.6588596072286), 0.17013363819877902],
        ],
      },
    );
  });

  test("the line of least squares is exact for a line", () => {
    expect(straightLine(line(10, 3, -0.5))).toEqual({ start: expect.closeTo(3, 9), slope: expect.closeTo(-0.5, 9) });
    expect(straightLine(Float64Array.of(4))).toEqual({ start: 4, slope: 0 });
  });
});

describe("the damped trend", () => {
  test("rises ever more slowly", () => {
    const ahead = dampedHolt(line(30, 10, 1), 10);

    const steps = differences(ahead);
    expect(steps.every((step, i) => step > 0 && (i === 0 || step < (steps[i - 1] ?? 0)))).toBe(true);
  });

  test("rolled to the last origin it is the forecast from there", () => {
    const random = seededRandom(1);
    const x = Float64Array.from({ length: 30 }, () => random());

    const rows = rollHolt(x, fitHolt(x), 5, 20);

    expect(rows.map((row) => row.length)).toEqual([5, 5, 5, 5, 5, 5, 4, 3, 2, 1]);
  });
});

describe("autoregression", () => {
  test("finds the weight of a process that has one", () => {
    const random = seededRandom(2);
    const x = new Float64Array(2000);
    for (let t = 1; t < x.length; t++) x[t] = 0.7 * (x[t - 1] ?? 0) + random() - 0.5;

    const ahead = autoregression(x, 1, { lags: [1], restraint: 0, constant: false });

    expect((ahead?.[0] ?? 0) / (x.at(-1) ?? 1)).toBeCloseTo(0.7, 1);
  });

  test("more restraint draws the forecast towards zero; too few values give none", () => {
    const x = Float64Array.from({ length: 60 }, (_, t) => Math.sin(t));
    const size = (restraint: number) => Math.abs(autoregression(x, 1, { lags: [1, 2], restraint, constant: false })?.[0] ?? 0);

    expect(size(1000)).toBeLessThan(size(0));
    expect(autoregression(x.subarray(0, 8), 1, { lags: [1, 2], restraint: 1, constant: true })).toBeUndefined();
    expect([...(autoregression(new Float64Array(50), 2, { lags: [1], restraint: 1, constant: false }) ?? [])]).toEqual([0, 0]);
  });

  test("solves what is positive definite and refuses what is not", () => {
    expect([...(solvePositive(Float64Array.of(4, 0, 2, 3), Float64Array.of(2, 5)) ?? [])]).toEqual([
      expect.closeTo(-0.5, 9),
      expect.closeTo(2, 9),
    ]);
    expect(solvePositive(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1))).toBeUndefined();
  });

  test.each([
    ["short memory", (x: Float64Array) => shortMemory(x, 14, [7])],
    ["whole season", (x: Float64Array) => wholeSeason(x, 14, [7])],
    ["season before", (x: Float64Array) => seasonBefore(x, 14, 7, [7])],
  ])("%s learns a weekly rhythm", (_, method) => {
    const x = Float64Array.from({ length: 140 }, (_, t) => 100 * (WEEK[t % 7] ?? 1));

    const ahead = method(x) ?? new Float64Array();

    for (const [k, value] of ahead.entries()) expect(Math.abs(value - 100 * (WEEK[k % 7] ?? 1))).toBeLessThan(8);
    expect(ahead).toHaveLength(14);
  });

  test("differences can be undone", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 5 }), (x, lag) => {
        const known = x.subarray(0, 8);
        const back = undoDifferences(known, differences(x, lag).subarray(8 - lag), lag);
        for (const [i, value] of back.entries()) expect(value).toBeCloseTo(x[8 + i] ?? 0, 3);
      }),
    );
  });
});

describe("the season", () => {
  test("is taken out and put back", () => {
    const x = Float64Array.from({ length: 70 }, (_, t) => (200 + t) * (WEEK[t % 7] ?? 1));

    const { adjusted, restore } = adjustSeason(x, 7);

    for (const [t, value] of adjusted.entries()) {
      expect(Math.abs(value - 200 - t)).toBeLessThan(6);
      expect(restore(value, t)).toBeCloseTo(x[t] ?? 0, 9);
    }
  });

  test("fades out where it is noise, and is left alone where it is too short", () => {
    const random = seededRandom(3);
    const noise = Float64Array.from({ length: 60 }, () => 100 + random());
    const { adjusted } = adjustSeason(noise, 12);

    expect(Math.max(...adjusted.map((value, t) => Math.abs(value - (noise[t] ?? 0))))).toBeLessThan(0.5);
    expect(adjustSeason(noise.subarray(0, 20), 12).adjusted).toHaveLength(20);
    expect(adjustSeason(noise.subarray(0, 20), 12).restore(5, 3)).toBe(5);
  });

  test("goes by differences where values are not positive", () => {
    const x = Float64Array.from({ length: 35 }, (_, t) => (t % 7 === 0 ? 0 : 10));

    const { adjusted } = adjustSeason(x, 7);

    expect(adjusted.every(Number.isFinite)).toBe(true);
  });

  test("is tested for as in the M4 competition", () => {
    const x = Float64Array.from({ length: 70 }, (_, t) => WEEK[t % 7] ?? 1);

    expect([isSeasonal(x, 7), isSeasonal(x.subarray(0, 20), 7), isSeasonal(line(70, 1, 0), 7), isSeasonal(x, 1)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test("its usual course is the median, whatever one week was", () => {
    const x = Float64Array.from({ length: 70 }, (_, t) => (t === 63 ? 9999 : 10 * (WEEK[t % 7] ?? 1)));

    expect(usualSeason(x, 3, 7, 8)?.[0]).toBeCloseTo(12, 9);
    expect(usualSeason(x.subarray(0, 10), 3, 7, 8)).toBeUndefined();
  });

  test("totals of whole seasons carry the growth", () => {
    const x = Float64Array.from({ length: 70 }, (_, t) => (100 + t) * (WEEK[t % 7] ?? 1));
    const ahead = seasonalTotals(x, 7, 7, adjustSeason(x, 7));

    expect((ahead ?? new Float64Array()).reduce((sum, value) => sum + value, 0) / 7).toBeGreaterThan(165);
    expect(seasonalTotals(x.subarray(0, 20), 7, 7, adjustSeason(x.subarray(0, 20), 7))).toBeUndefined();
  });

  test("last year's course counts half", () => {
    const x = Float64Array.from({ length: 730 }, (_, t) => (t % 364 < 60 ? 20 : 10));
    const ahead = lastYearsCourse(x, 40, 7, adjustSeason(x, 1));

    expect(ahead?.[30]).toBeCloseTo(15, 0);
    expect(lastYearsCourse(x.subarray(0, 400), 10, 7, adjustSeason(x, 1))).toBeUndefined();
  });
});

test("autocorrelations begin with one and lie within one", () => {
  fc.assert(
    fc.property(values, (x) => {
      const r = autocorrelations(x, 10);
      expect(r[0]).toBe(1);
      expect(r.every((value) => Math.abs(value) <= 1 + 1e-9)).toBe(true);
    }),
  );
  expect([...autocorrelations(new Float64Array(5).fill(3), 2)]).toEqual([1, 0, 0]);
  expect([middle([]), middle([3, 1, 2]), middle([4, 1, 2, 3])]).toEqual([0, 2, 2.5]);
});

test("quantiles agree with the tables", () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232, 6);
  expect(studentQuantile(0.975, 10)).toBeCloseTo(2.228, 3);
  expect(studentQuantile(0.9, 5)).toBeCloseTo(1.476, 2);
  expect(normalShare(1.959964)).toBeCloseTo(0.975, 6);
  expect(normalShare(-1.281552)).toBeCloseTo(0.1, 6);
  expect(() => normalQuantile(1)).toThrow(RangeError);
});
