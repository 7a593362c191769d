import { readPages } from "../../http.ts";
import type { AwsClient, Place } from "../client.ts";
import { USE_DAYS } from "./resource.ts";
import { metricsAnswer } from "./schema.ts";

export interface MetricAsked {
  /** Names the answer. */
  key: string;
  namespace: string;
  metric: string;
  dimensions: Readonly<Record<string, string>>;
  stat: "Average" | "Maximum" | "Sum";
  /** Seconds. */
  period: number;
}

/** Two weeks of hours for each come to less than CloudWatch gives at once. */
const AT_ONCE = 250;
const MOST_PAGES = 20;
const HOUR_MS = 3_600_000;

/** Values of the last two weeks by key, the latest first; a metric nobody writes has none. Throws VendorError. */
export async function readMetrics(
  client: AwsClient,
  place: Place,
  asked: readonly MetricAsked[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const end = new Date(Math.floor(client.now().getTime() / HOUR_MS) * HOUR_MS);
  const start = new Date(end.getTime() - USE_DAYS * 24 * HOUR_MS);
  const values = new Map<string, number[]>();
  for (let at = 0; at < asked.length; at += AT_ONCE) {
    const some = asked.slice(at, at + AT_ONCE);
    const queries = some.map(({ namespace, metric, dimensions, stat, period }, i) => ({
      Id: `m${i}`,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: metric,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: period,
        Stat: stat,
      },
    }));
    const { items } = await readPages(
      async (cursor) => {
        const answer = await client.ask(
          {
            service: "cloudwatch",
            place,
            action: "cloudwatch:GetMetricData",
            command: "GetMetricData",
            input: {
              MetricDataQueries: queries,
              StartTime: start,
              EndTime: end,
              ...(cursor === undefined ? {} : { NextToken: cursor }),
            },
          },
          metricsAnswer,
          signal,
        );
        return { items: answer.MetricDataResults, next: answer.NextToken ?? undefined };
      },
      { pages: MOST_PAGES, what: "metrics" },
    );
    for (const { Id, Values } of items) {
      const key = some[Number(Id.slice(1))]?.key;
      if (key !== undefined) values.set(key, [...(values.get(key) ?? []), ...(Values ?? [])]);
    }
  }
  return values;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
