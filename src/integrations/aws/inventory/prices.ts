import { addDays, fromInstant } from "../../../core/civil-date.ts";
import { formatMoney } from "../../../core/format.ts";
import { VendorError } from "../../../errors.ts";
import { type Cached, readPages } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import { endExcluded, explorerPlace, type Meter } from "../costs/explorer.ts";
import { costAnswer } from "../schema.ts";
import { listHour, machineType } from "./list-prices.ts";

/** What a unit costs this company, from its own bill: cost divided by quantity of each usage type in the last 30 complete days. */
export interface Prices {
  /** The price of a usage type in a region, else in another; undefined when the bill has none. */
  unit(service: RegExp, usage: string, region: string): UnitPrice | undefined;
  /** An hour of a machine type: from the bill, from another size in the bill, or from the list. */
  hour(service: RegExp, usage: (type: string) => string, type: string, region: string): UnitPrice | undefined;
  /** Cost of all usage types that hold the words. */
  spent(words: string, region: string): number;
  /** Absent when costs may not be seen, or could not be read. */
  cached?: Cached<unknown>;
  unread?: true;
}

export interface UnitPrice {
  amount: number;
  currency: string;
  /** "in your bill", "in your bill for c6i.2xlarge, twice the size", "list price in us-east-1" */
  basis: string;
  source: "bill" | "list";
}

interface Row {
  service: string;
  usage: string;
  region: string | undefined;
  cost: number;
  quantity: number;
  currency: string;
}

const DAYS = 30;
const KEPT_MS = 6 * 3_600_000;
const MOST_PAGES = 20;
/** What stands in front of usage types outside us-east-1, where mostly nothing does. */
const REGION_CODES: Readonly<Record<string, string>> = {
  USE1: "us-east-1",
  USE2: "us-east-2",
  USW1: "us-west-1",
  USW2: "us-west-2",
  CAN1: "ca-central-1",
  EU: "eu-west-1",
  EUW1: "eu-west-1",
  EUW2: "eu-west-2",
  EUW3: "eu-west-3",
  EUC1: "eu-central-1",
  EUN1: "eu-north-1",
  EUS1: "eu-south-1",
  APN1: "ap-northeast-1",
  APN2: "ap-northeast-2",
  APN3: "ap-northeast-3",
  APS1: "ap-southeast-1",
  APS2: "ap-southeast-2",
  APS3: "ap-south-1",
  SAE1: "sa-east-1",
};

export async function readPrices(client: AwsClient, meter: Meter, signal: AbortSignal): Promise<Prices> {
  const today = fromInstant(client.now());
  const period = { from: addDays(today, -DAYS), to: addDays(today, -1) };
  try {
    const cached = await client.http.cached(`prices ${period.to}`, (inner) => load(client, period, meter, inner), signal, {
      ttlMs: KEPT_MS,
      operation: "GetCostAndUsage",
    });
    return { ...pricesOf(cached.value), cached };
  } catch (error) {
    // What stands in the accounts is known without its price, and list prices remain.
    if (!(error instanceof VendorError) || signal.aborted) throw error;
    const isRefused = error.status === 403 || error.status === 400;
    return { ...pricesOf([]), ...(isRefused ? {} : { unread: true }) };
  }
}

