import type { CivilDate } from "../../../core/fact.ts";
import type { Instant } from "./common.ts";

export interface CloudAccount {
  /** Twelve digits. */
  id: string;
  /** "data-platform", as in the bill. */
  name: string;
  email: string;
  environment: string;
}

/** One line of the bill: the lines of a day add up to bill.ts, service by service. */
export interface CostLine {
  day: CivilDate;
  service: string;
  category: string;
  usageType: string;
  account: string;
  region: string;
  /** Cost allocation tags; null where the resource has none. */
  team: string | null;
  environment: string | null;
  charge: "Usage" | "Credit";
  /** USD. */
  cost: number;
  quantity: number;
  unit: string;
}

interface Resource {
  id: string;
  name: string;
  account: string;
  region: string;
  tags: Readonly<Record<string, string>>;
  createdAt: Instant;
  /** USD a month of 730 hours at list price. */
  monthlyCost: number;
  /** Why it deserves a look; null when it earns its keep. */
  finding: {
    kind: "idle" | "oversized" | "stopped" | "unattached" | "no lifecycle" | "old engine";
    reason: string;
    monthlySaving: number;
  } | null;
}

export interface Instance extends Resource {
  kind: "instance";
  type: string;
  state: "running" | "stopped";
  zone: string;
  platform: "linux";
  service: string | null;
  /** Percent, mean and highest hour of the last 14 days. */
  cpuAverage: number;
  cpuPeak: number;
  networkBytesPerDay: number;
}

export interface Volume extends Resource {
  kind: "volume";
  type: "gp2" | "gp3" | "io2";
  sizeGb: number;
  instance: string | null;
}

export interface Database extends Resource {
  kind: "database";
  engine: "postgres" | "mysql";
  version: string;
  class: string;
  storageGb: number;
  multiZone: boolean;
  cpuAverage: number;
  /** Mean over the last 14 days. */
  connections: number;
}

export interface Bucket extends Resource {
  kind: "bucket";
  sizeGb: number;
  objects: number;
  storageClasses: Readonly<Record<string, number>>;
  lifecycle: boolean;
  versioning: boolean;
}

export interface HostedZone extends Resource {
  kind: "zone";
  private: boolean;
  records: number;
  queriesPerMonth: number;
}

export interface Lightsail extends Resource {
  kind: "lightsail";
  bundle: string;
  blueprint: string;
  state: "running" | "stopped";
  cpuAverage: number;
}

export interface Address extends Resource {
  kind: "address";
  ip: string;
  instance: string | null;
}

export type CloudResource = Instance | Volume | Database | Bucket | HostedZone | Lightsail | Address;

export interface SavingsDay {
  day: CivilDate;
  /** Cost at list price of what a commitment may cover, the part that was covered, what the commitment cost (USD). */
  eligible: number;
  covered: number;
  commitment: number;
  /** covered / eligible; used part of the commitment. */
  coverage: number;
  utilisation: number;
}

/** As the cloud's own detector reports it, a day late. */
export interface CostAnomaly {
  id: string;
  service: string;
  account: string;
  region: string;
  usageType: string;
  from: CivilDate;
  /** Last day seen. */
  to: CivilDate;
  /** USD over all its days. */
  expected: number;
  actual: number;
  impact: number;
  maxDailyImpact: number;
  /** 0 to 1. */
  score: number;
  feedback: "yes" | "no" | "planned" | null;
}

export interface Budget {
  name: string;
  account: string | null;
  /** USD a month. */
  monthly: number;
}

export interface RailwayProject {
  /** UUID. */
  id: string;
  name: string;
  description: string;
  team: string;
  createdAt: Instant;
  environments: readonly { id: string; name: string }[];
  services: readonly RailwayService[];
}

export interface RailwayService {
  id: string;
  /** The name used by deployments. */
  name: string;
  repository: string | null;
  image: string | null;
  region: string;
  createdAt: Instant;
}

export interface RailwayUsage {
  day: CivilDate;
  project: string;
  service: string;
  environment: string;
  cpuMinutes: number;
  memoryGbMinutes: number;
  networkGb: number;
  diskGbMinutes: number;
  /** USD. */
  cost: number;
}
