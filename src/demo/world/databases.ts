import { addDays } from "../../core/civil-date.ts";
import { during, eventRound, roundOf } from "../story.ts";
import { clock, dayOf, instant } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { Frame } from "./frame.ts";
import type { Database } from "./types.ts";

const DATABASE_PRICES: Readonly<Record<string, number>> = {
  "db.t4g.large": 94,
  "db.r6g.large": 164,
  "db.r6g.xlarge": 329,
  "db.r6g.2xlarge": 752,
  "db.r6g.4xlarge": 1_305,
};

const DATABASES: readonly (readonly [name: string, cls: string, account: string, region: string, team: string, storage: number])[] = [
  ["gate-bookings", "db.r6g.2xlarge", "production", "us-east-1", "gate", 900],
  ["gate-bookings-replica", "db.r6g.2xlarge", "production", "us-east-1", "gate", 900],
  ["gate-bookings-eu", "db.r6g.2xlarge", "production", "eu-west-1", "gate", 1_200],
  ["berth-plans", "db.r6g.xlarge", "production", "us-east-1", "berth", 400],
  ["depot-stock", "db.r6g.2xlarge", "production", "us-east-1", "depot", 1_600],
  ["depot-stock-replica", "db.r6g.2xlarge", "production", "us-east-1", "depot", 1_600],
  ["depot-stock-eu", "db.r6g.2xlarge", "production", "eu-west-1", "depot", 1_400],
  ["depot-stock-ap", "db.r6g.xlarge", "production", "ap-southeast-2", "depot", 600],
  ["billing-ledger", "db.r6g.2xlarge", "production", "us-east-1", "billing", 700],
  ["identity", "db.r6g.large", "production", "us-east-1", "platform", 120],
  ["identity-eu", "db.r6g.large", "production", "eu-west-1", "platform", 120],
  ["events-catalogue", "db.r6g.xlarge", "data-platform", "us-east-1", "data", 800],
  ["staging-all", "db.r6g.xlarge", "staging", "eu-west-1", "platform", 300],
];

export function databases(frame: Frame): Database[] {
  const plain = DATABASES.map(([name, cls, account, region, team, storage]) => database(name, cls, account, region, team, storage, frame));
  const day = dayOf(frame.now - 1);
  const idle = during("idle-database", day);
  if (!idle) return plain;
  const { from } = eventRound("idle-database", idle.round);
  const made = database(`migration-rehearsal-${from.slice(0, 4)}`, "db.r6g.4xlarge", "production", "eu-west-1", "platform", 1_100, frame);
  const reason = `No connection since ${addDays(from, 2)}; made for a migration rehearsal.`;
  const wasted: Database = {
    ...made,
    createdAt: instant(clock(from, "00:05")),
    cpuAverage: 0.6,
    connections: 0,
    finding: { kind: "idle", reason, monthlySaving: made.monthlyCost },
  };
  return day > addDays(from, 2) ? [...plain, wasted] : [...plain, { ...wasted, connections: 3, finding: null }];
}

function database(name: string, cls: string, account: string, region: string, team: string, storageGb: number, frame: Frame): Database {
  const chance = new Chance(frame.seed, `database ${name}`);
  const day = dayOf(frame.now - 1);
  const isDear = during("price-change", day) !== undefined;
  // Each price change is over when the next version runs.
  const version = `${12 + roundOf("price-change", day) + (isDear ? 0 : 1)}.9`;
  const isOversized = name === "staging-all";
  const price = DATABASE_PRICES[cls] ?? 0;
  // A standby in a second zone costs as much again; replicas and rehearsals have none.
  const multiZone = account === "production" && !/replica|rehearsal/.test(name);
  const monthlyCost = Math.round((price + storageGb * 0.115) * (multiZone ? 2 : 1));
  const oversized = {
    kind: "oversized",
    reason: "Highest hour 9% of the processor in 14 days; two sizes smaller would do.",
    monthlySaving: Math.round(price * 0.72),
  } as const;
  const old = {
    kind: "old engine",
    reason: `PostgreSQL ${version} is in extended support: 22% more until it is upgraded.`,
    monthlySaving: Math.round(monthlyCost * 0.18),
  } as const;
  return {
    kind: "database",
    id: name,
    name,
    account,
    region,
    engine: "postgres",
    version,
    class: cls,
    storageGb,
    multiZone,
    tags: { team, environment: account === "staging" ? "staging" : "production" },
    createdAt: instant(clock("2021-03-01", "08:00") + chance.whole(0, 900) * 86_400),
    monthlyCost,
    cpuAverage: round(isOversized ? 3.1 : chance.between(18, 52)),
    connections: isOversized ? 4 : chance.whole(24, 160),
    finding: isOversized ? oversized : isDear ? old : null,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
