import { describe, expect, it } from "vitest";
import { type Amounts, excess, scaleOf } from "../../../src/analytics/explain/amounts.ts";
import { combinations, cubeOfTables } from "../../../src/analytics/explain/cube.ts";
import { cubeOfLeaves } from "../../../src/analytics/explain/cube-of-leaves.ts";
import { explainRows } from "../../../src/analytics/explain/explain-rows.ts";
import { leavesOf, type Rows } from "../../../src/analytics/explain/rows.ts";
import { riseOf, scoreSlices } from "../../../src/analytics/explain/score-slices.ts";
import { smallestSet } from "../../../src/analytics/explain/smallest-set.ts";
import { fc } from "../../kit/property.ts";

type Row = readonly [attributes: readonly string[], value: number, total?: number];

function rowsOf(rows: readonly Row[], periods = 1): Rows {
  const width = rows[0]?.[0].length ?? 0;
  const rates = rows.some(([, , total]) => total !== undefined);
  return {
    attributes: Array.from({ length: width }, (_, a) => rows.map(([attributes]) => attributes[a] ?? "")),
    measure: Float64Array.from(rows, ([, value]) => value),
    ...(rates ? { total: Float64Array.from(rows, ([, , total]) => total ?? 0) } : {}),
    periods,
  };
}

const SERVICES = ["web", "api", "batch", "mail"];
const REGIONS = ["eu", "us", "asia"];
const TEAMS = ["red", "blue"];

/** A row per combination; `value` of each. */
function grid(value: (service: string, region: string, team: string) => number, total?: number): Row[] {
  return SERVICES.flatMap((s) =>
    REGIONS.flatMap((r) => TEAMS.map((t): Row => (total === undefined ? [[s, r, t], value(s, r, t)] : [[s, r, t], value(s, r, t), total]))),
  );
}

const NAMES = ["service", "region", "team"];
const flat = grid((s) => 100 + 10 * SERVICES.indexOf(s));
const first = (before: readonly Row[], after: readonly Row[], direction: "rise" | "fall" = "rise") =>
  explainRows(NAMES, rowsOf(before), rowsOf(after), { direction }).causes[0];

