import { closeSync, openSync, writeSync } from "node:fs";

/** A bill in FOCUS columns, made up, and what it adds up to. Amounts are whole ten-thousandths, so that the sums are exact. */
export interface Bill {
  /** Dimension as the datasets engine calls it → value → sum in currency units. */
  sums: { service: Map<string, number>; sub_account: Map<string, number> };
  bytes: number;
}

const HEADER = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,RegionId,ServiceName,SubAccountName";
const ACCOUNTS = ["production", "staging", "data-platform", "sandbox", "shared-services"];
const REGIONS = ["eu-west-1", "us-east-1", "ap-south-1"];
const SERVICES = Array.from({ length: 40 }, (_, i) => `Amazon Service ${String(i + 1).padStart(2, "0")}`);
const DAYS = Array.from({ length: 90 }, (_, i) => new Date(Date.UTC(2026, 6, 1 + i)).toISOString().slice(0, 10));
const BLOCK = 20_000;

/** Writes `lines` rows; the same ones each time. */
export function writeBill(path: string, lines: number): Bill {
  const service = new Array<number>(SERVICES.length).fill(0);
  const account = new Array<number>(ACCOUNTS.length).fill(0);
  const next = generator(20_261_121);
  const file = openSync(path, "w");
  let bytes = writeSync(file, `${HEADER}\n`);
  let block: string[] = [];
  for (let i = 0; i < lines; i++) {
    const s = Math.floor(SERVICES.length * next() ** 2);
    const a = Math.floor(ACCOUNTS.length * next());
    const amount = 1 + Math.floor((400_000 / (1 + s)) * next());
    service[s] = (service[s] ?? 0) + amount;
    account[a] = (account[a] ?? 0) + amount;
    const day = DAYS[i % DAYS.length];
    block.push(`${(amount / 10_000).toFixed(4)},USD,Usage,${day},${REGIONS[i % 3]},${SERVICES[s]},${ACCOUNTS[a]}\n`);
    if (block.length === BLOCK || i === lines - 1) {
      bytes += writeSync(file, block.join(""));
      block = [];
    }
  }
  closeSync(file);
  return { sums: { service: inUnits(SERVICES, service), sub_account: inUnits(ACCOUNTS, account) }, bytes };
}

function inUnits(names: readonly string[], sums: readonly number[]): Map<string, number> {
  return new Map(names.map((name, i) => [name, (sums[i] ?? 0) / 10_000]));
}

/** Numbers from 0 to below 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
