import { describe, expect, test } from "vitest";
import { formatChange, formatInstant, formatMoney, formatNumber, formatPercent, formatValue, readable } from "../../src/core/format.ts";
import { fc } from "../kit/property.ts";

describe("money", () => {
  test.each([
    [1234.56, "USD", "$1,234.56"],
    [1200, "EUR", "€1,200.00"],
    [12, "CHF", "CHF 12.00"],
    [0, "USD", "$0.00"],
    [-5.5, "USD", "-$5.50"],
    [0.0000012, "USD", "$0.0000012"],
    [0.004, "USD", "$0.004"],
    [100_000, "USD", "$100,000"],
    [99_999.99, "USD", "$99,999.99"],
    [1_234_567.89, "USD", "$1,234,568"],
    [-250_000.4, "EUR", "-€250,000"],
    [5, "QQQ", "QQQ 5.00"],
    [5, "nonsense", "5 nonsense"],
  ])("%d %s reads %s", (value, currency, text) => {
    expect(formatMoney(value, currency)).toBe(text);
  });

  test("that is not nothing never reads as nothing", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), (value) => {
        if (Math.abs(value) > 1e-15) expect(/[1-9]/.test(formatMoney(value, "USD"))).toBe(true);
      }),
    );
  });
});

describe("other figures", () => {
  test.each([
    [1234.5, "1,235"],
    [999.256, "999.26"],
    [0, "0"],
    [0.00012345, "0.00012"],
    [-3, "-3"],
  ])("the number %d reads %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test.each([
    [0.8046, "80.5%"],
    [1, "100%"],
    [0, "0%"],
    [0.0004, "<0.1%"],
    [-0.0004, ">-0.1%"],
    [12.345, "1,235%"],
  ])("the ratio %d reads %s", (value, text) => {
    expect(formatPercent(value)).toBe(text);
  });

  test.each([
    [0.125, "+12.5%"],
    [-0.03, "-3%"],
    [0, "0%"],
  ])("the change %d reads %s", (value, text) => {
    expect(formatChange(value)).toBe(text);
  });

  test("a value follows its unit", () => {
    expect(formatValue(0.5, "ratio")).toBe("50%");
    expect(formatValue(7, "count")).toBe("7");
    expect(formatValue(7, undefined)).toBe("7");
    expect(formatValue(250, "ms")).toBe("250 ms");
    expect(formatValue(2.5, "EUR")).toBe("€2.50");
    expect(formatValue(1, "hours")).toBe("1 hour");
    expect(formatValue(1, "ms")).toBe("1 ms");
    expect(formatValue(1.5, "hours")).toBe("1.5 hours");
  });

  test("instants are in UTC and names are words", () => {
    expect(formatInstant(new Date("2026-11-21T08:42:59Z"))).toBe("2026-11-21 08:42 UTC");
    expect(readable("sub_account")).toBe("sub-account");
    expect(readable("service_category")).toBe("service category");
    expect(readable("cpu_minutes")).toBe("CPU minutes");
  });
});
