import type { Reply } from "../../../src/core/reply.ts";
import { aReceipt, aReply } from "../conversation.ts";
import { LARGE } from "./large.ts";
import { chart, final, markdownTable, plainChart, prose, receipts, services, table, turn, WORDS } from "./pieces.ts";

/** The golden set: replies of every kind and size, as tools and agents may make them. Each channel renders all of them. */

export const REPLIES: Readonly<Record<string, Reply>> = {
  usual: final("**Cost for October: $107,906.** Compute leads.", [table(5, 3), chart]),
  "every kind of block": aReply({ turn }),
  empty: { text: "", final: true },
  "empty blocks": final("", [
    { type: "chart", title: "", spec: {}, alt: " " },
    { type: "kpis", items: [] },
    { type: "kpis", items: [{ label: "", value: "" }] },
    { type: "table", columns: [], rows: [] },
    { type: "table", columns: [{ label: "", type: "text" }], rows: [] },
    { type: "markdown", text: "" },
    { type: "progress", label: "", done: 0 },
    { type: "approval", id: "a", title: "", lines: [], expiresAt: new Date(0) },
  ]),
  "long text": final(prose(11_000)),
  "very long text": final(prose(40_000)),
  "endless text": final(prose(120_000)),
  "long text under charts and receipts": final(prose(11_900), [chart, chart, table(40, 4)], { receipts: receipts(60) }),
  "one long word": final("x".repeat(30_000)),
  "many headings": final(Array.from({ length: 90 }, (_, i) => `## Part ${i}\n\n${WORDS}.`).join("\n\n")),
  "many rules and lists": final(Array.from({ length: 60 }, () => `---\n- ${WORDS}`).join("\n")),
  "wide table": final("Wide.", [table(20, 40)]),
  "500 rows": final("Long.", [table(500, 6)]),
  "long cells": final("Cells.", [table(99, 4, prose(400))]),
  "many tables": final("Three.", [table(3, 3), table(4, 3), table(5, 3)]),
  "a markdown table and a native one": final(`Here:\n\n${markdownTable}\n\nDone.`, [table(3, 3)]),
  "two markdown tables": final(`${markdownTable}\n\nand\n\n${markdownTable}\n\nDone.`, [{ type: "markdown", text: markdownTable }]),
  "500 rows of markdown": final(
    `| service | cost |\n| --- | --- |\n${Array.from({ length: 500 }, (_, i) => `| ${WORDS} | ${i} |`).join("\n")}`,
  ),
  "many charts": final(
    "Charts.",
    Array.from({ length: 12 }, () => chart),
  ),
  "a simple bar chart": final("Bars.", [services(7)]),
  "a line": final("Line.", [plainChart(14, (i) => 100 + i / 3)]),
  "a line with gaps": final("Gaps.", [plainChart(14, (i) => (i % 5 ? i : null))]),
  "values below zero": final("Credits.", [services(3), plainChart(12, (i) => (i % 2 ? -i * 1e6 : 0.000012))]),
  "shares, and many series": final("Shares.", [
    plainChart(12, (i) => i / 12, {
      unit: "ratio",
      series: Array.from({ length: 6 }, (_, s) => ({ name: `team ${s}`, values: Array.from({ length: 12 }, (_, i) => s / (i + 1)) })),
    }),
  ]),
  "too many points": final("Points.", [plainChart(21, (i) => i), plainChart(31, (i) => i)]),
  "too many series": final("Series.", [
    plainChart(2, (i) => i, { series: Array.from({ length: 7 }, (_, s) => ({ name: `s${s}`, values: [s, s] })) }),
  ]),
  "names too long for a chart": final("Names.", [services(3, (i) => `Amazon Elastic Compute Cloud ${i}`)]),
  "a chart whose names repeat": final("Twice.", [services(3, () => "compute")]),
  "a long title over a chart": final("Title.", [{ ...services(3), title: prose(160) }]),
  "more simple charts than one message takes": final(
    "Many.",
    Array.from({ length: 5 }, () => services(20)),
  ),
  "markup in a chart": final("Markup.", [{ ...services(2, (i) => `<!channel> ${i}`), title: "<@U1>", alt: "<!here>" }]),
  "a chart without a title": final("Untitled.", [{ ...services(3), title: " " }]),
  "long alt": final("Alt.", [{ type: "chart", title: "Cost", spec: {}, alt: prose(5_000) }]),
  "many long alts": final(
    prose(8_000),
    Array.from({ length: 9 }, (_, i) => ({ type: "chart" as const, title: `Chart ${i}`, spec: {}, alt: prose(900) })),
  ),
  "many kpis": final("Numbers.", [
    { type: "kpis", items: Array.from({ length: 23 }, (_, i) => ({ label: `kpi ${i}`, value: "1", change: "+1%" })) },
  ]),
  "right to left": final("**تكلفة أكتوبر: ١٠٧٬٩٠٦ دولار**. عלות אוקטובר", [
    { type: "table", columns: [{ label: "خدمة", type: "text" }], rows: [["حوسبة"]] },
  ]),
  code: final(`Run:\n\n\`\`\`sql\nselect * from bill where a < b && c > d;\n${"-- a comment\n".repeat(1_500)}\`\`\`\n\nand \`x\`.`),
  currencies: final("€1.00, $2, ¥3 & £4 < ₹5 > ₿6", [
    {
      type: "table",
      columns: ["USD", "EUR", "JPY", "XYZ", "hours"].map((unit) => ({ label: unit, type: "money", unit })),
      rows: [[1.5, 0.0002, -3e9, 4, null]],
    },
  ]),
  "60 receipts": final("Receipts.", [], { receipts: receipts(60) }),
  "long calls": final("Calls.", [], {
    turn: { ...turn, tools: Array.from({ length: 20 }, () => ({ name: "get_costs", input: { by: prose(300) } })) },
  }),
  approval: final("Shall I?", [
    { type: "approval", id: "a", title: "Stop i-1", lines: Array.from({ length: 90 }, () => `stop ${prose(80)}`), expiresAt: new Date(0) },
  ]),
  error: {
    text: "Something went wrong on our side.",
    blocks: [],
    receipts: [],
    suggestions: [],
    final: true,
    turn: { ...turn, tools: [] },
  },
  "many suggestions": final("Next.", [], { suggestions: ["", "x".repeat(3_000), ...Array.from({ length: 9 }, () => prose(190))] }),
  "markup everywhere": final(
    "<!channel> <@U1> [x](https://evil.example) ![y](https://evil.example/p.png)",
    [
      { type: "kpis", items: [{ label: "<!here>", value: "<https://evil.example|go>", change: "<@U1>" }] },
      { type: "table", title: "<!channel>", columns: [{ label: "<@U1>", type: "text" }], rows: [["<!here>"]] },
      { type: "chart", title: "<@U1>", spec: {}, alt: "<!channel>" },
      { type: "progress", label: "<!here>", done: 1 },
      { type: "approval", id: "a", title: "<!channel>", lines: ["<@U1>"], expiresAt: new Date(0) },
    ],
    {
      notice: "<!channel>",
      suggestions: ["<!channel>"],
      receipts: [aReceipt({ source: "<!channel>", query: "<@U1>", notes: ["<https://evil.example>"] })],
    },
  ),
  ...Object.fromEntries(
    Object.entries(LARGE).map(([name, { text = "It was $5.", ...fields }]) => [
      name,
      { text, blocks: [], receipts: [], suggestions: [], final: true, ...fields },
    ]),
  ),
};
