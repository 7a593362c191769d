import { describe, expect, test } from "vitest";
import { median, robustDeviation } from "../../../src/analytics/anomalies/median.ts";
import { Refractory } from "../../../src/analytics/anomalies/refractory.ts";
import { RollingMoments, RunningMoments } from "../../../src/analytics/anomalies/running.ts";
import { SameHour } from "../../../src/analytics/anomalies/same-hour.ts";
import { normalSeverity, scoreOf } from "../../../src/analytics/anomalies/severity.ts";
import { SortedWindow } from "../../../src/analytics/anomalies/sorted-window.ts";
import { MOST, TailProbability } from "../../../src/analytics/anomalies/tail-probability.ts";
import { fc } from "../../kit/property.ts";
import { seededRandom } from "../../kit/random.ts";

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const numbers = fc.array(number, { minLength: 1, maxLength: 60 });

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}

describe("moments", () => {
  test("of all values are those of a count by hand", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const running = new RunningMoments();
        for (const value of values) running.add(value);

        const { mean, deviation } = momentsOf(values);
        expect(running.mean).toBeCloseTo(mean, 4);
        expect(running.deviation).toBeCloseTo(deviation, 3);
      }),
    );
  });

  test("of the last values are those of a count by hand", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 12 }), (values, size) => {
        const rolling = new RollingMoments(size);
        for (const value of values) rolling.add(value);

        const { mean, deviation } = momentsOf(values.slice(-size));
        expect(rolling.length).toBe(Math.min(size, values.length));
        expect(rolling.mean).toBeCloseTo(mean, 4);
        expect(rolling.exactDeviation).toBeCloseTo(deviation, 4);
      }),
    );
  });

  test("have forgotten a great value that has left", () => {
    const rolling = new RollingMoments(5);

    for (const value of [1e15, ...Array.from({ length: 12 }, () => 0.1)]) rolling.add(value);

    expect(rolling.mean).toBeCloseTo(0.1, 12);
    expect(rolling.exactDeviation).toBe(0);
  });
});

describe("a median", () => {
  test("is the middle of the sorted values, and changes none of them", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 40 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const before = [...values];

        const middle = sorted.length === 0 ? 0 : ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
        expect(median(values)).toBe(middle);
        expect(values).toEqual(before);
      }),
    );
  });

  test("of distances is no more than the median deviation of a normal", () => {
    expect(robustDeviation([1, 2, 3, 4, 1000])).toBeCloseTo(1.4826, 9);
  });
});

describe("a sorted window", () => {
  test("gives a distance without a sign, also from minus zero", () => {
    const window = new SortedWindow(2);
    window.add(0);

    expect(window.distance(-0, 1)).toBe(0);
  });

  test("gives the distance to the k-th nearest of the last values", () => {
    fc.assert(
      fc.property(numbers, number, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 }), (values, asked, size, k) => {
        const window = new SortedWindow(size);
        for (const value of values) window.add(value);

        const distances = values
          .slice(-size)
          .map((value) => Math.abs(value - asked))
          .sort((a, b) => a - b);
        expect(window.distance(asked, k)).toBe(distances[k - 1]);
        expect(window.rank(asked)).toBe(values.slice(-size).filter((value) => value < asked).length);
      }),
    );
  });
});

