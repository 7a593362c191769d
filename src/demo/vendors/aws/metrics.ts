import { z } from "zod";
import type { SimulatedResponse } from "../../simulator.ts";
import type { Bucket, HostedZone } from "../../world/index.ts";
import { read } from "./cost-request.ts";
import { standing } from "./machines.ts";
import { accountNamed } from "./names.ts";
import { type Call, json, Refusal } from "./protocol.ts";

/** CloudWatch: what the world knows of its resources, as series. Times are seconds; the latest come first. */

const query = z.object({
  Id: z.string().regex(/^[a-z]\w*$/),
  MetricStat: z.object({
    Metric: z.object({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
    Period: z.int().multipleOf(60),
    Stat: z.string(),
  }),
});
const request = z.object({
  MetricDataQueries: z.array(query).min(1).max(500),
  StartTime: z.number(),
  EndTime: z.number(),
  NextToken: z.string().optional(),
});
type MetricQuery = z.output<typeof query>;
/** Points in one answer. */
const MOST_POINTS = 100_800;
const GIB = 2 ** 30;

export function metrics(call: Call): SimulatedResponse {
  if (call.operation !== "GetMetricData") throw new Refusal("UnknownOperationException", "");
  const { MetricDataQueries, StartTime, EndTime, NextToken } = read(request, call.input);
  const all = MetricDataQueries.map((asked) => ({ asked, ...series(call, asked, StartTime, EndTime) }));
  const at = Number(NextToken ?? 0);
  const page: object[] = [];
  let points = 0;
  let next = at;
  for (const { asked, times, values } of all.slice(at)) {
    if (page.length > 0 && points + times.length > MOST_POINTS) break;
    points += times.length;
    next += 1;
    page.push({ Id: asked.Id, Label: asked.MetricStat.Metric.MetricName, Timestamps: times, Values: values, StatusCode: "Complete" });
  }
  return json({ MetricDataResults: page, Messages: [], ...(next < all.length ? { NextToken: String(next) } : {}) }, "1.0");
}

/** Starts of the periods between two instants, the latest first. */
export function timesOf(start: number, end: number, period: number): number[] {
  const times: number[] = [];
  for (let at = Math.ceil(start / period) * period; at < end; at += period) times.push(at);
  return times.reverse();
}

function series(call: Call, asked: MetricQuery, start: number, end: number): { times: number[]; values: number[] } {
  const valueAt = source(call, asked);
  const times = valueAt ? timesOf(start, end, asked.MetricStat.Period) : [];
  return { times, values: valueAt ? times.map(valueAt) : [] };
}

/** The value at an instant; undefined for what nobody measures. */
function source(call: Call, { MetricStat: { Metric, Period, Stat } }: MetricQuery): ((at: number) => number) | undefined {
  const of = (name: string) => Metric.Dimensions.find(({ Name }) => Name === name)?.Value;
  const metric = `${Metric.Namespace} ${Metric.MetricName}`;
  if (Metric.Namespace === "AWS/EC2") {
    const machine = standing(call, "instance").find(({ id, state }) => id === of("InstanceId") && state === "running");
    if (!machine) return undefined;
    if (metric.endsWith(" CPUUtilization")) return weekly(machine.cpuAverage, machine.cpuPeak);
    return /Network(?:In|Out)$/.test(metric) && Stat === "Sum" ? () => (machine.networkBytesPerDay / 2) * (Period / 86_400) : undefined;
  }
  if (Metric.Namespace === "AWS/RDS") {
    const database = standing(call, "database").find(({ id }) => id === of("DBInstanceIdentifier"));
    if (!database) return undefined;
    if (metric.endsWith(" CPUUtilization")) return weekly(database.cpuAverage, Math.min(97, database.cpuAverage * 2.9));
    return metric.endsWith(" DatabaseConnections") ? () => database.connections : undefined;
  }
  if (metric === "AWS/S3 BucketSizeBytes") return bucketSize(call, of("BucketName"), of("StorageType"));
  if (metric === "AWS/Route53 DNSQueries") {
    const zones = call.world.resources().filter((r): r is HostedZone => r.kind === "zone" && accountNamed(r.account) === call.account);
    const zone = call.region === "us-east-1" ? zones.find(({ id }) => id === of("HostedZoneId")) : undefined;
    // A zone nobody asks has no figures, rather than zeros.
    return zone && zone.queriesPerMonth > 0 ? () => (zone.queriesPerMonth / 30) * (Period / 86_400) : undefined;
  }
  return undefined;
}

const CLASSES: Readonly<Record<string, string>> = { StandardStorage: "STANDARD", GlacierStorage: "GLACIER" };

function bucketSize({ world, account, region }: Call, name: string | undefined, type: string | undefined): (() => number) | undefined {
  const isOurs = (r: Bucket) => r.name === name && r.region === region && accountNamed(r.account) === account;
  const bucket = world.resources().find((r): r is Bucket => r.kind === "bucket" && isOurs(r));
  const size = bucket?.storageClasses[CLASSES[type ?? ""] ?? ""];
  return size ? () => size * GIB : undefined;
}

/** One hour a week is the peak; the mean over whole weeks is the mean. */
function weekly(mean: number, peak: number): (at: number) => number {
  const usual = Math.max(0, (168 * mean - peak) / 167);
  return (at) => (Math.floor(at / 3_600) % 168 === PEAK_HOUR ? peak : usual);
}
const PEAK_HOUR = 14;
