import { barChart } from "../../../src/charts/bar-chart.ts";
import { paretoChart } from "../../../src/charts/pareto-chart.ts";
import { timeChart } from "../../../src/charts/time-chart.ts";
import type { ChartBlock, Reply, TableBlock } from "../../../src/core/reply.ts";
import { HOSTILE_LABELS, paretoInput, SERVICES, serviceCosts } from "../../charts/samples.ts";

/** Replies of every size, script and kind of chart. */

export const PARETO: ChartBlock = { ...paretoChart(paretoInput(SERVICES, serviceCosts(), "6 of 20 services make 80%")) };
const ARABIC = "تكلفة الحوسبة السحابية ارتفعت في أكتوبر بسبب قاعدة البيانات. ";
const EMOJI = "👩‍👩‍👧‍👦 عائلة 🚀 日本語のサービス ";

export function table(rows: number, columns: number, cell: (row: number, column: number) => string | number | null): TableBlock {
  return {
    type: "table",
    title: "by service",
    columns: Array.from({ length: columns }, (_, i) => ({ label: `column ${i}`, type: i === 0 ? "text" : "money", unit: "USD" })),
    rows: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => cell(row, column))),
  };
}

export const receipts = (count: number, word = "sum of cost by service ") =>
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

const day = (i: number) => new Date(Date.UTC(2026, 9, 1 + i)).toISOString().slice(0, 10);
const daily = (count: number, value: (i: number) => number | null) =>
  Array.from({ length: count }, (_, i) => ({ at: day(i), value: value(i) }));

export const CHARTS = {
  "simple bars": barChart({
    title: "Compute costs most: $34.8k of $107.9k",
    unit: "USD",
    subject: "cost by service",
    items: ["Compute", "Database", "Storage", "Network", "Monitoring"].map((label, i) => ({ label, value: 34_788.019999 * 0.6 ** i })),
  }),
  "bars of long names": barChart({
    title: "The ten dearest services make 93% of cost",
    unit: "USD",
    items: SERVICES.slice(0, 10).map((label, i) => ({ label, value: serviceCosts()[i] ?? 0 })),
  }),
  "bars beside those of last month": barChart({
    title: "Three teams deploy more than in September",
    unit: "count",
    subject: "deploys by team",
    previousName: "September 2026",
    items: ["api", "web", "data", "mobile"].map((label, i) => ({ label, value: 40 - 9 * i, previous: i === 3 ? null : 30 - 5 * i })),
  }),
  "bars below zero": barChart({
    title: "Credits took $1,200 off storage",
    unit: "USD",
    items: [
      { label: "Compute", value: 3_400 },
      { label: "Storage", value: -1_200 },
    ],
  }),
  "bars of shares": barChart({
    title: "Cache hits fell to 62% in one region",
    unit: "ratio",
    items: [
      { label: "eu-west-1", value: 0.918 },
      { label: "us-east-1", value: 0.62 },
    ],
  }),
  "bars of hours": barChart({
    title: "Reviews wait longest in the platform team",
    unit: "ms",
    items: ["platform", "web", "data"].map((label, i) => ({ label, value: (9 - 3 * i) * 3_600_000 })),
  }),
  "bars of hostile names": barChart({
    title: "Names from outside",
    unit: "count",
    items: HOSTILE_LABELS.map((label, i) => ({ label, value: i + 1 })),
  }),
  "a line": timeChart({
    title: "Cost held at about $3.4k a day in October",
    unit: "USD",
    grain: "day",
    series: [{ name: "cost", points: daily(31, (i) => 3_400 + 400 * Math.sin(i)) }],
  }),
  "lines of three teams": timeChart({
    title: "Lead time fell in two of three teams",
    unit: "ms",
    grain: "week",
    series: ["api", "web", "data"].map((name, n) => ({
      name,
      points: Array.from({ length: 8 }, (_, i) => ({ at: day(7 * i), value: (40 - 3 * i + 9 * n) * 3_600_000 })),
    })),
  }),
  "a line with gaps": timeChart({
    title: "No figures came on four days",
    unit: "USD",
    grain: "day",
    series: [{ name: "cost", points: daily(20, (i) => (i > 7 && i < 12 ? null : 3_000 + 90 * i)) }],
  }),
  "a line below zero": timeChart({
    title: "Margin was below zero until Thursday",
    unit: "USD",
    grain: "day",
    series: [{ name: "margin", points: daily(8, (i) => 700 * i - 2_400) }],
  }),
  "more points than a card holds": timeChart({
    title: "Two years, day by day, of five teams",
    unit: "USD",
    grain: "day",
    series: ["api", "web", "data", "mobile", "ops"].map((name, n) => ({ name, points: daily(730, (i) => 100 * n + i) })),
  }),
  "a Pareto": PARETO,
} satisfies Readonly<Record<string, ChartBlock>>;

export const REPLIES: Readonly<Record<string, Partial<Reply>>> = {
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
  "many charts": { blocks: Array.from({ length: 12 }, () => PARETO) },
  "many charts with endless alt texts": {
    blocks: Array.from({ length: 30 }, () => ({ ...PARETO, alt: "a finding in words ".repeat(300) })),
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
  ...Object.fromEntries(
    Object.entries(CHARTS).map(([name, chart]) => [name, { text: "It is as the chart shows.", blocks: [chart], receipts: receipts(2) }]),
  ),
};
