import { z } from "zod";
import { readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { breakdowns, orderParameter } from "./breakdown.ts";
import { breakdownSentence } from "./breakdown-words.ts";
import { readFeeds } from "./feed-question.ts";
import { byUnit, contentOf, notesText } from "./finding.ts";
import { ownerOf } from "./measure-owner.ts";

export const queryDataset = defineTool({
  name: "query_dataset",
  title: "Datasets",
  description:
    "Reads a connected dataset (file, table or bill) by its own measures and dimensions: sums, splits, courses over time, the largest, a comparison with the period before. Use it for data that is not a cloud cost, or for one dataset by name. Never takes SQL. Without arguments it says which datasets there are.",
  examples: [
    "Revenue by region last quarter",
    "query the sales dataset by product",
    "Show revenue per month this year",
    "Sum of {measure} by {dimension}",
    "How many orders did we have yesterday vs the day before?",
    "What datasets are there?",
    "Which data can I ask about?",
    "top 10 products by revenue",
    "{measure} per week",
    "total {measure} in October",
    "list the datasets and their dimensions",
    "number of {measure} {period}",
    "{measure} by {dimension}",
    "{measure} per {dimension} {period}",
    "which {dimension} has the most {measure}?",
    "which {dimension} had the fewest {measure} {period}?",
    "how many {measure} did we have {period}?",
    "show {measure} over time",
    "average {measure} by {dimension}",
    "count {measure} by {dimension} {period}",
    "how did {measure} develop this year?",
    "compare {measure} {period} with the month before",
    "what was our {measure} {period}?",
    "top {dimension} by {measure}",
    "what data do you have?",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "dataset", hint: "[NAME] [MEASURE …] [by DIMENSION] [period] [per day|week|month] [top N]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    feed: parameters.feed,
    measure: parameters.measure,
    measures: z.array(z.string().min(1).max(60)).min(1).max(6).optional().describe("Several measures at once."),
    by: parameters.by,
    filter: parameters.filter,
    period: parameters.period,
    compare: parameters.compare,
    grain: parameters.grain,
    top: parameters.top,
    order: orderParameter,
  }),

  async run(input, context) {
    const asked = input.measures ?? (input.measure === undefined ? [] : [input.measure]);
    const { measures: _, ...question } = input;
    if (asked.length === 0 && Object.values(question).every((value) => value === undefined)) return listDatasets(context);
    const by = input.by === undefined ? [] : typeof input.by === "string" ? [input.by] : input.by;
    const compare = input.compare ?? (input.order === "change" ? "previous" : undefined);
    const dataset =
      input.dataset ?? (input.feed ? undefined : asked[0] === undefined ? onlyDataset(context) : await ownerOf(asked[0], context));
    const readings = [];
    for (const measure of asked.length ? asked : [undefined])
      readings.push(await readFeeds({ ...question, dataset, by, measure, compare }, undefined, context));
    const parts = (await Promise.all(readings.map((reading) => breakdowns(reading, input)))).flat();
    const notes = [...new Set(readings.flatMap((r) => r.notes))];
    const several = readings.some((r) => byUnit(r).length > 1) ? "Amounts of different currencies or units are not added up.\n\n" : "";
    const text = `${several}${parts.map(breakdownSentence).join("\n\n")}${notesText({ notes })}`;
    return {
      content: contentOf(
        text,
        parts.flatMap((p) => p.tables),
      ),
      data: {
        ...(dataset === undefined ? {} : { dataset }),
        results: parts.map((p) => ({
          measure: p.reading.measure,
          unit: p.unit,
          total: p.total,
          ...(p.previous === undefined ? {} : { previous: p.previous, change: p.change ?? null }),
          period: p.reading.period,
          comparePeriod: p.reading.comparePeriod,
          rows: p.rows,
        })),
      },
      blocks: [{ type: "markdown", text }, ...parts.flatMap((p) => [...p.charts, ...p.tables])],
      facts: readings.flatMap((r) => r.facts),
      receipts: readings.flatMap((r) => r.receipts),
      suggestions: by.length === 0 ? ["show it per month"] : ["and compared with the previous period?"],
    };
  },
});

/** The dataset meant when neither it nor a measure is named: the only one. */
function onlyDataset(context: ToolContext): string {
  const [first, ...more] = context.feeds.map((f) => f.name);
  if (first !== undefined && more.length === 0) return first;
  if (first === undefined) throw nothingConnected();
  throw new UserError(`Say which dataset or which measure. There is ${listWords([first, ...more])}.`, {
    path: "dataset",
    suggestions: ["What datasets are there?"],
  });
}

function nothingConnected(): UserError {
  return new UserError("No dataset is connected. Set DATASETS to a YAML file that describes one, or to a data file.");
}

async function listDatasets(context: ToolContext) {
  if (context.feeds.length === 0) throw nothingConnected();
  const described = await Promise.all(
    context.feeds.map(async (feed) => ({ feed, about: await feed.describe(context.signal, "names").catch(() => undefined) })),
  );
  const rows = described.map(({ feed, about }) => [
    feed.name,
    about
      ? listWords(
          about.measures.map((m) => readable(m.name)),
          10,
        )
      : "out of reach",
    about
      ? listWords(
          about.dimensions.map((d) => readable(d.name)),
          20,
        )
      : null,
    about?.covers?.from ?? null,
    about?.covers?.to ?? null,
  ]);
  const text = `There ${rows.length === 1 ? "is one source" : `are ${rows.length} sources`} to ask about: ${listWords(described.map(({ feed }) => feed.name))}.`;
  const table = {
    type: "table" as const,
    columns: [
      { label: "name", type: "text" as const },
      { label: "measures", type: "text" as const },
      { label: "dimensions", type: "text" as const },
      { label: "from", type: "date" as const },
      { label: "to", type: "date" as const },
    ],
    rows,
  };
  const first = described[0]?.about;
  return {
    content: contentOf(text, [table]),
    data: {
      datasets: described.map(({ feed, about }) => ({
        name: feed.name,
        kind: feed.kind,
        measures: about?.measures ?? [],
        dimensions: about?.dimensions.map((d) => d.name) ?? [],
        covers: about?.covers,
      })),
    },
    blocks: [{ type: "markdown" as const, text }, table],
    receipts: [],
    suggestions:
      first?.measures[0] && first.dimensions[0] ? [`${readable(first.measures[0].name)} by ${readable(first.dimensions[0].name)}`] : [],
  };
}
