import { describe, expect, test } from "vitest";
import { barChart } from "../../src/charts/bar-chart.ts";
import { changeChart } from "../../src/charts/change-chart.ts";
import { splitSpec } from "../../src/charts/compile.ts";
import { UserError } from "../../src/errors.ts";
import { HOSTILE_LABELS, paramOf, rowsOf } from "./samples.ts";

describe("barChart", () => {
  test("ranks by value and says each value and change", () => {
    const chart = barChart({
      title: "Compute leads",
      unit: "USD",
      previousName: "September 2026",
      items: [
        { label: "S3", value: 100, previous: 80 },
        { label: "EC2", value: 300, previous: 400 },
        { label: "New", value: 50, previous: null },
      ],
    });

    expect(paramOf(chart, "labels")).toEqual(["EC2", "S3", "New"]);
    expect(rowsOf(chart, "rows").map((row) => row.text)).toEqual(["$300  (-25%)", "$100  (+25%)", "$50"]);
    expect(rowsOf(chart, "rows").map((row) => row.at)).toEqual([400, 100, 50]);
    expect(chart.alt).toContain("EC2 $300 ($400 in September 2026)");
    expect(paramOf(chart, "subtitle")).toEqual(["USD  ·  upright mark: September 2026"]);
  });

  test("draws credits to the left of zero", () => {
    const chart = barChart({
      title: "Credits",
      unit: "EUR",
      items: [
        { label: "a", value: 10 },
        { label: "b", value: -30 },
        { label: "c", value: 0 },
      ],
    });

    expect(paramOf(chart, "labels")).toEqual(["a", "c", "b"]);
    expect(rowsOf(chart, "rows").at(-1)).toMatchObject({ at: -30, text: "-€30" });
    expect(paramOf(chart, "from")).toBeLessThan(-30);
  });

  test("is lower with fewer rows", () => {
    const items = (n: number) => Array.from({ length: n }, (_, i) => ({ label: `${i}`, value: i }));

    expect(barChart({ title: "t", items: items(2) }).spec.height).toBeLessThan(300);
    expect(barChart({ title: "t", items: items(90) }).spec.height).toBe(700);
  });

  test("refuses nothing and what is no number", () => {
    expect(() => barChart({ title: "t", items: [] })).toThrow(UserError);
    expect(() => barChart({ title: "t", items: [{ label: "a", value: Number.NaN }] })).toThrow(/“a” has a value that is not a number/);
    expect(() => barChart({ title: "t", items: [{ label: "a", value: 1, previous: Number.POSITIVE_INFINITY }] })).toThrow(UserError);
  });

  test("keeps labels out of the part that is compiled", () => {
    const of = (labels: readonly string[]) =>
      splitSpec(barChart({ title: "t", items: labels.map((label, i) => ({ label, value: i })) }).spec).shape;

    expect({ ...of(HOSTILE_LABELS), height: 0 }).toEqual({ ...of(["a", "b"]), height: 0 });
  });
});

describe("changeChart", () => {
  const changes = [
    { label: "Compute", change: 500, before: 1000 },
    { label: "Storage", change: -200, before: 400 },
    { label: "Cache", change: 50, before: 0 },
  ];

  test("ranks increases before decreases and says the totals", () => {
    const chart = changeChart({
      title: "Up 25%",
      unit: "USD",
      totals: { before: 1400, after: 1750 },
      previousName: "September 2026",
      changes,
    });

    expect(paramOf(chart, "labels")).toEqual(["Compute", "Cache", "Storage"]);
    expect(chart.figures?.rows.map(([label]) => label)).toEqual(["Compute", "Cache", "Storage"]);
    expect(rowsOf(chart, "rows").map((row) => [row.text, row.tone])).toEqual([
      ["+$500  (+50%)", "up"],
      ["+$50  (new)", "up"],
      ["-$200  (-50%)", "down"],
    ]);
    expect(chart.alt).toBe(
      "Up 25%. USD. Against September 2026: total $1,400 → $1,750 (+$350, +25%). " +
        "Largest increases: Compute +$500, Cache +$50. Largest decreases: Storage -$200.",
    );
  });

  test("adds up what is beyond the largest movers", () => {
    const many = Array.from({ length: 100 }, (_, i) => ({ label: `s${i}`, change: i % 2 ? i : -i }));

    const chart = changeChart({ title: "t", totals: { before: 0, after: 50 }, changes: many });

    const rows = rowsOf(chart, "rows");
    expect(rows).toHaveLength(15);
    expect(rows.reduce((sum, row) => sum + Number(row.value), 0)).toBe(50);
    expect((paramOf(chart, "labels") as string[]).at(-1)).toBe("86 others");
  });

  test("refuses nothing and what is no number", () => {
    expect(() => changeChart({ title: "t", totals: { before: 1, after: 1 }, changes: [] })).toThrow(UserError);
    expect(() => changeChart({ title: "t", totals: { before: 1, after: Number.NaN }, changes })).toThrow(UserError);
  });
});
