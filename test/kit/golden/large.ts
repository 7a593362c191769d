import type { Reply, TableBlock } from "../../../src/core/reply.ts";
import { CHARTS, PARETO } from "./charts.ts";

/** Replies beyond all measure, in many scripts, and one around each kind of chart. */

const ARABIC = "تكلفة الحوسبة السحابية ارتفعت في أكتوبر بسبب قاعدة البيانات. ";
const EMOJI = "👩‍👩‍👧‍👦 عائلة 🚀 日本語のサービス ";

export function money(rows: number, columns: number, cell: (row: number, column: number) => string | number | null): TableBlock {
  return {
    type: "table",
    title: "by service",
    columns: Array.from({ length: columns }, (_, i) => ({ label: `column ${i}`, type: i === 0 ? "text" : "money", unit: "USD" })),
    rows: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => cell(row, column))),
  };
}

export const wordy = (count: number, word = "sum of cost by service ") =>
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

export const LARGE: Readonly<Record<string, Partial<Reply>>> = {
  "a long text": { text: "The quick brown fox costs money. ".repeat(3_000) },
  "a long text in Arabic": { text: ARABIC.repeat(1_000) },
  "a long text of emoji": { text: EMOJI.repeat(2_000) },
  "a long text in Japanese, 60 receipts with long addresses": {
    text: "日本語のサービス ".repeat(4_000),
    receipts: wordy(60, "日本語のサービス ").map((r) => ({ ...r, url: `https://bill.example/${"x".repeat(900)}` })),
  },
  "control characters, addresses beyond all measure": {
    text: "a\u0001\u202e b\u0000 ".repeat(10_000),
    receipts: wordy(60).map((r) => ({ ...r, url: `https://bill.example/${"x".repeat(9_000)}` })),
  },
  "a wide table": { blocks: [money(12, 30, (r, c) => (c === 0 ? `service ${r}` : r * 100_000.5))] },
  "500 rows of money": { blocks: [money(500, 8, (r, c) => (c === 0 ? `Amazon service number ${r}` : r * 1_234.56))] },
  "500 rows of long cells in Arabic": { blocks: [money(500, 8, (r, c) => (c === 0 ? ARABIC.repeat(4) : r === 3 ? null : r))] },
  "three long tables": {
    blocks: [1, 2, 3].map(() => money(60, 6, (r, c) => (c === 0 ? `a service with a rather long name ${r}` : r * 9.99))),
  },
  "many Paretos": { blocks: Array.from({ length: 12 }, () => PARETO) },
  "many charts with endless alt texts": {
    blocks: Array.from({ length: 30 }, () => ({ ...PARETO, alt: "a finding in words ".repeat(300) })),
  },
  "code beside a heading": {
    text: "Run this:\n\n```sql\nselect * from `costs` where a < b and c > d;\n```\n",
    blocks: [{ type: "markdown", text: "## Heading\n\nand `code`" }],
  },
  "currencies in tiles": {
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
        ...money(2, 2, (r, c) => (c === 0 ? "x" : -r)),
        columns: [
          { label: "a", type: "text" },
          { label: "b", type: "money", unit: "CHF" },
        ],
      },
    ],
  },
  "60 wordy receipts": { text: "Sum.", receipts: wordy(60) },
  "60 receipts in Arabic, with calls": {
    receipts: wordy(60, ARABIC),
    turn: { id: "t", conversation: "c", agent: "model", tools },
    blocks: [money(500, 8, (r, c) => (c === 0 ? ARABIC : r))],
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
  ...Object.fromEntries(
    Object.entries(CHARTS).map(([name, chart]) => [name, { text: "It is as the chart shows.", blocks: [chart], receipts: wordy(2) }]),
  ),
};
