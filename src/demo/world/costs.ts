import type { CivilDate } from "../../core/fact.ts";
import { type BillLine, billOf } from "../bill.ts";
import type { EventName } from "../story.ts";
import type { Budget, CloudAccount, CostLine, SavingsDay } from "./types.ts";

/** The bill in the detail of the cloud's own cost reports. A day's lines add up to bill.ts, line by line. */

export const ACCOUNTS: readonly CloudAccount[] = [
  { id: "204117550913", name: "production", email: "aws-production@harbourline.example", environment: "production" },
  { id: "204117550921", name: "staging", email: "aws-staging@harbourline.example", environment: "staging" },
  { id: "204117550934", name: "data-platform", email: "aws-data@harbourline.example", environment: "production" },
  { id: "204117550948", name: "sandbox", email: "aws-sandbox@harbourline.example", environment: "sandbox" },
  { id: "204117550957", name: "shared-services", email: "aws-shared@harbourline.example", environment: "shared" },
];

export const BUDGETS: readonly Budget[] = [
  { name: "Whole company", account: null, monthly: 115_000 },
  { name: "Production", account: "production", monthly: 78_000 },
  { name: "Data platform", account: "data-platform", monthly: 24_000 },
  { name: "Staging", account: "staging", monthly: 9_000 },
  { name: "Sandbox", account: "sandbox", monthly: 2_200 },
];

const PREFIX: Readonly<Record<string, string>> = { "us-east-1": "USE1-", "eu-west-1": "EUW1-", "ap-southeast-2": "APS2-" };

/** Usage types with their share of a service's cost, unit, and USD a unit. */
const USAGE: Readonly<Record<string, readonly (readonly [string, number, string, number])[]>> = {
  "Amazon Elastic Compute Cloud": [
    ["BoxUsage:m6i.2xlarge", 0.46, "Hrs", 0.384],
    ["BoxUsage:c6i.2xlarge", 0.24, "Hrs", 0.34],
    ["BoxUsage:m6i.large", 0.12, "Hrs", 0.096],
    ["EBS:VolumeUsage.gp3", 0.12, "GB-Mo", 0.08],
    ["DataTransfer-Regional-Bytes", 0.06, "GB", 0.01],
  ],
  "Amazon Relational Database Service": [
    ["InstanceUsage:db.r6g.2xl", 0.68, "Hrs", 1.03],
    ["RDS:GP3-Storage", 0.22, "GB-Mo", 0.115],
    ["RDS:ChargedBackupUsage", 0.1, "GB-Mo", 0.095],
  ],
  "Amazon Simple Storage Service": [
    ["TimedStorage-ByteHrs", 0.7, "GB-Mo", 0.023],
    ["Requests-Tier1", 0.18, "Requests", 0.000005],
    ["DataTransfer-Out-Bytes", 0.12, "GB", 0.09],
  ],
  "Amazon Elastic Kubernetes Service": [["AmazonEKS-Hours:perCluster", 1, "Hrs", 0.1]],
  "Amazon CloudFront": [
    ["DataTransfer-Out-Bytes", 0.86, "GB", 0.085],
    ["Requests-HTTPS-Proxy", 0.14, "Requests", 0.000001],
  ],
  AmazonCloudWatch: [
    ["DataProcessing-Bytes", 0.52, "GB", 0.5],
    ["CW:MetricMonitorUsage", 0.3, "Metrics", 0.3],
    ["TimedStorage-ByteHrs", 0.18, "GB-Mo", 0.03],
  ],
  "Amazon Virtual Private Cloud": [
    ["NatGateway-Bytes", 0.58, "GB", 0.045],
    ["NatGateway-Hours", 0.27, "Hrs", 0.045],
    ["PublicIPv4:InUseAddress", 0.15, "Hrs", 0.005],
  ],
  "Elastic Load Balancing": [
    ["LCUUsage", 0.62, "LCU-Hrs", 0.008],
    ["LoadBalancerUsage", 0.38, "Hrs", 0.0225],
  ],
  "Amazon ElastiCache": [["NodeUsage:cache.r6g.large", 1, "Hrs", 0.206]],
  "Amazon OpenSearch Service": [
    ["ESInstance:r6g.large", 0.8, "Hrs", 0.167],
    ["ES:GP3-Storage", 0.2, "GB-Mo", 0.122],
  ],
  "AWS Lambda": [
    ["Lambda-GB-Second", 0.82, "GB-Second", 0.0000167],
    ["Request", 0.18, "Requests", 0.0000002],
  ],
  "Amazon DynamoDB": [
    ["WriteRequestUnits", 0.48, "WriteRequestUnits", 0.00000125],
    ["ReadRequestUnits", 0.3, "ReadRequestUnits", 0.00000025],
    ["TimedStorage-ByteHrs", 0.22, "GB-Mo", 0.25],
  ],
  "Amazon Bedrock": [
    ["Titan-Embed-tokens", 0.44, "1K tokens", 0.00002],
    ["Guardrail-TextUnits", 0.56, "1K TextUnits", 0.15],
  ],
};
const OTHER_USAGE: readonly (readonly [string, number, string, number])[] = [["Usage", 1, "Units", 0.01]];

