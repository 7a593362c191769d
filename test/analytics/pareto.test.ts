import { describe, expect, test } from "vitest";
import { gini, pareto, sum } from "../../src/analytics/pareto.ts";
import { fc } from "../kit/property.ts";

function amounts(values: Readonly<Record<string, number>>) {
  return Object.entries(values).map(([label, value]) => ({ label, value }));
}

/** Whole numbers, so that the oracles below are exact. */
const whole = fc.integer({ min: 1, max: 1_000_000 });
const labelled = (values: readonly number[]) => values.map((value, i) => ({ label: `item ${i}`, value }));

describe("worked by hand", () => {
  test("defects of a production line", () => {
    // 200 in all. Shares 40, 25, 15, 10, 5, 3, 2 %; cumulative 40, 65, 80, 90, 95, 98, 100.
    const found = pareto(amounts({ scratch: 80, dent: 50, paint: 30, screw: 20, label: 10, seal: 6, other: 4 }));

    expect(found.total).toBe(200);
    expect(found.items.map((i) => i.label)).toEqual(["scratch", "dent", "paint", "screw", "label", "seal", "other"]);
    expect(found.items.map((i) => i.share)).toEqual([0.4, 0.25, 0.15, 0.1, 0.05, 0.03, 0.02]);
    expect(found.items.map((i) => Math.round(i.cumulativeShare * 100))).toEqual([40, 65, 80, 90, 95, 98, 100]);
    expect(found.items.map((i) => i.class).join("")).toBe("AAABBCC");
    expect(found.itemsTo80).toBe(3);
    expect(found.top20Share).toBe(0.65); // ⌈0.2 · 7⌉ = 2 items
    // Ascending 4 6 10 20 30 50 80: Σ i·x = 4+12+30+80+150+300+560 = 1136; 2·1136/(7·200) − 8/7.
    expect(found.gini).toBeCloseTo(2272 / 1400 - 8 / 7, 12);
    expect(found).not.toHaveProperty("negative");
    expect(found.tooFew).toBe(false);
  });

  test("the item that crosses 80 % belongs to A, the one that crosses 95 % to B", () => {
    const found = pareto(amounts({ a: 79, b: 10, c: 7, d: 3, e: 1 }));

    expect(found.items.map((i) => i.class).join("")).toBe("AABCC");
    expect(found.itemsTo80).toBe(2);
  });

  test("exactly 80 % is enough", () => {
    expect(pareto(amounts({ a: 80, b: 20 })).itemsTo80).toBe(1);
    expect(pareto(amounts({ a: 0.4, b: 0.4, c: 0.1, d: 0.1 })).itemsTo80).toBe(2);
    expect(pareto(labelled(Array.from({ length: 10 }, () => 0.1))).itemsTo80).toBe(8);
    expect(pareto(labelled(Array.from({ length: 1000 }, () => 0.001))).itemsTo80).toBe(800);
    // Four times 0.01 of five times 0.01 is 0.7999… in binary fractions.
    for (const cents of [1, 2, 3, 4, 6])
      for (const n of [5, 10, 25, 35])
        expect(pareto(labelled(Array.from({ length: n }, () => cents / 100))).itemsTo80, `${n} of ${cents} cents`).toBe((n * 4) / 5);
  });

  test("one item has everything", () => {
    const found = pareto(amounts({ only: 7 }));

    expect(found).toMatchObject({ total: 7, n: 1, itemsTo80: 1, top20Share: 1, gini: 0, tooFew: true });
    expect(found.items).toEqual([{ label: "only", value: 7, share: 1, cumulativeShare: 1, class: "A" }]);
  });

  test("nothing gives nothing", () => {
    expect(pareto([])).toEqual({ items: [], total: 0, n: 0, itemsTo80: 0, top20Share: 0, gini: 0, tooFew: true });
    expect(pareto(amounts({ a: 0, b: -0 }))).toEqual({ items: [], total: 0, n: 0, itemsTo80: 0, top20Share: 0, gini: 0, tooFew: true });
  });

  test("credits stand apart and zeros are left out", () => {
    const found = pareto(amounts({ compute: 60, refund: -15, storage: 40, nothing: 0, credit: -5.5 }));

    expect(found).toMatchObject({ total: 100, n: 2, negative: { n: 2, total: -20.5 } });
    expect(found.items.map((i) => i.label)).toEqual(["compute", "storage"]);
  });

  test("only credits", () => {
    expect(pareto(amounts({ a: -1, b: -2 }))).toMatchObject({ items: [], n: 0, total: 0, itemsTo80: 0, negative: { n: 2, total: -3 } });
  });

  test("equal amounts are ordered by label, and make a Gini of nothing", () => {
    const found = pareto(amounts({ delta: 5, alpha: 5, echo: 5, bravo: 5, charlie: 5 }));

    expect(found.items.map((i) => i.label)).toEqual(["alpha", "bravo", "charlie", "delta", "echo"]);
    expect(found.itemsTo80).toBe(4);
    expect(found.gini).toBeCloseTo(0, 12);
    expect(found.top20Share).toBe(0.2);
  });

  test("four items are too few, five are not", () => {
    expect(pareto(labelled([4, 3, 2, 1])).tooFew).toBe(true);
    expect(pareto(labelled([5, 4, 3, 2, 1])).tooFew).toBe(false);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d is refused", (value) => {
    expect(() => pareto(amounts({ a: 1, b: value }))).toThrow(RangeError);
  });

  test("Gini of textbook incomes", () => {
    expect(gini([1, 2, 3, 4])).toBeCloseTo(0.25, 12);
    expect(gini([0, 0, 0, 10])).toBeCloseTo(0.75, 12);
    expect(gini([20, 30, 40, 60, 150])).toBeCloseTo(0.3867, 4);
    expect(gini([])).toBe(0);
  });
});

