import { describe, expect, test } from "vitest";
import { planCampaign } from "../../../src/analytics/churn/campaign.ts";
import { cohortsAtRisk } from "../../../src/analytics/churn/cohorts.ts";
import { chooseColumns, dayOf, type NumberColumn } from "../../../src/analytics/churn/columns.ts";
import { readLabels } from "../../../src/analytics/churn/label.ts";
import { columnsGivingAway, givesAway, spansGivingAway } from "../../../src/analytics/churn/leakage.ts";
import { outcomeProbabilities, trainOutcomeModel } from "../../../src/analytics/churn/model.ts";
import { contributions, reasonsOf } from "../../../src/analytics/churn/reasons.ts";
import { columnStrength } from "../../../src/analytics/churn/strength.ts";
import { UserError } from "../../../src/errors.ts";
import { seededRandom } from "../../kit/random.ts";
import { customers, tableOf } from "../../tools/customers.ts";

const rowsOf = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

describe("labels", () => {
  test.each([
    [["yes", "no"], "yes"],
    [["Yes", "No", ""], "Yes"],
    [["TRUE", "false"], "TRUE"],
    [["1", "0"], "1"],
    [["1.0", "0.0"], "1.0"],
    [["Churned", "Stayed", "Joined"], "Churned"],
  ])("%j are understood", (cells, positive) => {
    const labels = readLabels("churn", cells);

    expect(labels.positive).toBe(positive);
    expect([...labels.values]).toEqual(cells.map((cell) => (cell === "" ? 255 : cell === positive ? 1 : 0)));
  });

  test("take the value named, all others being its opposite", () => {
    expect([...readLabels("end", ["gold", "tin", "GOLD"], "gold").values]).toEqual([1, 0, 1]);
  });

  test.each([
    [["yes", "yes"], /All rows of “churn” are “yes”.*both outcomes/],
    [["no"], /All rows/],
    [["", null], /is empty/],
    [["red", "blue"], /Say which of them is the outcome/],
    [Array.from({ length: 30 }, (_, i) => String(i)), /has 30 values|Say which/],
  ])("%j are refused in words that help", (cells, words) => {
    expect(() => readLabels("churn", cells)).toThrow(UserError);
    expect(() => readLabels("churn", cells)).toThrow(words);
  });
});

describe("columns", () => {
  test("are numbers, dates, categories, or nothing to learn from", () => {
    const n = 40;
    const table = tableOf({
      id: Array.from({ length: n }, (_, i) => `C-${i}`),
      row: Array.from({ length: n }, (_, i) => String(i + 1)),
      key: Array.from({ length: n }, (_, i) => `${i % 2 ? "WEB" : "APP"}-${i}`),
      note: Array.from({ length: n }, (_, i) => `written by hand ${i * 31}`),
      constant: Array.from({ length: n }, () => "x"),
      charges: Array.from({ length: n }, (_, i) => (i === 3 ? "" : String(i * 1.5))),
      since: Array.from({ length: n }, (_, i) => `2026-01-${String((i % 28) + 1).padStart(2, "0")}`),
      plan: Array.from({ length: n }, (_, i) => (i % 3 ? "basic" : "pro")),
      churn: Array.from({ length: n }, (_, i) => (i % 2 ? "yes" : "no")),
    });

    const { columns, ignored } = chooseColumns(table, "churn", "id");

    expect(columns.map((c) => [c.name, c.kind])).toEqual([
      ["key prefix", "category"],
      ["charges", "number"],
      ["since", "number"],
      ["plan", "category"],
    ]);
    expect(ignored.map((i) => i.name)).toEqual(["row", "key", "note", "constant"]);
  });

  test("read dates with and without a time and a zone, in UTC", () => {
    expect(dayOf("1970-01-02")).toBe(1);
    expect(dayOf("1970-01-02 12:00:00")).toBe(1.5);
    expect(dayOf("1970-01-02T12:00:00.000+0000")).toBe(1.5);
    expect(dayOf("1970-01-02 12:00:00+02")).toBeCloseTo(1.5 - 2 / 24, 9);
    expect([dayOf("yesterday"), dayOf(null), dayOf("")].every(Number.isNaN)).toBe(true);
  });
});

