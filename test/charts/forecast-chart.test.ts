import { describe, expect, test } from "vitest";
import { splitSpec } from "../../src/charts/compile.ts";
import { forecastChart } from "../../src/charts/forecast-chart.ts";
import { renderPng } from "../../src/charts/render.ts";
import { UserError } from "../../src/errors.ts";
import { paramOf, rowsOf } from "./samples.ts";

const ahead = (at: string, mean: number) => ({ at, mean, lo80: mean - 1, hi80: mean + 1, lo95: mean - 2, hi95: mean + 2 });
const HISTORY = [
  { at: "2026-11-01", value: 10 },
  { at: "2026-11-02", value: 12 },
];

describe("forecastChart", () => {
  test("goes on from the last known value, within two ranges", () => {
    const chart = forecastChart({
      title: "Cost will rise",
      unit: "USD",
      subject: "cost per day",
      grain: "day",
      history: HISTORY,
      forecast: [ahead("2026-11-03", 13), ahead("2026-11-04", 14)],
    });

    expect(rowsOf(chart, "lines").map((row) => row.value)).toEqual([10, 12, null, null]);
    expect(rowsOf(chart, "ahead").map((row) => row.value)).toEqual([12, 13, 14]);
    expect(rowsOf(chart, "narrow").map((row) => [row.low, row.high])).toEqual([
      [12, 12],
      [12, 14],
      [13, 15],
    ]);
    expect(rowsOf(chart, "wide").at(-1)).toEqual({ i: 3, low: 12, high: 16 });
    expect(paramOf(chart, "ends")).toEqual([0, 20]);
    expect(chart.alt).toBe(
      "Cost will rise. Cost per day, USD. By day, 1 Nov 2026 to 4 Nov 2026. Last known: $12 (2 Nov 2026). " +
        "Forecast: $13 (3 Nov 2026) to $14 (4 Nov 2026); at the end 80% between $13 and $15, 95% between $12 and $16.",
    );
  });

  test("a gap stays one, before the forecast too", () => {
    const chart = forecastChart({ title: "t", grain: "day", history: HISTORY, forecast: [ahead("2026-11-05", 13)] });

    expect(rowsOf(chart, "ahead")).toHaveLength(1);
    expect(rowsOf(chart, "lines").map((row) => row.value)).toEqual([10, 12, null, null, null]);
  });

  test("differs from another one in data alone, and can be drawn", async () => {
    const of = (value: number) =>
      forecastChart({ title: "t", grain: "month", history: [{ at: "2026-10-01", value }], forecast: [ahead("2026-11-01", value)] }).spec;

    expect(splitSpec(of(5)).shape).toEqual(splitSpec(of(-5000)).shape);
    expect((await renderPng(of(5))).length).toBeGreaterThan(1000);
  });

  test("refuses nothing, and what is no number", () => {
    expect(() => forecastChart({ title: "t", grain: "day", history: [], forecast: [] })).toThrow(UserError);
    expect(() => forecastChart({ title: "t", grain: "day", history: HISTORY, forecast: [ahead("2026-11-03", Number.NaN)] })).toThrow(
      UserError,
    );
  });
});
