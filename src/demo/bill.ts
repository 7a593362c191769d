import { addDays, daysBetween, endOf, weekday } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { normal } from "./noise.ts";
import { COMPANY, HISTORY_DAYS, type StoryEvent, story } from "./story.ts";

/** A FOCUS 1.0 bill of the demo company, one line per service, account and region and day. Same seed and day, same bytes. */

interface Line {
  service: string;
  category: string;
  account: string;
  region: string;
  /** USD per weekday two years ago. */
  base: number;
}

const SERVICES: readonly [service: string, category: string, base: number, accounts: readonly string[]][] = [
  ["Amazon Elastic Compute Cloud", "Compute", 820, ["production", "staging", "data-platform", "sandbox"]],
  ["Amazon Relational Database Service", "Databases", 460, ["production", "staging", "data-platform"]],
  ["Amazon Simple Storage Service", "Storage", 210, ["production", "data-platform", "shared-services"]],
  ["Amazon Elastic Kubernetes Service", "Compute", 130, ["production", "staging"]],
  ["Amazon CloudFront", "Networking", 118, ["production"]],
  ["AmazonCloudWatch", "Management and Governance", 92, ["production", "staging", "data-platform", "shared-services"]],
  ["Amazon Virtual Private Cloud", "Networking", 88, ["production", "staging", "data-platform"]],
  ["Elastic Load Balancing", "Networking", 64, ["production", "staging"]],
  ["Amazon ElastiCache", "Databases", 58, ["production", "staging"]],
  ["Amazon OpenSearch Service", "Analytics", 54, ["production", "data-platform"]],
  ["AWS Lambda", "Compute", 41, ["production", "data-platform"]],
  ["Amazon DynamoDB", "Databases", 37, ["production"]],
  ["AWS Support", "Other", 35, ["shared-services"]],
  ["Amazon Simple Queue Service", "Integration", 14, ["production", "data-platform"]],
  ["AWS Key Management Service", "Security", 9, ["production", "shared-services"]],
  ["Amazon Route 53", "Networking", 6, ["shared-services"]],
  ["AWS CloudTrail", "Management and Governance", 5, ["shared-services"]],
  ["Amazon Bedrock", "AI and Machine Learning", 240, ["production"]],
];
const ACCOUNT_SHARE: Readonly<Record<string, number>> = {
  production: 0.62,
  "data-platform": 0.21,
  staging: 0.11,
  sandbox: 0.06,
  "shared-services": 0.3,
};
const REGION_SHARE: readonly [string, number][] = [
  ["us-east-1", 0.56],
  ["eu-west-1", 0.31],
  ["ap-southeast-2", 0.13],
];
const YEARLY_GROWTH = 0.18;

const LINES: readonly Line[] = SERVICES.flatMap(([service, category, base, accounts]) => {
  const shares = accounts.reduce((sum, account) => sum + (ACCOUNT_SHARE[account] ?? 0), 0);
  return accounts.flatMap((account) =>
    REGION_SHARE.filter(([region]) => account !== "sandbox" || region === "us-east-1").map(([region, share]) => ({
      service,
      category,
      account,
      region,
      base: (base * (ACCOUNT_SHARE[account] ?? 0) * (account === "sandbox" ? 1 : share)) / shares,
    })),
  );
});

const HEADER =
  "BilledCost,BillingAccountName,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ProviderName,RegionId,ServiceCategory,ServiceName,SubAccountName";

/** The whole bill as CSV, from two years before `today` to the day before it. */
export function billCsv(today: CivilDate, seed: number): string {
  const events = new Map(story(today).map((event) => [event.name, event]));
  const first = addDays(today, -HISTORY_DAYS);
  const rows = [HEADER];
  for (let i = 0; i < HISTORY_DAYS; i++) {
    const day = addDays(first, i);
    const end = addDays(day, 1);
    for (const line of LINES) {
      const amount = amountOf(line, day, i, events, seed);
      if (amount > 0) rows.push(row(amount, "Usage", day, end, line));
    }
    const credit = LINES.find((line) => line.service === "AWS Support" && line.region === "us-east-1");
    if (credit && day.endsWith("-03"))
      rows.push(row(-150 - 50 * Math.abs(normal(seed, `credit ${day}`)), "Credit", day, end, { ...credit, region: "us-east-1" }));
  }
  return `${rows.join("\n")}\n`;
}

function row(amount: number, category: string, day: CivilDate, end: CivilDate, line: Line): string {
  return `${amount.toFixed(4)},${COMPANY},USD,${category},${day} 00:00:00,${end} 00:00:00,AWS,${line.region},${line.category},${line.service},${line.account}`;
}

type Events = ReadonlyMap<StoryEvent["name"], StoryEvent>;

function amountOf(line: Line, day: CivilDate, index: number, events: Events, seed: number): number {
  const growth = (1 + YEARLY_GROWTH) ** (index / 365);
  const noise =
    1 + 0.03 * normal(seed, `${day} ${line.service} ${line.account} ${line.region}`) + 0.015 * normal(seed, `${day} ${line.account}`);
  return Math.max(
    0,
    line.base *
      growth *
      weekPattern(line, day) *
      monthEnd(line, day) *
      noise *
      launch(line, day, events) *
      priceChange(line, day, events) *
      leak(line, day, events) +
      experiment(line, day, events),
  );
}

/** People work from Monday to Friday: staging and sandbox rest, production slows, the data platform catches up on Saturday. */
function weekPattern(line: Line, day: CivilDate): number {
  if (["Storage", "Other", "Security"].includes(line.category)) return 1;
  const dayOfWeek = weekday(day);
  if (dayOfWeek <= 5) return 1;
  if (line.account === "data-platform") return dayOfWeek === 6 ? 1.12 : 0.94;
  return line.account === "production" ? 0.83 : 0.34;
}

/** Billing runs and reports in the last two days of a month. */
function monthEnd(line: Line, day: CivilDate): number {
  return line.account === "data-platform" && line.category === "Compute" && daysBetween(day, endOf("month", day)) < 2 ? 1.4 : 1;
}

function launch(line: Line, day: CivilDate, events: Events): number {
  const days = since(events.get("launch"), day);
  const rise = days === undefined ? 0 : 1 / (1 + Math.exp(-(days - 14) / 5));
  if (line.service === "Amazon Bedrock") return days === undefined ? 0 : rise;
  return line.account === "production" && ["Amazon CloudFront", "AWS Lambda"].includes(line.service) ? 1 + 0.34 * rise : 1;
}

function priceChange(line: Line, day: CivilDate, events: Events): number {
  return line.service === "Amazon Relational Database Service" && since(events.get("price-change"), day) !== undefined ? 1.22 : 1;
}

function leak(line: Line, day: CivilDate, events: Events): number {
  const days = since(events.get("leak"), day);
  return days !== undefined && line.service === "AmazonCloudWatch" && line.account === "data-platform" && line.region === "eu-west-1"
    ? 2 + 1.6 * days
    : 1;
}

function experiment(line: Line, day: CivilDate, events: Events): number {
  return line.service === "Amazon Elastic Compute Cloud" && line.account === "sandbox" && since(events.get("experiment"), day) === 0
    ? 1_900
    : 0;
}

/** Days since the event began, while it lasts. */
function since(event: StoryEvent | undefined, day: CivilDate): number | undefined {
  return event && day >= event.from && day <= event.to ? daysBetween(event.from, day) : undefined;
}
