import { describe, expect, test } from "vitest";
import { figuresIn, holds, shows } from "../../src/eval/figures.ts";
import { daysOf, namedPeriod } from "../../src/eval/periods.ts";

describe("figures in an answer", () => {
  test.each([
    ["Cost was $112,183 in October 2026.", [112_183]],
    ["up 5.6%, $5,938.23 more", [5.6, 5_938.23]],
    ["about 3.2k orders and 1.5 million tokens", [3_200, 1_500_000]],
    ["1–31 October 2026, 2026-10-01 to 2026-10-31, Q3, `/costs 7`", []],
    ["fell by −12.5%", [-12.5]],
    ["gate-api#1234 and EC2", []],
  ])("%s", (text, values) => {
    expect(figuresIn(text).map(({ value }) => value)).toEqual(values);
  });

  test("show a truth when they are it, rounded as they are written", () => {
    const [figure] = figuresIn("$112.2k");

    expect(figure && shows(figure, 112_183.4)).toBe(true);
    expect(figure && shows(figure, 112_283.4)).toBe(false);
    expect(figuresIn("5.6%").every((one) => shows(one, 0.0558))).toBe(true);
    expect(figuresIn("5.6%").every((one) => shows(one, 0.0451))).toBe(false);
    expect(holds(34_788.0175931462, 34_788.0175)).toBe(true);
    expect(holds(34_788, 34_790)).toBe(false);
  });
});

describe("named periods", () => {
  test.each([
    ["last month", "2026-03-15", "2026-02-01", "2026-02-28"],
    ["last month", "2026-01-01", "2025-12-01", "2025-12-31"],
    ["the month before", "2026-01-20", "2025-11-01", "2025-11-30"],
    ["last quarter", "2026-02-10", "2025-10-01", "2025-12-31"],
    ["last week", "2026-11-21", "2026-11-09", "2026-11-15"],
    ["yesterday", "2026-03-01", "2026-02-28", "2026-02-28"],
    ["last 30 days", "2026-11-21", "2026-10-22", "2026-11-20"],
  ])("%s on %s", (name, today, from, to) => {
    expect(namedPeriod(name, today)).toEqual({ from, to });
  });

  test("hold each of their days once", () => {
    expect(daysOf({ from: "2026-02-27", to: "2026-03-02" })).toEqual(["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
  });
});
