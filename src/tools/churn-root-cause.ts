import { z } from "zod";
import { chooseColumns } from "../analytics/churn/columns.ts";
import { NO_LABEL, readLabels } from "../analytics/churn/label.ts";
import { spansGivingAway } from "../analytics/churn/leakage.ts";
import { wilsonInterval } from "../analytics/churn/wilson.ts";
import { formatNumber, formatPercent, readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { outcomeColumn } from "./churn-risk-label.ts";
import { columnNamed, type FeedRows, readRows } from "./churn-risk-rows.ts";
import { type ChurnGroup, type ChurnGroups, churnGroups } from "./churn-root-cause-groups.ts";
import { chartNotes, contentOf, notesText, otherLines } from "./finding.ts";

const group = z.object({
  column: z.string(),
  value: z.string(),
  customers: z.number(),
  left: z.number(),
  rate: z.number(),
  low: z.number(),
  high: z.number(),
  lift: z.number(),
  excess: z.number().describe("Customers who left beyond what the rate of all the others would have given."),
  p: z.number(),
});
const output = z.object({
  dataset: z.string(),
  label: z.string(),
  customers: z.number(),
  left: z.number(),
  rate: z.number(),
  low: z.number(),
  high: z.number(),
  groups: z.array(group),
  reasons: z.array(
    z.object({ column: z.string(), value: z.string(), left: z.number(), share: z.number(), low: z.number(), high: z.number() }),
  ),
  compared: z.number(),
  notUsed: z.array(z.object({ column: z.string(), why: z.string() })),
});

const IDS = ["customer", "account", "customer_id", "account_id", "customer_name", "account_name", "name", "id"];
const LEAST_CUSTOMERS = 100;
const LEAST_LEFT = 10;
const SURE = 0.05;
const SHOWN = 10;

export const churnRootCause = defineTool({
  name: "churn_root_cause",
  title: "Churn root causes",
  description:
    "What goes with churn in the customers who already left: the churn rate of every group (plan, region, cohort, bands of numbers) with its 95 % range, the largest lifts, and the reasons given. Use it for why customers churn, reasons for cancelling, and which cohorts lost most. Association, not cause. Who may leave next is churn_risk.",
  examples: [
    "Why do customers churn?",
    "What are the root causes of churn?",
    "Analyse churn root cause",
    "Which reasons do customers give for cancelling?",
    "Which cohorts lost the most customers and why?",
    "Why did customers leave us?",
    "main reasons for churn",
    "what makes customers cancel?",
    "why are we losing customers?",
    "what drives churn?",
    "which customers churn and why?",
    "what do churned customers have in common?",
    "why do people cancel?",
    "reasons for cancellation",
    "what is behind our churn?",
    "customers who left",
    "why did the customers who left cancel?",
  ],
  reads: "customers",
  effect: "read",
  role: "viewer",
  input: z.strictObject({
    dataset: parameters.dataset,
    filter: parameters.filter,
    by: parameters.dimension,
    label: z.string().min(1).max(60).optional().describe("Column that says whether a customer left; recognised by its name unless given."),
    positive: z.string().min(1).max(60).optional().describe("Value of that column that means left, where it is not plain."),
    top: parameters.top,
  }),
  output,

  async run(input, context): Promise<Finding> {
    const rows = await readRows("customers", input, IDS, context);
    const found = outcomeColumn(rows.table, input);
    if (!found)
      throw new UserError(
        `“${rows.source}” does not say which customers left. It takes a column such as “churned” with yes and no; name it as the label. There is ${listWords(rows.table.columns, 15)}.`,
        { path: "label" },
      );
    const labels = readLabels(found.label, rows.table.column(found.label), found.positive).values;
    const customers = labels.filter((l) => l !== NO_LABEL).length;
    const left = labels.filter((l) => l === 1).length;
    if (customers < LEAST_CUSTOMERS || left < LEAST_LEFT)
      throw new UserError(
        `“${rows.source}” has ${formatNumber(customers)} customers, ${formatNumber(left)} of whom left; groups are compared from ${LEAST_CUSTOMERS} customers and ${LEAST_LEFT} who left.`,
        { path: "dataset" },
      );
    const told = input.by === undefined ? lifetimes(rows, found.label, labels) : [];
    const named = input.by === undefined ? usable(rows, found.label) : [columnNamed(rows.table, input.by, "by")];
    const names = named.filter((name) => !told.some(({ column }) => column === name));
    const groups = churnGroups(rows.table, labels, names);
    return compose(rows, found.label, { customers, left }, { ...groups, skipped: [...told, ...groups.skipped] }, input.top ?? SHOWN);
  },
});

/** Names, ids and moments of each customer tell no group apart. */
function usable({ table, id, times }: FeedRows, label: string): string[] {
  const apart = new Set([id, "id", label, ...times]);
  return table.columns.filter((name) => !apart.has(name) && new Set(table.column(name)).size > 1);
}

/** How long customers were there is an outcome beside the day they began: who left early has little of it. */
function lifetimes({ table, id }: FeedRows, label: string, labels: Uint8Array): ChurnGroups["skipped"] {
  const known = Uint32Array.from(labels.keys()).filter((i) => labels[i] !== NO_LABEL);
  const { columns } = chooseColumns(table, label, id);
  const left = Float64Array.from(known, (i) => labels[i] ?? 0);
  return [...spansGivingAway(columns, label, known, left)].map(([column, why]) => ({ column, why }));
}

async function compose(
  rows: FeedRows,
  label: string,
  { customers, left }: { customers: number; left: number },
  { groups, reasons, skipped, compared }: ChurnGroups,
  top: number,
): Promise<Finding> {
  const overall = { rate: left / customers, ...wilsonInterval(left, customers) };
  const sure = groups.filter((g) => g.p < SURE && g.excess > 0);
  const [first] = sure;
  const lifted = sure.toSorted((a, b) => b.lift - a.lift)[0];
  const given = reasons.slice(0, 3);
  const sentences = [
    `**${formatNumber(left)} of ${formatNumber(customers)} customers have left (${formatPercent(overall.rate)}, 95% range ${rangeWords(overall)}).**`,
    first
      ? `Most of the excess is in **${nameOf(first)}**: ${formatPercent(first.rate)} of ${formatNumber(first.customers)} left (${rangeWords(first)}), about ${formatNumber(Math.round(first.excess))} more than at the rate of the others.`
      : "No group lost clearly more than the others.",
    lifted && lifted !== first
      ? `The largest lift is ${nameOf(lifted)}: ${formatNumber(Number(lifted.lift.toFixed(1)))} times the overall rate, ${formatNumber(lifted.customers)} customers.`
      : "",
    given.length
      ? `Reasons on record (${readable(given[0]?.column ?? "")}): ${listWords(given.map((r) => `${plainWords(cut(r.value, 60))} ${formatPercent(r.share)} (${rangeWords(r)})`))} of those who left and have one.`
      : "No reason is on record.",
    `These are associations, not causes: groups overlap, and customers who have been there longer had more time to leave. ${formatNumber(compared)} groups of at least 30 customers were compared, so only differences with p < ${SURE} after correcting for that count as clear.`,
    first ? "Next: ask churn_risk who of them may leave, and test a change on half of the group." : "",
  ];
  const notes = [...rows.notes, ...skipped.slice(0, 5).map(({ column, why }) => `“${plainWords(column)}” was not used: it ${why}.`)];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const tables = [
    groupTable(groups.slice(0, top), groups.length - Math.min(top, groups.length)),
    ...(reasons.length ? [reasonTable(reasons.slice(0, top), reasons.length - Math.min(top, reasons.length))] : []),
  ];
  return {
    content: contentOf(text, tables),
    data: { dataset: rows.source, label, customers, left, ...overall, groups, reasons, compared, notUsed: skipped },
    blocks: [{ type: "markdown", text }, ...(await chartOf(sure.slice(0, top), overall.rate, rows)), ...tables] satisfies Block[],
    receipts: rows.receipts,
    suggestions: ["Which customers are likely to churn?"],
  };
}

function nameOf({ column, value }: Pick<ChurnGroup, "column" | "value">): string {
  return plainWords(`${readable(column)} ${cut(value, 60)}`);
}

function rangeWords({ low, high }: { low: number; high: number }): string {
  return `${formatPercent(low)} – ${formatPercent(high)}`;
}

async function chartOf(groups: readonly ChurnGroup[], rate: number, { receipts }: FeedRows): Promise<Block[]> {
  if (groups.length < 2) return [];
  const { barChart } = await import("../charts/bar-chart.ts");
  const worst = groups.toSorted((a, b) => b.rate - a.rate)[0];
  return [
    barChart({
      title: `${worst ? nameOf(worst) : ""} lost ${formatPercent(worst?.rate ?? 0)}, all customers ${formatPercent(rate)}`,
      subject: "share that left, groups clearly above the others",
      unit: "ratio",
      notes: chartNotes(receipts),
      items: groups.map((g) => ({ label: nameOf(g), value: g.rate })),
    }),
  ];
}

function groupTable(groups: readonly ChurnGroup[], rest: number): TableBlock {
  return {
    type: "table",
    title: "Churn by group",
    columns: [
      { label: "group", type: "text" },
      { label: "customers", type: "number" },
      { label: "left", type: "number" },
      { label: "rate", type: "percent" },
      { label: "95% range", type: "text" },
      { label: "times overall", type: "number" },
      { label: "excess", type: "number" },
      { label: "clear", type: "text" },
    ],
    rows: [
      ...groups.map((g) => [
        `${readable(g.column)}: ${cut(g.value, 60)}`,
        g.customers,
        g.left,
        g.rate,
        rangeWords(g),
        Number(g.lift.toFixed(2)),
        Math.round(g.excess),
        g.p < SURE ? "yes" : "no",
      ]),
      ...(rest > 0 ? [[otherLines(rest), null, null, null, null, null, null, null]] : []),
    ],
  };
}

function reasonTable(reasons: ChurnGroups["reasons"], rest: number): TableBlock {
  return {
    type: "table",
    title: "Reasons on record",
    columns: [
      { label: "reason", type: "text" },
      { label: "left", type: "number" },
      { label: "share", type: "percent" },
      { label: "95% range", type: "text" },
    ],
    rows: [
      ...reasons.map((r) => [cut(r.value, 60), r.left, r.share, rangeWords(r)]),
      ...(rest > 0 ? [[otherLines(rest), null, null, null]] : []),
    ],
  };
}
