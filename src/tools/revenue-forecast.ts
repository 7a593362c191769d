import { z } from "zod";
import { forecastSeries, type SeriesForecast, sumInterval } from "../analytics/forecast/forecast-series.ts";
import { addMonths, addUnits, civilDate, endOf, startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { formatChange, formatPercent, formatValue, readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { ALL_TIME, formatPeriod, wholeUnit } from "../core/period.ts";
import type { Block, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import { defineTool, type Finding } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type FeedReading, readFeeds } from "./feed-question.ts";
import { amountColumn, byUnit, chartNotes, contentOf, isAverage, notesText } from "./finding.ts";
import { type History, historyOf, nextStep, SEASONS, seriesOf, stepsFrom } from "./forecast-history.ts";
import { etsModel } from "./forecast-library.ts";
import { ownerOf } from "./measure-owner.ts";
import { type BoundMonth, type Constraints, constrain, type FreeMonth } from "./revenue-forecast-constraints.ts";

const range = z.object({ mean: z.number(), lo80: z.number(), hi80: z.number() });
const output = z.object({
  measure: z.string(),
  unit: z.string(),
  base: z.object({ month: z.string(), value: z.number(), known: z.number() }),
  constraints: z.object({ growthCap: z.number().optional(), growthFloor: z.number().optional(), capacity: z.number().optional() }),
  months: z.array(range.extend({ month: z.string(), free: range, bound: z.enum(["growth cap", "growth floor", "capacity"]).optional() })),
  free: z.number().describe("Sum of the expected months without constraints."),
  constrained: z.number().describe("Sum of the expected months under them."),
  gap: z.number(),
  backTest: z.object({ origins: z.number(), steps: z.number(), step: z.number().optional(), total: z.number().optional() }),
});

const MONTHS = 3;

export const forecastRevenue = defineTool({
  name: "forecast_revenue",
  title: "Revenue under constraints",
  description:
    "A revenue forecast for whole months to come beside the same under constraints: a cap or floor of growth from month to month, a capacity, or a budget of what it costs to serve it. Gives both courses, the gap, and which constraint binds when. Use it for constrained revenue, growth caps and capacity limits. A forecast without constraints is forecast.",
  examples: [
    "Forecast revenue with constraints",
    "Revenue forecast with a growth cap and a capacity limit",
    "What does a capacity constraint cost us in revenue?",
    "constrained revenue forecast",
    "revenue forecast if growth is capped",
    "how much revenue can we make with our capacity?",
    "what if growth is limited to 5 percent?",
    "what revenue can we expect under our capacity limit?",
  ],
  effect: "read",
  role: "viewer",
  input: z.strictObject({
    dataset: parameters.dataset,
    measure: parameters.measure.describe("What to forecast; revenue unless given."),
    filter: parameters.filter,
    months: z.int().min(1).max(24).optional().describe("Whole months to forecast; 3 unless given."),
    growth_cap: z.number().min(-1).max(10).optional().describe("Most growth from month to month; 0.05 is 5 %."),
    growth_floor: z.number().min(-1).max(10).optional().describe("Least growth from month to month; -0.1 is a fall of 10 %."),
    capacity: z.number().positive().max(1e15).optional().describe("Most revenue a month, in the currency of the figures."),
    budget: z.number().positive().max(1e15).optional().describe("Most that may be spent a month to serve it; with cost_share."),
    cost_share: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe("Cost of serving one unit of revenue; with budget: revenue ≤ budget / cost_share."),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, "must be a code like USD")
      .optional()
      .describe("Which currency when there are several; the one with the most figures unless given."),
  }),
  output,

  async run(input, context) {
    const constraints = constraintsOf(input);
    const today = civilDate(context.now, context.user.timeZone);
    const measure = input.measure ?? "revenue";
    const dataset = input.dataset ?? (await ownerOf(measure, context));
    const read = await readFeeds({ dataset, measure, filter: input.filter, period: ALL_TIME, grain: "day" }, undefined, context);
    if (!read.period) throw new UserError("The source has no dates, so there is nothing to go on for a forecast.", { path: "dataset" });
    const units = byUnit(read);
    const chosen = input.currency === undefined ? units[0] : units.find(({ unit }) => unit === input.currency);
    if (!chosen)
      throw new UserError(`There is no ${readable(read.measure)} in ${input.currency}. There is ${listWords(units.map((u) => u.unit))}.`, {
        path: "currency",
      });
    if (isAverage(chosen.facts))
      throw new UserError(`${readable(read.measure)} is an average and adds up to no month.`, { path: "measure" });
    const notes = read.notes.filter((note) => !/^The data (?:begins|reaches)|provisional and may still change/.test(note));
    if (units.length > 1)
      notes.push(`This is ${chosen.unit || "the figures without a unit"} alone; other currencies are never added to it.`);
    const open = read.receipts.flatMap((r) => /\d{4}-\d{2}-\d{2}/.exec(r.provisional ?? "")?.[0] ?? []).sort()[0];
    const history = historyOf(chosen.facts, today, open);
    const course = await monthsAhead(history, input.months ?? MONTHS);
    const bound = constrain(course.months, course.base.value, constraints);
    return compose(read, chosen.unit, history, course, bound, constraints, notes);
  },
});

interface Asked {
  growth_cap?: number | undefined;
  growth_floor?: number | undefined;
  capacity?: number | undefined;
  budget?: number | undefined;
  cost_share?: number | undefined;
}

function constraintsOf({ growth_cap, growth_floor, capacity, budget, cost_share }: Asked): Constraints {
  if ((budget === undefined) !== (cost_share === undefined))
    throw new UserError("A budget limits revenue only with the cost of serving it: give budget and cost_share together, or a capacity.", {
      path: budget === undefined ? "budget" : "cost_share",
    });
  if (growth_cap !== undefined && growth_floor !== undefined && growth_floor > growth_cap)
    throw new UserError("The growth floor is above the growth cap. Give a floor that is not larger.", { path: "growth_floor" });
  const limits = [...(capacity === undefined ? [] : [capacity]), ...(budget === undefined ? [] : [budget / (cost_share ?? 1)])];
  return {
    ...(growth_cap === undefined ? {} : { growthCap: growth_cap }),
    ...(growth_floor === undefined ? {} : { growthFloor: growth_floor }),
    ...(limits.length ? { capacity: Math.min(...limits) } : {}),
  };
}

interface Course {
  forecast: SeriesForecast;
  /** The month that is going on: what is known of it and what is expected of the rest. */
  base: { month: CivilDate; value: number; known: number };
  days: readonly CivilDate[];
  names: readonly CivilDate[];
  months: readonly FreeMonth[];
}

async function monthsAhead(history: History, count: number): Promise<Course> {
  const { step } = history;
  if (step === "quarter" || step === "year" || step === "week")
    throw new UserError(`The source has one figure a ${step}; months to come take figures by day or month.`, { path: "dataset" });
  const next = nextStep(history);
  const base = startOf("month", history.settled);
  const names = Array.from({ length: count }, (_, i) => addUnits("month", base, i + 1));
  const days = stepsFrom(step, next, endOf("month", names.at(-1) ?? next));
  const values = seriesOf(history, history.values);
  const found = forecastSeries(values, { horizon: days.length, seasons: SEASONS[step], ets: await etsModel() });
  if ("tooLittle" in found)
    throw new UserError(
      `There is too little data for this forecast: ${found.have} settled ${step}s, and it takes ${found.needed}. Ask for fewer months.`,
      { path: "months" },
    );
  const known = stepsFrom(step, history.first, history.last).reduce(
    (sum, day, i) => (day >= base && !Number.isNaN(values[i]) ? sum + (values[i] ?? 0) : sum),
    0,
  );
  const sumOf = (month: CivilDate) => {
    const from = days.findIndex((day) => startOf("month", day) === month);
    if (from < 0) return undefined;
    return sumInterval(found, from, from + days.filter((day) => startOf("month", day) === month).length);
  };
  const months = names.flatMap((month) => {
    const sum = sumOf(month);
    return sum ? [{ mean: sum.mean, lo80: sum.lo80, hi80: sum.hi80 }] : [];
  });
  return { forecast: found, base: { month: base, known, value: known + (sumOf(base)?.mean ?? 0) }, days, names, months };
}

async function compose(
  read: FeedReading,
  unit: string,
  history: History,
  { forecast, base, names }: Course,
  months: readonly BoundMonth[],
  constraints: Constraints,
  notes: readonly string[],
): Promise<Finding> {
  const measure = readable(read.measure);
  const subject = `${measure.slice(0, 1).toUpperCase()}${measure.slice(1)}${read.subject ? ` of ${plainWords(read.subject)}` : ""}`;
  const free = months.reduce((sum, m) => sum + m.free.mean, 0);
  const constrained = months.reduce((sum, m) => sum + m.mean, 0);
  const gap = constrained - free;
  const span = formatPeriod({ from: names[0] ?? base.month, to: endOf("month", names.at(-1) ?? base.month) });
  const held = months.flatMap((m, i) => (m.bound ? [`${monthName(names[i])} (${m.bound})`] : []));
  const stated = statedWords(constraints, unit);
  const error = forecast.backTest.total ?? forecast.backTest.step;
  const title =
    stated.length === 0
      ? `${subject} for ${span} is expected at ${formatValue(free, unit)}`
      : `${subject} for ${span}: ${formatValue(constrained, unit)} under the constraints, ${formatValue(free, unit)} without`;
  const sentences = [
    `**${title}.**`,
    stated.length
      ? `Constraints: ${listWords(stated)}. ${Math.abs(gap) < 1e-9 * Math.max(1, Math.abs(free)) ? "None of them binds the expected course." : `They ${gap < 0 ? "take" : "add"} ${formatValue(Math.abs(gap), unit)} (${formatPercent(Math.abs(gap) / Math.max(1e-9, Math.abs(free)))}), binding in ${listWords(held)}.`}`
      : "No constraint was named, so both courses are the same. Name a growth cap, a growth floor, a capacity, or a budget with its cost share.",
    `Growth is counted from ${monthName(base.month)}, expected at ${formatValue(base.value, unit)} with ${formatValue(base.known, unit)} of it known.`,
    error === undefined
      ? ""
      : `How sure: the same method missed by ${formatPercent(error)} on average over ${forecast.backTest.steps} ${history.step}s, tried ${forecast.backTest.origins} times; each month's 80% range is in the table.`,
    held.length ? "A course held by a cap is an upper reading: months that fall short of it are not made up for." : "",
  ];
  const text = `${sentences.filter(Boolean).join(" ")}${notesText({ notes })}`;
  const table = monthTable(names, months, measure, unit);
  const { timeChart } = await import("../charts/time-chart.ts");
  const past = pastMonths(history, base.month);
  const now = { at: base.month, value: base.value };
  const chart = timeChart({
    title,
    subject: `${measure} per month`,
    grain: "month",
    unit,
    notes: chartNotes(read.receipts),
    series: [
      { name: "known", points: past },
      { name: "expected", points: [now, ...names.map((at, i) => ({ at, value: months[i]?.free.mean ?? null }))] },
      ...(stated.length
        ? [{ name: "under the constraints", points: [now, ...names.map((at, i) => ({ at, value: months[i]?.mean ?? null }))] }]
        : []),
    ],
  });
  return {
    content: contentOf(text, [table]),
    data: {
      measure: read.measure,
      unit,
      base,
      constraints,
      months: months.map((m, i) => ({ month: names[i] ?? "", ...m })),
      free,
      constrained,
      gap,
      backTest: forecast.backTest,
    },
    blocks: [{ type: "markdown", text }, chart, table] satisfies Block[],
    facts: read.facts,
    receipts: read.receipts,
    suggestions: [`Forecast ${measure} for next month`],
  };
}

function monthName(month: CivilDate | undefined): string {
  return month ? formatPeriod(wholeUnit("month", month)) : "";
}

function statedWords({ growthCap, growthFloor, capacity }: Constraints, unit: string): string[] {
  return [
    ...(growthCap === undefined ? [] : [`growth of at most ${formatChange(growthCap)} a month`]),
    ...(growthFloor === undefined ? [] : [`growth of at least ${formatChange(growthFloor)} a month`]),
    ...(capacity === undefined ? [] : [`at most ${formatValue(capacity, unit)} a month`]),
  ];
}

/** Whole months that are known, a year of them at most. */
function pastMonths({ step, values, first }: History, before: CivilDate): { at: CivilDate; value: number }[] {
  const from = startOf("month", first) === first ? first : addMonths(startOf("month", first), 1);
  const since = addUnits("month", before, -12);
  const months = new Map<CivilDate, number>();
  for (const [day, value] of values) {
    const month = startOf("month", day);
    if (month >= from && month >= since && month < before) months.set(month, (months.get(month) ?? 0) + value);
  }
  const whole = [...months].filter(
    ([month]) => step === "month" || stepsFrom("day", month, endOf("month", month)).every((day) => values.has(day)),
  );
  return whole.sort(([a], [b]) => (a < b ? -1 : 1)).map(([at, value]) => ({ at, value }));
}

function monthTable(names: readonly CivilDate[], months: readonly BoundMonth[], measure: string, unit: string): TableBlock {
  const amount = (label: string) => amountColumn(label, unit);
  return {
    type: "table",
    title: `${measure} by month`,
    columns: [
      { label: "month from", type: "date" },
      amount("expected"),
      amount("80% from"),
      amount("80% to"),
      amount("under constraints"),
      amount("then from"),
      amount("then to"),
      { label: "held by", type: "text" },
    ],
    rows: months.map((m, i) => [names[i] ?? "", m.free.mean, m.free.lo80, m.free.hi80, m.mean, m.lo80, m.hi80, m.bound ?? null]),
  };
}
