import { z } from "zod";
import { pareto as analyse } from "../analytics/pareto.ts";
import type { Feed, FeedDescription } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { readFeeds } from "./feed-question.ts";
import { byUnit, isAverage, sumBy } from "./finding.ts";
import { ownerOf } from "./measure-owner.ts";
import { paretoOutput, paretoReport, paretoSection } from "./pareto-report.ts";
import { sameName } from "./same-name.ts";

export const pareto = defineTool({
  name: "pareto",
  title: "Pareto analysis",
  description:
    "Ranks what makes up a total: the smallest set of services, accounts, regions … that makes 80 %, each share, and how concentrated it is. Use it for 80/20 questions, biggest cost drivers, concentration. For a plain total or a course over time use get_costs.",
  examples: [
    "Which services make up 80% of our cloud cost?",
    "Which accounts drive most of our spend?",
    "Pareto of cost by service last quarter",
    "What are our biggest cost drivers?",
    "Where does most of our money go?",
    "80/20 of cost by region",
    "How concentrated is our cloud bill?",
    "What are the vital few services behind our bill this month?",
    "Which regions are responsible for the bulk of the cost?",
    "abc analysis of cost by account",
    "Pareto of {measure} by {dimension}",
    "Which {dimension} make up 80% of {measure}?",
    "How concentrated is our {measure} across {dimension}?",
    "Which {dimension} drive most of the {measure}?",
    "80/20 of {measure} {period}",
    "Which few services account for the majority of our spending compared with last month?",
    "what share of {measure} comes from the top 20 percent of {dimension}?",
    "which few {dimension} cause most of our {measure}?",
    "Which {dimension} produce 80 percent of our {measure}?",
    "vital few causes of {measure}",
    "do a few customers make most of our revenue?",
    "is our spend concentrated in a few services?",
    "pareto chart of {measure}",
    "what are the top contributors to {measure}?",
    "ABC classes of {measure} by {dimension}",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "pareto", hint: "[measure] by DIMENSION [period] [top N]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    feed: parameters.feed,
    measure: parameters.measure,
    by: parameters.dimension,
    filter: parameters.filter,
    period: parameters.period,
    compare: parameters.compare,
    top: parameters.top,
  }),
  output: paretoOutput,

  async run(input, context) {
    const dataset = input.dataset ?? (await otherOwner(input, context));
    const by = [input.by ?? (await defaultDimension({ ...input, dataset }, context))];
    const reading = await readFeeds({ ...input, dataset, by }, dataset ? undefined : "costs", context);
    const dimension = reading.by[0] ?? "";
    if (isAverage(reading.facts))
      throw new UserError(
        `${readable(reading.measure)} is an average, so its parts do not add up to a whole. Ask for it by ${readable(dimension)} instead.`,
        { path: "measure", suggestions: [`${readable(reading.measure)} by ${readable(dimension)}`] },
      );
    const making = byUnit(reading)
      .filter(({ facts }) => facts.length > 0)
      .map(({ unit, facts, before }) => {
        const amounts = [...sumBy(facts, reading.by)].map(([label, value]) => ({ label, value }));
        return paretoSection(analyse(amounts), sumBy(before, reading.by), unit, dimension, reading, input.top);
      });
    return paretoReport(await Promise.all(making), reading, dimension);
  },
});

interface Asked {
  dataset?: string | undefined;
  feed?: string | undefined;
  measure?: string | undefined;
}

/** Where a measure is that no cost has: "revenue" is asked of the sales. undefined: the costs are meant. */
async function otherOwner(input: Asked, context: ToolContext): Promise<string | undefined> {
  if (input.measure === undefined || input.feed !== undefined || context.feeds.every((f) => f.kind === "costs")) return undefined;
  const costs = await describeAll(
    context.feeds.filter((f) => f.kind === "costs"),
    context,
  );
  const measures = costs.flatMap((about) => about.measures.map((m) => m.name));
  return measures.some((name) => sameName(name, input.measure ?? "")) ? undefined : ownerOf(input.measure, context);
}

/** The first dimension of the first source that answers. */
async function defaultDimension({ dataset, feed }: Asked, context: ToolContext): Promise<string> {
  const meant = context.feeds.filter((f) => (dataset ? sameName(f.name, dataset) : f.kind === (feed ?? "costs")));
  return (await describeAll(meant, context)).flatMap((about) => about.dimensions)[0]?.name ?? "service";
}

async function describeAll(feeds: readonly Feed[], context: ToolContext): Promise<FeedDescription[]> {
  const described = await Promise.all(feeds.map((feed) => feed.describe(context.signal, "names").catch(() => undefined)));
  context.signal.throwIfAborted();
  return described.filter((about) => about !== undefined);
}