describe("the ranking of causes", () => {
  it.each([
    [{ service: "api" }],
    [{ region: "asia" }],
    [{ service: "api", region: "eu" }],
    [{ service: "mail", team: "red" }],
    [{ service: "web", region: "us", team: "blue" }],
  ])("finds a planted slice: %j", (planted) => {
    const inside = (s: string, r: string, t: string) => Object.values(planted).every((value) => [s, r, t].includes(value));
    const after = grid((s, r, t) => (100 + 10 * SERVICES.indexOf(s)) * (inside(s, r, t) ? 4 : 1));

    expect(first(flat, after)).toMatchObject({ slice: planted, confidence: "high", share: expect.closeTo(1, 6) });
    expect(first(after, flat, "fall")).toMatchObject({ slice: planted });
  });

  it("judges by the rate where there is a total: more traffic is no cause", () => {
    const before = grid(() => 10, 1000);
    const after = grid((s, r) => (s === "api" && r === "eu" ? 200 : s === "web" ? 50 : 10), 1000).map(
      ([attributes, value, total]): Row => [attributes, value, attributes[0] === "web" ? 5000 : (total ?? 0)],
    );

    expect(first(before, after)?.slice).toEqual({ service: "api", region: "eu" });
  });

  it("gives two causes at once as two entries", () => {
    const after = grid((s) => (100 + 10 * SERVICES.indexOf(s)) * (s === "api" || s === "mail" ? 3 : 1));
    const { causes } = explainRows(NAMES, rowsOf(flat), rowsOf(after), { direction: "rise" });

    expect(causes.slice(0, 2).map((cause) => cause.slice)).toEqual([{ service: "mail" }, { service: "api" }]);
    expect(causes[0]?.together).toBe(2);
  });

  it("names what follows from another attribute after the short name, as the same rows", () => {
    const kinds: Record<string, string> = { web: "front", api: "back", batch: "back", mail: "office" };
    const wide = (rows: readonly Row[]) =>
      rows.map(([attributes, value]): Row => [[...attributes.slice(0, 2), kinds[attributes[0] ?? ""] ?? ""], value]);
    const after = grid((s) => (100 + 10 * SERVICES.indexOf(s)) * (s === "api" ? 3 : 1));
    const { causes } = explainRows(["service", "region", "kind"], rowsOf(wide(flat)), rowsOf(wide(after)), { direction: "rise" });

    expect(causes[0]).toMatchObject({ slice: { service: "api" }, sameRows: false });
    expect(causes[1]).toMatchObject({ slice: { service: "api", kind: "back" }, sameRows: true });
  });

  it("gives nothing where nothing rose, and nothing without rows", () => {
    expect(first(flat, flat)).toBeUndefined();
    expect(first([], [])).toBeUndefined();
    expect(first(flat, [])).toBeUndefined();
  });

  it("calls a rise of everything alike a low confidence", () => {
    const after = grid((s) => 2 * (100 + 10 * SERVICES.indexOf(s)));

    expect(first(flat, after)?.confidence).toBe("low");
  });

  const row = fc.tuple(
    fc.tuple(fc.constantFrom(...SERVICES), fc.constantFrom(...REGIONS), fc.constantFrom(...TEAMS)),
    fc.oneof(fc.integer({ min: -50, max: 5000 }), fc.double({ min: -1e6, max: 1e9, noNaN: true }), fc.constant(Number.NaN)),
  );
  const some = fc.array(row, { maxLength: 40 });

  it("holds only numbers, whatever the amounts, and does not depend on the order of rows", () => {
    fc.assert(
      fc.property(some, some, fc.constantFrom("rise" as const, "fall" as const), (before, after, direction) => {
        const { causes } = explainRows(NAMES, rowsOf(before), rowsOf(after), { direction });
        for (const { score, share, amounts, expected } of causes) {
          for (const number of [score, share ?? 0, amounts.before, amounts.after, expected]) expect(Number.isFinite(number)).toBe(true);
        }
        const turned = explainRows(NAMES, rowsOf(before.toReversed()), rowsOf(after.toReversed()), { direction });
        const best = (list: typeof causes) => Math.max(0, ...list.map((c) => c.score));
        expect(best(turned.causes)).toBeCloseTo(best(causes), 6);
      }),
      {
        numRuns: 60,
        examples: [
          [[[["web", "eu", "red"], -3e-323]], [], "rise"],
          [
            [
              [["web", "us", "blue"], 5],
              [["web", "eu", "red"], -6.4e-323],
              [["web", "asia", "red"], 5],
              [["web", "us", "red"], -5],
              [["web", "eu", "blue"], 5e-324],
            ],
            [],
            "rise",
          ],
        ],
      },
    );
  });

  it("does not depend on the unit of money", () => {
    const after = grid((s, r) => (100.5 + 10 * SERVICES.indexOf(s)) * (s === "api" && r === "us" ? 1.7 : 1.01));
    const in_ = (rows: readonly Row[], factor: number) => rows.map(([attributes, value]): Row => [attributes, (value + 0.123) * factor]);
    const [dollars, thousands] = [1, 0.001].map(
      (f) => explainRows(NAMES, rowsOf(in_(flat, f)), rowsOf(in_(after, f)), { direction: "rise" }).causes,
    );

    expect(thousands?.map((c) => c.slice)).toEqual(dollars?.map((c) => c.slice));
  });

  it("drops an attribute that only rewords another, and says so", () => {
    const twice = (rows: readonly Row[]) => rows.map(([attributes, value]): Row => [[...attributes, `${attributes[1]} region`], value]);
    const after = grid((s, r) => (100 + 10 * SERVICES.indexOf(s)) * (r === "us" ? 3 : 1));
    const found = explainRows([...NAMES, "region name"], rowsOf(twice(flat)), rowsOf(twice(after)), { direction: "rise" });

    expect(found.sameAs).toEqual(["region name"]);
    expect(found.causes.flatMap(({ slice }) => Object.keys(slice))).not.toContain("region name");
  });

  it("looks into the ten most telling of many attributes and says which it left", () => {
    const names = Array.from({ length: 14 }, (_, i) => `a${i}`);
    const many = (lift: number): Row[] =>
      Array.from({ length: 200 }, (_, i) => [
        names.map((_, a) => `v${(i * (a + 3) + a) % (a + 2)}`),
        (i * 3 + 9) % 14 === 0 ? 10 * lift : 10,
      ]);
    const { causes, leftOut } = explainRows(names, rowsOf(many(1)), rowsOf(many(5)), { direction: "rise" });

    expect(leftOut).toHaveLength(4);
    expect(causes.length).toBeGreaterThan(0);
  });
});

