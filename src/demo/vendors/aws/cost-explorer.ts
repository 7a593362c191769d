import { z } from "zod";
import { addDays } from "../../../core/civil-date.ts";
import type { SimulatedResponse } from "../../simulator.ts";
import type { AwsOptions } from "../aws.ts";
import { anomalies } from "./anomalies.ts";
import { plansCoverage, plansUse, reservationCoverage, reservationUse } from "./commitments.ts";
import { costAndUsage } from "./cost-and-usage.ts";
import { checkDates, DIMENSIONS, interval, invalid, read } from "./cost-request.ts";
import { type CostRow, detailedRows, plainRows, TAGS } from "./cost-rows.ts";
import { costForecast } from "./forecast.ts";
import { accountName, MANAGEMENT } from "./names.ts";
import { type Call, json, Refusal } from "./protocol.ts";
import { rightsizing } from "./rightsizing.ts";

/** Cost Explorer, as the account that pays sees it. */
export function costExplorer(call: Call, options: AwsOptions): SimulatedResponse {
  const { operation, account } = call;
  if (account !== MANAGEMENT)
    throw new Refusal(
      "AccessDeniedException",
      `User: arn:aws:sts::${account}:assumed-role/firstmate/firstmate is not authorized to perform: ce:${operation}`,
    );
  switch (operation) {
    case "GetCostAndUsage":
      return costAndUsage(call, options);
    case "GetTags":
      return tags(call);
    case "GetDimensionValues":
      return dimensionValues(call);
    case "GetCostForecast":
      return costForecast(call);
    case "GetAnomalies":
      return anomalies(call);
    case "GetSavingsPlansCoverage":
      return plansCoverage(call);
    case "GetSavingsPlansUtilization":
      return plansUse(call);
    case "GetReservationCoverage":
      return reservationCoverage(call);
    case "GetReservationUtilization":
      return reservationUse(call);
    case "GetRightsizingRecommendation":
      return rightsizing(call);
    default:
      throw new Refusal("UnknownOperationException", "");
  }
}

function tags({ input, world }: Call): SimulatedResponse {
  const { TimePeriod, TagKey } = read(z.object({ TimePeriod: interval, TagKey: z.string().optional() }), input);
  checkDates(TimePeriod, world.today);
  const found =
    TagKey === undefined
      ? [...TAGS]
      : [...new Set(rowsIn(TimePeriod, (day) => detailedRows(world, day)).map((row) => row.tags[TagKey] ?? ""))];
  return json({ Tags: found.sort(), ReturnSize: found.length, TotalSize: found.length });
}

function dimensionValues({ input, world }: Call): SimulatedResponse {
  const { TimePeriod, Dimension } = read(z.object({ TimePeriod: interval, Dimension: z.string() }), input);
  checkDates(TimePeriod, world.today);
  const key = DIMENSIONS.find((dimension) => dimension === Dimension);
  if (!key) throw invalid(`Dimension ${Dimension} is not supported`);
  const rows = rowsIn(TimePeriod, (day) => (key === "USAGE_TYPE" ? detailedRows(world, day) : plainRows(world, day)));
  const found = [...new Set(rows.map((row) => row[key]))].sort();
  const values = found.map((Value) => ({ Value, Attributes: key === "LINKED_ACCOUNT" ? { description: accountName(Value) } : {} }));
  return json({ DimensionValues: values, ReturnSize: values.length, TotalSize: values.length });
}

function rowsIn({ Start, End }: z.output<typeof interval>, rowsOf: (day: string) => readonly CostRow[]): CostRow[] {
  const rows: CostRow[] = [];
  for (let day = Start; day < End; day = addDays(day, 1)) rows.push(...rowsOf(day));
  return rows;
}
