import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { CheckResult } from "../../core/integration.ts";
import { listWords } from "../../core/text.ts";
import { explainError, VendorError } from "../../errors.ts";
import { type AwsClient, accountOf, KEYS, type Place } from "./client.ts";
import type { Explorer } from "./costs/explorer.ts";
import type { Knowledge } from "./costs/knowledge.ts";
import { readEstates, whoWeAre } from "./inventory/accounts.ts";
import {
  addressesAnswer,
  bucketsAnswer,
  databasesAnswer,
  instancesAnswer,
  lightsailAnswer,
  metricsAnswer,
  volumesAnswer,
  zonesAnswer,
} from "./inventory/schema.ts";
import { readSavings } from "./savings/read.ts";

/** Who we are at AWS, and which actions are missing. Never throws. What costs money is asked at most once an hour. */
export async function checkAws(client: AwsClient, explorer: Explorer, knowledge: Knowledge, signal: AbortSignal): Promise<CheckResult[]> {
  const who = await checkWho(client, signal);
  if (who.state === "failed") return [who];
  const costs = await checkCosts(knowledge, signal);
  const [advice, ...accounts] = await Promise.all([
    costs.state === "failed" ? Promise.resolve(undefined) : checkAdvice(client, signal),
    checkInventory(client, explorer, undefined, signal),
    ...client.settings.AWS_ROLE_ARNS.map((role) => checkInventory(client, explorer, role, signal)),
  ]);
  return [who, costs, ...(advice ? [advice] : []), ...accounts];
}

async function checkWho(client: AwsClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "AWS";
  try {
    const { Account, Arn } = await whoWeAre(client, signal);
    return { name, state: "ok", message: `${Arn.split(":").at(-1) ?? Arn} of account ${Account}` };
  } catch (error) {
    const status = error instanceof VendorError ? error.status : undefined;
    const fix =
      status === 401 || status === 403
        ? `Make an access key for a user that reads and put it into ${KEYS}.`
        : "Check AWS_ENDPOINT_URL, AWS_REGION and the network, then run doctor again.";
    return { name, state: "failed", message: explainError(error), fix };
  }
}

async function checkCosts(knowledge: Knowledge, signal: AbortSignal): Promise<CheckResult> {
  const name = "AWS costs";
  const meter = { requests: 0 };
  try {
    const { from, keepsYears } = await knowledge.beginning(meter, signal);
    if (from === undefined)
      return {
        ...{ name, state: "warning", message: "Cost Explorer has no costs of this account." },
        fix: "Use a key of the management account, or wait a day if Cost Explorer was turned on only now.",
      };
    const dimensions = await knowledge.dimensions(meter, signal);
    const tags = dimensions.filter(({ type }) => type === "TAG").map(({ key }) => key);
    const words = tags.length > 0 ? `tags ${listWords(tags)}` : "no cost allocation tags";
    const years = keepsYears ? ", older ones by month" : "";
    return { name, state: "ok", message: `Costs since ${from}, single days of the last 14 months${years}; ${words}` };
  } catch (error) {
    return { name, state: "failed", message: explainError(error), fix: policyFix(error, ["ce:GetCostAndUsage", "ce:GetTags"]) };
  }
}

async function checkAdvice(client: AwsClient, signal: AbortSignal): Promise<CheckResult> {
  const name = "AWS savings";
  const today = fromInstant(client.now());
  try {
    const period = { from: addDays(today, -30), to: addDays(today, -1) };
    const { notes } = await readSavings(client, period, today, { requests: 0 }, signal);
    if (notes.length === 0) return { name, state: "ok", message: "Commitments, anomalies, rightsizing and forecast can be read." };
    const missing = [...new Set(notes.flatMap((note) => note.match(/\bce:\w+/g) ?? []))];
    return {
      ...{ name, state: "warning", message: notes.join(" ") },
      fix:
        missing.length > 0
          ? `Add ${listWords(missing, 12)} to the policy; rightsizing must also be turned on in Cost Explorer's preferences.`
          : "Run doctor again in a few minutes.",
    };
  } catch (error) {
    const actions = ["GetSavingsPlansCoverage", "GetSavingsPlansUtilization", "GetReservationCoverage", "GetReservationUtilization"];
    const more = ["GetAnomalies", "GetRightsizingRecommendation", "GetCostForecast"];
    return {
      name,
      state: "warning",
      message: explainError(error),
      fix: policyFix(
        error,
        [...actions, ...more].map((action) => `ce:${action}`),
      ),
    };
  }
}

