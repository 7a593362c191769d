import { z } from "zod";
import { addDays, addUnits, isCivilDate, startOf } from "../../../core/civil-date.ts";
import type { CivilDate } from "../../../core/fact.ts";
import type { AwsOptions } from "../aws.ts";
import type { CostRow } from "./cost-rows.ts";
import { type Call, Refusal } from "./protocol.ts";

/** What Cost Explorer may be asked, and its refusals. */

const METRICS = [
  "AmortizedCost",
  "BlendedCost",
  "NetAmortizedCost",
  "NetUnblendedCost",
  "NormalizedUsageAmount",
  "UnblendedCost",
  "UsageQuantity",
];
export const DIMENSIONS = ["SERVICE", "LINKED_ACCOUNT", "REGION", "RECORD_TYPE", "USAGE_TYPE"] as const;
const DAILY_MONTHS = 14;
const MONTHLY_MONTHS = 38;

const dates = z.object({ Start: z.string().refine(isCivilDate), End: z.string().refine(isCivilDate) });
const values = z.object({ Key: z.string(), Values: z.array(z.string()).optional(), MatchOptions: z.array(z.string()).optional() });

export interface Expression {
  And?: Expression[] | undefined;
  Or?: Expression[] | undefined;
  Not?: Expression | undefined;
  Dimensions?: z.output<typeof values> | undefined;
  Tags?: z.output<typeof values> | undefined;
}
const expression: z.ZodType<Expression> = z.lazy(() =>
  z.strictObject({
    And: z.array(expression).min(2).optional(),
    Or: z.array(expression).min(2).optional(),
    Not: expression.optional(),
    Dimensions: values.optional(),
    Tags: values.optional(),
  }),
);
const costRequest = z.strictObject({
  TimePeriod: dates,
  Granularity: z.enum(["DAILY", "MONTHLY", "HOURLY"]),
  Metrics: z.array(z.string()).min(1),
  GroupBy: z.array(z.strictObject({ Type: z.enum(["DIMENSION", "TAG", "COST_CATEGORY"]), Key: z.string() })).default([]),
  Filter: expression.optional(),
  NextPageToken: z.string().optional(),
});
export type CostRequest = z.output<typeof costRequest>;

export function readCostRequest({ input, world }: Call, { keepsYears }: AwsOptions): CostRequest {
  const asked = read(costRequest, input);
  for (const metric of asked.Metrics) if (!METRICS.includes(metric)) throw invalid(`Invalid metric: ${metric}`);
  if (asked.GroupBy.length > 2) throw invalid("You can group by up to 2 dimensions or tags.");
  for (const { Type, Key } of asked.GroupBy)
    if (Type === "COST_CATEGORY" || (Type === "DIMENSION" && !DIMENSIONS.some((d) => d === Key)))
      throw invalid(`Group Definition dimension is invalid: ${Key}`);
  checkDates(asked.TimePeriod, world.today);
  const monthsBack = asked.Granularity === "MONTHLY" && keepsYears ? MONTHLY_MONTHS : DAILY_MONTHS;
  if (asked.Granularity === "HOURLY") throw invalid("Hourly granularity is not enabled.");
  if (asked.TimePeriod.Start < addUnits("month", startOf("month", world.today), 1 - monthsBack))
    throw invalid(`You haven't enabled historical data beyond ${monthsBack} months.`);
  return asked;
}

export function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalid(`1 validation error detected: Value at '${parsed.error.issues[0]?.path.join(".")}' failed to satisfy constraint`);
}

export const interval = dates;

export function checkDates({ Start, End }: z.output<typeof dates>, today: CivilDate): void {
  if (Start >= End) throw invalid("Start date (and hour) should be before end date (and hour)");
  if (Start > today) throw invalid("Start date (and hour) should be before the current date");
  if (End > addUnits("month", startOf("month", today), 1)) throw invalid("end date past the beginning of next month");
}

export function invalid(message: string): Refusal {
  return new Refusal("ValidationException", message);
}

/** Whether a filter lets the row through. */
export function passes(row: CostRow, filter: Expression | undefined): boolean {
  if (!filter) return true;
  const { And, Or, Not, Dimensions, Tags } = filter;
  if (And) return And.every((part) => passes(row, part));
  if (Or) return Or.some((part) => passes(row, part));
  if (Not) return !passes(row, Not);
  if (Dimensions) {
    const key = DIMENSIONS.find((d) => d === Dimensions.Key);
    if (!key) throw invalid(`Dimension ${Dimensions.Key} is not supported`);
    return (Dimensions.Values ?? []).includes(row[key]);
  }
  if (Tags) {
    const value = row.tags[Tags.Key] ?? null;
    return Tags.MatchOptions?.includes("ABSENT") ? value === null : value !== null && (Tags.Values ?? []).includes(value);
  }
  throw invalid("A filter must not be empty.");
}

/** Whether the request looks at more than services, accounts, regions and kinds of charges. */
export function needsDetail({ GroupBy, Metrics, Filter }: Pick<CostRequest, "GroupBy" | "Metrics" | "Filter">): boolean {
  return GroupBy.some(({ Type, Key }) => Type === "TAG" || Key === "USAGE_TYPE") || Metrics.includes("UsageQuantity") || isDetailed(Filter);
}

function isDetailed(filter: Expression | undefined): boolean {
  if (!filter) return false;
  const parts = [...(filter.And ?? []), ...(filter.Or ?? []), ...(filter.Not ? [filter.Not] : [])];
  return filter.Tags !== undefined || filter.Dimensions?.Key === "USAGE_TYPE" || parts.some(isDetailed);
}

/** The steps of a period: days, or calendar months cut at its ends. `to` is left out. */
export function stepsOf({ Start, End }: z.output<typeof dates>, granularity: "DAILY" | "MONTHLY"): { Start: CivilDate; End: CivilDate }[] {
  const steps: { Start: CivilDate; End: CivilDate }[] = [];
  const unit = granularity === "DAILY" ? "day" : "month";
  for (let start = Start; start < End; ) {
    const next = addUnits(unit, startOf(unit, start), 1);
    const end = next < End ? next : End;
    steps.push({ Start: start, End: end });
    start = end;
  }
  return steps;
}

/** AWS calls a month an estimate until its invoice is out. */
export function isEstimated(day: CivilDate, today: CivilDate): boolean {
  return day >= startOf("month", addDays(today, -SETTLING_DAYS));
}
const SETTLING_DAYS = 4;
