import { describe, expect, test } from "vitest";
import { renderCards } from "../../../src/channels/teams/card.ts";
import { within } from "../../../src/channels/teams/text.ts";
import { tidied } from "../../../src/channels/teams/tidy.ts";
import { renderWords } from "../../../src/channels/teams/words.ts";
import type { Block, ChartBlock, Reply } from "../../../src/core/reply.ts";
import { REPLIES } from "../../kit/golden/index.ts";
import { money, wordy } from "../../kit/golden/large.ts";
import { cardProblems, cardWords } from "../../kit/teams/cards.ts";
import { checkMessage } from "../../kit/teams/messages.ts";
import type { Fields } from "../../kit/teams/shapes.ts";
import { finalReply } from "./world.ts";

/** Replies of every size and script: each is within what Teams takes, and cut between words. */

function textsOf(given: Reply, personal: boolean): { words: Fields; cards: Fields[] } {
  const reply = tidied(given);
  const cards = renderCards(reply, { pictures: new Map(), personal }) as Fields[];
  return { words: renderWords(reply, personal) as Fields, cards };
}

const contents = (cards: readonly Fields[]): Fields[] => cards.map((card) => card.attachments[0].content);
const wordsOf = (cards: readonly Fields[]) => contents(cards).flatMap(cardWords);

/** Each cut, marked by an ellipsis, comes after a whole word. */
function expectWholeWords(shown: readonly string[], given: string): void {
  const known = new Set(given.split(/[\s\\"]+/));
  for (const text of shown) {
    if (!text.endsWith("…")) continue;
    const last =
      text
        .slice(0, -1)
        .replace(/\\([\\`*_[\]])/g, "$1")
        .split(/\s+/)
        .at(-1) ?? "";
    expect(known.has(last) || last.length > 40, `${last}… in ${text.slice(-60)}`).toBe(true);
  }
}

function golden(name: string): Reply {
  const reply = REPLIES[name];
  if (!reply) throw new Error(`no golden reply is called ${name}`);
  return reply;
}

describe("a reply in Teams", () => {
  for (const [name, reply] of Object.entries(REPLIES))
    for (const personal of [true, false])
      test(`holds ${name}, ${personal ? "in a personal chat" : "in a group"}`, () => {
        const { words, cards } = textsOf(reply, personal);

        if (words.text) expect(() => checkMessage(words, personal)).not.toThrow();
        for (const card of cards) expect(() => checkMessage(card, personal)).not.toThrow();
        expect(contents(cards).flatMap(cardProblems)).toEqual([]);
        const shown = [...String(words.text).split(/\s\[|\n/), ...wordsOf(cards)];
        expectWholeWords(shown, JSON.stringify(reply).replaceAll("\\n", " "));
        expect(JSON.stringify([words, cards])).not.toMatch(/<script/);
      });

  test("says how many rows and columns are left out", () => {
    const { cards } = textsOf(finalReply({ blocks: [money(500, 30, (r) => r)], receipts: wordy(60) }), true);

    expect(wordsOf(cards).join("\n")).toMatch(/4\d\d more rows and 22 more columns in the console/);
  });

  test("shows all of sixty sources, in as many cards as they need", () => {
    const { cards } = textsOf(finalReply({ blocks: [money(5, 3, (r) => r)], receipts: wordy(60) }), true);
    const buttons = contents(cards).flatMap((card) => card.body.flatMap(({ actions = [] }: Fields) => actions.map((a: Fields) => a.title)));

    for (let i = 1; i <= 60; i++) expect(wordsOf(cards).some((text) => text.startsWith(`\\[${i}\\] `))).toBe(true);
    expect(buttons).toEqual(cards.map((_, i) => `Show the maths (${i + 1} of ${cards.length})`));
  });

  test("says how many of a thousand sources are left out", () => {
    const { cards } = textsOf(finalReply({ receipts: wordy(1_000) }), true);

    expect(cards).toHaveLength(4);
    expect(wordsOf(cards).join("\n")).toMatch(/\d\d\d more sources in the console/);
  });

  test("says that a text is cut", () => {
    expect(textsOf(golden("a long text"), true).words.text).toMatch(/money\.…?[\s\S]*The rest of this answer is in the console/);
  });

  test("shows as many rows as there is room for, never none", () => {
    const { cards } = textsOf(golden("500 rows of long cells in Arabic"), true);
    const rows = contents(cards)[0]?.body.find((e: Fields) => e.type === "Table")?.rows;

    expect(rows.length).toBeGreaterThan(5);
  });

  test("keeps hostile names as words, in cells and in titles", () => {
    const names = [
      "[x](https://evil.example)",
      "<at>everyone</at>",
      "![y](http://evil.example/p.png)",
      "www.evil.example",
      "javascript:alert(1)",
      "**b**",
      "\u202egnp.exe",
    ];
    const blocks: Block[] = [
      { ...money(names.length, 2, (r, c) => (c === 0 ? (names[r] ?? "") : 1)), title: names.join(" ") },
      { type: "kpis", items: names.map((n) => ({ label: n, value: n })) },
      { type: "chart", title: names.join(" "), alt: names.join(" "), spec: {} },
      ...(["bar", "line"] as const).map((kind): ChartBlock => {
        const series = [{ name: names[0] ?? "", values: names.map((_, i) => i) }];
        return {
          type: "chart",
          title: names.join(" "),
          alt: "",
          spec: {},
          plain: { kind, categories: names, unit: names[0] ?? "", series },
        };
      }),
      { type: "approval", id: "1", title: names[0] ?? "", lines: names, expiresAt: new Date(0) },
    ];

    const { cards } = textsOf(finalReply({ blocks }), true);

    expect(JSON.stringify(cards)).toContain("Chart.HorizontalBar");
    for (const text of wordsOf(cards)) expect(text).not.toMatch(/(?<!\\)\]\(|<|https?:\/\/|www\.|script:|\u202e|(?<!\\)\*/);
  });

  test("lets only links of receipts through", () => {
    const text =
      "See [a](https://ok.example/1), [b](https://evil.example/2), https://evil.example/3 and ![c](https://ok.example/1).\n\n[d]: https://evil.example/4";
    const receipt = { ...wordy(1)[0], url: "https://ok.example/1" } as NonNullable<Reply["receipts"]>[number];

    const { words } = textsOf(finalReply({ text, receipts: [receipt] }), true);

    expect(words.text).toContain("[a](https://ok.example/1)");
    expect(words.text).not.toContain("evil.example");
    expect(words.text).not.toContain("![");
  });
});

describe("within", () => {
  test("keeps what fits, cuts at words, never inside a character", () => {
    expect(within("abc def", 7)).toBe("abc def");
    expect(within("abc def ghi", 9)).toBe("abc def…");
    expect(within("abc def ghi", 8)).toBe("abc def…");
    expect(within("👩‍👩‍👧‍👦".repeat(9), 10).isWellFormed()).toBe(true);
  });
});
