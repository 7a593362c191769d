import { z } from "zod";
import { parameters } from "../core/parameters.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { breakdowns, orderParameter } from "./breakdown.ts";
import { breakdownSentence } from "./breakdown-words.ts";
import { readFeeds } from "./feed-question.ts";
import { contentOf, notesText } from "./finding.ts";

export const getCosts = defineTool({
  name: "get_costs",
  title: "Costs",
  description:
    "What we spend: the total of a period, split by service, account, region … or over time by day, week or month, and compared with another period. Use it for how much, how it developed, what changed. For what makes up most of it use pareto.",
  examples: [
    "How much did we spend last month?",
    "What is our cloud cost this month?",
    "Costs by service last quarter",
    "What did we spend yesterday vs the day before?",
    "Show daily cost for the last 30 days",
    "cloud spend per month this year",
    "How have our costs developed over time?",
    "Cost trend by account",
    "Did our spending go up compared with the previous month?",
    "Top 5 services by cost since 3 March",
    "What does Amazon S3 cost us?",
    "How much are we paying for EC2 in us-east-1?",
    "total bill for 2025",
    "What changed in our costs last week?",
    "Which service increased the most month over month?",
    "cheapest regions",
    "How expensive was production in October?",
    "plot our expenses by week",
    "What was the most expensive day?",
    "list the costs of each account",
  ],
  reads: "costs",
  effect: "read",
  role: "viewer",
  command: { name: "costs", hint: "[by DIMENSION] [period] [vs period] [per day|week|month] [top N]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    feed: parameters.feed,
    measure: parameters.measure,
    by: parameters.by,
    filter: parameters.filter,
    period: parameters.period,
    compare: parameters.compare,
    grain: parameters.grain,
    top: parameters.top,
    order: orderParameter,
  }),
  output: z.object({
    measure: z.string(),
    period: z.object({ from: z.string(), to: z.string() }).optional(),
    comparePeriod: z.object({ from: z.string(), to: z.string() }).optional(),
    totals: z.array(
      z.object({ unit: z.string(), value: z.number(), previous: z.number().optional(), change: z.number().nullable().optional() }),
    ),
    rows: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        unit: z.string(),
        at: z.string().optional(),
        value: z.number(),
        share: z.number().optional(),
        previous: z.number().optional(),
        change: z.number().nullable().optional(),
      }),
    ),
  }),

  async run(input, context) {
    const by = input.by === undefined ? [] : typeof input.by === "string" ? [input.by] : input.by;
    const compare = input.compare ?? (input.order === "change" ? "previous" : undefined);
    const reading = await readFeeds({ ...input, by, compare }, input.dataset ? undefined : (input.feed ?? "costs"), context);
    const parts = await breakdowns(reading, input);
    const text = `${parts.length > 1 ? "Amounts of different currencies are not added up.\n\n" : ""}${parts.map(breakdownSentence).join("\n\n")}${notesText(reading)}`;
    return {
      content: contentOf(
        text,
        parts.flatMap((p) => p.tables),
      ),
      data: {
        measure: reading.measure,
        ...(reading.period ? { period: reading.period } : {}),
        ...(reading.comparePeriod ? { comparePeriod: reading.comparePeriod } : {}),
        totals: parts.map(({ unit, total, previous, change }) => ({
          unit,
          value: total,
          ...(previous === undefined ? {} : { previous, change: change ?? null }),
        })),
        rows: parts.flatMap((p) => p.rows),
      },
      blocks: [{ type: "markdown", text }, ...parts.flatMap((p) => [...p.charts, ...p.tables])],
      facts: reading.facts,
      receipts: reading.receipts,
      suggestions: suggest(by, input.grain !== undefined, reading.comparePeriod !== undefined),
    } satisfies Finding;
  },
});

function suggest(by: readonly string[], overTime: boolean, compared: boolean): string[] {
  return [
    ...(by.length === 0 ? ["and by service?"] : ["which of them make up 80%?"]),
    ...(overTime ? [] : ["show it per day"]),
    ...(compared ? [] : ["and compared with the previous period?"]),
  ];
}