/** One look with each action the inventory needs, in one region: a right is the same in all of them. */
async function checkInventory(client: AwsClient, explorer: Explorer, role: string | undefined, signal: AbortSignal): Promise<CheckResult> {
  const id = role ? accountOf(role) : undefined;
  const name = `AWS inventory${id ? ` of ${explorer.names.get(id) ?? id}` : ""}`;
  const region = client.settings.AWS_REGIONS[0] ?? client.settings.AWS_REGION;
  const settled = await Promise.allSettled(looks(client, { region, role }, signal));
  const failed = settled.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  if (failed.length === 0) return { name, state: "ok", message: await regionWords(client, explorer, id, signal) };
  const refused = failed.filter((error) => error instanceof VendorError && error.status === 403) as VendorError[];
  const missing = [
    ...new Set(refused.flatMap(({ message }) => message.match(/\b(?:ec2|rds|s3|route53|cloudwatch|lightsail|sts):\w+/g) ?? [])),
  ];
  const [first] = failed;
  if (missing.includes("sts:AssumeRole"))
    return {
      ...{ name, state: "warning", message: explainError(first) },
      fix: `Let ${role} trust the user of ${KEYS} for sts:AssumeRole, and allow that user to take it.`,
    };
  return {
    name,
    state: "warning",
    message: `${failed.length} of ${settled.length} kinds of resources cannot be read. ${explainError(first)}`,
    fix: missing.length > 0 ? `Add ${listWords(missing, 12)} to the policy.` : "Check the network and AWS_REGIONS, then run doctor again.",
  };
}

async function regionWords(client: AwsClient, explorer: Explorer, id: string | undefined, signal: AbortSignal): Promise<string> {
  try {
    const { estates } = await readEstates(client, explorer, { requests: 0 }, signal);
    const estate = id === undefined ? estates[0] : estates.find(({ account }) => account.id === id);
    return `EC2, RDS, S3, Route 53, Lightsail and CloudWatch can be read in ${listWords(estate?.regions ?? [])}`;
  } catch {
    return "EC2, RDS, S3, Route 53, Lightsail and CloudWatch can be read";
  }
}

function looks(client: AwsClient, place: Place, signal: AbortSignal): Promise<unknown>[] {
  const now = client.now();
  const metric = {
    StartTime: new Date(now.getTime() - 3_600_000),
    EndTime: now,
    MetricDataQueries: [
      { Id: "m0", MetricStat: { Metric: { Namespace: "AWS/EC2", MetricName: "CPUUtilization" }, Period: 3_600, Stat: "Average" } },
    ],
  };
  return [
    client.ask(
      { service: "ec2", place, action: "ec2:DescribeInstances", command: "DescribeInstances", input: { MaxResults: 5 } },
      instancesAnswer,
      signal,
    ),
    client.ask(
      { service: "ec2", place, action: "ec2:DescribeVolumes", command: "DescribeVolumes", input: { MaxResults: 5 } },
      volumesAnswer,
      signal,
    ),
    client.ask(
      { service: "ec2", place, action: "ec2:DescribeAddresses", command: "DescribeAddresses", input: {} },
      addressesAnswer,
      signal,
    ),
    client.ask(
      { service: "rds", place, action: "rds:DescribeDBInstances", command: "DescribeDBInstances", input: { MaxRecords: 20 } },
      databasesAnswer,
      signal,
    ),
    client.ask(
      { service: "s3", place, action: "s3:ListAllMyBuckets", command: "ListBuckets", input: { MaxBuckets: 5 } },
      bucketsAnswer,
      signal,
    ),
    client.ask(
      { service: "route53", place, action: "route53:ListHostedZones", command: "ListHostedZones", input: {} },
      zonesAnswer,
      signal,
    ),
    client.ask(
      { service: "cloudwatch", place, action: "cloudwatch:GetMetricData", command: "GetMetricData", input: metric },
      metricsAnswer,
      signal,
    ),
    client.ask(
      {
        service: "lightsail",
        place: lightsailPlace(place),
        action: "lightsail:GetInstances",
        command: "GetInstances",
        input: {},
      },
      lightsailAnswer,
      signal,
    ),
  ];
}

/** It is not in every region; a right is. */
function lightsailPlace(place: Place): Place {
  return { ...place, region: "us-east-1" };
}

function policyFix(error: unknown, actions: readonly string[]): string {
  const status = error instanceof VendorError ? error.status : undefined;
  if (status === 403)
    return `Add ${listWords(actions, 12)} to the policy, and turn on Cost Explorer and IAM access to billing in the management account.`;
  if (status === 401) return `Make an access key for a user that reads and put it into ${KEYS}.`;
  if (status === 429) return "Wait a few minutes; AWS limits how often costs may be asked for.";
  return "Check the network and try doctor again in a few minutes.";
}
