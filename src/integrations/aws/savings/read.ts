import { addDays, addUnits, startOf } from "../../../core/civil-date.ts";
import type { CivilDate, Period } from "../../../core/fact.ts";
import { VendorError } from "../../../errors.ts";
import { type Cached, readPages } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import { endExcluded, explorerPlace, type Meter } from "../costs/explorer.ts";
import {
  type AnomalyNode,
  anomalyAnswer,
  forecastAnswer,
  plansCoverageAnswer,
  plansUseAnswer,
  type RightsizingNode,
  reservationCoverageAnswer,
  reservationUseAnswer,
  rightsizingAnswer,
} from "../schema.ts";

/** What Cost Explorer knows of commitments, of anomalies it found itself, of machines too large, and of the month's end. */
export interface Savings {
  plans?: Commitment;
  reservations?: Commitment;
  anomalies?: readonly AnomalyNode[];
  rightsizing?: readonly RightsizingNode[];
  /** What AWS expects for the rest of the month. */
  rest?: { amount: number; low?: number; high?: number; currency: string; period: Period };
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]];
  notes: readonly string[];
  truncated: readonly string[];
}

/** Money in the bill's currency, over the whole period. */
export interface Commitment {
  /** Share of what could be covered that was; 0 to 1. */
  coverage?: number;
  /** Share of what was paid for that was used; 0 to 1. Absent without a commitment. */
  used?: number;
  committed?: number;
  unused?: number;
  /** At list price what was not covered. */
  uncovered?: number;
  saved?: number;
}

/** Days the detector's findings are kept. */
export const ANOMALY_DAYS = 90;
const MOST_PAGES = 5;

/** Parts that are refused or not there become notes; throws only when none can be had, with the first failure. */
export async function readSavings(
  client: AwsClient,
  period: Period,
  today: CivilDate,
  meter: Meter,
  signal: AbortSignal,
): Promise<Savings> {
  const ttlMs = client.settings.AWS_COST_CACHE_MINUTES * 60_000;
  const asks = [
    { name: "Savings Plans", of: `${period.from} ${period.to}`, load: readPlans(client, period, meter) },
    { name: "reservations", of: `${period.from} ${period.to}`, load: readReservations(client, period, meter) },
    { name: "AWS's own anomalies", of: today, load: readAnomalies(client, today, meter) },
    { name: "rightsizing", of: today, load: readRightsizing(client, meter) },
    { name: "AWS's forecast", of: today, load: readRest(client, today, meter) },
  ];
  const settled = await Promise.allSettled(
    asks.map(({ name, of, load }) => client.http.cached(`savings ${name} ${of}`, load, signal, { ttlMs, operation: name })),
  );
  signal.throwIfAborted();
  const given = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = settled.flatMap((result, i) =>
    result.status === "rejected" ? [{ name: asks[i]?.name ?? "", reason: result.reason as unknown }] : [],
  );
  const [first, ...others] = given;
  if (!first) throw failed[0]?.reason;
  for (const { reason } of failed) if (!(reason instanceof VendorError)) throw reason;
  const notes = failed.map(({ name, reason }) => `Without ${name}: ${(reason as VendorError).message}`);
  const truncated = given.flatMap(({ value }) => value.left ?? []);
  return { ...Object.assign({}, ...given.map(({ value }) => value)), parts: [first, ...others], notes, truncated };
}

type Part = Omit<Savings, "parts" | "notes" | "truncated"> & { left?: string };
type Load = (signal: AbortSignal) => Promise<Part>;

