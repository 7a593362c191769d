import { clock, instant } from "./calendar.ts";
import { SERVICES } from "./catalogue.ts";
import { Chance } from "./chance.ts";
import type { Instance, Volume } from "./types.ts";

/** Machines and their disks. */

const PRICES: Readonly<Record<string, number>> = {
  "t3.medium": 30,
  "m6i.large": 70,
  "m6i.xlarge": 140,
  "m6i.2xlarge": 280,
  "m6i.4xlarge": 561,
  "c6i.2xlarge": 248,
  "c6i.4xlarge": 496,
  "r6i.xlarge": 184,
  "r6i.2xlarge": 368,
  "g4dn.xlarge": 384,
};
const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"] as const;
const GB_MONTH = 0.08;

export function instances(seed: number): Instance[] {
  const onAws = SERVICES.filter((s) => s.host === "aws" && s.kind !== "mobile");
  const production = onAws.flatMap((service) =>
    REGIONS.slice(0, service.tier === 1 ? 3 : 2).flatMap((region, r) =>
      Array.from({ length: service.tier === 1 ? 4 - r : 3 - r }, (_, i) => {
        const account = service.team === "data" ? "data-platform" : "production";
        const type = service.kind === "worker" ? "c6i.2xlarge" : service.tier === 1 ? "m6i.2xlarge" : "m6i.xlarge";
        return instance(`${service.name}-${region}-${"abcd"[i] ?? "a"}`, type, account, region, service.team, service.name, seed);
      }),
    ),
  );
  const staging = onAws.map((s) => instance(`${s.name}-staging`, "m6i.large", "staging", "eu-west-1", s.team, s.name, seed));
  return [
    ...production,
    ...staging,
    instance("batch-1", "m6i.4xlarge", "data-platform", "us-east-1", "data", null, seed),
    instance("batch-2", "m6i.4xlarge", "data-platform", "us-east-1", "data", null, seed),
    waste(
      instance("report-render-old", "m6i.2xlarge", "data-platform", "eu-west-1", "data", null, seed),
      "idle",
      1.4,
      "Mean processor 1.4% for 14 days; its jobs moved to Railway.",
    ),
    waste(
      instance("depot-migration-helper", "r6i.2xlarge", "production", "eu-west-1", "depot", null, seed),
      "idle",
      0.9,
      "Mean processor 0.9% for 14 days; last sign-in half a year ago.",
    ),
    waste(
      instance("video-transcode-spare", "c6i.4xlarge", "production", "us-east-1", "view", null, seed),
      "idle",
      2.2,
      "Mean processor 2.2% for 14 days; made as a spare for a fair.",
    ),
    waste(
      instance("load-test-1", "c6i.4xlarge", "staging", "eu-west-1", null, null, seed),
      "stopped",
      0,
      "Stopped for months; its disks are still paid for.",
    ),
    waste(
      instance("gpu-trial", "g4dn.xlarge", "sandbox", "us-east-1", null, null, seed),
      "stopped",
      0,
      "Stopped since the trial; its disk is still paid for.",
    ),
    waste(
      instance("billing-run", "m6i.4xlarge", "production", "us-east-1", "billing", "billing-engine", seed),
      "oversized",
      6.5,
      "Highest hour 18% in 14 days; half the size would do.",
    ),
    waste(
      instance("search-warmup", "r6i.2xlarge", "production", "us-east-1", "platform", null, seed),
      "oversized",
      8.1,
      "Highest hour 21% in 14 days; half the size would do.",
    ),
    waste(
      instance("events-replay", "m6i.4xlarge", "data-platform", "eu-west-1", "data", null, seed),
      "oversized",
      7.3,
      "Highest hour 24% in 14 days; half the size would do.",
    ),
  ];
}

function instance(
  name: string,
  type: string,
  account: string,
  region: string,
  team: string | null,
  service: string | null,
  seed: number,
): Instance {
  const chance = new Chance(seed, `instance ${name}`);
  const environment = account === "staging" || account === "sandbox" ? account : "production";
  const cpu = service ? (environment === "staging" ? chance.between(5, 12) : chance.between(24, 58)) : chance.between(30, 50);
  return {
    kind: "instance",
    id: `i-0${chance.hex(16)}`,
    name,
    account,
    region,
    type,
    state: "running",
    platform: "linux",
    service,
    zone: `${region}${"abc"[chance.whole(0, 2)] ?? "a"}`,
    tags: { Name: name, ...(team ? { team, environment } : {}), ...(service ? { service } : {}) },
    createdAt: instant(clock("2022-01-10", "09:00") + chance.whole(0, 800) * 86_400),
    monthlyCost: PRICES[type] ?? 0,
    finding: null,
    cpuAverage: round(cpu),
    cpuPeak: round(Math.min(97, cpu * 1.7 + 8)),
    networkBytesPerDay: Math.round(chance.around(9e9, 0.7)),
  };
}

function waste(machine: Instance, kind: "idle" | "oversized" | "stopped", cpu: number, reason: string): Instance {
  const isStopped = kind === "stopped";
  const saving = kind === "oversized" ? machine.monthlyCost / 2 : machine.monthlyCost;
  return {
    ...machine,
    state: isStopped ? "stopped" : "running",
    monthlyCost: isStopped ? 0 : machine.monthlyCost,
    cpuAverage: cpu,
    cpuPeak: round(cpu * 2.9 + 1),
    networkBytesPerDay: isStopped ? 0 : Math.round(machine.networkBytesPerDay / (kind === "idle" ? 400 : 6)),
    finding: { kind, reason, monthlySaving: isStopped ? 0 : saving },
  };
}

export function volumes(machines: readonly Instance[], seed: number): Volume[] {
  const attached = machines.map((m) => volume(`${m.name}-root`, m.type.includes("4xlarge") ? 500 : 80, m, m.account, m.region, seed));
  const orphans = [
    "old-booking-db",
    "tide-archive",
    "camera-cache",
    "fair-demo",
    "restore-2024",
    "scanner-builds",
    "kafka-old-1",
    "kafka-old-2",
    "kafka-old-3",
  ].map((name, i) =>
    volume(name, 200 + ((i * 37) % 9) * 150, null, i > 5 ? "data-platform" : "production", REGIONS[i % 3] ?? "us-east-1", seed),
  );
  return [...attached, ...orphans];
}

function volume(name: string, sizeGb: number, machine: Instance | null, account: string, region: string, seed: number): Volume {
  const chance = new Chance(seed, `volume ${name}`);
  const monthlyCost = Math.round(sizeGb * GB_MONTH * 100) / 100;
  return {
    kind: "volume",
    id: `vol-0${chance.hex(16)}`,
    name,
    account,
    region,
    type: chance.happens(0.3) ? "gp2" : "gp3",
    sizeGb,
    instance: machine?.id ?? null,
    tags: machine ? { Name: name, ...(machine.tags.team ? { team: machine.tags.team } : {}) } : { Name: name },
    createdAt: machine?.createdAt ?? instant(clock("2023-02-06", "10:00") + chance.whole(0, 500) * 86_400),
    monthlyCost,
    finding: machine ? null : { kind: "unattached", reason: "Attached to no machine.", monthlySaving: monthlyCost },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
