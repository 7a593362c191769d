import { z } from "zod";
import { ANOMALY_METHODS, type AnomalyMethod } from "../analytics/anomalies/detect.ts";
import type { AnomalyFeedback } from "../analytics/anomalies/feedback.ts";
import { detectorFeedback } from "../analytics/anomalies/said.ts";
import { addDays, civilDate, fromInstant } from "../core/civil-date.ts";
import type { Period, Receipt } from "../core/fact.ts";
import type { FeedKind } from "../core/feed.ts";
import { parameters } from "../core/parameters.ts";
import { formatPeriod, lengthOf } from "../core/period.ts";
import { plainWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type FeedQuestion, type FeedReading, readFeeds } from "./feed-question.ts";
import { type Judgement, judgeFacts } from "./find-anomalies-judge.ts";
import { type Asked, anomalyPicture, anomalySentences, anomalyTable } from "./find-anomalies-words.ts";
import { byUnit, chartNotes, contentOf, notesText } from "./finding.ts";
import { ownerOf } from "./measure-owner.ts";
import { sameName } from "./same-name.ts";

const anomaly = z.object({
  series: z.string(),
  kind: z.enum(["rise", "creep", "drop"]),
  from: z.string(),
  to: z.string(),
  days: z.number(),
  actual: z.number().describe("Of all its days, as are the others: the sum, or the mean where a day is an average."),
  expected: z.number(),
  low: z.number(),
  high: z.number(),
  excess: z.number(),
  chance: z.number().describe("That this is no normal variation, 0 to 1."),
});
const result = z.object({
  unit: z.string(),
  anomalies: z.array(anomaly).describe("Largest excess first."),
  drops: z.array(anomaly).describe("Money that fell: information, no alarm."),
  fresh: z.array(z.object({ series: z.string(), since: z.string(), total: z.number() })).describe("Too new to be judged."),
  judged: z.number().describe("Series that could be judged."),
  tooLittle: z.number().describe("Series with too few days."),
  smaller: z.number().describe("Series that were too small to be looked at."),
  belowFloor: z.number(),
  floor: z.number().describe("Smallest excess that counts, in the unit."),
});
export const findAnomaliesOutput = result.extend({
  measure: z.string(),
  by: z.array(z.string()),
  period: z.object({ from: z.string(), to: z.string() }),
  provisionalFrom: z.string().optional().describe("Days from here on were not judged."),
  others: z.array(result).optional().describe("The same for each further currency or unit."),
});

