import type { Account } from "./accounts.ts";

/** One thing that stands in an account. What AWS does not say is absent. */
export interface Resource {
  kind: Kind;
  /** AWS's own: "i-0abc…", a bucket's or database's name. */
  id: string;
  name: string;
  account: Account;
  /** "global" for zones. */
  region: string;
  /** Machine type, volume type, database class, bundle. */
  type?: string;
  /** In AWS's words: "running", "in-use". */
  state?: string;
  team?: string;
  createdAt?: Date;
  sizeGb?: number;
  /** Of a bucket: what lies in classes colder than Standard. */
  coldGb?: number;
  /** Of a bucket: rules that move or delete old objects. */
  hasLifecycle?: boolean;
  /** What a volume or address belongs to; null when to nothing. */
  attachedTo?: string | null;
  engine?: string;
  version?: string;
  multiZone?: boolean;
  isPrivate?: boolean;
  use?: Use;
}

export const KINDS = ["instances", "volumes", "addresses", "databases", "buckets", "zones", "lightsail"] as const;
export type Kind = (typeof KINDS)[number];

/** What it did in the last two weeks. */
export interface Use {
  /** Percent of the processor: mean, and the highest hour. */
  cpuMean?: number;
  cpuPeak?: number;
  networkGbPerDay?: number;
  /** Most connections at once. */
  connections?: number;
  /** Of a zone, in all. */
  queries?: number;
  /** Hours that were measured. */
  hours: number;
}

export interface Money {
  /** A month of 730 hours. */
  amount: number;
  currency: string;
  /** How it was worked out, in words. */
  basis: string;
  /** From the bill itself, or from list prices. */
  source: "bill" | "list";
}

export const USE_DAYS = 14;
export const HOURS_A_MONTH = 730;
export const GB = 2 ** 30;

/** The fields that AWS gave; an absent one stays absent. */
export function known<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return Object.fromEntries(given) as { [K in keyof T]?: NonNullable<T[K]> };
}
