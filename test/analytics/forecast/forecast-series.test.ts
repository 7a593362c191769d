import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { budgetBurn } from "../../../src/analytics/forecast/budget-burn.ts";
import { openEts } from "../../../src/analytics/forecast/ets.ts";
import { type ForecastOptions, forecastSeries, type SeriesForecast, sumInterval } from "../../../src/analytics/forecast/forecast-series.ts";
import { monthEnd } from "../../../src/analytics/forecast/month-end.ts";
import { fc } from "../../kit/property.ts";
import { seededRandom } from "../../kit/random.ts";

const WEEK = [1.2, 1.1, 1, 1, 1.1, 0.8, 0.8];

function made(values: ArrayLike<number>, options: ForecastOptions): SeriesForecast {
  const found = forecastSeries(values, options);
  if ("tooLittle" in found) throw new Error(`too little: ${found.needed}`);
  return found;
}

/** Days with a weekly rhythm, growth, and noise of a tenth. */
function days(n: number, seed = 1): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: n }, (_, t) => (500 + t) * (WEEK[t % 7] ?? 1) * (1 + 0.2 * (random() - 0.5)));
}

describe("a forecast", () => {
  test("carries rhythm and growth on", () => {
    const { mean, seasons, backTest } = made(days(140), { horizon: 14, seasons: [7] });

    for (const [k, value] of mean.entries()) expect(Math.abs(value / ((640 + k) * (WEEK[k % 7] ?? 1)) - 1)).toBeLessThan(0.08);
    expect(seasons).toEqual([7]);
    expect(backTest).toMatchObject({ origins: 8, steps: 14, step: expect.any(Number), total: expect.any(Number) });
    expect(backTest.step).toBeLessThan(0.12);
  });

  test("is the same every time, and finds the season by itself", () => {
    const x = days(140);

    expect(made(x, { horizon: 7 }).mean).toEqual(made(x, { horizon: 7, seasons: [7] }).mean);
  });

  test("has ordered, finite ranges for whatever it is given", () => {
    const number = fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.constant(Number.NaN), fc.constant(0));
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom([], [7], [12], [4, 28]),
        (x, horizon, seasons) => {
          const found = forecastSeries(x, { horizon, seasons });
          if ("tooLittle" in found) {
            expect(found.have).toBeLessThan(found.needed);
            return;
          }
          for (let k = 0; k < horizon; k++) {
            const steps = [found.lo95[k], found.lo80[k], found.mean[k], found.hi80[k], found.hi95[k]].map(Number);
            expect(steps.every(Number.isFinite)).toBe(true);
            expect(steps.every((value, i) => i === 0 || value >= (steps[i - 1] ?? 0) - 1e-9 * Math.abs(value))).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("of money never goes below zero", () => {
    const random = seededRandom(5);
    const found = made(
      Float64Array.from({ length: 60 }, (_, t) => Math.max(0, 60 - t) * random()),
      { horizon: 20, seasons: [7] },
    );

    expect(found.nonNegative).toBe(true);
    expect(Math.min(...found.lo95, ...found.mean)).toBeGreaterThanOrEqual(0);
  });

  test("of what never varied is that, without a range", () => {
    const found = made(new Float64Array(40).fill(12), { horizon: 3, seasons: [7] });

    expect([...found.mean, ...found.lo95, ...found.hi95]).toEqual(new Array(9).fill(expect.closeTo(12, 9)));
  });

  test("does not run away with a series that leaps", () => {
    const x = Float64Array.from({ length: 60 }, (_, t) => 1.3 ** t);
    const found = made(x, { horizon: 12, seasons: [] });

    expect(Math.max(...found.mean)).toBeLessThan(4 * (x.at(-1) ?? 0));
  });

  test("refuses too little, and says what it takes", () => {
    expect(forecastSeries(days(13), { horizon: 3, seasons: [7] })).toEqual({ tooLittle: true, have: 13, needed: 16, season: 7 });
    expect(forecastSeries([], { horizon: 3 })).toMatchObject({ tooLittle: true, have: 0 });
    expect(forecastSeries([Number.NaN, 1], { horizon: 1, seasons: [12] })).toMatchObject({ have: 1, needed: 26 });
    expect(forecastSeries(days(30), { horizon: 60, seasons: [7] })).toMatchObject({ needed: 60 });
    expect(() => forecastSeries(days(30), { horizon: 0 })).toThrow(RangeError);
  });

  test("leaves out a year that is not there twice, and says so", () => {
    expect(made(days(80), { horizon: 4, seasons: [52] })).toMatchObject({ seasons: [], tooLong: [52] });
  });

  test("fills gaps, ignores those at the beginning, and counts", () => {
    const x = days(100);
    x[50] = Number.NaN;
    const found = made([Number.NaN, Number.NaN, ...x], { horizon: 7, seasons: [7] });

    expect(found.gaps).toBe(1);
  });

  test("takes a million values in its stride", () => {
    const random = seededRandom(6);

    expect(
      made(
        Float64Array.from({ length: 1_000_000 }, () => random()),
        { horizon: 5 },
      ).mean,
    ).toHaveLength(5);
  });

  test("holds what it says: ranges cover 80 % and 95 % of what comes", () => {
    let inside80 = 0;
    let inside95 = 0;
    let sums = 0;
    const tries = 60;
    for (let seed = 0; seed < tries; seed++) {
      const x = days(154, seed + 100);
      const found = made(x.subarray(0, 140), { horizon: 14, seasons: [7] });
      for (let k = 0; k < 14; k++) {
        const actual = x[140 + k] ?? 0;
        inside80 += Number(actual >= (found.lo80[k] ?? 0) && actual <= (found.hi80[k] ?? 0));
        inside95 += Number(actual >= (found.lo95[k] ?? 0) && actual <= (found.hi95[k] ?? 0));
      }
      const total = x.subarray(140).reduce((sum, value) => sum + value, 0);
      const { lo95, hi95 } = sumInterval(found, 0, 14);
      sums += Number(total >= lo95 && total <= hi95);
    }

    expect(inside80 / tries / 14).toBeGreaterThan(0.74);
    expect(inside80 / tries / 14).toBeLessThan(0.88);
    expect(inside95 / tries / 14).toBeGreaterThan(0.92);
    expect(sums / tries).toBeGreaterThan(0.85);
  });
});

describe("the library's exponential smoothing", () => {
  test("joins the pool, and leaves what it cannot fit", async () => {
    const path = join(dirname(createRequire(import.meta.url).resolve("@bsull/augurs/ets")), "ets_bg.wasm");
    const ets = await openEts(readFileSync(path));

    expect(made(days(100), { horizon: 7, seasons: [7], ets }).methods.map(({ name }) => name)).toContain("ets");
    expect(ets(new Float64Array(30), 3)).toBeUndefined();
  });
});

describe("a month", () => {
  const forecast = made(days(140), { horizon: 30, seasons: [7] });

  test("is what is known and what is to come", () => {
    const end = monthEnd({ known: 1000, forecast, from: 0, to: 10 });
    const ahead = sumInterval(forecast, 0, 10);

    expect(end.mean).toBeCloseTo(1000 + ahead.mean, 6);
    expect(end.hi95 - end.lo95).toBeCloseTo(ahead.hi95 - ahead.lo95, 6);
    expect(monthEnd({ known: 7, forecast, from: 3, to: 3 })).toMatchObject({ mean: 7, lo95: 7, hi95: 7, ahead: 0 });
  });

  test("a total is surer than its days together", () => {
    const ahead = sumInterval(forecast, 0, 30);
    const widths = forecast.hi95.reduce((sum, value, k) => sum + value - (forecast.lo95[k] ?? 0), 0);

    expect(ahead.hi95 - ahead.lo95).toBeLessThan(widths);
  });

  test("burns its budget", () => {
    const end = { mean: 100, lo80: 90, hi80: 112.8155, lo95: 80, hi95: 119.5996 };

    expect(budgetBurn({ budget: 110, used: 60, daysGone: 15, days: 30, end })).toMatchObject({
      usedShare: 60 / 110,
      timeShare: 0.5,
      over: -10,
      chanceOver: expect.closeTo(0.1587, 3),
    });
    expect(budgetBurn({ budget: 50, used: 60, daysGone: 15, days: 30, end }).chanceOver).toBe(1);
    expect(
      budgetBurn({ budget: 50, used: 0, daysGone: 0, days: 0, end: { mean: 20, lo80: 20, hi80: 20, lo95: 20, hi95: 20 } }),
    ).toMatchObject({
      chanceOver: 0,
      timeShare: 1,
    });
    expect(() => budgetBurn({ budget: 0, used: 0, daysGone: 0, days: 1, end })).toThrow(RangeError);
  });
});