export const findAnomalies = defineTool({
  name: "find_anomalies",
  title: "Find anomalies",
  description:
    "Finds days on which a measure was not as expected, for each service, account or other slice: spikes, slow creeps and level shifts against trend, weekday and end of month, with the expected range, the excess and how sure that is. Use it when someone asks for anomalies, spikes, outliers or anything unusual. For the causes of one change use explain_change.",
  examples: [
    "Are there any cost anomalies?",
    "Find anomalies in {measure} by {dimension}",
    "Was anything unusual in our spend last month?",
    "Was anything abnormal in {measure} {period}?",
    "detect outliers in cost by account",
    "Which {dimension} behaved unexpectedly {period}?",
    "did anything weird happen with our spending?",
    "any strange days in {measure}?",
    "unusual days in {measure} this year",
    "are there spikes in {measure}?",
    "is today's spend normal?",
    "does anything look off in our costs?",
    "did {measure} behave oddly {period}?",
    "show me outliers in {measure}",
    "was yesterday's bill out of line?",
    "any unexpected charges?",
    "find anomalies in cost by account using z-score",
    "anomalies by quartiles",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "anomalies", hint: "[measure] [by DIMENSION] [period]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    feed: parameters.feed,
    measure: parameters.measure,
    by: parameters.dimension.describe(
      'Dimension whose values are judged one by one, e.g. "service"; the first of the source unless given.',
    ),
    filter: parameters.filter,
    period: parameters.period,
    top: parameters.top,
    min_excess: z
      .number()
      .min(0)
      .optional()
      .describe("Smallest excess worth reporting, in the unit of the measure; 1 % of an average day unless given."),
    method: z
      .enum(ANOMALY_METHODS)
      .optional()
      .describe("auto finds most and is meant unless another is named: zscore, iqr (quartiles), seasonal (trend and weekday alone)."),
    holidays: z.array(z.iso.date()).max(500).optional().describe("Days that are compared with each other and not with their weekday."),
  }),
  output: findAnomaliesOutput,

  async run(input, context) {
    const kind: FeedKind | undefined = input.feed === undefined ? kindOf(context) : undefined;
    const dataset = input.dataset ?? (await otherOwner(input.measure, input.feed, context));
    const dimensions = await dimensionsOf(dataset, input.feed ?? kind, context);
    const by = input.by ?? dimensions[0];
    const { feed, measure, filter } = input;
    const question: FeedQuestion = { dataset, feed, measure, filter, period: input.period, by: by === undefined ? [] : [by], grain: "day" };
    const asked = await readFeeds(question, kind, context);
    if (!asked.period)
      throw new UserError("The source has no dates, so nothing can be unusual for its day. Choose one with a time column.", {
        path: "dataset",
      });
    const { period, notes } = judgedPeriod(asked.period, input.period === undefined);
    const reading = await withHistory(asked, period, question, kind, context);
    const provisionalFrom = firstUnsettled(reading.receipts, civilDate(context.now, context.user.timeZone), period);
    const feedback = await saidOf(reading.measure, context);
    const method = input.method ?? methodSaid(context.message?.text);
    const sections = [];
    for (const { unit, facts } of byUnit({ facts: reading.facts, before: [] })) {
      const found = await judgeFacts(facts, {
        by: reading.by,
        unit,
        period,
        floor: input.min_excess,
        rule: method === "auto" ? undefined : method,
        holidays: input.holidays?.length ? new Set(input.holidays) : undefined,
        feedback,
        signal: context.signal,
        ...(provisionalFrom ? { provisionalFrom } : {}),
      });
      const about: Asked = {
        measure: reading.measure,
        dimension: reading.by[0] ?? "",
        unit,
        period,
        chartNotes: chartNotes(reading.receipts),
        ...(provisionalFrom ? { provisionalFrom } : {}),
      };
      sections.push({ unit, found, about });
    }
    const held = sections.flatMap(({ found }) =>
      found.held.map(({ anomaly: { series }, reason }) => `${plainWords(series)} is left out. ${reason}.`),
    );
    const answer = { ...reading, notes: [...asked.notes, ...notes, ...methodNotes(method), ...held] };
    const next = dimensions.find((name) => !reading.by.includes(name));
    return combine(sections, answer, { period, provisionalFrom, top: input.top, next });
  },
});

/** The method a question names: “by z-score”, “with quartiles”. */
function methodSaid(question = ""): AnomalyMethod | undefined {
  return SAID.find(([words]) => words.test(question))?.[1];
}

const SAID: readonly (readonly [RegExp, AnomalyMethod])[] = [
  [/\bz[- ]?scores?\b/i, "zscore"],
  [/\biqr\b|\binter-?quartile\b|\bquartiles?\b/i, "iqr"],
  [/\bseasonal (?:patterns?|methods?)\b|\bby season\b/i, "seasonal"],
];

function methodNotes(method: AnomalyMethod = "auto"): string[] {
  const says: Readonly<Record<AnomalyMethod, string>> = {
    auto: "",
    zscore: "Judged by z-scores: each day against the mean and spread of those before it, without trend or weekdays.",
    iqr: "Judged by quartiles: each day by its distance from the middle half of those before it, without trend or weekdays.",
    seasonal:
      "Judged by the seasonal pattern alone: each day by itself against trend, weekday and end of month, without creeps or new levels.",
  };
  return says[method] ? [says[method]] : [];
}

/** What people said of alerts about this measure, oldest first: later words win. */
async function saidOf(measure: string, { alerts }: ToolContext): Promise<AnomalyFeedback[]> {
  const said = (await alerts?.feedback()) ?? [];
  return said
    .filter((given) => given.measure === measure)
    .map(detectorFeedback)
    .reverse();
}

function kindOf(context: ToolContext): FeedKind | undefined {
  return context.feeds.some((feed) => feed.kind === "costs") ? "costs" : undefined;
}

async function otherOwner(measure: string | undefined, feed: FeedKind | undefined, context: ToolContext): Promise<string | undefined> {
  if (measure === undefined || feed !== undefined) return undefined;
  const costs = context.feeds.filter((f) => f.kind === "costs");
  const described = await Promise.all(costs.map((f) => f.describe(context.signal, "names").catch(() => undefined)));
  context.signal.throwIfAborted();
  const known = described.some((about) => about?.measures.some((m) => sameName(m.name, measure)));
  return known || costs.length === context.feeds.length ? undefined : ownerOf(measure, context);
}

