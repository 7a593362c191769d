import { formatMoney } from "../../../core/format.ts";
import { LIST } from "./list-prices.ts";
import { hourWords, type Prices, type UnitPrice } from "./prices.ts";
import { HOURS_A_MONTH, type Money, type Resource } from "./resource.ts";

/**
 * What a resource costs in a month of 730 hours at on-demand prices: an estimate from unit prices, since no bill names single
 * resources. A database is counted without its storage and backups. undefined where no price is known.
 */
export function worthOf(resource: Resource, prices: Prices, bundles: Readonly<Record<string, number>>): Money | undefined {
  switch (resource.kind) {
    case "instances":
      return resource.state === "running" ? machine(prices.hour(EC2, boxUsage, resource.type ?? "", resource.region)) : undefined;
    case "databases":
      return database(resource, prices);
    case "volumes":
      return volume(resource, prices);
    case "addresses":
      return machine(
        prices.unit(VPC, "PublicIPv4:IdleAddress", resource.region) ??
          prices.unit(VPC, "PublicIPv4:InUseAddress", resource.region) ??
          list(LIST.addressHour),
      );
    case "buckets":
      return bucket(resource, prices);
    case "zones":
      return { amount: LIST.zone, currency: "USD", basis: `${formatMoney(LIST.zone, "USD")} a zone, list price`, source: "list" };
    case "lightsail": {
      const price = bundles[resource.type ?? ""];
      return price === undefined
        ? undefined
        : { amount: price, currency: "USD", basis: `price of the bundle ${resource.type}`, source: "list" };
    }
  }
}

export const EC2 = /Elastic Compute Cloud|^EC2/;
const VPC = /Virtual Private Cloud|Elastic Compute Cloud|^EC2/;
export const RDS = /Relational Database Service/;
const S3 = /Simple Storage Service/;

function boxUsage(type: string): string {
  return `BoxUsage:${type}`;
}

/** As the bill writes classes: "db.r6g.2xl". */
function short(type: string): string {
  return type.replace(/xlarge$/, "xl");
}

function machine(price: UnitPrice | undefined): Money | undefined {
  if (!price) return undefined;
  const { amount, currency, basis, source } = price;
  return { amount: amount * HOURS_A_MONTH, currency, basis: `${hourWords(price)}, ${basis}`, source };
}

/** A standby in another zone costs the same again. */
function database({ type = "", region, multiZone }: Resource, prices: Prices): Money | undefined {
  const both = multiZone ? prices.unit(RDS, `Multi-AZUsage:${short(type)}`, region) : undefined;
  if (both) return machine(both);
  const one = machine(prices.hour(RDS, (name) => `InstanceUsage:${short(name)}`, type, region));
  return one && multiZone ? { ...one, amount: 2 * one.amount, basis: `${one.basis}, twice for its standby` } : one;
}

function volume({ type = "", region, sizeGb }: Resource, prices: Prices): Money | undefined {
  if (sizeGb === undefined) return undefined;
  const usage = type === "standard" ? "EBS:VolumeUsage" : `EBS:VolumeUsage.${type}`;
  const price = prices.unit(EC2, usage, region) ?? list(LIST.volumeGb[type]);
  return price && stored(sizeGb, price);
}

function bucket({ sizeGb = 0, coldGb = 0, region }: Resource, prices: Prices): Money | undefined {
  const warm = stored(sizeGb - coldGb, prices.unit(S3, "TimedStorage-ByteHrs", region) ?? list(LIST.bucketGb) ?? NO_PRICE);
  const cold = coldGb * LIST.coldGb;
  if (cold === 0) return warm;
  return { ...warm, amount: warm.amount + cold, basis: `${warm.basis}; colder classes at ${formatMoney(LIST.coldGb, "USD")}` };
}

function stored(gb: number, price: UnitPrice): Money {
  const { amount, currency, basis, source } = price;
  return { amount: gb * amount, currency, basis: `${formatMoney(amount, currency)} a GB and month, ${basis}`, source };
}

const NO_PRICE: UnitPrice = { amount: 0, currency: "USD", basis: "price not known", source: "list" };

function list(amount: number | undefined): UnitPrice | undefined {
  return amount === undefined ? undefined : { amount, currency: "USD", basis: "list price in us-east-1", source: "list" };
}