describe("the smallest set of slices", () => {
  const judged = (before: readonly Row[], after: readonly Row[]) => {
    const leaves = leavesOf(rowsOf(before), rowsOf(after));
    const scale = scaleOf(leaves.whole, { rates: false, counts: true, periods: 1 });
    const cube = cubeOfLeaves(NAMES, leaves, scale);
    return { scored: scoreSlices(cube, scale), scale, rise: riseOf(cube, scale), whole: excess(cube.whole, scale) };
  };

  it("takes slices without a common row until most is explained", () => {
    const after = grid((s, r) => (100 + 10 * SERVICES.indexOf(s)) * (s === "api" && r === "eu" ? 6 : s === "mail" && r === "us" ? 3 : 1));
    const { scored, scale, rise, whole } = judged(flat, after);

    const chosen = smallestSet(scored, rise, scale);

    expect(chosen.map(({ cell }) => cell.values)).toEqual([
      ["api", "eu"],
      ["mail", "us"],
    ]);
    expect(chosen.reduce((sum, { cell }) => sum + excess(cell, scale), 0)).toBeCloseTo(whole, 6);
  });

  it("never counts a row twice", () => {
    const level = fc.constantFrom(0, 10, 100, 1000);
    fc.assert(
      fc.property(fc.array(level, { minLength: 24, maxLength: 24 }), fc.array(level, { minLength: 24, maxLength: 24 }), (b, a) => {
        let i = 0;
        const before = grid(() => b[i++ % 24] ?? 0);
        i = 0;
        const after = grid(() => a[i++ % 24] ?? 0);
        const { scored, scale, rise } = judged(before, after);
        const chosen = smallestSet(scored, rise, scale);
        for (const [attributes] of after) {
          const holding = chosen.filter(({ judged: s, cell }) => s.attributes.every((at, j) => attributes[at] === cell.values[j]));
          expect(holding.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a cube", () => {
  it("over ready tables holds what one over rows holds", () => {
    const after = grid((s, r) => (100 + 10 * SERVICES.indexOf(s)) * (s === "api" ? 2 : r === "asia" ? 1.5 : 1));
    const leaves = leavesOf(rowsOf(flat), rowsOf(after));
    const scale = scaleOf(leaves.whole, { rates: false, counts: true, periods: 1 });
    const cells = leaves.amounts.map((amounts: Amounts, i) => ({
      ...amounts,
      values: NAMES.map((_, a) => leaves.values[a]?.[leaves.codes[a]?.[i] ?? 0] ?? ""),
    }));
    const ready = cubeOfTables(NAMES, leaves.whole, [{ attributes: [0, 1, 2], cells }]);
    const made = cubeOfLeaves(NAMES, leaves, scale);

    expect(scoreSlices(ready, scale)[0]).toMatchObject({ attributes: scoreSlices(made, scale)[0]?.attributes });
    for (const set of combinations(3, 2))
      for (const cell of made.cuboid(set).cells)
        expect(ready.cuboid(set).find(cell.values)).toMatchObject({
          before: expect.closeTo(cell.before, 9),
          after: expect.closeTo(cell.after, 9),
        });
  });

  it("has every set of up to three positions once", () => {
    expect(combinations(4, 3)).toHaveLength(4 + 6 + 4);
    expect(combinations(0, 3)).toEqual([]);
  });
});
