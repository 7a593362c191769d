import { describe, expect, test } from "vitest";
import { closest, cut, editDistance, listWords, nearest, plainWords } from "../../src/core/text.ts";
import { fc } from "../kit/property.ts";

/** The recursion as it is written in books: optimal string alignment. */
function naiveDistance(a: string, b: string, i = a.length, j = b.length, known = new Map<string, number>()): number {
  if (i === 0 || j === 0) return Math.max(i, j);
  const seen = known.get(`${i},${j}`);
  if (seen !== undefined) return seen;
  const options = [
    naiveDistance(a, b, i - 1, j, known) + 1,
    naiveDistance(a, b, i, j - 1, known) + 1,
    naiveDistance(a, b, i - 1, j - 1, known) + (a[i - 1] === b[j - 1] ? 0 : 1),
  ];
  if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) options.push(naiveDistance(a, b, i - 2, j - 2, known) + 1);
  const best = Math.min(...options);
  known.set(`${i},${j}`, best);
  return best;
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 9 });

describe("the distance of two words", () => {
  test("is that of the naive recursion, cut one above the limit", () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 9 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(naiveDistance(a, b), limit + 1));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["servcie", "service", 1],
    ["regoin", "region", 1],
    ["acount", "account", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["same", "same", 0],
  ])("from %s to %s is %i", (a, b, edits) => {
    expect(editDistance(a, b, 5)).toBe(edits);
  });
});

describe("the nearest word", () => {
  test("ignores case, comes first, and is absent when none is near", () => {
    expect(closest("Regoin", ["service", "region", "account"])).toBe("region");
    expect(closest("kubernetes", ["service", "region"])).toBeUndefined();
    expect(nearest("cost", ["list_cost", "cast", "cost", "costs"])).toEqual(["cost", "cast", "costs"]);
    expect(closest("x", [])).toBeUndefined();
  });

  test("is within a third of the word's length, and at least one edit", () => {
    fc.assert(
      fc.property(
        word.filter((w) => w !== ""),
        fc.array(word),
        (wanted, candidates) => {
          const limit = Math.max(1, Math.floor(wanted.length / 3));

          expect([...nearest(wanted, candidates)].sort()).toEqual(candidates.filter((c) => naiveDistance(wanted, c) <= limit).sort());
        },
      ),
    );
  });
});

describe("a list in words", () => {
  test.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
    [["a", "b", "c", "d"], "a, b and 2 more"],
  ])("%o is “%s”", (words, text) => {
    expect(listWords(words, words.length === 4 ? 2 : 8)).toBe(text);
  });
});

describe("cut text", () => {
  test("is never longer than asked, keeps whole characters and begins like the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const short = cut(text, limit);

        expect([...short].length).toBeLessThanOrEqual(limit);
        expect(short.isWellFormed()).toBe(text.isWellFormed());
        expect([...text].length <= limit ? short === text : text.startsWith(short.slice(0, -1)) && short.endsWith("…")).toBe(true);
      }),
    );
  });

  test("ends at a word", () => {
    expect(cut("one two three four", 12)).toBe("one two…");
    expect(cut("👩‍🚀👩‍🚀", 20)).toBe("👩‍🚀👩‍🚀");
  });
});

describe("somebody else's words", () => {
  test.each([
    ["a link", "[a](https://evil.example)", "[a] (https∶//evil.example)"],
    ["a reference", "[1]: ftp://evil.example", "[1] : ftp∶//evil.example"],
    ["a file and a share", "file://evil.example/s", "file∶//evil.example/s"],
    ["a program", "msteams:/l/chat slack://x tel:+15550100", "msteams∶/l/chat slack∶//x tel∶+15550100"],
    ["what runs", "javascript:alert(1) vbscript:x data:text/html", "javascript∶alert(1) vbscript∶x data∶text/html"],
    ["a line of its own", "one\r\ntwo", "one two"],
  ])("stay words and are not %s", (_, words, plain) => {
    expect(plainWords(words)).toBe(plain);
  });

  test("keep their colons where no address begins", () => {
    const words = "Ratio 3:4, gate-api: 5 errors, at 10:05, std::string";

    expect(plainWords(words)).toBe(words);
  });
});
