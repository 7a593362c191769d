import { addDays } from "../../../core/civil-date.ts";
import type { Period } from "../../../core/fact.ts";
import { type Cached, readPages } from "../../http.ts";
import type { AwsClient, Place } from "../client.ts";
import { type CostStep, costAnswer, tagAnswer } from "../schema.ts";
import { type CostTable, tableOf } from "./cost-table.ts";
import type { Dimension } from "./dimensions.ts";

/** Cost Explorer behind a cache: every request costs a cent, and figures come three times a day. Throws VendorError. */
export interface Explorer {
  /** Groups by at most two dimensions. */
  table(question: CostQuestion, keep: Keep, meter: Meter, signal: AbortSignal): Promise<Cached<CostTable>>;
  /** Keys of the cost allocation tags in use. */
  tags(period: Period, meter: Meter, signal: AbortSignal): Promise<Cached<readonly string[]>>;
  /** How long figures that may still change are fresh. */
  readonly openMs: number;
  /** Account number → name, of every account that was in an answer. */
  readonly names: ReadonlyMap<string, string>;
}

export interface CostQuestion {
  /** As the API calls it: "UnblendedCost". */
  metric: string;
  dimensions: readonly Dimension[];
  /** Only costs with one of the values in each of the dimensions. */
  only?: readonly Only[];
  period: Period;
  granularity: "DAILY" | "MONTHLY";
}

export interface Only {
  dimension: Dimension;
  /** As Cost Explorer has them: accounts by number. */
  values: readonly string[];
  /** Also costs without any value. */
  orNone?: boolean;
}

export interface Keep {
  ttlMs: number;
  staleMs?: number;
}

/** Counts what a question cost. */
export interface Meter {
  requests: number;
}

export const DAY_MS = 24 * 3_600_000;
/** What is over changes only by late credits: not worth its cents every day. */
export const KEEP_CLOSED: Keep = { ttlMs: 3 * DAY_MS, staleMs: 7 * DAY_MS };
const MOST_PAGES = 30;
const MOST_TAG_PAGES = 3;

export function createExplorer(client: AwsClient): Explorer {
  const names = new Map<string, string>();
  const openMs = client.settings.AWS_COST_CACHE_MINUTES * 60_000;

  async function load(question: CostQuestion, meter: Meter, signal: AbortSignal): Promise<CostTable> {
    const { items, truncated } = await readPages<CostStep>(
      async (cursor) => {
        meter.requests += 1;
        const answer = await client.ask(
          {
            service: "ce",
            place: explorerPlace(client),
            action: "ce:GetCostAndUsage",
            command: "GetCostAndUsage",
            input: inputOf(question, cursor),
          },
          costAnswer,
          signal,
        );
        for (const { Value, Attributes } of answer.DimensionValueAttributes ?? [])
          if (Value && Attributes?.description) names.set(Value, Attributes.description);
        return { items: answer.ResultsByTime, next: answer.NextPageToken ?? undefined };
      },
      { pages: MOST_PAGES, what: "parts of the costs" },
    );
    const table = tableOf(question.dimensions, question.metric, question.period, question.granularity, items);
    return truncated ? { ...table, truncated } : table;
  }

  return {
    names,
    openMs,
    table(question, keep, meter, signal) {
      const key = JSON.stringify(["costs", question]);
      return client.http.cached(key, (inner) => load(question, meter, inner), signal, { ...keep, operation: "GetCostAndUsage" });
    },
    tags(period, meter, signal) {
      const read = async (inner: AbortSignal) => {
        const { items } = await readPages<string>(
          async (cursor) => {
            meter.requests += 1;
            const page = cursor === undefined ? {} : { NextPageToken: cursor };
            const answer = await client.ask(
              {
                service: "ce",
                place: explorerPlace(client),
                action: "ce:GetTags",
                command: "GetTags",
                input: { TimePeriod: endExcluded(period), ...page },
              },
              tagAnswer,
              inner,
            );
            return { items: answer.Tags, next: answer.NextPageToken ?? undefined };
          },
          { pages: MOST_TAG_PAGES, what: "tags" },
        );
        return items;
      };
      const month = period.from.slice(0, 7);
      return client.http.cached(`tags ${month}`, read, signal, { ttlMs: DAY_MS, staleMs: 7 * DAY_MS, operation: "GetTags" });
    },
  };
}

/** It lives in one region for all others. */
export function explorerPlace({ settings }: AwsClient): Place {
  return { region: settings.AWS_REGION.startsWith("cn-") ? "cn-northwest-1" : "us-east-1" };
}

/** The API's end is the first day that is not meant. */
export function endExcluded({ from, to }: Period): { Start: string; End: string } {
  return { Start: from, End: addDays(to, 1) };
}

function inputOf({ metric, dimensions, only = [], period, granularity }: CostQuestion, cursor: string | undefined) {
  const parts = only.map(expressionOf);
  const [first] = parts;
  return {
    TimePeriod: endExcluded(period),
    Granularity: granularity,
    Metrics: [metric],
    ...(dimensions.length > 0 ? { GroupBy: dimensions.map(({ type, key }) => ({ Type: type, Key: key })) } : {}),
    ...(first ? { Filter: parts.length > 1 ? { And: parts } : first } : {}),
    ...(cursor === undefined ? {} : { NextPageToken: cursor }),
  };
}

interface Expression {
  Dimensions?: { Key: never; Values: string[] };
  Tags?: { Key: string; Values?: string[]; MatchOptions?: ["ABSENT"] };
  Or?: Expression[];
}

function expressionOf({ dimension, values, orNone }: Only): Expression {
  if (dimension.type === "DIMENSION") return { Dimensions: { Key: dimension.key as never, Values: [...values] } };
  const some: Expression = { Tags: { Key: dimension.key, Values: [...values] } };
  const none: Expression = { Tags: { Key: dimension.key, MatchOptions: ["ABSENT"] } };
  if (!orNone) return some;
  return values.length > 0 ? { Or: [some, none] } : none;
}
