import { z } from "zod";
import { addDays, daysBetween } from "../../../core/civil-date.ts";
import type { SimulatedResponse } from "../../simulator.ts";
import { interval, invalid, read, stepsOf } from "./cost-request.ts";
import { plainRows } from "./cost-rows.ts";
import { type Call, json } from "./protocol.ts";

const request = z.object({
  TimePeriod: interval,
  Metric: z.string(),
  Granularity: z.enum(["DAILY", "MONTHLY"]),
  PredictionIntervalLevel: z.int().min(51).max(99).optional(),
});
const LOOKED_AT = 28;
const SPREAD = 0.07;

/** GetCostForecast: the mean of the last four weeks, carried on. */
export function costForecast({ input, world }: Call): SimulatedResponse {
  const { TimePeriod, Granularity, PredictionIntervalLevel } = read(request, input);
  if (TimePeriod.Start < world.today) throw invalid("Start date should not be before the current date.");
  if (TimePeriod.End <= TimePeriod.Start) throw invalid("Start date should be before end date");
  const days = Array.from({ length: LOOKED_AT }, (_, i) => plainRows(world, addDays(world.today, -1 - i)));
  const mean = days.flat().reduce((sum, row) => sum + row.cost, 0) / LOOKED_AT;
  const amountFor = (length: number, factor: number) => (mean * length * factor).toFixed(10);
  return json({
    Total: { Amount: amountFor(daysBetween(TimePeriod.Start, TimePeriod.End), 1), Unit: "USD" },
    ForecastResultsByTime: stepsOf(TimePeriod, Granularity).map((step) => {
      const length = daysBetween(step.Start, step.End);
      return {
        TimePeriod: step,
        MeanValue: amountFor(length, 1),
        ...(PredictionIntervalLevel
          ? { PredictionIntervalLowerBound: amountFor(length, 1 - SPREAD), PredictionIntervalUpperBound: amountFor(length, 1 + SPREAD) }
          : {}),
      };
    }),
  });
}
