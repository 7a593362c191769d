import { describe, expect, test } from "vitest";
import { enclosingTicks, ticksWithin } from "../../src/charts/ticks.ts";
import { fc } from "../kit/property.ts";

describe("enclosingTicks", () => {
  test("are round and enclose the values", () => {
    expect(enclosingTicks(0, 6722, "USD").texts).toEqual(["$0", "$2k", "$4k", "$6k", "$8k"]);
    expect(enclosingTicks(-320, 500, "count").values).toEqual([-400, -200, 0, 200, 400, 600]);
  });

  test("are round in hours when the values are hours", () => {
    expect(enclosingTicks(0, 4 * 3_600_000, "ms").texts).toEqual(["0 h", "1 h", "2 h", "3 h", "4 h"]);
  });

  test("stay legible for tiny amounts", () => {
    expect(enclosingTicks(0, 0.0000012, "USD").texts.at(-1)).toBe("$0.00000125");
  });

  test("exist when every value is zero, and when all are one", () => {
    expect(enclosingTicks(0, 0, "USD").values.length).toBeGreaterThan(1);
    expect(enclosingTicks(5, 5, undefined).values.length).toBeGreaterThan(1);
  });

  test("any two finite ends get 2 to 12 rising ticks around them", () => {
    const amount = fc.double({ min: -1e12, max: 1e12, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-9);
    fc.assert(
      fc.property(amount, amount, fc.constantFrom("USD", "ms", "bytes", "ratio", "count", undefined), (a, b, unit) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(max - min === 0 || (max - min) / Math.max(Math.abs(min), Math.abs(max)) > 1e-6);

        const { values } = enclosingTicks(min, max, unit);

        const slack = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
        expect(values.length).toBeGreaterThanOrEqual(2);
        expect(values.length).toBeLessThanOrEqual(12);
        expect(values[0]).toBeLessThanOrEqual(min + slack);
        expect(values.at(-1)).toBeGreaterThanOrEqual(max - slack);
        expect(values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0))).toBe(true);
      }),
    );
  });
});

test("ticksWithin never goes beyond the end of the axis", () => {
  expect(ticksWithin(192_821, "USD").texts).toEqual(["$0", "$50k", "$100k", "$150k"]);
  expect(ticksWithin(100, "count").values).toEqual([0, 20, 40, 60, 80, 100]);
});
