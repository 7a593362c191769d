import { z } from "zod";
import { parameters } from "../core/parameters.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { orderParameter } from "./breakdown.ts";
import { breakdownFinding, breakdownOutput } from "./breakdown-finding.ts";
import { readFeeds } from "./feed-question.ts";

export const aiUsage = defineTool({
  name: "ai_usage",
  title: "AI usage",
  description:
    "What language models cost and how much they are used: cost, tokens, requests, coding sessions; split by model, workspace, key, person or product, over time, and compared. Use it for AI spend, tokens and coding assistants. For the cloud bill use get_costs.",
  examples: [
    "which model costs most?",
    "What do we spend on AI?",
    "how much does Claude cost us?",
    "what do we spend on AI per model?",
    "AI cost by model last month",
    "how many tokens did we use per day this month?",
    "which workspace spends the most on Claude?",
    "tokens by model {period}",
    "how did our LLM spending change compared with the previous month?",
    "how many tokens did we burn yesterday?",
    "Anthropic bill last month",
    "Claude costs by workspace",
    "what are we paying for LLMs?",
    "how much do we spend on Claude?",
    "is our token usage growing?",
    "Anthropic usage by API key",
    "how much is cached of our prompts?",
    "AI spend compared with the month before",
    "AI requests last week",
  ],
  reads: "ai_usage",
  effect: "read",
  role: "viewer",
  command: { name: "ai", hint: "[measure] [by DIMENSION] [period] [per day|week|month]" },
  input: z.strictObject({
    dataset: parameters.dataset,
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

  async run(input, context): Promise<Finding> {
    const by = [input.by ?? []].flat();
    const compare = input.compare ?? (input.order === "change" ? "previous" : undefined);
    const reading = await readFeeds({ ...input, by, compare }, input.dataset ? undefined : "ai_usage", context);
    const finding = await breakdownFinding(reading, input);
    return { ...finding, suggestions: [...(by.length === 0 ? ["and by model?"] : []), ...(input.grain ? [] : ["show it per day"])] };
  },
});
