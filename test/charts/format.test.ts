import { describe, expect, test } from "vitest";
import { formatPercent, formatTick, formatValue } from "../../src/charts/format.ts";

describe("formatValue", () => {
  test.each([
    [12_345, "USD", "$12,345"],
    [12_345.67, "USD", "$12,346"],
    [12.5, "USD", "$12.50"],
    [12, "USD", "$12"],
    [0, "USD", "$0"],
    [-320, "USD", "-$320"],
    [1200, "EUR", "€1,200"],
    [1200, "CHF", "CHF 1,200"],
    [0.0000012, "USD", "$0.0000012"],
    [0.0000012, "count", "0.0000012"],
    [1_234_567, "count", "1,234,567"],
    [2.71801, undefined, "2.72"],
    [42, "tokens", "42 tokens"],
    [0.3651, "ratio", "36.5%"],
    [1200, "ms", "1.2 s"],
    [5_400_000, "ms", "1.5 h"],
    [3_400_000_000, "bytes", "3.4 GB"],
  ])("writes %d %s in full as %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  test.each([
    [1234, "USD", "$1.23k"],
    [999_999, "USD", "$1M"],
    [2_500_000_000, "USD", "$2.5B"],
    [840, "USD", "$840"],
    [42.0003, "USD", "$42"],
    [-1234, "EUR", "-€1.23k"],
    [48_970, "tokens", "49k"],
  ])("writes %d %s short as %s", (value, unit, text) => {
    expect(formatValue(value, unit, { compact: true })).toBe(text);
  });

  test("puts a sign before a change", () => {
    expect(formatValue(9120, "USD", { signed: true })).toBe("+$9,120");
    expect(formatValue(-9120, "USD", { signed: true })).toBe("-$9,120");
    expect(formatPercent(0.054, { signed: true })).toBe("+5.4%");
    expect(formatPercent(0)).toBe("0%");
  });

  test("does not round almost all up to all", () => {
    expect(formatPercent(0.9997)).toBe("99.97%");
    expect(formatPercent(1)).toBe("100%");
    expect(formatPercent(0.0004)).toBe("0.04%");
  });

  test("a unit named like a property of every object is a plain word", () => {
    expect(formatValue(3, "constructor")).toBe("3 constructor");
  });
});

test("an axis has one display unit", () => {
  expect([0, 1_800_000, 5_400_000].map((value) => formatTick(value, "ms", 5_400_000))).toEqual(["0 h", "0.5 h", "1.5 h"]);
  expect([500, 1200, 1250].map((value) => formatTick(value, "USD", 1250))).toEqual(["$500", "$1.2k", "$1.25k"]);
});