async function load(client: AwsClient, period: { from: string; to: string }, meter: Meter, signal: AbortSignal): Promise<Row[]> {
  const { items } = await readPages(
    async (cursor) => {
      meter.requests += 1;
      const answer = await client.ask(
        {
          ...{ service: "ce" as const, place: explorerPlace(client), action: "ce:GetCostAndUsage" },
          command: "GetCostAndUsage",
          input: {
            TimePeriod: endExcluded(period),
            Granularity: "MONTHLY",
            Metrics: ["UnblendedCost", "UsageQuantity"],
            GroupBy: [
              { Type: "DIMENSION", Key: "SERVICE" },
              { Type: "DIMENSION", Key: "USAGE_TYPE" },
            ],
            // What reservations pay for stands in the bill at no price.
            Filter: { Dimensions: { Key: "RECORD_TYPE", Values: ["Usage", "SavingsPlanCoveredUsage"] } },
            ...(cursor === undefined ? {} : { NextPageToken: cursor }),
          },
        },
        costAnswer,
        signal,
      );
      return { items: answer.ResultsByTime, next: answer.NextPageToken ?? undefined };
    },
    { pages: MOST_PAGES, what: "prices" },
  );
  const rows = new Map<string, Row>();
  for (const { Keys, Metrics } of items.flatMap(({ Groups }) => Groups ?? [])) {
    const [service = "", type = ""] = Keys;
    const { UnblendedCost: cost, UsageQuantity: quantity } = Metrics;
    if (!cost?.Unit || !quantity) continue;
    const key = `${service}\n${type}`;
    const row = rows.get(key) ?? { service, ...placed(type), cost: 0, quantity: 0, currency: cost.Unit };
    row.cost += cost.Amount;
    row.quantity += quantity.Amount;
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** "EUW1-BoxUsage:m6i.large" → BoxUsage:m6i.large in eu-west-1. */
function placed(type: string): { usage: string; region: string | undefined } {
  const [, code, usage = ""] = /^([A-Z]{2,3}[A-Z]?\d?)-(.+)$/.exec(type) ?? [];
  return code === undefined ? { usage: type, region: "us-east-1" } : { usage, region: REGION_CODES[code] };
}

function pricesOf(rows: readonly Row[]): Omit<Prices, "cached"> {
  function unit(service: RegExp, usage: string, region: string): UnitPrice | undefined {
    const able = rows.filter((row) => row.usage === usage && service.test(row.service) && row.quantity > 0 && row.cost > 0);
    const here = able.filter((row) => row.region === region);
    const [row] = (here.length > 0 ? here : able).toSorted((a, b) => b.quantity - a.quantity);
    if (!row) return undefined;
    const where = here.length > 0 ? "" : ` for ${row.region ?? "another region"}`;
    return { amount: row.cost / row.quantity, currency: row.currency, basis: `in your bill${where}`, source: "bill" };
  }

  return {
    unit,
    hour(service, usage, type, region) {
      const own = unit(service, usage(type), region);
      if (own) return own;
      const wanted = machineType(type);
      const sizes = wanted ? [...new Set(rows.filter(({ service: name }) => service.test(name)).map((row) => row.usage))] : [];
      for (const known of sizes) {
        const other = typeIn(known, usage);
        const parts = other === undefined ? undefined : machineType(other);
        if (!wanted || !other || parts?.family !== wanted.family) continue;
        const price = unit(service, known, region);
        const ratio = wanted.weight / parts.weight;
        if (price) return { ...price, amount: price.amount * ratio, basis: `${price.basis} for ${other}, ${timesWords(ratio)}` };
      }
      const list = listHour(type);
      return list === undefined ? undefined : { amount: list, currency: "USD", basis: "list price in us-east-1", source: "list" };
    },
    spent: (words, region) =>
      rows.filter((row) => row.usage.includes(words) && row.region === region).reduce((sum, row) => sum + row.cost, 0),
  };
}

/** The machine type inside a usage type: what stands where `usage` would put it. Databases are written short: "db.r6g.2xl". */
function typeIn(known: string, usage: (type: string) => string): string | undefined {
  const start = usage("");
  if (!known.startsWith(start)) return undefined;
  return known.slice(start.length).replace(/(\d*x)l$/, "$1large");
}

function timesWords(ratio: number): string {
  if (ratio === 2) return "twice the size";
  return ratio >= 1 ? `${ratio} times the size` : `1/${Math.round(1 / ratio)} of the size`;
}

/** "$0.38 an hour" */
export function hourWords({ amount, currency }: UnitPrice): string {
  return `${formatMoney(amount, currency)} an hour`;
}
