import { fromInstant } from "../../../core/civil-date.ts";
import { formatMoney, formatNumber } from "../../../core/format.ts";
import { halfOf, LIST } from "./list-prices.ts";
import type { Prices } from "./prices.ts";
import { HOURS_A_MONTH, type Money, type Resource, USE_DAYS } from "./resource.ts";

export const FINDINGS = ["idle", "oversized", "unattached", "stopped", "outdated", "no lifecycle"] as const;
export type FindingKind = (typeof FINDINGS)[number];

/** Why something deserves a look, and what it would save in a month. */
export interface Verdict {
  kind: FindingKind;
  reason: string;
  /** Absent where it cannot be worked out. `possible`: an upper bound that depends on how the data is used. */
  saving?: Money;
  possible?: true;
}

export interface Judged {
  resource: Resource;
  worth?: Money;
  verdict?: Verdict;
}

/** Percent of the processor over two weeks. */
const IDLE = { mean: 3, peak: 10 };
const SMALL = { mean: 10, peak: 30 };
/** Something that moves data is no idle machine, whatever its processor does. */
const IDLE_NETWORK_GB = 0.5;
/** Hours that must have been measured: three days. */
const LEAST_HOURS = 72;
const LARGE_BUCKET_GB = 1_000;
/** What share of a bucket without rules could lie in a cold class: an assumption, stated where it is used. */
const COLD_SHARE = 0.7;
/** Last day of standard support, by engine and major version; from then on each vCPU hour costs extra. Source: Amazon RDS release calendars. */
const SUPPORT_ENDS: Readonly<Record<string, string>> = {
  "postgres 11": "2024-02-29",
  "postgres 12": "2025-02-28",
  "postgres 13": "2026-02-28",
  "postgres 14": "2027-02-28",
  "mysql 5.7": "2024-02-29",
  "mysql 8.0": "2026-07-31",
};

/** Judges everything. `worth` is each one's cost by the same index. */
export function judge(resources: readonly Resource[], worths: readonly (Money | undefined)[], prices: Prices, now: Date): Judged[] {
  const outdated = resources.filter((resource) => isOutdated(resource, now));
  return resources.map((resource, i) => {
    const worth = worths[i];
    const verdict = verdictOf(resource, worth, { prices, now, disksOf, outdated });
    return { resource, ...(worth ? { worth } : {}), ...(verdict ? { verdict } : {}) };
  });

  function disksOf(machine: Resource): Money | undefined {
    const costs = resources.flatMap(({ kind, attachedTo }, i) =>
      kind === "volumes" && attachedTo === machine.id ? (worths[i] ?? []) : [],
    );
    const [first] = costs;
    return first && { ...first, amount: costs.reduce((sum, { amount }) => sum + amount, 0), basis: `its disks, ${first.basis}` };
  }
}

interface Context {
  prices: Prices;
  now: Date;
  disksOf(machine: Resource): Money | undefined;
  /** Databases whose version is out of standard support. */
  outdated: readonly Resource[];
}

function verdictOf(resource: Resource, worth: Money | undefined, context: Context): Verdict | undefined {
  const { kind, state, attachedTo, use } = resource;
  if ((kind === "volumes" || kind === "addresses") && attachedTo === null)
    return { kind: "unattached", reason: kind === "volumes" ? "Attached to no machine." : "Bound to nothing.", ...whole(worth) };
  if (kind === "instances" && state === "stopped")
    return { kind: "stopped", reason: "Stopped; its disks are still paid for.", ...whole(context.disksOf(resource)) };
  if (kind === "zones" && use?.queries === 0) return { kind: "idle", reason: `No query in ${USE_DAYS} days.`, ...whole(worth) };
  if (kind === "buckets") return ofBucket(resource, context.prices);
  if (kind === "databases" && use?.connections === 0 && use.hours >= LEAST_HOURS)
    return { kind: "idle", reason: `No connection in ${daysOf(use.hours)}.`, ...whole(worth) };
  return ofLoad(resource, worth) ?? (context.outdated.includes(resource) ? ofVersion(resource, context) : undefined);
}

