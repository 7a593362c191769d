import { describe, expect, test } from "vitest";
import { bucketsOf, dateTicks } from "../../src/charts/buckets.ts";
import { splitSpec } from "../../src/charts/compile.ts";
import { timeChart } from "../../src/charts/time-chart.ts";
import { UserError } from "../../src/errors.ts";
import { HOSTILE_LABELS, paramOf, rowsOf } from "./samples.ts";

const point = (at: string, value: number | null) => ({ at, value });

describe("timeChart", () => {
  test("a missing day is a gap, and a lone day a dot", () => {
    const points = [point("2026-11-01", 5), point("2026-11-02", 6), point("2026-11-04", 7)];

    const chart = timeChart({ title: "t", unit: "USD", grain: "day", series: [{ name: "Cost", points }] });

    expect(rowsOf(chart, "lines").map((row) => row.value)).toEqual([5, 6, null, 7]);
    expect(rowsOf(chart, "dots")).toEqual([{ i: 3, value: 7, key: "s0" }]);
    expect(chart.alt).toContain("1 without a value");
  });

  test("provisional days leave the solid line and are named", () => {
    const points = [1, 2, 3, 4, 5].map((day) => point(`2026-11-0${day}`, day));

    const chart = timeChart({ title: "t", grain: "day", provisionalFrom: "2026-11-04", series: [{ name: "Cost", points }] });

    expect(rowsOf(chart, "lines").map((row) => row.i)).toEqual([0, 1, 2]);
    expect(rowsOf(chart, "tails").map((row) => row.i)).toEqual([2, 3, 4]);
    expect(rowsOf(chart, "band")).toEqual([{ i: 2.5, end: 4.5 }]);
    expect(paramOf(chart, "subtitle")).toEqual(["dashed: may still change (since 4 Nov 2026)"]);
    expect(chart.alt).toContain("Since 4 Nov 2026 the numbers may still change.");
  });

  test("draws eight series, the largest first, and adds up the rest", () => {
    const series = Array.from({ length: 12 }, (_, k) => ({ name: `team ${k}`, points: [point("2026-11-01", k), point("2026-11-02", k)] }));

    const chart = timeChart({ title: "t", unit: "count", grain: "day", series });

    expect(paramOf(chart, "names")).toEqual(["team 11", "team 10", "team 9", "team 8", "team 7", "team 6", "team 5", "team 4", "4 others"]);
    expect(rowsOf(chart, "lines").at(-1)).toEqual({ i: 1, value: 0 + 1 + 2 + 3, key: "others" });
  });

  test("does not add up ratios", () => {
    const series = Array.from({ length: 10 }, (_, k) => ({ name: `${k}`, points: [point("2026-11-01", 0.5)] }));

    const chart = timeChart({ title: "t", unit: "ratio", grain: "day", series });

    expect(paramOf(chart, "names")).toHaveLength(8);
    expect(paramOf(chart, "subtitle")).toEqual(["2 more not shown"]);
  });

  test("says average, extremes and last value with their days", () => {
    const points = [point("2026-11-01", 100), point("2026-11-02", 300), point("2026-11-03", 200)];

    const { alt } = timeChart({ title: "Cost doubled", unit: "USD", grain: "day", series: [{ name: "Cost", points }] });

    expect(alt).toBe(
      "Cost doubled. USD. By day, 1 Nov 2026 to 3 Nov 2026. " +
        "Cost: average $200, highest $300 (2 Nov 2026), lowest $100 (1 Nov 2026), last $200 (3 Nov 2026).",
    );
  });

  test("keeps a comparison apart from the series", () => {
    const points = [point("2026-11-01", 1), point("2026-11-02", 2)];

    const chart = timeChart({ title: "t", grain: "day", series: [{ name: "November", points }], comparison: { name: "October", points } });

    expect(paramOf(chart, "names")).toEqual(["November", "October"]);
    expect(rowsOf(chart, "compared").map((row) => row.key)).toEqual(["c", "c"]);
  });

  test("refuses no series, no values, and what is no number", () => {
    const chart = (points: { at: string; value: number | null }[]) => () =>
      timeChart({ title: "t", grain: "day", series: [{ name: "a", points }] });

    expect(() => timeChart({ title: "t", grain: "day", series: [] })).toThrow(UserError);
    expect(chart([])).toThrow(UserError);
    expect(chart([point("2026-11-01", null)])).toThrow(UserError);
    expect(chart([point("2026-11-01", Number.NEGATIVE_INFINITY)])).toThrow(UserError);
    expect(chart([point("1926-11-01", 1), point("2026-11-01", 1)])).toThrow(/Ask by week or by month/);
  });

  test("keeps names out of the part that is compiled", () => {
    const of = (names: readonly string[]) =>
      splitSpec(timeChart({ title: "t", grain: "day", series: names.map((name) => ({ name, points: [point("2026-11-01", 1)] })) }).spec)
        .shape;

    expect(of(HOSTILE_LABELS.slice(0, 7))).toEqual(of(["a", "b", "c", "d", "e", "f", "g"]));
  });
});

describe("buckets", () => {
  test("weeks begin on Monday, months on their first day", () => {
    expect(bucketsOf("week", [point("2026-11-04", 1), point("2026-11-16", 1)])).toEqual(["2026-11-02", "2026-11-09", "2026-11-16"]);
    expect(bucketsOf("month", [point("2025-12-31", 1), point("2026-02-01", 1)])).toEqual(["2025-12-01", "2026-01-01", "2026-02-01"]);
  });

  test("an instant counts for its day in UTC", () => {
    expect(bucketsOf("day", [{ at: new Date("2026-11-03T23:59:59Z"), value: 1 }])).toEqual(["2026-11-03"]);
  });

  test("90 days are labelled at Mondays, the year once", () => {
    const days = bucketsOf("day", [point("2026-08-23", 1), point("2026-11-20", 1)]);

    const { texts } = dateTicks("day", days);

    expect(texts).toHaveLength(13);
    expect(texts.slice(0, 2)).toEqual([["24 Aug", "2026"], ["31 Aug"]]);
  });

  test("months across a new year say both years; a long span says years only", () => {
    const months = (from: string, to: string) => bucketsOf("month", [point(from, 1), point(to, 1)]);

    expect(dateTicks("month", months("2025-11-01", "2026-02-01")).texts).toEqual([["Nov", "2025"], ["Dec"], ["Jan", "2026"], ["Feb"]]);
    expect(dateTicks("month", months("2018-01-01", "2026-02-01")).texts.at(-1)).toEqual(["2026"]);
  });
});
