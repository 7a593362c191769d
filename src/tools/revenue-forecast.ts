import { z } from "zod";
import { civilDate } from "../core/civil-date.ts";
import { readable } from "../core/format.ts";
import { parameters } from "../core/parameters.ts";
import { ALL_TIME } from "../core/period.ts";
import { listWords } from "../core/text.ts";
import { defineTool } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { readFeeds } from "./feed-question.ts";
import { byUnit, isAverage } from "./finding.ts";
import { historyOf } from "./forecast-history.ts";
import { ownerOf } from "./measure-owner.ts";
import { type Constraints, constrain } from "./revenue-forecast-constraints.ts";
import { monthsAhead } from "./revenue-forecast-course.ts";
import { revenueOutput, revenueReport } from "./revenue-forecast-report.ts";

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
  output: revenueOutput,

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
    return revenueReport(read, chosen.unit, history, course, bound, constraints, notes);
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
