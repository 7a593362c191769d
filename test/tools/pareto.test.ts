import { describe, expect, test } from "vitest";
import { pareto } from "../../src/tools/pareto.ts";
import { billFeed, salesFeed } from "../kit/fixture-feed.ts";
import { seededRandom } from "../kit/random.ts";
import { contextOf, failing, ledger, type Row, refusalOf, run, tableOf, wordsOf } from "./world.ts";

interface Ranked {
  items: { label: string; value: number; share: number; cumulativeShare: number; class: string; previous?: number }[];
  total: number;
  n: number;
  itemsTo80: number;
  top20Share: number;
  gini: number;
  negative?: { n: number; total: number };
  note?: string;
  unit: string;
  others?: Ranked[];
}

function bill(amounts: Readonly<Record<string, number>>, day = "2026-10-05", unit?: string): Row[] {
  return Object.entries(amounts).map(([service, value]): Row => (unit ? [day, { service }, value, unit] : [day, { service }, value]));
}

async function rank(rows: readonly Row[], input: Record<string, unknown> = { by: "service" }) {
  const finding = await run(pareto, input, contextOf([ledger("bill", rows)]));
  return { data: finding.data as Ranked, words: wordsOf(finding), finding };
}

/** 80 % in two of ten. */
const STEEP = { a: 500, b: 300, c: 60, d: 40, e: 30, f: 25, g: 20, h: 12, i: 8, j: 5 };

describe("a ranking", () => {
  test("names the smallest set that makes 80 %, the shares and the concentration", async () => {
    const { data, words, finding } = await rank(bill(STEEP));

    expect(data).toMatchObject({ total: 1000, n: 10, itemsTo80: 2, top20Share: 0.8, unit: "USD" });
    expect(data.items.map((i) => i.label).join("")).toBe("abcdefghij");
    expect(data.items.slice(0, 3).map((i) => [i.share, i.cumulativeShare, i.class])).toEqual([
      [0.5, 0.5, "A"],
      [0.3, 0.8, "A"],
      [0.06, 0.86, "B"],
    ]);
    // Ascending: Σ i·x = 5+16+36+80+125+180+280+480+2700+5000 = 8902; 2·8902/(10·1000) − 11/10.
    expect(data.gini).toBeCloseTo(0.6804, 9);
    expect(data).not.toHaveProperty("note");
    expect(words).toBe(
      "**2 of 10 services make up 80% of cost** for 5 October 2026: a ($500.00, 50%) and b ($300.00, 30%). The total is $1,000.00.",
    );
    expect(finding.blocks.map((b) => b.type)).toEqual(["markdown", "chart", "table"]);
  });

  test("of random bills agrees with a count by hand", async () => {
    const random = seededRandom(3);
    for (let round = 0; round < 20; round++) {
      const amounts = Object.fromEntries(
        Array.from({ length: 1 + Math.floor(random() * 40) }, (_, i) => [`s${i}`, Math.ceil(random() ** 4 * 10_000)]),
      );
      const values = Object.values(amounts).sort((a, b) => b - a);
      const all = values.reduce((x, y) => x + y);
      let needed = 0;
      for (let reached = 0; reached * 5 < all * 4; needed++) reached += values[needed] ?? 0;

      const { data } = await rank(bill(amounts));

      expect([data.total, data.n, data.itemsTo80]).toEqual([all, values.length, needed]);
    }
  });

  test("that is not 80/20 says so", async () => {
    const { data, words } = await rank(bill(Object.fromEntries("abcdefghij".split("").map((s) => [s, 10]))));

    expect(data).toMatchObject({ itemsTo80: 8, top20Share: 0.2 });
    expect(data.gini).toBeCloseTo(0, 9);
    expect(data.note).toBe("This is not an 80/20 case: the top 20% (2 of 10) make 20%.");
    expect(words).toContain(data.note);
  });

  test("of too few says so", async () => {
    const { data, words } = await rank(bill({ a: 90, b: 5, c: 4, d: 1 }));

    expect(data.note).toBe("With 4 services there are too few for an 80/20 statement.");
    expect(words).toContain(data.note);
    expect((await rank(bill({ a: 1 }))).data.note).toBe("With 1 service there are too few for an 80/20 statement.");
  });

  test("keeps refunds apart: they are in no share and no count", async () => {
    const { data, words } = await rank([...bill(STEEP), ...bill({ credit: -120, refund: -30, zero: 0 })]);

    expect(data).toMatchObject({ total: 1000, n: 10, itemsTo80: 2, negative: { n: 2, total: -150 } });
    expect(data.items.some((i) => i.value <= 0)).toBe(false);
    expect(words).toContain("Credits and refunds of -$150.00 in 2 services stand apart.");
  });

  test("of nothing but refunds has nothing to rank", async () => {
    const { data, words } = await rank(bill({ credit: -5 }));

    expect(data).toMatchObject({
      items: [],
      n: 0,
      itemsTo80: 0,
      total: 0,
      negative: { n: 1, total: -5 },
      note: "Nothing positive to rank.",
    });
    expect(words).toContain(
      "No service has a positive cost for 5 October 2026, so there is nothing to rank. Credits and refunds of -$5.00 in 1 service stand apart.",
    );
  });

  test("shows the top with the rest as one line, and keeps all in its data", async () => {
    const { data, finding } = await rank(bill(STEEP), { by: "service", top: 3 });

    expect(tableOf(finding).rows.at(-1)).toEqual(["7 others", 140, expect.closeTo(0.14, 9), 1]);
    expect(tableOf(finding).rows).toHaveLength(4);
    expect(data.items).toHaveLength(10);
    expect(data.n).toBe(10);
  });

  test("counts what has no name as one item", async () => {
    const { data } = await rank([...bill(STEEP), ["2026-10-05", {}, 70]]);

    expect(data.items.find((i) => i.label === "(not set)")?.value).toBe(70);
  });
});

