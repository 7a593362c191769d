import { clock, instant } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { Address, Bucket, HostedZone, Lightsail } from "./types.ts";

/** Buckets, names and small machines. */

const BUCKETS: readonly (readonly [name: string, account: string, region: string, team: string | null, gb: number, lifecycle: boolean])[] =
  [
    ["harbourline-video-renditions", "production", "us-east-1", "view", 88_000, true],
    ["harbourline-video-renditions-eu", "production", "eu-west-1", "view", 61_000, true],
    ["harbourline-video-archive", "production", "us-east-1", "view", 54_000, false],
    ["harbourline-documents", "production", "eu-west-1", "assistant", 9_400, true],
    ["harbourline-invoices", "production", "us-east-1", "billing", 1_300, true],
    ["harbourline-events-raw", "data-platform", "us-east-1", "data", 71_000, true],
    ["harbourline-events-raw-eu", "data-platform", "eu-west-1", "data", 38_000, true],
    ["harbourline-exports", "data-platform", "us-east-1", "data", 12_500, false],
    ["harbourline-backups", "shared-services", "us-east-1", "platform", 27_000, true],
    ["harbourline-log-archive", "shared-services", "eu-west-1", "platform", 19_000, false],
    ["harbourline-trial-models", "sandbox", "us-east-1", null, 2_100, false],
    ["harbourline-terraform-state", "shared-services", "us-east-1", "platform", 2, true],
  ];
const STANDARD = 0.023;
const COLD = 0.004;

export function buckets(seed: number): Bucket[] {
  return BUCKETS.map(([name, account, region, team, sizeGb, lifecycle]) => {
    const chance = new Chance(seed, `bucket ${name}`);
    const cold = lifecycle ? chance.between(0.4, 0.7) : 0;
    const monthlyCost = Math.round(sizeGb * ((1 - cold) * STANDARD + cold * COLD) * 100) / 100;
    const saving = Math.round(sizeGb * 0.7 * (STANDARD - COLD));
    return {
      kind: "bucket",
      id: name,
      name,
      account,
      region,
      tags: team ? { team } : {},
      sizeGb,
      lifecycle,
      monthlyCost,
      createdAt: instant(clock("2020-05-04", "09:00") + chance.whole(0, 1_200) * 86_400),
      objects: Math.round(sizeGb * chance.between(18, 160)),
      storageClasses: { STANDARD: Math.round(sizeGb * (1 - cold)), GLACIER: Math.round(sizeGb * cold) },
      versioning: chance.happens(0.6),
      finding:
        lifecycle || sizeGb < 1_000
          ? null
          : { kind: "no lifecycle", reason: "Nothing ever moves to a colder class.", monthlySaving: saving },
    };
  });
}

export function others(seed: number): (HostedZone | Lightsail | Address)[] {
  return [...zones(seed), ...lightsails(seed), ...addresses(seed)];
}

function zones(seed: number): HostedZone[] {
  const list: readonly (readonly [string, boolean, number])[] = [
    ["harbourline.example", false, 84],
    ["staging.harbourline.example", false, 41],
    ["harbourline.internal", true, 132],
    ["quaylive.example", false, 12],
    ["oldport-demo.example", false, 4],
  ];
  return list.map(([name, isPrivate, records]) => {
    const chance = new Chance(seed, `zone ${name}`);
    const isForgotten = name.startsWith("oldport");
    const queriesPerMonth = isForgotten ? 0 : Math.round(chance.around(24_000_000, 1));
    return {
      kind: "zone",
      id: `Z0${chance.hex(18).toUpperCase()}`,
      name,
      account: "shared-services",
      region: "global",
      tags: { team: "platform" },
      createdAt: instant(clock("2019-02-18", "09:00") + chance.whole(0, 900) * 86_400),
      private: isPrivate,
      records,
      queriesPerMonth,
      monthlyCost: 0.5 + (queriesPerMonth / 1e6) * 0.4,
      finding: isForgotten ? { kind: "idle", reason: "No query in the last month.", monthlySaving: 0.5 } : null,
    };
  });
}

function lightsails(seed: number): Lightsail[] {
  const list: readonly (readonly [string, string, string, number, number])[] = [
    ["marketing-site", "medium_3_0", "wordpress", 24, 7.2],
    ["partner-wiki", "small_3_0", "ubuntu_22_04", 12, 3.4],
    ["fair-2024", "large_3_0", "wordpress", 44, 0.3],
  ];
  return list.map(([name, bundle, blueprint, monthlyCost, cpuAverage]) => {
    const chance = new Chance(seed, `lightsail ${name}`);
    const isIdle = name.startsWith("fair");
    return {
      kind: "lightsail",
      id: `ls-${chance.hex(12)}`,
      name,
      account: "shared-services",
      region: "eu-west-1",
      tags: {},
      bundle,
      blueprint,
      state: "running",
      createdAt: instant(clock("2023-04-03", "12:00") + chance.whole(0, 300) * 86_400),
      monthlyCost,
      cpuAverage,
      finding: isIdle ? { kind: "idle", reason: "The site of a fair that is over; processor 0.3%.", monthlySaving: monthlyCost } : null,
    };
  });
}

function addresses(seed: number): Address[] {
  return Array.from({ length: 4 }, (_, i) => {
    const chance = new Chance(seed, `address ${i}`);
    return {
      kind: "address",
      id: `eipalloc-0${chance.hex(16)}`,
      name: `address-${i + 1}`,
      account: i < 3 ? "production" : "staging",
      region: i % 2 ? "eu-west-1" : "us-east-1",
      tags: {},
      ip: `203.0.113.${40 + i * 7}`,
      instance: null,
      createdAt: instant(clock("2023-06-05", "12:00") + i * 86_400),
      monthlyCost: 3.65,
      finding: { kind: "unattached", reason: "Bound to no machine.", monthlySaving: 3.65 },
    };
  });
}
