import { z } from "zod";
import { budgetBurn } from "../analytics/forecast/budget-burn.ts";
import { forecastSeries, type Range, type SeriesForecast, sumInterval } from "../analytics/forecast/forecast-series.ts";
import { monthEnd } from "../analytics/forecast/month-end.ts";
import { addDays, civilDate, daysBetween, endOf, startOf } from "../core/civil-date.ts";
import type { CivilDate, Fact, Period } from "../core/fact.ts";
import { readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { ALL_TIME, unitOf as calendarUnit, lengthOf, previousPeriod } from "../core/period.ts";
import type { Block, Cell, TableBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type FeedReading, readFeeds } from "./feed-question.ts";
import { amountColumn, byUnit, chartNotes, contentOf, isAverage, labelOf, notesText } from "./finding.ts";
import { type History, historyOf, nextStep, SEASONS, seriesOf, stepsFrom } from "./forecast-history.ts";
import { ENDINGS, horizonOf } from "./forecast-horizon.ts";
import { etsModel } from "./forecast-library.ts";
import {
  backTestSentence,
  budgetSentences,
  changeSentence,
  headline,
  type Outlook,
  partsSentence,
  provisionalSentence,
  rangeSentence,
} from "./forecast-words.ts";
import { sameName } from "./same-name.ts";

const range = z.object({ mean: z.number(), lo80: z.number(), hi80: z.number(), lo95: z.number(), hi95: z.number() });
const backTest = z.object({ origins: z.number(), steps: z.number(), step: z.number().optional(), total: z.number().optional() });
const output = z.object({
  measure: z.string(),
  unit: z.string(),
  step: z.enum(["day", "week", "month", "quarter", "year"]),
  period: z.object({ from: z.string(), to: z.string() }),
  total: range.describe("What the whole period will come to (its mean for an average), known days included."),
  known: z.object({ steps: z.number(), value: z.number() }),
  steps: z.array(range.extend({ at: z.string() })).describe("Each step ahead, from the first that is not settled."),
  backTest: backTest.describe(
    "step: mean error of single steps, total: of their totals, as shares; tried `origins` times over `steps` steps.",
  ),
  seasons: z.array(z.number()),
  gaps: z.number(),
  methods: z.array(z.object({ name: z.string(), share: z.number() })),
  settledTo: z.string(),
  provisional: z.object({ from: z.string(), steps: z.number(), value: z.number() }).optional(),
  budget: z
    .object({
      budget: z.number(),
      used: z.number(),
      usedShare: z.number(),
      timeShare: z.number(),
      endShare: z.number(),
      over: z.number(),
      chanceOver: z.number(),
      runsOut: z.string().optional(),
    })
    .optional(),
  before: z.object({ period: z.object({ from: z.string(), to: z.string() }), value: z.number() }).optional(),
  slices: z.array(range.partial().extend({ label: z.string(), known: z.number(), error: z.number().optional() })).optional(),
});
type Output = z.output<typeof output>;

export const forecast = defineTool({
  name: "forecast",
  title: "Forecast",
  description:
    "What cost, revenue or usage will come to, with 80 % and 95 % ranges, how far the same method missed in the past, and whether a budget amount holds. Use it for the future: next month, the next 30 days, the end of the month, quarter or year; by slice or narrowed by a filter. For what was, get_costs.",
  examples: [
    "What will our cloud bill be at the end of the month?",
    "Forecast our costs for next month",
    "Predict our spend for the next 30 days",
    "How much will we spend by the end of the quarter?",
    "What will we spend next month?",
    "Projected cost by service for next month",
    "What will the bill be by the end of the year?",
    "Forecast {measure} {period}",
    "What {measure} do we expect next month?",
    "Expected {measure} by {dimension} next quarter",
  ],
  effect: "read",
  role: "viewer",
  command: { name: "forecast", hint: "[measure] [by DIMENSION] [next month|next N days|end of the quarter]" },
  input: z.strictObject({
    dataset: parameters.dataset,
    feed: parameters.feed,
    measure: parameters.measure,
    by: parameters.dimension,
    filter: parameters.filter,
    period: parameters.period.describe(
      'The days to forecast, in words ("next month", "next 30 days", "to the end of the quarter") or {"from", "to"}, both included. Without it: the month that is going on.',
    ),
    until: z.enum(ENDINGS).optional().describe("Forecast the unit that is going on, to its end; instead of `period`."),
    budget: z
      .number()
      .positive()
      .max(1e15)
      .optional()
      .describe("Amount the period may cost, in the currency of the figures: says whether it will hold."),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be a code like USD")
      .optional()
      .describe("Which currency to forecast when the source has several; the one with the most figures unless given."),
    top: parameters.top,
  }),
  output,

  async run(input, context) {
    const today = civilDate(context.now, context.user.timeZone);
    const kind = input.dataset ? undefined : (input.feed ?? (input.measure ? undefined : "costs"));
    const period = readsAll(input, kind, context) ? ALL_TIME : { from: addDays(today, -HISTORY_DAYS), to: today };
    const by = input.by === undefined ? [] : [input.by];
    const read = await readFeeds({ ...input, feed: kind === undefined ? input.feed : kind, by, grain: "day", period }, kind, context);
    // What is said of the ends of the history, or of sources that were never meant, is no caveat of a forecast.
    const narrowed = by.length > 0 || Object.keys(input.filter ?? {}).length > 0;
    const idle = narrowed ? IDLE_NOTES : /^(?:The data (?:begins|reaches)|Without )|provisional and may still change/;
    const notes = read.notes.filter((note) => !idle.test(note));
    if (!read.period) throw new UserError("The source has no dates, so there is nothing to go on for a forecast.", { path: "dataset" });
    const { unit, facts } = unitOf(read, input.currency, notes);
    if (by.length > 0 && isAverage(facts))
      throw new UserError(`${readable(read.measure)} is an average, so its slices do not add up. Forecast one of them with a filter.`, {
        path: "by",
      });
    if (input.budget !== undefined && isAverage(facts))
      throw new UserError(`${readable(read.measure)} is an average, which no budget holds.`, { path: "budget" });
    const history = historyOf(facts, today, provisionalOf(read));
    const target = horizonOf(input, today, history.settled, notes);
    const whole = await project(seriesOf(history, history.values), history, target);
    const slices = by.length > 0 ? await slicesOf(facts, read.by, history, target, input.top ?? SLICES) : undefined;
    return compose({
      read,
      notes,
      unit,
      history,
      target,
      whole,
      slices,
      budget: input.budget,
      average: isAverage(facts),
      costs: kind === "costs",
    });
  },
});

/** Two years and a bit: two of every season. */
const HISTORY_DAYS = 800;
const SLICES = 5;
const IDLE_NOTES = /^The data (?:begins|reaches)|provisional and may still change/;
const MOST_STEPS = 1_000;
/** Shown of the history at least. */
const CHART_STEPS = 60;

/** A file is read whole: where it ended long ago, the last years are not those before today. */
function readsAll(input: { dataset?: string | undefined }, kind: string | undefined, { feeds }: ToolContext): boolean {
  const meant = feeds.filter((f) => (input.dataset ? sameName(f.name, input.dataset) : kind === undefined || f.kind === kind));
  return meant.length > 0 && meant.every((f) => f.withoutPeriod === "all");
}

function provisionalOf({ receipts }: FeedReading): CivilDate | undefined {
  const days = receipts.flatMap((r) => /\d{4}-\d{2}-\d{2}/.exec(r.provisional ?? "")?.[0] ?? []);
  return days.sort()[0];
}

function unitOf(read: FeedReading, currency: string | undefined, notes: string[]): { unit: string; facts: readonly Fact[] } {
  const units = byUnit(read);
  const chosen = currency === undefined ? units[0] : units.find(({ unit }) => unit === currency);
  if (!chosen)
    throw new UserError(
      `There is no ${readable(read.measure)} in ${currency}. There is ${listWords(units.map(({ unit }) => unit || "no unit"))}.`,
      {
        path: "currency",
      },
    );
  const others = units.filter((u) => u !== chosen && u.facts.length > 0).map(({ unit }) => unit || "no unit");
  if (others.length > 0)
    notes.push(
      `This is ${chosen.unit || "the figures without a unit"} alone; ${listWords(others)} ${others.length > 1 ? "are" : "is"} forecast apart when asked.`,
    );
  return chosen;
}

/** A forecast from the first step that is not settled to the end of the target. */
interface Projection {
  forecast: SeriesForecast;
  days: readonly CivilDate[];
  /** Steps of `days` that belong to the target. */
  from: number;
  to: number;
  knownSteps: number;
  known: number;
  end: Range;
}

async function project(values: Float64Array, history: History, target: Period): Promise<Projection> {
  const { step } = history;
  const days = stepsFrom(step, nextStep(history), target.to);
  if (startOf(step, target.from) !== target.from || endOf(step, target.to) !== target.to)
    throw new UserError(`The source has one figure a ${step}. Ask for whole ${step}s, like “next ${step}”.`, { path: "period" });
  if (days.length > MOST_STEPS)
    throw new UserError(`That is ${days.length} ${step}s ahead, too far for a forecast. Ask for a nearer end.`, { path: "period" });
  const found = forecastSeries(values, { horizon: days.length, seasons: SEASONS[step], ets: await etsModel() });
  if ("tooLittle" in found)
    throw new UserError(
      `There is too little data for this forecast: ${found.have} settled ${step}s, and it takes ${found.needed} (two seasons${found.season > 1 ? ` of ${found.season} ${step}s` : ""} and something to be tried on, and at least as many ${step}s as lie ahead). ${found.have >= 12 ? "Ask for a nearer end." : "Ask again when there are more."}`,
      { path: "period" },
    );
  const offset = history.settled < target.from ? days.indexOf(startOf(step, target.from)) : 0;
  const inTarget = stepsFrom(step, history.first, history.last).flatMap((day, i) => (day >= target.from ? [values[i] ?? 0] : []));
  const settled = inTarget.filter((value) => !Number.isNaN(value));
  const known = settled.reduce((sum, value) => sum + value, 0);
  const end = monthEnd({ known, forecast: found, from: offset, to: days.length });
  return { forecast: found, days, from: offset, to: days.length, knownSteps: settled.length, known, end };
}

interface Slice {
  label: string;
  known: number;
  projection?: Projection;
}

/** The largest slices of the last eight weeks (steps), each forecast by itself. A day on which others have figures and it has none counts as zero. */
async function slicesOf(facts: readonly Fact[], by: readonly string[], history: History, target: Period, top: number): Promise<Slice[]> {
  const since = addDays(history.settled, -56);
  const groups = [...Map.groupBy(facts, (fact) => labelOf(fact, by))].map(([label, some]) => {
    const values = new Map<CivilDate, number>();
    for (const fact of some) {
      const day = startOf(history.step, fact.at.toISOString().slice(0, 10));
      if (history.values.has(day)) values.set(day, (values.get(day) ?? 0) + fact.value);
    }
    const recent = [...values].filter(([day]) => day > since).reduce((sum, [, value]) => sum + value, 0);
    return { label, values, recent };
  });
  const largest = groups.sort((a, b) => b.recent - a.recent || (a.label < b.label ? -1 : 1)).slice(0, top);
  return Promise.all(
    largest.map(async ({ label, values }) => {
      const first = [...values.keys()].sort()[0] ?? history.last;
      const own = seriesOf({ ...history, first }, values, 0);
      const known = [...values].reduce((sum, [day, value]) => sum + (day >= target.from ? value : 0), 0);
      const projection = await project(own, { ...history, first }, target).catch((error: unknown) => {
        if (error instanceof UserError) return undefined;
        throw error;
      });
      return { label, known, ...(projection ? { projection } : {}) };
    }),
  );
}

interface Parts {
  read: FeedReading;
  notes: string[];
  unit: string;
  history: History;
  target: Period;
  whole: Projection;
  slices: readonly Slice[] | undefined;
  budget: number | undefined;
  average: boolean;
  costs: boolean;
}

async function compose({ read, notes, unit, history, target, whole, slices, budget, average, costs }: Parts): Promise<Finding> {
  const { forecast: found, days } = whole;
  const measure = readable(read.measure);
  const subject = `${measure.slice(0, 1).toUpperCase()}${measure.slice(1)}${read.subject ? ` of ${plainWords(read.subject)}` : ""}`;
  const steps = whole.to - whole.from;
  const count = whole.knownSteps + steps;
  const scaled = (value: Range): Range =>
    average
      ? { mean: value.mean / count, lo80: value.lo80 / count, hi80: value.hi80 / count, lo95: value.lo95 / count, hi95: value.hi95 / count }
      : { mean: value.mean, lo80: value.lo80, hi80: value.hi80, lo95: value.lo95, hi95: value.hi95 };
  const end = scaled(whole.end);
  const outlook: Outlook = {
    subject,
    unit,
    average,
    target,
    end,
    knownSteps: whole.knownSteps,
    known: whole.known,
    steps,
    ahead: whole.end.mean - whole.known,
    step: history.step,
  };
  const before = average ? undefined : beforeOf(history, target);
  const burn =
    budget === undefined
      ? undefined
      : budgetBurn({
          budget,
          used: whole.known,
          daysGone: Math.max(0, daysBetween(target.from, history.settled) + 1),
          days: lengthOf(target),
          end,
        });
  const runsOut = burn && burn.used <= burn.budget ? runsOutOn(whole, burn.budget) : undefined;
  const open = [...history.provisional].filter(([day]) => day > history.settled && day >= target.from && day <= target.to);
  const openSum = open.reduce((sum, [, value]) => sum + value, 0);
  const openFrom = open.map(([day]) => day).sort()[0];
  if (found.gaps > 0)
    notes.push(`${found.gaps} ${history.step}s of the history have no figure and were filled from like ${history.step}s.`);
  const sentences = [
    `**${headline(outlook)}.**`,
    rangeSentence(outlook),
    partsSentence(outlook),
    changeSentence(outlook, before),
    burn ? budgetSentences(burn, unit, runsOut) : "",
    backTestSentence(found.backTest, history.step, average),
    openFrom && !average ? provisionalSentence(openFrom, open.length, openSum, unit, history.step) : "",
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const table = slices ? sliceTable(slices, whole, measure, unit, read) : stepTable(whole, history, measure, unit, average);
  const data: Output = {
    measure: read.measure,
    unit,
    step: history.step,
    period: target,
    total: end,
    known: { steps: whole.knownSteps, value: whole.known },
    steps: days.map((at, k) => ({ at, ...pointAt(found, k) })),
    backTest: found.backTest,
    seasons: [...found.seasons],
    gaps: found.gaps,
    methods: found.methods.map(({ name, share }) => ({ name, share })),
    settledTo: history.settled,
    ...(openFrom ? { provisional: { from: openFrom, steps: open.length, value: openSum } } : {}),
    ...(burn ? { budget: { ...burn, ...(runsOut ? { runsOut } : {}) } } : {}),
    ...(before ? { before } : {}),
    ...(slices ? { slices: slices.map(sliceData) } : {}),
  };
  return {
    content: contentOf(text, [table]),
    data,
    blocks: [{ type: "markdown", text }, await chartOf(outlook, whole, history, read, measure), table] satisfies Block[],
    facts: read.facts,
    receipts: read.receipts,
    suggestions: suggest(costs && slices === undefined, target, history.settled),
  };
}

function pointAt({ mean, lo80, hi80, lo95, hi95 }: SeriesForecast, k: number): Range {
  return { mean: mean[k] ?? 0, lo80: lo80[k] ?? 0, hi80: hi80[k] ?? 0, lo95: lo95[k] ?? 0, hi95: hi95[k] ?? 0 };
}

/** The same unit before, when the history has all of it. */
function beforeOf(history: History, target: Period): { period: Period; value: number } | undefined {
  const period = previousPeriod(target);
  if (period.from < history.first || period.to > history.settled) return undefined;
  const values = stepsFrom(history.step, period.from, period.to).map((day) => history.values.get(day));
  if (values.some((value) => value === undefined)) return undefined;
  return { period, value: values.reduce<number>((sum, value) => sum + (value ?? 0), 0) };
}

/** The day on which the expected course passes the budget. */
function runsOutOn({ forecast: { mean }, days, from, to, known }: Projection, budget: number): CivilDate | undefined {
  let sum = known;
  for (let k = from; k < to; k++) {
    sum += mean[k] ?? 0;
    if (sum > budget) return days[k];
  }
  return undefined;
}

/** Days up to a fortnight, weeks up to a quarter, months beyond: the steps ahead in so many lines. */
function stepTable(
  { forecast: found, days, from, to }: Projection,
  { step }: History,
  measure: string,
  unit: string,
  average: boolean,
): TableBlock {
  const shown = days.slice(from, to);
  const chunk = step !== "day" || shown.length <= 14 ? step : shown.length <= 92 ? "week" : "month";
  const groups = [...Map.groupBy(shown, (day) => startOf(chunk, day)).values()];
  const rows = groups.map((group): Cell[] => {
    const first = days.indexOf(group[0] ?? "");
    const sum = sumInterval(found, first, first + group.length);
    const size = average ? group.length : 1;
    return [group[0] ?? "", sum.mean / size, sum.lo80 / size, sum.hi80 / size, sum.lo95 / size, sum.hi95 / size];
  });
  const amount = (label: string) => amountColumn(label, unit);
  return {
    type: "table",
    title: `Forecast by ${chunk}`,
    columns: [
      { label: `${chunk}${chunk === step ? "" : " from"}`, type: "date" },
      amount(measure),
      amount("80% from"),
      amount("80% to"),
      amount("95% from"),
      amount("95% to"),
    ],
    rows,
  };
}

function sliceTable(slices: readonly Slice[], whole: Projection, measure: string, unit: string, read: FeedReading): TableBlock {
  const amount = (label: string) => amountColumn(label, unit);
  const begun = whole.knownSteps > 0;
  const row = (label: string, known: number, projection: Projection | undefined): Cell[] => [
    label,
    ...(begun ? [known] : []),
    projection?.end.mean ?? null,
    projection?.end.lo80 ?? null,
    projection?.end.hi80 ?? null,
    projection ? (projection.forecast.backTest.total ?? projection.forecast.backTest.step ?? null) : null,
  ];
  return {
    type: "table",
    columns: [
      { label: readable(read.by[0] ?? ""), type: "text" },
      ...(begun ? [amount("known")] : []),
      amount(measure),
      amount("80% from"),
      amount("80% to"),
      { label: "missed in the past", type: "percent" },
    ],
    rows: [...slices.map(({ label, known, projection }) => row(cut(label, 120), known, projection)), row("everything", whole.known, whole)],
  };
}

function sliceData({ label, known, projection }: Slice): NonNullable<Output["slices"]>[number] {
  if (!projection) return { label, known };
  const { mean, lo80, hi80, lo95, hi95 } = projection.end;
  const error = projection.forecast.backTest.total ?? projection.forecast.backTest.step;
  return { label, known, mean, lo80, hi80, lo95, hi95, ...(error === undefined ? {} : { error }) };
}

async function chartOf(outlook: Outlook, whole: Projection, history: History, read: FeedReading, measure: string) {
  const { forecastChart } = await import("../charts/forecast-chart.ts");
  const past = stepsFrom(history.step, history.first, history.last);
  const shown = past.slice(-Math.max(CHART_STEPS, 2 * whole.days.length));
  return forecastChart({
    title: headline(outlook),
    subject: `${measure} per ${history.step}`,
    notes: chartNotes(read.receipts),
    unit: outlook.unit,
    grain: history.step,
    history: shown.map((at) => ({ at, value: history.values.get(at) ?? null })),
    forecast: whole.days.map((at, k) => ({ at, ...pointAt(whole.forecast, k) })),
  });
}

/** By service only where it was not split yet and services are known: the costs. */
function suggest(costs: boolean, target: Period, settled: CivilDate): string[] {
  return [
    ...(costs ? ["and by service?"] : []),
    calendarUnit(target) === "month" && target.from > settled ? "and for the next 30 days?" : "and next month?",
  ];
}
