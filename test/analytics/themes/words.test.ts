import { describe, expect, it } from "vitest";
import { agreement } from "../../../src/analytics/themes/agreement.ts";
import { fixability } from "../../../src/analytics/themes/fixability.ts";
import { sentiment } from "../../../src/analytics/themes/sentiment.ts";
import { stem } from "../../../src/analytics/themes/stem.ts";
import { termVectors } from "../../../src/analytics/themes/term-vectors.ts";
import { tokenise } from "../../../src/analytics/themes/tokens.ts";
import { trendOf } from "../../../src/analytics/themes/trend.ts";
import { fc } from "../../kit/property.ts";

describe("words", () => {
  it.each([
    ["bookings", "booking", "booked", "books"],
    ["stopped", "stopping", "stops"],
    ["charge", "charges", "charged"],
    ["deliveries", "delivery"],
  ])("share one key with %s", (...forms) => {
    expect(new Set(forms.map(stem)).size).toBe(1);
  });

  it("keep short words and words of other scripts", () => {
    expect(["bus", "gas", "is", "поезда", "請求書"].map(stem)).toEqual(["bus", "gas", "is", "поезда", "請求書"]);
  });

  it("are taken without links, addresses, numbers and stop words, and know what stood between", () => {
    const [first = []] = tokenise("See https://x.example/a?b=1 and me@x.example, ticket OPS-31: the Invoice of March is wrong");

    expect(tokenise("1234 5678 !!!")).toEqual([]);
    expect(first.every((token) => token === null || !/\d|@/.test(token.word))).toBe(true);
    expect(tokenise("invoice of storage")[0]?.map((t) => t?.word ?? null)).toEqual(["invoice", null, "storage"]);
    expect(tokenise("請求書が間違っています").flat().length).toBeGreaterThan(0);
  });

  it("make rows of length one, of terms that several texts share", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 60, unit: fc.constantFrom(..."abcdef  .") }), { maxLength: 30 }), (texts) => {
        const { starts, weights, rows, terms, written } = termVectors(texts);
        expect(written).toHaveLength(terms.length);
        for (let r = 0; r < rows; r++) {
          const row = weights.subarray(starts[r], starts[r + 1]);
          if (row.length > 0) expect(Math.hypot(...row)).toBeCloseTo(1, 9);
        }
      }),
    );
  });
});

describe("sentiment by a word list", () => {
  it("is what the words say, turned round by a negation", () => {
    expect(sentiment("Great support, very helpful")).toBe(1);
    expect(sentiment("The page is broken and slow")).toBe(-1);
    expect(sentiment("This is not good")).toBe(-1);
    expect(sentiment("There is no problem")).toBe(1);
    expect(sentiment("It isn’t reliable. Nice colours")).toBe(0);
  });

  it("is not known without such a word", () => {
    expect(sentiment("")).toBeUndefined();
    expect(sentiment("Where is the contract")).toBeUndefined();
  });
});

describe("a theme's course and mend", () => {
  it("rises or falls only beyond chance", () => {
    expect([trendOf(30, 10), trendOf(10, 30), trendOf(20, 15), trendOf(5, 0), trendOf(20, 0), trendOf(0, 20)]).toEqual([
      "rising",
      "falling",
      "steady",
      "steady",
      "new",
      "gone",
    ]);
  });

  it("looks fixable by the mean of what is known", () => {
    expect(fixability({ cohesion: 0.5 })).toBe(0.5);
    expect(fixability({ cohesion: 0.5, oneService: 1, reports: 0.9 })).toBeCloseTo(0.8);
  });
});

describe("agreement of two groupings", () => {
  it("is whole for the same groups under other names, and none by chance", () => {
    expect(agreement([0, 0, 1, 1, 2], ["b", "b", "a", "a", "c"])).toEqual({ purity: 1, nmi: expect.closeTo(1), ari: 1 });
    expect(agreement([0, 1, 0, 1], ["a", "a", "b", "b"])).toMatchObject({ purity: 0.5, nmi: expect.closeTo(0), ari: expect.closeTo(-0.5) });
  });

  it("matches the published example of Hubert and Arabie's index", () => {
    // scikit-learn's documentation: adjusted_rand_score([0, 0, 1, 2], [0, 0, 1, 1]) = 0.57.
    expect(agreement([0, 0, 1, 2], [0, 0, 1, 1]).ari).toBeCloseTo(0.571, 3);
  });
});
