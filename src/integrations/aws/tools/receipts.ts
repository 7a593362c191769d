import { fromInstant } from "../../../core/civil-date.ts";
import type { Period, Receipt } from "../../../core/fact.ts";
import { plainWords } from "../../../core/text.ts";
import { quoteForeign } from "../../../errors.ts";
import { type Cached, stampOf } from "../../http.ts";
import type { AwsClient } from "../client.ts";
import type { Meter } from "../costs/explorer.ts";
import type { Prices } from "../inventory/prices.ts";
import type { Inventory } from "../inventory/read.ts";
import { USE_DAYS } from "../inventory/resource.ts";

export function inventoryReceipt(client: AwsClient, inventory: Inventory, prices: Prices, meter: Meter): Receipt {
  const { estates, parts, truncated, notes } = inventory;
  const stamp = stampOf(...parts);
  const places = estates.map(({ account, regions }) => `${account.name} (${regions.join(", ")})`).join("; ");
  return {
    ...stamp,
    id: `aws-inventory-${fromInstant(client.now())}`,
    source: "AWS",
    query: clean(`resources of ${places}, with their use over ${USE_DAYS} days`),
    ...(truncated.length > 0 ? { truncated: clean(truncated.join("; ")) } : {}),
    notes: [
      ...(stamp.notes ?? []),
      ...notes.map(clean),
      prices.cached
        ? "Money is an estimate: unit prices from the last 30 days of the bill, else list prices, for 730 hours a month; commitments and discounts may make it less."
        : `Money is an estimate from list prices of us-east-1, because the bill ${prices.unread ? "could not be read just now" : "may not be seen"}.`,
      ...requestNote(meter),
    ],
    ...(client.settings.AWS_ENDPOINT_URL ? {} : { url: "https://console.aws.amazon.com/resource-explorer/home" }),
  };
}

export interface SavingsAsked {
  id: string;
  query: string;
  window?: Period;
  notes: readonly string[];
  truncated: readonly string[];
}

export function savingsReceipt(
  client: AwsClient,
  parts: readonly [Cached<unknown>, ...Cached<unknown>[]],
  { id, query, window, notes, truncated }: SavingsAsked,
  meter: Meter,
): Receipt {
  const stamp = stampOf(...parts);
  return {
    ...stamp,
    id,
    source: "AWS Cost Explorer",
    query,
    ...(window ? { window } : {}),
    ...(truncated.length > 0 ? { truncated: clean(truncated.join("; ")) } : {}),
    notes: [...(stamp.notes ?? []), ...notes.map(clean), ...requestNote(meter)],
    ...(client.settings.AWS_ENDPOINT_URL ? {} : { url: "https://console.aws.amazon.com/cost-management/home#/savings-plans/overview" }),
  };
}

function requestNote({ requests }: Meter): string[] {
  if (requests === 0) return [];
  return [`${requests} ${requests === 1 ? "request" : "requests"} to Cost Explorer ($${(requests / 100).toFixed(2)})`];
}

/** Account names are other people's words. */
function clean(text: string): string {
  return plainWords(quoteForeign(text));
}
