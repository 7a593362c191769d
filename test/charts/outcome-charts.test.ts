import { describe, expect, test } from "vitest";
import { kaplanMeier } from "../../src/analytics/survival/kaplan-meier.ts";
import { calibrationChart } from "../../src/charts/calibration-chart.ts";
import { renderSvg } from "../../src/charts/render.ts";
import { survivalChart } from "../../src/charts/survival-chart.ts";
import { UserError } from "../../src/errors.ts";
import { paramOf, rowsOf } from "./samples.ts";

describe("survivalChart", () => {
  const curve = kaplanMeier(
    Float64Array.from({ length: 100 }, (_, i) => i + 1),
    new Uint8Array(100).fill(1),
  );

  test("begins with all, marks the half, and ends where fewer than ten are left", async () => {
    const chart = survivalChart({ title: "Half leave within 50 months", curve, timeUnit: "months" });

    expect(rowsOf(chart, "curve")[0]).toEqual({ t: 0, s: 1, low: 1, high: 1 });
    expect(rowsOf(chart, "curve").at(-1)?.t).toBe(91);
    expect(rowsOf(chart, "half")).toEqual([{ t: 50, s: 0.5, text: "half by 50 months" }]);
    expect(chart.alt).toContain("100 cases, 100 of them ended.");
    expect(chart.alt).toContain("Half have ended by 50 months.");
    expect(chart.figures?.rows[0]).toEqual([0, 1, 1, 1]);
    expect(chart.figures?.rows.at(-1)?.[0]).toBe(91);
    expect(await renderSvg(chart.spec)).toContain("half by 50 months");
  });

  test("names the unit at every time of its axis, thousands too", () => {
    const days = kaplanMeier(
      Float64Array.from({ length: 100 }, (_, i) => 20 * (i + 1)),
      new Uint8Array(100).fill(1),
    );

    const texts = paramOf(survivalChart({ title: "t", curve: days, timeUnit: "days" }), "timeTexts") as string[];

    expect(texts).toContain("1k days");
    expect(texts.every((text) => text.endsWith(" days"))).toBe(true);
  });

  test("of too few is refused", () => {
    const few = kaplanMeier(Float64Array.of(1, 2, 3), [1, 1, 1]);

    expect(() => survivalChart({ title: "t", curve: few, timeUnit: "days" })).toThrow(UserError);
  });
});

describe("calibrationChart", () => {
  test("sets what came true against what was forecast, with its interval", async () => {
    const chart = calibrationChart({ title: "Off by 2 points", bins: [{ from: 0.1, to: 0.2, rows: 100, forecast: 0.15, observed: 0.17 }] });

    const [point] = rowsOf(chart, "points");
    expect(point).toMatchObject({ forecast: 0.15, observed: 0.17, text: "100" });
    expect(point?.low).toBeCloseTo(0.1089, 3);
    expect(chart.figures?.rows[0]).toEqual([0.15, 0.17, point?.low, point?.high, "100"]);
    expect(chart.alt).toContain("Forecast 15%: 17% of 100 came true.");
    expect(paramOf(chart, "subtitle")).toEqual(["number of cases at each point"]);
    expect(await renderSvg(chart.spec)).toContain("Came true");
  });

  test("without bands is refused", () => {
    expect(() => calibrationChart({ title: "t", bins: [] })).toThrow(UserError);
  });
});
