import { describe, expect, test } from "vitest";
import type { Column } from "../../../src/analytics/churn/columns.ts";
import { estimateDurations, learnDurations, type Spells } from "../../../src/analytics/durations/model.ts";
import { curveOf, shrunkenCurve, timeOf } from "../../../src/analytics/durations/shrunken-curve.ts";
import { kaplanMeier } from "../../../src/analytics/survival/kaplan-meier.ts";
import { seededRandom } from "../../kit/random.ts";

/** Bugs take about 5 days, stories about 40; begun one after the other; what lasts past `asOf` is open. */
function world(n: number, asOf = Number.POSITIVE_INFINITY, seed = 3): { columns: Column[]; spells: Spells } {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const kinds = Array.from({ length: n }, () => (random() < 0.5 ? "bug" : "story"));
  const starts = Float64Array.from({ length: n }, (_, i) => i / 2);
  const full = kinds.map((kind) => Math.expm1(Math.max(0.1, Math.log1p(kind === "bug" ? 5 : 40) + 0.8 * normal())));
  const over = Uint8Array.from(full, (days, i) => ((starts[i] ?? 0) + days <= asOf ? 1 : 0));
  const days = Float64Array.from(full, (d, i) => (over[i] ? d : asOf - (starts[i] ?? 0)));
  return { columns: [{ kind: "category", name: "type", values: kinds }], spells: { starts, days, over } };
}

const oneOf = (...values: string[]): Column[] => [{ kind: "category", name: "type", values }];
const rows = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

describe("durations", () => {
  test("are learnt per group, with ranges that hold", () => {
    const { columns, spells } = world(900);

    const model = learnDurations(columns, spells);
    const [bug, story] = estimateDurations(model, oneOf("bug", "story"), rows(2));

    expect(bug?.p50).toBeGreaterThan(4);
    expect(bug?.p50).toBeLessThan(6.5);
    expect(story?.p50).toBeGreaterThan(32);
    expect(story?.p50).toBeLessThan(50);
    expect(model.quality?.coverage).toBeGreaterThan(0.74);
    expect(model.quality?.coverage).toBeLessThan(0.86);
    expect(model.quality?.logError).toBeLessThan(0.8 * (model.quality?.logErrorOfMedian ?? 0));
  });

  test("count what is open as at least so long: dropping it would make them look short", () => {
    const { columns, spells } = world(120, 60);
    const done = rows(120).filter((i) => spells.over[i] === 1);
    const only: Spells = {
      starts: Float64Array.from(done, (i) => spells.starts[i] ?? 0),
      days: Float64Array.from(done, (i) => spells.days[i] ?? 0),
      over: new Uint8Array(done.length).fill(1),
    };
    const kept: Column[] = [
      {
        kind: "category",
        name: "type",
        values: Array.from(done, (i) => (columns[0]?.kind === "category" ? (columns[0].values[i] ?? null) : null)),
      },
    ];

    const [censored] = estimateDurations(learnDurations(columns, spells), oneOf("story"), rows(1));
    const [dropped] = estimateDurations(learnDurations(kept, only), oneOf("story"), rows(1));

    expect(censored?.p50).toBeGreaterThan(1.2 * (dropped?.p50 ?? 0));
  });

  test("of a group never seen are those of all, and never beyond the longest seen", () => {
    const { columns, spells } = world(400);
    const model = learnDurations(columns, spells);

    const [unseen] = estimateDurations(model, oneOf("epic"), rows(1));

    expect(unseen?.p50).toBeGreaterThan(5);
    expect(unseen?.p50).toBeLessThan(40);
    for (const e of estimateDurations(model, columns, rows(400))) {
      const inOrder = [0, e.low, e.p50, e.p80, e.high, e.p95, model.longest];
      expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
    }
  });

  test("of what is still open are never less than its age, and grow with it", () => {
    const { columns, spells } = world(400);
    const model = learnDurations(columns, spells);
    const at = (age: number) => estimateDurations(model, oneOf("bug"), rows(1), Float64Array.of(age))[0]?.p50 ?? 0;

    expect(at(0)).toBe(estimateDurations(model, oneOf("bug"), rows(1))[0]?.p50);
    expect(at(10)).toBeGreaterThan(10);
    expect(at(20)).toBeGreaterThan(at(10));
  });

  test("need thirty that are over", () => {
    const { columns, spells } = world(29);

    expect(() => learnDurations(columns, spells)).toThrow(RangeError);
  });
});

describe("a shrunken curve", () => {
  test("of few rows is near its parent, of many near itself", () => {
    const parent = curveOf(
      Float64Array.from({ length: 100 }, (_, i) => i + 1),
      new Uint8Array(100).fill(1),
    );
    const group = (n: number) => shrunkenCurve(kaplanMeier(new Float64Array(n).fill(5), new Uint8Array(n).fill(1)), parent);

    expect(timeOf(parent, 0.5)).toEqual({ time: 50, open: false });
    expect(timeOf(group(2), 0.5).time).toBeGreaterThan(45);
    expect(timeOf(group(500), 0.5).time).toBe(5);
  });

  test("says when it does not come so far down", () => {
    expect(timeOf(curveOf(Float64Array.of(1, 2, 3), [1, 0, 0]), 0.5)).toEqual({ time: 1, open: true });
  });
});
