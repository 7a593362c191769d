import { describe, expect, it } from "vitest";
import { agreement } from "../../../src/analytics/themes/agreement.ts";
import { findThemes, LEAST_TEXTS } from "../../../src/analytics/themes/find-themes.ts";
import { createWorld } from "../../../src/demo/world/index.ts";
import { seededRandom } from "../../kit/random.ts";

const TOPICS = [
  ["parcel", "courier", "doorstep", "shipping", "tracking", "depot"],
  ["refund", "invoice", "charged", "card", "payment", "tax"],
  ["login", "password", "locked", "email", "code", "account"],
] as const;

/** Texts of six words: five of their topic, one that any text may hold. */
function texts(n: number, seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: n }, (_, i) => {
    const words = TOPICS[i % TOPICS.length] ?? TOPICS[0];
    const own = Array.from({ length: 5 }, () => words[Math.floor(random() * words.length)]);
    return { text: [...own, `common${"abcdefghij"[Math.floor(random() * 10)]}`].join(" "), topic: i % TOPICS.length };
  });
}

function groupsOf(list: readonly string[]): number[] {
  const found = findThemes(list);
  const groups = list.map(() => -1);
  for (const [g, { members }] of (found?.themes ?? []).entries()) for (const i of members) groups[i] = g;
  return groups;
}

describe("themes", () => {
  it("are the topics the texts were made of, named by their words", () => {
    const made = texts(240, 5);

    const found = findThemes(made.map(({ text }) => text));

    expect(found?.themes).toHaveLength(3);
    expect(
      agreement(
        groupsOf(made.map(({ text }) => text)),
        made.map(({ topic }) => topic),
      ).ari,
    ).toBeGreaterThan(0.95);
    const words: ReadonlySet<string> = new Set(TOPICS.flat());
    for (const theme of found?.themes ?? []) {
      expect(theme.words.length).toBeGreaterThan(0);
      for (const word of theme.words.join(" ").split(" ")) expect(words).toContain(word);
    }
  });

  it("take every text once, in a theme or apart, and are the same on every run", () => {
    const list = [...texts(90, 9).map(({ text }) => text), "", "🚀", "zzzz qqqq xxxx"];

    const found = findThemes(list);

    const placed = [...(found?.themes.flatMap(({ members }) => members) ?? []), ...(found?.other ?? [])];
    expect(placed.toSorted((a, b) => a - b)).toEqual([...list.keys()]);
    expect(found?.other).toEqual(expect.arrayContaining([90, 91, 92]));
    expect(findThemes(list)).toEqual(found);
  });

  it("are refused for too few texts, and for texts that share no word", () => {
    const list = texts(LEAST_TEXTS - 1, 3).map(({ text }) => text);

    expect(findThemes([])).toBeUndefined();
    expect(findThemes(list)).toBeUndefined();
    expect(
      findThemes(Array.from({ length: 60 }, (_, i) => `w${"abcdefghijklmnopqrstuvwxyz".slice(i % 26)}${"x".repeat(i)}`)),
    ).toBeUndefined();
  });

  it("of texts that are all alike are one theme or none, without a number that is none", () => {
    const found = findThemes(Array.from({ length: 50 }, () => "the same words each time"));

    expect(Number.isNaN(found?.modularity ?? 0)).toBe(false);
  });

  /** Measured when written, over 60 days: purity .81, NMI .72, ARI .53, and .79, .70, .45 in another company. The truth is never shown to the method. */
  it.each([20_240_607, 7])(
    "agree with the hidden topics of the simulated company %i",
    (seed) => {
      const tickets = createWorld("2026-11-21", seed)
        .tickets()
        .filter(({ createdAt }) => createdAt >= "2026-09-22");

      const { purity, nmi, ari } = agreement(
        groupsOf(tickets.map(({ subject, body }) => `${subject}\n${body}`)),
        tickets.map(({ theme }) => theme),
      );

      expect(purity).toBeGreaterThan(0.72);
      expect(nmi).toBeGreaterThan(0.63);
      expect(ari).toBeGreaterThan(0.38);
    },
    120_000,
  );
});
