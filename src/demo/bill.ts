import { daysBetween, endOf, weekday } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import { normal } from "./noise.ts";
import { during, type EventName, eventRound, LAUNCHES, roundOf, turn } from "./story.ts";

/** A FOCUS 1.0 bill of the demo company, one line per service, account and region and day. Same seed and day, same bytes: a day's lines never change. */

export interface BillLine {
  charge: "Usage" | "Credit";
  service: string;
  category: string;
  account: string;
  region: string;
  /** USD; negative for a credit. */
  cost: number;
  /** The parts of `cost` that an event of the story added. */
  added: readonly Added[];
}

export interface Added {
  event: EventName;
  cost: number;
}

const NOTHING: readonly Added[] = [];

interface Line {
  service: string;
  category: string;
  account: string;
  region: string;
  /** USD per weekday at GROWTH_START. */
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
  ...LAUNCHES.map(({ service, base }) => [service, "AI and Machine Learning", base, ["production"]] as [string, string, number, string[]]),
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
const GROWTH_START = "2024-11-21";
/** What a launch brought is paid for so long; then its service is retired. */
const LAUNCH_DAYS = 728;
/** A db.r6g.4xlarge with its storage, USD a day. */
const IDLE_DATABASE = 47;

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

/** The lines of one day's bill. */
export function billOf(day: CivilDate, seed: number): BillLine[] {
  const happening = happeningOn(day);
  const growth = (1 + YEARLY_GROWTH) ** (daysBetween(GROWTH_START, day) / 365);
  const lines: BillLine[] = [];
  for (const line of LINES) {
    const factor = growth * (happening.launched.get(line.service) ?? 1);
    const usual = factor > 0 ? amountOf(line, day, factor, happening, seed) : 0;
    if (usual <= 0) continue;
    const added = addedTo(usual, line, happening);
    const cost = usual + added.reduce((sum, part) => sum + part.cost, 0);
    const { service, category, account, region } = line;
    lines.push({ charge: "Usage", service, category, account, region, cost, added });
  }
  if (day.endsWith("-03")) {
    const cost = -150 - 50 * Math.abs(normal(seed, `credit ${day}`));
    lines.push({
      charge: "Credit",
      service: "AWS Support",
      category: "Other",
      account: "shared-services",
      region: "us-east-1",
      cost,
      added: NOTHING,
    });
  }
  return lines;
}

/** What the story does to the bill of a day. */
interface Happening {
  /** Factor of each service that was ever launched: 0 before it came and after it went. */
  launched: ReadonlyMap<string, number>;
  delivery: number;
  price: number;
  leak: number;
  transfer: number;
  experiment: number;
  idleDatabase: number;
  isMonthEnd: boolean;
  weekday: number;
}

function happeningOn(day: CivilDate): Happening {
  const leak = during("leak", day);
  return {
    launched: new Map(LAUNCHES.map(({ service }) => [service, launched(service, day)])),
    delivery: delivery(day),
    price: during("price-change", day) ? 1.22 : 1,
    leak: leak ? 2 + 1.6 * leak.days : 1,
    transfer: during("transfer", day) ? 3.1 : 1,
    experiment: during("experiment", day) ? 1_900 : 0,
    idleDatabase: during("idle-database", day) ? IDLE_DATABASE : 0,
    isMonthEnd: daysBetween(day, endOf("month", day)) < 2,
    weekday: weekday(day),
  };
}

function launched(service: string, day: CivilDate): number {
  const round = roundOf("launch", day);
  const mine = [round, round - 1].find((r) => turn(LAUNCHES, r).service === service);
  const days = mine === undefined ? LAUNCH_DAYS : daysBetween(eventRound("launch", mine).from, day);
  return days >= LAUNCH_DAYS ? 0 : riseAfter(days) * Math.min(1, (LAUNCH_DAYS - days) / 42);
}

/** CDN and functions rise with a launch and are trimmed before the next. */
function delivery(day: CivilDate): number {
  const days = daysBetween(eventRound("launch", roundOf("launch", day)).from, day);
  return 1 + 0.34 * riseAfter(days) * Math.min(1, (364 - days) / 60);
}

function riseAfter(days: number): number {
  return 1 / (1 + Math.exp(-(days - 14) / 5));
}

function amountOf(line: Line, day: CivilDate, growth: number, happening: Happening, seed: number): number {
  const noise =
    1 + 0.03 * normal(seed, `${day} ${line.service} ${line.account} ${line.region}`) + 0.015 * normal(seed, `${day} ${line.account}`);
  return Math.max(0, line.base * growth * weekPattern(line, happening.weekday) * noise * peak(line, happening));
}

/** Billing runs and reports in the last two days of a month; more delivery since the latest launch. */
function peak(line: Line, happening: Happening): number {
  const batch = line.account === "data-platform" && line.category === "Compute" && happening.isMonthEnd ? 1.4 : 1;
  const isDelivery = line.account === "production" && (line.service === "Amazon CloudFront" || line.service === "AWS Lambda");
  return isDelivery ? batch * happening.delivery : batch;
}

/** What the story adds to the usual cost of a line. */
function addedTo(usual: number, line: Line, happening: Happening): readonly Added[] {
  const place = `${line.account} ${line.region}`;
  const parts: Added[] = [];
  if (line.service === "Amazon Relational Database Service") {
    if (happening.price > 1) parts.push({ event: "price-change", cost: usual * (happening.price - 1) });
    if (happening.idleDatabase > 0 && place === "production eu-west-1")
      parts.push({ event: "idle-database", cost: happening.idleDatabase });
  }
  if (line.service === "AmazonCloudWatch" && place === "data-platform eu-west-1" && happening.leak > 1)
    parts.push({ event: "leak", cost: usual * (happening.leak - 1) });
  if (line.service === "Amazon Virtual Private Cloud" && place === "production us-east-1" && happening.transfer > 1)
    parts.push({ event: "transfer", cost: usual * (happening.transfer - 1) });
  if (line.service === "Amazon Elastic Compute Cloud" && line.account === "sandbox" && happening.experiment > 0)
    parts.push({ event: "experiment", cost: happening.experiment });
  return parts.length > 0 ? parts : NOTHING;
}

/** People work from Monday to Friday: staging and sandbox rest, production slows, the data platform catches up on Saturday. */
function weekPattern(line: Line, dayOfWeek: number): number {
  if (["Storage", "Other", "Security"].includes(line.category)) return 1;
  if (dayOfWeek <= 5) return 1;
  if (line.account === "data-platform") return dayOfWeek === 6 ? 1.12 : 0.94;
  return line.account === "production" ? 0.83 : 0.34;
}