function ofLoad({ kind, type = "", state = "", use }: Resource, worth: Money | undefined): Verdict | undefined {
  const { cpuMean, cpuPeak, networkGbPerDay = 0, hours = 0 } = use ?? {};
  const works = kind === "databases" ? state !== "stopped" : state === "running";
  if (!works || cpuMean === undefined || cpuPeak === undefined || hours < LEAST_HOURS) return undefined;
  const seen = `Mean processor ${percent(cpuMean)}, highest hour ${percent(cpuPeak)} in ${daysOf(hours)}`;
  if (kind !== "databases" && cpuMean <= IDLE.mean && cpuPeak <= IDLE.peak && networkGbPerDay < IDLE_NETWORK_GB)
    return { kind: "idle", reason: `${seen}${use?.networkGbPerDay === undefined ? "" : "; next to no traffic"}.`, ...whole(worth) };
  const half = kind === "lightsail" ? undefined : halfOf(type);
  if (half === undefined || cpuMean >= SMALL.mean || cpuPeak >= SMALL.peak) return undefined;
  const saving = worth && { ...worth, amount: worth.amount / 2, basis: `half of ${worth.basis}` };
  return { kind: "oversized", reason: `${seen}; ${half} would do.`, ...whole(saving) };
}

function ofBucket({ sizeGb = 0, coldGb = 0, hasLifecycle, region }: Resource, prices: Prices): Verdict | undefined {
  if (hasLifecycle !== false || sizeGb < LARGE_BUCKET_GB) return undefined;
  const price = prices.unit(/Simple Storage Service/, "TimedStorage-ByteHrs", region);
  const warm = price?.amount ?? LIST.bucketGb;
  const amount = (sizeGb - coldGb) * COLD_SHARE * Math.max(0, warm - LIST.coldGb);
  const basis = `if ${COLD_SHARE * 100}% of it may move to a class of ${formatMoney(LIST.coldGb, "USD")} a GB`;
  return {
    kind: "no lifecycle",
    reason: "No rule moves or deletes old objects.",
    saving: { amount, currency: price?.currency ?? "USD", basis, source: "list" },
    possible: true,
  };
}

/** The extra charge for old versions stands in the bill as one figure per region: shared out by size of the machines. */
function ofVersion(resource: Resource, { prices, outdated, now }: Context): Verdict {
  const { engine = "", version = "", region } = resource;
  const spent = prices.spent("ExtendedSupport:", region) * (HOURS_A_MONTH / (30 * 24));
  const cpus = (some: readonly Resource[]) => some.reduce((sum, one) => sum + weightOf(one), 0);
  const share = weightOf(resource) / cpus(outdated.filter((other) => other.region === region));
  const since = SUPPORT_ENDS[majorOf(resource)] ?? fromInstant(now);
  const reason = `${NAMES[engine] ?? engine} ${version}: standard support ended on ${since}.`;
  if (spent <= 0) return { kind: "outdated", reason };
  const basis = `its share by size of the extended support in your bill for ${region}`;
  return { kind: "outdated", reason, saving: { amount: spent * share, currency: "USD", basis, source: "bill" } };
}

const NAMES: Readonly<Record<string, string>> = { postgres: "PostgreSQL", mysql: "MySQL" };

function isOutdated(resource: Resource, now: Date): boolean {
  const end = resource.kind === "databases" ? SUPPORT_ENDS[majorOf(resource)] : undefined;
  return end !== undefined && end < fromInstant(now);
}

/** "postgres 12", "mysql 5.7" */
function majorOf({ engine = "", version = "" }: Resource): string {
  const family = engine.replace(/^aurora-postgresql$/, "postgres").replace(/^aurora-mysql$/, "mysql");
  const [major, minor] = version.split(".");
  return `${family} ${family === "mysql" ? `${major}.${minor}` : major}`;
}

function weightOf({ type = "", multiZone }: Resource): number {
  const size = /(\d*)xlarge$/.exec(type);
  return (size ? Number(size[1] || 1) * 2 : 1) * (multiZone ? 2 : 1);
}

function whole(saving: Money | undefined): Pick<Verdict, "saving"> {
  return saving ? { saving } : {};
}

function percent(value: number): string {
  return `${formatNumber(Math.round(value * 10) / 10)}%`;
}

function daysOf(hours: number): string {
  const days = Math.floor(hours / 24);
  return `${days} days`;
}