/** Cost Explorer answers "no data" with a refusal of the request. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof VendorError && error.status === 400) return undefined;
    throw error;
  }
}

function readPlans(client: AwsClient, period: Period, meter: Meter): Load {
  return async (signal) => {
    meter.requests += 2;
    const shared = { service: "ce" as const, place: explorerPlace(client) };
    const TimePeriod = endExcluded(period);
    const [coverage, use] = await Promise.all([
      orNothing(
        client.ask(
          {
            ...{ ...shared, action: "ce:GetSavingsPlansCoverage" },
            command: "GetSavingsPlansCoverage",
            input: { TimePeriod, Granularity: "MONTHLY" },
          },
          plansCoverageAnswer,
          signal,
        ),
      ),
      orNothing(
        client.ask(
          {
            ...{ ...shared, action: "ce:GetSavingsPlansUtilization" },
            command: "GetSavingsPlansUtilization",
            input: { TimePeriod },
          },
          plansUseAnswer,
          signal,
        ),
      ),
    ]);
    const covered = sumOf(coverage?.SavingsPlansCoverages.map(({ Coverage }) => Coverage.SpendCoveredBySavingsPlans));
    const uncovered = sumOf(coverage?.SavingsPlansCoverages.map(({ Coverage }) => Coverage.OnDemandCost));
    const { TotalCommitment, UnusedCommitment, UsedCommitment } = use?.Total.Utilization ?? {};
    const hasPlans = (TotalCommitment ?? 0) > 0;
    return {
      plans: {
        ...(covered !== undefined && uncovered !== undefined && covered + uncovered > 0
          ? { coverage: covered / (covered + uncovered), uncovered }
          : {}),
        ...(hasPlans && TotalCommitment && typeof UsedCommitment === "number"
          ? { committed: TotalCommitment, used: UsedCommitment / TotalCommitment }
          : {}),
        ...(hasPlans && typeof UnusedCommitment === "number" ? { unused: UnusedCommitment } : {}),
        ...(hasPlans && typeof use?.Total.Savings?.NetSavings === "number" ? { saved: use.Total.Savings.NetSavings } : {}),
      },
    };
  };
}

function readReservations(client: AwsClient, period: Period, meter: Meter): Load {
  return async (signal) => {
    meter.requests += 2;
    const shared = { service: "ce" as const, place: explorerPlace(client) };
    const TimePeriod = endExcluded(period);
    const [coverage, use] = await Promise.all([
      orNothing(
        client.ask(
          { ...{ ...shared, action: "ce:GetReservationCoverage" }, command: "GetReservationCoverage", input: { TimePeriod } },
          reservationCoverageAnswer,
          signal,
        ),
      ),
      orNothing(
        client.ask(
          {
            ...{ ...shared, action: "ce:GetReservationUtilization" },
            command: "GetReservationUtilization",
            input: { TimePeriod },
          },
          reservationUseAnswer,
          signal,
        ),
      ),
    ]);
    const { CoverageHoursPercentage: percent } = coverage?.Total?.CoverageHours ?? {};
    const { PurchasedHours, UtilizationPercentage, NetRISavings, RICostForUnusedHours } = use?.Total ?? {};
    const hasSome = (PurchasedHours ?? 0) > 0;
    return {
      reservations: {
        ...(typeof percent === "number" ? { coverage: percent / 100 } : {}),
        ...(hasSome && typeof UtilizationPercentage === "number" ? { used: UtilizationPercentage / 100 } : {}),
        ...(hasSome && typeof RICostForUnusedHours === "number" ? { unused: RICostForUnusedHours } : {}),
        ...(hasSome && typeof NetRISavings === "number" ? { saved: NetRISavings } : {}),
      },
    };
  };
}

function readAnomalies(client: AwsClient, today: CivilDate, meter: Meter): Load {
  return async (signal) => {
    const { items, truncated } = await readPages(
      async (cursor) => {
        meter.requests += 1;
        const answer = await client.ask(
          {
            ...{ service: "ce" as const, place: explorerPlace(client), action: "ce:GetAnomalies" },
            command: "GetAnomalies",
            input: {
              DateInterval: { StartDate: addDays(today, -ANOMALY_DAYS), EndDate: today },
              ...(cursor === undefined ? {} : { NextPageToken: cursor }),
            },
          },
          anomalyAnswer,
          signal,
        );
        return { items: answer.Anomalies, next: answer.NextPageToken ?? undefined };
      },
      { pages: MOST_PAGES, what: "anomalies" },
    );
    return { anomalies: items, ...(truncated ? { left: truncated } : {}) };
  };
}

function readRightsizing(client: AwsClient, meter: Meter): Load {
  return async (signal) => {
    const { items, truncated } = await readPages(
      async (cursor) => {
        meter.requests += 1;
        const answer = await client.ask(
          {
            ...{ service: "ce" as const, place: explorerPlace(client), action: "ce:GetRightsizingRecommendation" },
            command: "GetRightsizingRecommendation",
            input: {
              Service: "AmazonEC2",
              ...(cursor === undefined ? {} : { NextPageToken: cursor }),
            },
          },
          rightsizingAnswer,
          signal,
        );
        return { items: answer.RightsizingRecommendations, next: answer.NextPageToken ?? undefined };
      },
      { pages: MOST_PAGES, what: "recommendations" },
    );
    return { rightsizing: items, ...(truncated ? { left: truncated } : {}) };
  };
}

/** From today to the month's end: the day that runs is not in the figures yet. */
function readRest(client: AwsClient, today: CivilDate, meter: Meter): Load {
  return async (signal) => {
    meter.requests += 1;
    const end = addUnits("month", startOf("month", today), 1);
    const answer = await orNothing(
      client.ask(
        {
          ...{ service: "ce" as const, place: explorerPlace(client), action: "ce:GetCostForecast" },
          command: "GetCostForecast",
          input: {
            ...{ TimePeriod: { Start: today, End: end }, Metric: "UNBLENDED_COST", Granularity: "MONTHLY", PredictionIntervalLevel: 80 },
          },
        },
        forecastAnswer,
        signal,
      ),
    );
    if (!answer) return {};
    const [month] = answer.ForecastResultsByTime ?? [];
    const { PredictionIntervalLowerBound: low, PredictionIntervalUpperBound: high } = month ?? {};
    return {
      rest: {
        ...{ amount: answer.Total.Amount, currency: answer.Total.Unit, period: { from: today, to: addDays(end, -1) } },
        ...(typeof low === "number" ? { low } : {}),
        ...(typeof high === "number" ? { high } : {}),
      },
    };
  };
}

function sumOf(values: readonly (number | null | undefined)[] | undefined): number | undefined {
  const known = values?.filter((value) => typeof value === "number") ?? [];
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined;
}