describe("several currencies", () => {
  test("are ranked apart, the one with the most items first", async () => {
    const { data, words } = await rank([...bill(STEEP), ...bill({ a: 9, b: 1 }, "2026-10-05", "EUR")]);

    expect(data).toMatchObject({ unit: "USD", total: 1000, others: [{ unit: "EUR", total: 10, n: 2 }] });
    expect(words).toMatch(/^There are 2 currencies or units; they are ranked apart and never added\./);
    expect(words).not.toContain("1,010");
  });

  test("that were only there before are not ranked now", async () => {
    const rows = [...bill(STEEP), ...bill({ a: 9 }, "2026-09-05", "EUR")];

    expect((await rank(rows, { by: "service", period: "October", compare: "previous" })).data).not.toHaveProperty("others");
  });
});

describe("a ranking compared", () => {
  const rows = [...bill({ a: 60, b: 30, fresh: 20, d: 5, e: 5 }), ...bill({ a: 50, b: 40, gone: 25, d: 5, e: -3 }, "2026-09-05")];

  test("says how the total moved and what each was", async () => {
    const { data, words, finding } = await rank(rows, { by: "service", period: "October", compare: "previous" });

    expect(data.items.map((i) => [i.label, i.value, i.previous])).toEqual([
      ["a", 60, 50],
      ["b", 30, 40],
      ["fresh", 20, undefined],
      ["d", 5, 5],
      ["e", 5, -3],
    ]);
    expect(words).toContain("The total is $120.00. That is unchanged from September 2026.");
    expect(tableOf(finding).columns.map((c) => c.label)).toEqual(["service", "cost", "share", "cumulative", "before", "change"]);
    expect(tableOf(finding).rows[2]?.slice(4)).toEqual([null, null]);
    expect(finding.receipts).toHaveLength(2);
  });
});

describe("what is ranked", () => {
  test("is the first dimension of the costs unless it is said", async () => {
    const context = contextOf([billFeed(), salesFeed()]);

    expect(wordsOf(await run(pareto, {}, context))).toContain("services make up 80% of cost");
    expect(wordsOf(await run(pareto, { dataset: "sales" }, context))).toContain("products make up 80% of revenue");
    expect(wordsOf(await run(pareto, { dataset: "SALES" }, context))).toContain("products make up 80% of revenue");
    expect(wordsOf(await run(pareto, { feed: "metrics" }, context))).toContain("products make up 80% of revenue");
    expect(wordsOf(await run(pareto, { by: "accounts" }, context))).toContain("accounts make up 80% of cost");
  });

  test("is found by its measure when no cost has it", async () => {
    const context = contextOf([billFeed(), salesFeed()]);

    expect((await run(pareto, { measure: "orders", by: "country" }, context)).data).toMatchObject({ unit: "count", n: 4 });
    expect((await run(pareto, { measure: "list_cost" }, context)).data).toMatchObject({ unit: "USD" });
    expect((await refusalOf(run(pareto, { measure: "ordres" }, context))).message).toMatch(/“ordres”\. Did you mean “orders”\?/);
  });

  test("goes on without a source that fails, and names it", async () => {
    const context = contextOf([failing(ledger("lost", bill(STEEP)), "describe"), ledger("bill", bill(STEEP))]);

    const finding = await run(pareto, {}, context);

    expect(finding.data).toMatchObject({ total: 1000 });
    expect(wordsOf(finding)).toContain("Left out “lost”: The vendor did not answer.");
  });

  test("adds up several bills of one currency", async () => {
    const context = contextOf([ledger("one", bill(STEEP)), ledger("two", bill({ a: 1, k: 2 }))]);

    const finding = await run(pareto, { by: "service" }, context);

    expect(finding.data).toMatchObject({
      total: 1003,
      n: 11,
      items: expect.arrayContaining([expect.objectContaining({ label: "a", value: 501 })]),
    });
    expect(finding.receipts.map((r) => r.source)).toEqual(["one", "two"]);
  });

  test.each([
    [{ by: "servcie" }, /no dimension “servcie”\. Did you mean “service”\?/],
    [{ by: "service", measure: "csot" }, /no measure “csot”\. Did you mean “cost”\?/],
    [{ by: "service", filter: { service: "zz" } }, /No service is called “zz”\. The largest are/],
    [{ by: "service", period: "2020" }, /No cost on record for 2020: bill covers 5 October 2026/],
  ])("is refused with what there is: %o", async (input, expected) => {
    expect((await refusalOf(rank(bill(STEEP), input))).message).toMatch(expected);
  });
});
