import { describe, expect, test } from "vitest";
import { renderCard } from "../../../src/channels/teams/card.ts";
import { renderPictures } from "../../../src/channels/teams/pictures.ts";
import { within } from "../../../src/channels/teams/text.ts";
import { renderWords } from "../../../src/channels/teams/words.ts";
import { paretoChart } from "../../../src/charts/pareto-chart.ts";
import { renderPng } from "../../../src/charts/render.ts";
import type { Block, Reply, TableBlock } from "../../../src/core/reply.ts";
import { paretoInput, SERVICES, serviceCosts } from "../../charts/samples.ts";
import { cardProblems, cardWords, imageProblems } from "../../kit/teams/cards.ts";
import { checkMessage } from "../../kit/teams/messages.ts";
import type { Fields } from "../../kit/teams/shapes.ts";
import { finalReply } from "./world.ts";

/** Replies of every size and script: each is within what Teams takes, and cut between words. */

const CHART = { ...paretoChart(paretoInput(SERVICES, serviceCosts(), "6 of 20 services make 80%")) };
const ARABIC = "تكلفة الحوسبة السحابية ارتفعت في أكتوبر بسبب قاعدة البيانات. ";
const EMOJI = "👩‍👩‍👧‍👦 عائلة 🚀 日本語のサービス ";

function table(rows: number, columns: number, cell: (row: number, column: number) => string | number | null): TableBlock {
  return {
    type: "table",
    title: "by service",
    columns: Array.from({ length: columns }, (_, i) => ({ label: `column ${i}`, type: i === 0 ? "text" : "money", unit: "USD" })),
    rows: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => cell(row, column))),
  };
}

const receipts = (count: number, word = "sum of cost by service ") =>
  Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    source: `${word.repeat(6)}${i}`,
    query: word.repeat(40),
    fetchedAt: new Date("2026-11-21T08:42:00Z"),
    status: "live" as const,
    notes: [word.repeat(10)],
    url: `https://bill.example/${i}`,
  }));

const tools = Array.from({ length: 8 }, () => ({ name: "get_costs", input: { by: "service", filter: "x ".repeat(2_000) } }));

const REPLIES: Readonly<Record<string, Partial<Reply>>> = {
  "a long text": { text: "The quick brown fox costs money. ".repeat(3_000) },
  "a long text in Arabic": { text: ARABIC.repeat(1_000) },
  "a long text of emoji": { text: EMOJI.repeat(2_000) },
  "a long text in Japanese, 60 receipts with long addresses": {
    text: "日本語のサービス ".repeat(4_000),
    receipts: receipts(60, "日本語のサービス ").map((r) => ({ ...r, url: `https://bill.example/${"x".repeat(900)}` })),
  },
  "control characters, addresses beyond all measure": {
    text: "a\u0001\u202e b\u0000 ".repeat(10_000),
    receipts: receipts(60).map((r) => ({ ...r, url: `https://bill.example/${"x".repeat(9_000)}` })),
  },
  "a wide table": { blocks: [table(12, 30, (r, c) => (c === 0 ? `service ${r}` : r * 100_000.5))] },
  "500 rows": { blocks: [table(500, 8, (r, c) => (c === 0 ? `Amazon service number ${r}` : r * 1_234.56))] },
  "500 rows of long cells in Arabic": { blocks: [table(500, 8, (r, c) => (c === 0 ? ARABIC.repeat(4) : r === 3 ? null : r))] },
  "three long tables": {
    blocks: [1, 2, 3].map(() => table(60, 6, (r, c) => (c === 0 ? `a service with a rather long name ${r}` : r * 9.99))),
  },
  "many charts": { blocks: Array.from({ length: 12 }, () => CHART) },
  "many charts with endless alt texts": {
    blocks: Array.from({ length: 30 }, () => ({ ...CHART, alt: "a finding in words ".repeat(300) })),
  },
  code: {
    text: "Run this:\n\n```sql\nselect * from `costs` where a < b and c > d;\n```\n",
    blocks: [{ type: "markdown", text: "## Heading\n\nand `code`" }],
  },
  currencies: {
    text: "It was $1,234.56, €99.00, CHF 12.00 and ¥5,000.",
    blocks: [
      {
        type: "kpis",
        items: [
          { label: "cost", value: "€99.00", change: "+12.5%" },
          { label: "_share_", value: "*80%*" },
        ],
      },
      {
        ...table(2, 2, (r, c) => (c === 0 ? "x" : -r)),
        columns: [
          { label: "a", type: "text" },
          { label: "b", type: "money", unit: "CHF" },
        ],
      },
    ],
  },
  "60 receipts": { text: "Sum.", receipts: receipts(60) },
  "60 receipts in Arabic, with calls": {
    receipts: receipts(60, ARABIC),
    turn: { id: "t", conversation: "c", agent: "model", tools },
    blocks: [table(500, 8, (r, c) => (c === 0 ? ARABIC : r))],
  },
  "an approval": {
    blocks: [
      {
        type: "approval",
        id: "a1",
        title: "Archive *project*",
        lines: ["name: <script>", "budget: $5 ".repeat(200)],
        expiresAt: new Date(0),
      },
      { type: "progress", label: "reading", done: 1, total: 3 },
    ],
  },
  "an error": { text: "Something went wrong on our side. The log has the details under this turn's id." },
  "no words": { text: "", notice: "Answered without a language model.", suggestions: ["q ".repeat(200), "b", "c", "d", "e"] },
};