describe("a column that gives the label away", () => {
  const labels = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const judge = (name: string, value: (y: number, i: number) => string | null) =>
    givesAway(
      name,
      "Churn",
      columnStrength({ kind: "category", name, values: Array.from(labels, (y, i) => value(y, i)) }, rowsOf(400), labels),
    );

  test("is named: the label again, what is filled in afterwards, what settles many for sure", () => {
    expect(judge("left", (y) => (y ? "gone" : "here"))).toMatch(/almost by itself/);
    expect(judge("reason", (y) => (y ? "price" : null))).toMatch(/almost by itself/);
    expect(judge("refund", (y, i) => (y && i % 8 === 0 ? "yes" : "no"))).toMatch(/for sure/);
  });

  test("is the time a customer was there, beside the day it began: together they are the day it left", () => {
    const random = seededRandom(5);
    const began = labels.map(() => 19_000 + Math.floor(900 * random()));
    const left = labels.map((y, i) => (y ? (began[i] ?? 0) + Math.floor((20_000 - (began[i] ?? 0)) * random()) : 20_000));
    const number = (name: string, values: Float64Array): NumberColumn => ({ kind: "number", name, values });
    const months = number(
      "tenure_months",
      left.map((day, i) => Math.floor((day - (began[i] ?? 0)) / 30.44)),
    );
    const seats = number(
      "seats",
      labels.map(() => Math.floor(50 * random())),
    );
    const columns = [{ ...number("started", began), date: true as const }, months, seats];

    const told = columnsGivingAway(columns, "churn", rowsOf(400), labels);

    expect([...told]).toEqual([["tenure_months", "is, counted from “started”, the day it ended, and so tells “churn”"]]);
    expect(columnsGivingAway([months, seats], "churn", rowsOf(400), labels).size).toBe(0);
    const ended = {
      ...number(
        "ended",
        Float64Array.from(left, (day, i) => (labels[i] ? day : Number.NaN)),
      ),
      date: true as const,
    };
    expect([...spansGivingAway([...columns, ended], "churn", rowsOf(400), labels).keys()]).toEqual(["tenure_months"]);
  });

  test("is not every good column", () => {
    expect(judge("contract", (y, i) => (y ? (i % 3 ? "monthly" : "yearly") : i % 5 ? "yearly" : "monthly"))).toBeUndefined();
  });
});

describe("an outcome model", () => {
  const { table, truth } = customers(1200, 11);
  const { columns } = chooseColumns(table, "churned", "customer");
  const labels = readLabels("churned", table.column("churned")).values;
  const model = trainOutcomeModel(columns, rowsOf(1200), labels);

  test("ranks almost as well as the law that made the rows, and its probabilities come true", () => {
    expect(model.quality.auc).toBeGreaterThan(truth - 0.03);
    expect(model.quality.ece).toBeLessThan(0.06);
    expect(model.heldOut.size).toBe(1200);
  });

  test("gives the same on every run, and a probability to whatever it never saw", () => {
    const odd = tableOf({ customer: ["a", "b"], tenure: ["", "1e9"], plan: ["never seen", ""], tickets: ["x", "-5"], charges: ["1", ""] });
    const seen = columns.map((c) =>
      c.kind === "number" ? { ...c, values: odd.numbers(c.name).values } : { ...c, values: odd.column(c.name) },
    );

    const probabilities = outcomeProbabilities(model, seen, rowsOf(2));

    for (const p of probabilities) expect(p > 0 && p < 1).toBe(true);
    expect(outcomeProbabilities(trainOutcomeModel(columns, rowsOf(1200), labels), seen, rowsOf(2))).toEqual(probabilities);
  });

  test("says why, in words, the largest first", () => {
    const at =
      [...table.column("plan").keys()].find((i) => table.column("plan")[i] === "monthly" && Number(table.column("tenure")[i]) <= 2) ?? 0;

    const [found] = contributions(model, columns, Uint32Array.of(at));

    const reasons = reasonsOf(found ?? [], model.design, columns, at);
    expect(reasons.join("; ")).toMatch(/plan monthly raises the odds \d/);
    expect(reasons.join("; ")).toMatch(/tenure \d+ \(average [\d.]+\) raises the odds/);
    const sizes = (found ?? []).map((c) => Math.abs(c.logOdds));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test("needs a hundred rows and twenty of each outcome", () => {
    expect(() => trainOutcomeModel(columns, rowsOf(99), labels)).toThrow(RangeError);
  });

  test("finds the groups that lose most, none of them small or twice the same", () => {
    const rows = rowsOf(1200);

    const cohorts = cohortsAtRisk(columns, rows, outcomeProbabilities(model, columns, rows));

    expect(cohorts[0]?.name).toMatch(/plan is monthly|tenure is at most/);
    for (const { rows: own, risk } of cohorts) {
      expect(own.length).toBeGreaterThanOrEqual(30);
      expect(risk).toBeGreaterThan(0.2);
    }
  });
});

describe("a campaign", () => {
  test("expects saves from those contacted, and says when its effect could not be seen", () => {
    const plan = planCampaign(
      Array.from({ length: 100 }, () => 0.5),
      { saveRate: 0.1, holdOut: 0.2, costPerContact: 2, valuePerSave: 100 },
    );

    expect(plan).toMatchObject({
      size: 100,
      held: 20,
      treated: 80,
      expectedLosses: 50,
      expectedSaves: 4,
      cost: 160,
      benefit: 400,
      breakEven: 0.04,
    });
    // (1.96 + 0.842)² · (0.25 + 0.45 · 0.55) / 0.05² = 1562.3…
    expect(plan.neededPerGroup).toBe(1562);
    expect(plan.measurable).toBe(false);
  });

  test("of nobody is nothing", () => {
    expect(planCampaign([], { saveRate: 0.1, holdOut: 0.2 })).toMatchObject({ size: 0, expectedSaves: 0, measurable: false });
  });
});
