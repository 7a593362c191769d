import { z } from "zod";
import { parameters } from "../core/parameters.ts";
import { defineTool } from "../core/tool.ts";
import { orderParameter } from "./breakdown.ts";
import { breakdownFinding, breakdownOutput } from "./breakdown-finding.ts";
import { readFeeds } from "./feed-question.ts";

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
    "compare the cost {period} with the month before",
    "our cost {period} versus {period}",
    "What changed in our costs last week?",
    "Which service increased the most month over month?",
    "cheapest regions",
    "How expensive was production in October?",
    "plot our expenses by week",
    "What was the most expensive day?",
    "list the costs of each account",
    "how does this month's bill compare with last month?",
    "is our cloud spend going up or down?",
    "what did we pay Amazon in September?",
    "cloud costs of the last three months",
    "show me the most expensive services this quarter",
    "how much money goes into compute?",
    "what is our run rate?",
    "monthly cloud bill since January",
    "which accounts got more expensive?",
    "what do we pay for storage?",
    "how much of our bill is data transfer?",
    "what is the damage this month?",
    "where did our cloud money go last week?",
  ],
  reads: "costs",
  effect: "read",
  always: true,
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
  output: breakdownOutput,

  async run(input, context) {
    const by = [input.by ?? []].flat();
    const compare = input.compare ?? (input.order === "change" ? "previous" : undefined);
    const reading = await readFeeds({ ...input, by, compare }, input.dataset ? undefined : (input.feed ?? "costs"), context);
    const finding = await breakdownFinding(reading, input);
    return { ...finding, suggestions: suggest(by, input.grain !== undefined, reading.comparePeriod !== undefined) };
  },
});

function suggest(by: readonly string[], overTime: boolean, compared: boolean): string[] {
  return [
    ...(by.length === 0 ? ["and by service?"] : ["which of them make up 80%?"]),
    ...(overTime ? [] : ["show it per day"]),
    ...(compared ? [] : ["and compared with the previous period?"]),
  ];
}