function textsOf(reply: Reply, personal: boolean): { words: Fields; card: Fields | undefined } {
  const card = renderCard(reply, { pictured: new Set(), personal }) as Fields | undefined;
  return { words: renderWords(reply, personal) as Fields, card };
}

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

describe("a reply in Teams", () => {
  for (const [name, fields] of Object.entries(REPLIES))
    for (const personal of [true, false])
      test(`holds ${name}, ${personal ? "in a personal chat" : "in a group"}`, () => {
        const reply = finalReply(fields);

        const { words, card } = textsOf(reply, personal);

        if (words.text) expect(() => checkMessage(words, personal)).not.toThrow();
        if (card) expect(() => checkMessage(card, personal)).not.toThrow();
        const problems = card ? cardProblems(card.attachments[0].content) : [];
        expect(problems).toEqual([]);
        const shown = [...String(words.text).split(/\s\[|\n/), ...(card ? cardWords(card.attachments[0].content) : [])];
        expectWholeWords(shown, JSON.stringify(reply).replaceAll("\\n", " "));
        expect(JSON.stringify([words, card])).not.toMatch(/<script/);
      });

  test("says how many rows, columns and sources are left out", () => {
    const { card } = textsOf(finalReply({ blocks: [table(500, 30, (r) => r)], receipts: receipts(60) }), true);
    const shown = cardWords(card?.attachments[0].content).join("\n");

    expect(shown).toMatch(/4\d\d more rows and 22 more columns in the console/);
    expect(shown).toMatch(/\d\d more sources in the console/);
  });

  test("says that a text is cut", () => {
    expect(textsOf(finalReply(REPLIES["a long text"]), true).words.text).toMatch(
      /money\.…?[\s\S]*The rest of this answer is in the console/,
    );
  });

  test("shows as many rows as there is room for, never none", () => {
    const { card } = textsOf(finalReply(REPLIES["500 rows of long cells in Arabic"]), true);
    const rows = card?.attachments[0].content.body.find((e: Fields) => e.type === "Table")?.rows;

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
      { ...table(names.length, 2, (r, c) => (c === 0 ? (names[r] ?? "") : 1)), title: names.join(" ") },
      { type: "kpis", items: names.map((n) => ({ label: n, value: n })) },
      { type: "chart", title: names.join(" "), alt: names.join(" "), spec: {} },
      { type: "approval", id: "1", title: names[0] ?? "", lines: names, expiresAt: new Date(0) },
    ];

    const { card } = textsOf(finalReply({ blocks }), true);

    for (const text of cardWords(card?.attachments[0].content))
      expect(text).not.toMatch(/(?<!\\)\]\(|<|https?:\/\/|www\.|script:|\u202e|(?<!\\)\*/);
  });

  test("lets only links of receipts through", () => {
    const text =
      "See [a](https://ok.example/1), [b](https://evil.example/2), https://evil.example/3 and ![c](https://ok.example/1).\n\n[d]: https://evil.example/4";
    const receipt = { ...receipts(1)[0], url: "https://ok.example/1" } as NonNullable<Reply["receipts"]>[number];

    const { words } = textsOf(finalReply({ text, receipts: [receipt] }), true);

    expect(words.text).toContain("[a](https://ok.example/1)");
    expect(words.text).not.toContain("evil.example");
    expect(words.text).not.toContain("![");
  });
});

describe("a chart's picture", () => {
  const chartReply = finalReply({ blocks: [{ type: "markdown", text: "x" }, CHART] });

  test("is 1,024 wide, within the limits, and named by its finding", async () => {
    const pictures = await renderPictures(
      chartReply,
      (spec, { width }) => renderPng(spec, { scale: width / 1_200 }),
      () => {},
    );

    const [attachment] = (pictures.get(1) as Fields | undefined)?.attachments ?? [];
    expect(imageProblems(attachment.contentUrl)).toEqual([]);
    expect(Buffer.from(attachment.contentUrl.split(",")[1], "base64").readUInt32BE(16)).toBe(1_024);
    expect(attachment.name).toMatch(/^6 of 20 services make 80%/);
  });

  test("is made smaller until it fits", async () => {
    const widths: number[] = [];
    const pictures = await renderPictures(
      chartReply,
      async (_, { width }) => {
        widths.push(width);
        return Buffer.alloc(width * 60);
      },
      () => {},
    );

    expect(widths).toEqual([1_024, 800, 600]);
    expect(pictures.size).toBe(1);
  });

  test("gives way to its finding in words when it is too large or cannot be drawn", async () => {
    const faults: unknown[] = [];
    const large = await renderPictures(
      chartReply,
      async () => Buffer.alloc(60_000),
      () => {},
    );
    const broken = await renderPictures(
      chartReply,
      () => Promise.reject(new Error("no font")),
      (e) => void faults.push(e),
    );

    expect([large.size, broken.size, faults.length]).toEqual([0, 0, 1]);
    const { card } = textsOf(chartReply, true);
    expect(cardWords(card?.attachments[0].content).join()).toContain("Without its picture here; the console shows it");
  });

  test("is drawn for the first two charts only", async () => {
    const pictures = await renderPictures(
      finalReply({ blocks: [CHART, CHART, CHART] }),
      async () => Buffer.alloc(9),
      () => {},
    );

    expect([...pictures.keys()]).toEqual([0, 1]);
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