describe("a tail probability", () => {
  function of(count: number, seed = 1): TailProbability {
    const random = seededRandom(seed);
    const tail = new TailProbability();
    for (let i = 0; i < count; i++) tail.add(-Math.log(1 - random()));
    return tail;
  }

  test("of exponential distances is theirs, inside and beyond what was seen", () => {
    const tail = of(20_000);

    for (const x of [0.5, 1, 3, 6, 12, 20]) expect(tail.severity(x, 0)).toBeCloseTo(x / Math.LN10, x > 10 ? 0 : 1);
  });

  test("says nothing below a hundred distances", () => {
    expect(of(99).severity(1e9, 0)).toBe(0);
    expect(of(100).severity(1e9, 0)).toBeGreaterThan(10);
  });

  test("rises with the distance and is never negative, infinite or no number", () => {
    const tail = of(500);
    const distance = fc.double({ min: 0, max: 1e300, noNaN: true });

    fc.assert(
      fc.property(distance, distance, (a, b) => {
        const [low, high] = [tail.severity(Math.min(a, b), 0.1), tail.severity(Math.max(a, b), 0.1)];
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(MOST);
      }),
    );
  });

  test("does not change when all distances are doubled", () => {
    const [plain, doubled] = [new TailProbability(), new TailProbability()];
    const random = seededRandom(2);
    for (let i = 0; i < 300; i++) {
      const x = random();
      plain.add(x);
      doubled.add(2 * x);
    }

    expect(doubled.severity(2.4, 0)).toBeCloseTo(plain.severity(1.2, 0), 9);
  });

  test("after nothing but equal values takes the scale floor", () => {
    const tail = new TailProbability();
    for (let i = 0; i < 500; i++) tail.add(0);

    expect(tail.severity(0, 0)).toBe(0);
    expect(tail.severity(1, 0)).toBe(MOST);
    expect(tail.severity(1, 1)).toBeLessThan(4);
  });

  test("lets what is old fade", () => {
    const tail = new TailProbability();
    for (let i = 0; i < 39_000; i++) tail.add(100);
    for (let i = 0; i < 200_000; i++) tail.add(1 + (i % 10) / 100);

    expect(tail.quantile(0.9)).toBeLessThan(2);
  });
});

describe("the same hour", () => {
  test("is the second nearest value about that time on the days before", () => {
    const [period, days] = [24, 5];
    const random = seededRandom(4);
    const values = Array.from({ length: period * days }, () => Math.floor(random() * 1000));
    const hour = new SameHour(period, 0);

    for (const [i, value] of values.entries()) {
      const distance = hour.add(value);

      const past = [1, 2, 3, 4]
        .flatMap((day) => [-3, -2, -1, 0, 1, 2, 3].map((offset) => ({ centre: i - day * period, row: i - day * period + offset })))
        .filter(({ centre, row }) => centre >= 0 && row >= 0)
        .map(({ row }) => Math.abs(value - (values[row] ?? 0)))
        .sort((a, b) => a - b);
      expect(distance).toBe(past[1] ?? Number.NaN);
    }
  });
});

describe("a refractory rule", () => {
  test("makes one alarm of an event, and another of a much worse one", () => {
    const rule = new Refractory(10, 4);

    expect([1, 5, 4.5, 6, 7.9, 8.1].map((severity) => rule.next(severity))).toEqual([1, 5, 2, 2, 2, 8.1]);
    for (let i = 0; i < 11; i++) rule.next(0);
    expect(rule.next(4.2)).toBe(4.2);
  });

  test("holds what it holds back below half of the alarm, and raises nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 80 }), (severities) => {
        const rule = new Refractory(7, 4);
        for (const severity of severities) {
          const kept = rule.next(severity);
          expect(kept === severity || kept === Math.min(severity, 4) / 2).toBe(true);
        }
      }),
    );
  });
});

describe("severity", () => {
  test.each([
    [0, 0],
    [1, 0.4985],
    [1.959964, 1.30103],
    [3, 2.56869],
    [6, 8.70471],
    [40, 349.136],
  ])("of a deviate of %d is %d", (z, severity) => {
    expect(normalSeverity(z)).toBeCloseTo(severity, 2);
    expect(normalSeverity(-z)).toBe(normalSeverity(z));
  });

  test("becomes a score from 0 to below 1 that keeps the order", () => {
    expect([0, 3.8, 1e9].map((severity) => scoreOf(severity, 3.8))).toEqual([0, 0.5, expect.closeTo(1, 6)]);
    expect(scoreOf(301, 3.8)).toBeGreaterThan(scoreOf(300, 3.8));
    expect(scoreOf(1e9, 3.8)).toBeLessThan(1);
  });
});