async function dimensionsOf(dataset: string | undefined, kind: FeedKind | undefined, context: ToolContext): Promise<string[]> {
  const meant = context.feeds.filter((f) => (dataset ? sameName(f.name, dataset) : kind === undefined || f.kind === kind));
  const described = await Promise.all(meant.map((f) => f.describe(context.signal, "names").catch(() => undefined)));
  context.signal.throwIfAborted();
  return described.flatMap((about) => about?.dimensions ?? []).map(({ name }) => name);
}

const HISTORY_DAYS = 400;
const USUAL_DAYS = 30;

/** Of a dataset without a named period, its last 30 days: what was odd two years ago is no news. */
function judgedPeriod(covers: Period, unasked: boolean): { period: Period; notes: string[] } {
  if (!unasked || lengthOf(covers) <= USUAL_DAYS + 1) return { period: covers, notes: [] };
  const period = { from: addDays(covers.to, 1 - USUAL_DAYS), to: covers.to };
  return { period, notes: [`No period was named, so this is the last 30 days of the data, ${formatPeriod(period)}.`] };
}

/** The same question with the days before the period, which say what is usual. */
async function withHistory(
  asked: FeedReading,
  period: Period,
  question: FeedQuestion,
  kind: FeedKind | undefined,
  context: ToolContext,
): Promise<FeedReading> {
  const from = addDays(period.from, -HISTORY_DAYS);
  if (asked.period && asked.period.from <= from) return asked;
  return readFeeds({ ...question, period: { from, to: period.to } }, kind, context);
}

/** The first day that may still change: what a receipt says, or today, which is not over. */
function firstUnsettled(receipts: readonly Receipt[], today: string, period: Period): string | undefined {
  const said = receipts.flatMap((receipt) => /\d{4}-\d{2}-\d{2}/.exec(receipt.provisional ?? "")?.[0] ?? []);
  const first = [...said, today].sort()[0];
  return first !== undefined && first <= period.to ? first : undefined;
}

interface Section {
  unit: string;
  found: Judgement;
  about: Asked;
}

interface Frame {
  period: Period;
  provisionalFrom: string | undefined;
  top: number | undefined;
  /** Another dimension to judge by. */
  next: string | undefined;
}

async function combine(
  sections: readonly Section[],
  reading: FeedReading,
  { period, provisionalFrom, top, next }: Frame,
): Promise<Finding> {
  const several = sections.length > 1 ? `There are ${sections.length} currencies or units; they are judged apart.\n\n` : "";
  const text = `${several}${sections.map(({ found, about }) => (several ? `${about.unit}: ` : "") + anomalySentences(found, about)).join("\n\n")}${notesText(reading)}`;
  const tables = sections
    .filter(({ found }) => found.anomalies.length > 0)
    .map(({ found, about }) => anomalyTable({ ...found, anomalies: found.anomalies.slice(0, top ?? found.anomalies.length) }, about));
  const pictures = (await Promise.all(sections.map(({ found, about }) => anomalyPicture(found, about)))).flat();
  const [first, ...others] = sections.map(({ unit, found }) => dataOf(unit, found));
  const worst = sections[0]?.found.anomalies[0];
  return {
    content: contentOf(text, tables),
    data: {
      ...first,
      measure: reading.measure,
      by: [...reading.by],
      period,
      ...(provisionalFrom ? { provisionalFrom } : {}),
      ...(others.length ? { others } : {}),
    },
    blocks: [{ type: "markdown", text }, ...pictures.slice(0, 1), ...tables],
    facts: reading.facts.filter((fact) => fromInstant(fact.at) >= period.from),
    receipts: reading.receipts,
    suggestions: [...(worst && reading.by.length > 0 ? [`${worst.series} per day`] : []), ...(next ? [`Find anomalies by ${next}`] : [])],
  };
}

function dataOf(
  unit: string,
  { anomalies, drops, fresh, judged, tooLittle, smaller, belowFloor, floor }: Judgement,
): z.output<typeof result> {
  return { unit, anomalies, drops, fresh, judged: judged.length, tooLittle, smaller, belowFloor, floor };
}
