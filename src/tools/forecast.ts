import { z } from "zod";
import { addDays, civilDate } from "../core/civil-date.ts";
import type { CivilDate, Fact } from "../core/fact.ts";
import { readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { ALL_TIME } from "../core/period.ts";
import { listWords } from "../core/text.ts";
import { defineTool, type ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type FeedReading, readFeeds } from "./feed-question.ts";
import { byUnit, isAverage } from "./finding.ts";
import { forecastData } from "./forecast-data.ts";
import { historyOf, seriesOf } from "./forecast-history.ts";
import { ENDINGS, horizonOf } from "./forecast-horizon.ts";
import { project, slicesOf } from "./forecast-projection.ts";
import { compose } from "./forecast-report.ts";
import { sameName } from "./same-name.ts";

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
    "will we stay within a budget of 50000 this month?",
    "Projected cost by service for next month",
    "What will the bill be by the end of the year?",
    "Forecast {measure} {period}",
    "What {measure} do we expect next month?",
    "Expected {measure} by {dimension} next quarter",
    "how much will we have spent by the end of the year?",
    "where will the bill land this month?",
    "where is {measure} heading?",
    "how will {measure} develop over the next four weeks?",
    "expected cloud spend next quarter",
    "what will {measure} be in December?",
    "outlook for {measure}",
    "how many {measure} do we expect next week?",
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
  output: forecastData,

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
