import { describe, expect, test } from "vitest";
import { type AnomalyDay, anomalyChart } from "../../src/charts/anomaly-chart.ts";
import { splitSpec } from "../../src/charts/compile.ts";
import { renderSvg } from "../../src/charts/render.ts";
import { addDays } from "../../src/core/civil-date.ts";
import { UserError } from "../../src/errors.ts";
import { HOSTILE_LABELS, paramOf, rowsOf } from "./samples.ts";

const days = (values: readonly (number | null)[], anomalous: readonly number[] = []): AnomalyDay[] =>
  values.map((value, i) => ({
    day: addDays("2026-11-01", i),
    value,
    low: i < 1 ? null : 8,
    high: i < 1 ? null : 12,
    anomalous: anomalous.includes(i),
  }));

describe("anomalyChart", () => {
  test("draws the line in its range and marks its anomalies", () => {
    const chart = anomalyChart({ title: "t", unit: "USD", name: "S3", days: days([10, 11, 30, 9], [2]) });

    expect(rowsOf(chart, "line").map((row) => row.value)).toEqual([10, 11, 30, 9]);
    expect(rowsOf(chart, "range")[0]).toEqual({ i: 0, value: null, high: null });
    expect(rowsOf(chart, "range")[1]).toEqual({ i: 1, value: 8, high: 12 });
    expect(rowsOf(chart, "marks")).toEqual([{ i: 2, value: 30 }]);
    expect(chart.alt).toContain("1 day is anomalous. 3 Nov 2026: $30, expected $8 to $12.");
  });

  test("leaves a gap for a missing day, also one that was not given, and a dot for a lone day", () => {
    const given = days([10, null, 11, 12, 9]).filter((_, i) => i !== 3);

    const chart = anomalyChart({ title: "t", name: "S3", days: given });

    expect(rowsOf(chart, "line").map((row) => row.value)).toEqual([10, null, 11, null, 9]);
    expect(rowsOf(chart, "lone").map((row) => row.i)).toEqual([0, 2, 4]);
    expect(chart.alt).toContain("2 days have no value. No day is an anomaly.");
  });

  test("gives what it draws as a table, with missing days as missing", () => {
    const { figures } = anomalyChart({ title: "t", unit: "USD", name: "S3", days: days([10, null, 30], [2]) });

    expect(figures?.columns.map(({ label }) => label)).toEqual(["day", "S3", "expected from", "expected to", "unusual"]);
    expect(figures?.rows).toEqual([
      ["2026-11-01", 10, null, null, null],
      ["2026-11-02", null, 8, 12, null],
      ["2026-11-03", 30, 8, 12, "yes"],
    ]);
  });

  test("shades the days that may still change, and says so", () => {
    const chart = anomalyChart({ title: "t", name: "S3", days: days([10, 11, 10]), provisionalFrom: "2026-11-03" });

    expect(rowsOf(chart, "ground")).toEqual([{ i: 1.5, end: 2.5 }]);
    expect(paramOf(chart, "subtitle")).toEqual(["band: expected range  ·  dots: anomalies  ·  shaded: may still change"]);
  });

  test("holds zero and what lies below it", () => {
    expect(paramOf(anomalyChart({ title: "t", name: "x", days: days([100, 110]) }), "ends")).toEqual([0, expect.any(Number)]);
    expect(paramOf(anomalyChart({ title: "t", name: "x", days: days([-5, 3]) }), "ends")).toEqual([expect.any(Number), expect.any(Number)]);
  });

  test("is the same specification for any name, and renders", async () => {
    const plain = splitSpec(anomalyChart({ title: "t", name: "x", days: days([10, 11, 30], [2]) }).spec);
    for (const name of HOSTILE_LABELS) {
      const chart = anomalyChart({ title: `“${name}” rose`, name, days: days([10, 11, 30], [2]) });
      expect(splitSpec(chart.spec).shape).toEqual(plain.shape);
    }
    expect(await renderSvg(anomalyChart({ title: "t", name: "x", days: days([10, 11, 30], [2]) }).spec)).toMatch(/^<svg/);
  });

  test("refuses what it cannot draw", () => {
    expect(() => anomalyChart({ title: "t", name: "x", days: [] })).toThrow(UserError);
    expect(() => anomalyChart({ title: "t", name: "x", days: days([null, null]) })).toThrow(UserError);
    expect(() => anomalyChart({ title: "t", name: "x", days: days([Number.NaN]) })).toThrow(UserError);
  });
});