/** Where the story's money shows up. */
const STORY_USAGE: Readonly<Partial<Record<EventName, readonly [string, string, number, string | null]>>> = {
  "price-change": ["ExtendedSupport:Yr1-Yr2", "vCPU-Hours", 0.1, null],
  "idle-database": ["InstanceUsage:db.r6g.4xl", "Hrs", 1.958, "platform"],
  leak: ["DataProcessing-Bytes", "GB", 0.5, "data"],
  transfer: ["NatGateway-Bytes", "GB", 0.045, "platform"],
  experiment: ["BoxUsage:g5.12xlarge", "Hrs", 5.672, null],
};

type Shares = readonly (readonly [string | null, number])[];
const EVERYONE: Shares = [
  ["gate", 0.2],
  ["berth", 0.14],
  ["depot", 0.19],
  ["view", 0.17],
  ["billing", 0.1],
  ["assistant", 0.05],
  ["platform", 0.07],
  [null, 0.08],
];
const BY_SERVICE: Readonly<Record<string, Shares>> = {
  "Amazon CloudFront": [
    ["view", 0.78],
    ["billing", 0.22],
  ],
  "Amazon Bedrock": [["assistant", 1]],
  "Amazon SageMaker": [["data", 1]],
  "Amazon Kinesis Video Streams": [["view", 1]],
  "Amazon Location Service": [["berth", 1]],
  "Amazon DynamoDB": [
    ["gate", 0.6],
    ["depot", 0.4],
  ],
  "Amazon OpenSearch Service": [
    ["platform", 0.55],
    ["data", 0.45],
  ],
  "AWS Lambda": [
    ["gate", 0.4],
    ["view", 0.35],
    ["assistant", 0.25],
  ],
};
const BY_ACCOUNT: Readonly<Record<string, Shares>> = {
  "data-platform": [
    ["data", 0.86],
    [null, 0.14],
  ],
  sandbox: [
    ["assistant", 0.3],
    [null, 0.7],
  ],
  "shared-services": [["platform", 1]],
  staging: [
    ["platform", 0.35],
    ["gate", 0.15],
    ["depot", 0.15],
    ["view", 0.12],
    [null, 0.23],
  ],
};
/** Below this a usage type goes to one team: too small to share out. */
const SHARED_FROM = 4;

export function costsOf(day: CivilDate, seed: number): CostLine[] {
  return billOf(day, seed).flatMap((line) => detailed(line, day));
}

function detailed(line: BillLine, day: CivilDate): CostLine[] {
  const environment = ACCOUNTS.find((a) => a.name === line.account)?.environment ?? null;
  const base = { day, service: line.service, category: line.category, account: line.account, region: line.region, charge: line.charge };
  const one = (usageType: string, unit: string, price: number, team: string | null, cost: number): CostLine => ({
    ...base,
    usageType: `${PREFIX[line.region] ?? ""}${usageType}`,
    team,
    environment: team === null ? null : environment,
    cost,
    quantity: Math.abs(cost) / price,
    unit,
  });
  if (line.charge === "Credit") return [one("Credit", "Units", 1, null, line.cost)];
  const told = line.added.flatMap(({ event, cost }) => {
    const usage = STORY_USAGE[event];
    return usage ? [one(usage[0], usage[1], usage[2], usage[3], cost)] : [];
  });
  const usual = line.cost - told.reduce((sum, t) => sum + t.cost, 0);
  const shares = BY_ACCOUNT[line.account] ?? BY_SERVICE[line.service] ?? EVERYONE;
  const largest = shares[0]?.[0] ?? null;
  const plain = (USAGE[line.service] ?? OTHER_USAGE).flatMap(([type, share, unit, price]) =>
    usual * share < SHARED_FROM
      ? [one(type, unit, price, largest, usual * share)]
      : shares.map(([team, part]) => one(type, unit, price, team, usual * share * part)),
  );
  return [...plain, ...told];
}

/** A commitment bought each January for most of what ran then; growth outruns it until the next. */
export function savingsOf(day: CivilDate, seed: number): SavingsDay {
  const eligible = sumOf(day, seed);
  const commitment = Math.round(0.4 * 1_030 * 1.18 ** (Number(day.slice(0, 4)) - 2025) * 100) / 100;
  // A dollar of commitment pays for 1.38 dollars at list price.
  const covered = Math.min(eligible, commitment * 1.38);
  return {
    day,
    eligible,
    covered,
    commitment,
    coverage: eligible > 0 ? covered / eligible : 0,
    utilisation: covered / (commitment * 1.38),
  };
}

const COMMITTED = ["Amazon Elastic Compute Cloud", "AWS Lambda"];

function sumOf(day: CivilDate, seed: number): number {
  return billOf(day, seed).reduce(
    (sum, line) => (COMMITTED.includes(line.service) && line.account !== "sandbox" ? sum + line.cost : sum),
    0,
  );
}