describe("for any amounts", () => {
  test("shares sum to one, cumulative shares rise to one, the order is down", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
        const { items, total, n } = pareto(labelled(values));

        expect(n).toBe(values.length);
        expect(sum(items.map((i) => i.share))).toBeCloseTo(1, 9);
        expect(items.at(-1)?.cumulativeShare).toBeCloseTo(1, 9);
        for (const [i, item] of items.entries()) {
          const before = items[i - 1];
          expect(item.value <= (before?.value ?? Number.POSITIVE_INFINITY)).toBe(true);
          expect(item.cumulativeShare >= (before?.cumulativeShare ?? 0)).toBe(true);
          expect(item.cumulativeShare - (before?.cumulativeShare ?? 0)).toBeCloseTo(item.value / total, 9);
        }
      }),
    );
  });

  test("no smaller set of any items reaches 80 %", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(whole, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 10 }), (values) => {
        const all = values.reduce((a, b) => a + b);
        let smallest = values.length;
        for (let set = 1; set < 1 << values.length; set++) {
          const members = values.filter((_, i) => set & (1 << i));
          if (members.length < smallest && members.reduce((a, b) => a + b) * 5 >= all * 4) smallest = members.length;
        }

        expect(pareto(labelled(values)).itemsTo80).toBe(smallest);
      }),
      { numRuns: 300 },
    );
  });

  test("A reaches 80 % and not sooner, A and B reach 95 % and not sooner", () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 80 }), (values) => {
        const { items } = pareto(labelled(values));
        const all = values.reduce((a, b) => a + b);
        const sumOf = (classes: string) => items.filter((i) => classes.includes(i.class)).map((i) => i.value);
        const add = (some: readonly number[]) => some.reduce((a, b) => a + b, 0);

        expect(add(sumOf("A")) * 5 >= all * 4).toBe(true);
        expect(add(sumOf("A").slice(0, -1)) * 5 < all * 4).toBe(true);
        expect(add(sumOf("AB")) * 20 >= all * 19).toBe(true);
        if (items.some((i) => i.class === "B")) expect(add(sumOf("AB").slice(0, -1)) * 20 < all * 19).toBe(true);
        expect(items.map((i) => i.class).join("")).toMatch(/^A+B*C*$/);
      }),
    );
  });

  test("Gini is the mean difference of all pairs over twice the mean", () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 40 }), (values) => {
        const n = values.length;
        const all = values.reduce((a, b) => a + b);
        const differences = values.flatMap((x) => values.map((y) => Math.abs(x - y))).reduce((a, b) => a + b);

        expect(gini(values)).toBeCloseTo(differences / (2 * n * all), 9);
        expect(gini(values)).toBeGreaterThanOrEqual(0);
        expect(gini(values)).toBeLessThan(1);
      }),
    );
  });

  test("neither the order of the input nor the unit of the amounts matters", () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 30 }), fc.constantFrom(0.01, 1000, 0.5), (values, factor) => {
        const found = pareto(labelled(values));
        const mixed = pareto([...labelled(values)].reverse());
        const scaled = pareto(labelled(values.map((v) => v * factor)));

        expect(mixed).toEqual(found);
        expect(scaled.itemsTo80).toBe(found.itemsTo80);
        expect(scaled.gini).toBeCloseTo(found.gini, 9);
        expect(scaled.top20Share).toBeCloseTo(found.top20Share, 9);
      }),
    );
  });

  test("zeros and credits change nothing of the ranking", () => {
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 20 }), fc.array(fc.integer({ min: -1000, max: 0 }), { maxLength: 10 }), (values, others) => {
        const plain = pareto(labelled(values));
        const { negative, ...rest } = pareto([...labelled(values), ...others.map((value, i) => ({ label: `other ${i}`, value }))]);

        const below = others.filter((v) => v < 0);
        expect(rest).toEqual(plain);
        expect(negative).toEqual(below.length === 0 ? undefined : { n: below.length, total: below.reduce((a, b) => a + b, 0) });
      }),
    );
  });
});

test("a million amounts add up to the cent and rank right", () => {
  const cents = Array.from({ length: 1_000_000 }, (_, i) => ((i * 7919) % 1000) + 1);
  const descending = [...cents].sort((a, b) => b - a);
  const exact = cents.reduce((a, b) => a + b);
  let needed = 0;
  for (let reached = 0; reached * 5 < exact * 4; needed++) reached += descending[needed] ?? 0;

  const found = pareto(cents.map((c, i) => ({ label: String(i), value: c / 100 })));

  expect(found.n).toBe(1_000_000);
  expect(Math.abs(found.total - exact / 100)).toBeLessThan(1e-6);
  expect(found.itemsTo80).toBe(needed);
  expect(found.items.at(-1)?.cumulativeShare).toBe(1);
  expect(found.top20Share).toBeCloseTo(descending.slice(0, 200_000).reduce((a, b) => a + b) / exact, 12);
});

test("many small amounts do not vanish beside a large one", () => {
  expect(sum([1e16, ...Array.from({ length: 1000 }, () => 1)])).toBe(1e16 + 1000);
  expect(sum([0.1, 0.2, -0.3])).toBeCloseTo(0, 16);
});
