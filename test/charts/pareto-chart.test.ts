import { describe, expect, test } from "vitest";
import { splitSpec } from "../../src/charts/compile.ts";
import { paretoChart } from "../../src/charts/pareto-chart.ts";
import { UserError } from "../../src/errors.ts";
import { HOSTILE_LABELS, paramOf, paretoInput, rowsOf, SERVICES, serviceCosts } from "./samples.ts";

const october = { from: "2026-10-01", to: "2026-10-31" };

describe("paretoChart", () => {
  test("draws bars from the largest down, the vital few strong, with short values", () => {
    const chart = paretoChart(paretoInput(["a", "b", "c"], [700, 200, 100]));

    expect(rowsOf(chart, "bars")).toEqual([
      { i: 0, value: 700, share: 0.7, tone: "strong", text: "$700", at: 0.7 },
      { i: 1, value: 200, share: 0.9, tone: "strong", text: "$200", at: 0.2 },
      { i: 2, value: 100, share: 1, tone: "soft", text: "$100", at: 0.1 },
    ]);
    expect(rowsOf(chart, "rule")).toEqual([{ at: 0.8 }]);
    expect(paramOf(chart, "total")).toBe(1000);
  });

  test("gives what it draws as a table to take along", () => {
    const { figures } = paretoChart(paretoInput(["a", "b", "c"], [700, 200, 100]));

    expect(figures?.columns.map(({ label }) => label)).toEqual(["what", "value", "cumulative share"]);
    expect(figures?.columns[1]?.unit).toBe("USD");
    expect(figures?.rows).toEqual([
      ["a", 700, 0.7],
      ["b", 200, 0.9],
      ["c", 100, 1],
    ]);
  });

  test("says the finding in words, with figures, unit and period", () => {
    const input = paretoInput(SERVICES, serviceCosts(), "6 of 20 services make 80% of cost");

    const { alt, title } = paretoChart({ ...input, subject: "cost by service", period: october });

    expect(title).toBe("6 of 20 services make 80% of cost");
    expect(alt).toBe(
      "6 of 20 services make 80% of cost. Cost by service, October 2026, USD. Total $192,821 over 20 items; the first 6 make 80%. " +
        "Largest: Amazon Elastic Compute Cloud - Compute $48,970 (25.4%), Amazon Relational Database Service $36,393 (18.9%), " +
        "Amazon Simple Storage Service $27,077 (14%), EC2 - Other $20,173 (10.5%), Amazon CloudFront $15,055 (7.8%), then 15 smaller.",
    );
  });

  test("shows the top twenty of 500 and the rest as one bar that ends at 100%", () => {
    const labels = Array.from({ length: 500 }, (_, i) => `project ${i}`);
    const input = paretoInput(
      labels,
      labels.map((_, i) => 90_000 / (i + 3)),
    );

    const chart = paretoChart(input);

    const bars = rowsOf(chart, "bars");
    expect(bars).toHaveLength(21);
    expect(bars.at(-1)).toMatchObject({ tone: "rest", share: 1 });
    expect((paramOf(chart, "labels") as string[]).at(-1)).toBe("480 others");
    expect(bars.reduce((sum, bar) => sum + Number(bar.value), 0)).toBeCloseTo(input.total, 6);
  });

  test("adds the items the caller left out", () => {
    const input = paretoInput(["a", "b"], [600, 300]);

    const chart = paretoChart({ ...input, total: 1000, more: { n: 8, value: 100 } });

    expect(rowsOf(chart, "bars").at(-1)).toMatchObject({ value: 100, tone: "rest", share: 1 });
    expect(chart.alt).toContain("over 10 items");
  });

  test("takes one item, and zeros beside a positive one", () => {
    expect(paretoChart(paretoInput(["only"], [5])).alt).toContain("One item holds the whole total of $5.");
    expect(rowsOf(paretoChart(paretoInput(["a", "b"], [5, 0])), "bars")).toHaveLength(2);
  });

  test.each([
    ["no items", paretoInput([], [])],
    ["a value that is no number", paretoInput(["a", "b"], [5, Number.NaN])],
    ["an infinite value", paretoInput(["a"], [Number.POSITIVE_INFINITY])],
    ["a value below zero", { ...paretoInput(["a", "b"], [5, -1]) }],
    ["nothing but zeros", paretoInput(["a"], [0])],
  ])("refuses %s", (_, input) => {
    expect(() => paretoChart(input)).toThrow(UserError);
  });

  test("keeps labels, titles and values out of the part that is compiled", () => {
    const values = HOSTILE_LABELS.map((_, i) => 100 - i);
    const hostile = paretoChart(paretoInput(HOSTILE_LABELS, values, "<b>{{title}}</b>"));
    const harmless = paretoChart(
      paretoInput(
        values.map((_, i) => `item ${i}`),
        values.map((value) => value * 2),
      ),
    );

    expect(splitSpec(hostile.spec).shape).toEqual(splitSpec(harmless.spec).shape);
  });

  test("sets names in lines while every word fits, and slants them else", () => {
    const labels = (names: string[]) => paramOf(paretoChart(paretoInput(names, [3, 2, 1])), "labels");

    expect(labels(["Waiting for review", "Flaky tests in the integration environment of the payments team", "x"])).toEqual([
      ["Waiting for review"],
      ["Flaky tests in the integration", "environment of the payments team"],
      ["x"],
    ]);
    expect(labels(["ok", "w".repeat(60), "x"])).toEqual(["ok", expect.stringMatching(/^w+…$/), "x"]);
  });

  test("moves a value out of the way of the line among bars of one size", () => {
    const even = paretoInput(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"], Array(14).fill(10));

    expect(rowsOf(paretoChart(even), "halos").map((row) => row.i)).toEqual([1]);
    expect(rowsOf(paretoChart(paretoInput(["a", "b"], [80, 20])), "halos")).toEqual([]);
  });
});
