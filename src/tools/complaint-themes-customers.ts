import type { Receipt } from "../core/fact.ts";
import type { FeedRecord } from "../core/records.ts";
import type { ToolContext } from "../core/tool.ts";
import { CUSTOMER_LABELS } from "./complaint-themes-read.ts";
import { readRecords } from "./record-question.ts";

/** What customers pay, as far as it is known. */
export interface CustomerWorth {
  /** Monthly revenue of the customer a ticket names; undefined when it names none or nobody knows. */
  of(ticket: FeedRecord): { id: string; mrr: number } | undefined;
  /** Mean of the customers who pay. */
  mean: number;
  currency: string | undefined;
  receipts: readonly Receipt[];
}

/** From customer records with `mrr`, by id, account or name. undefined when no source has it: then revenue is left out, never taken as zero. */
export async function customerWorth(context: ToolContext): Promise<CustomerWorth | undefined> {
  const reading = await readRecords("customers", {}, context, []);
  const byName = new Map<string, { id: string; mrr: number }>();
  let sum = 0;
  let n = 0;
  for (const { id, title, labels, numbers, times } of reading.records) {
    const { mrr } = numbers;
    if (mrr === undefined || !Number.isFinite(mrr) || mrr <= 0 || (times.ended && times.ended <= context.now)) continue;
    sum += mrr;
    n += 1;
    for (const name of [id, title, labels.account, labels.name, labels.customer]) if (name) byName.set(name.toLowerCase(), { id, mrr });
  }
  if (n === 0) return undefined;
  return {
    of({ labels }) {
      const name = CUSTOMER_LABELS.map((label) => labels[label]).find((value) => value !== undefined);
      return name === undefined ? undefined : byName.get(name.toLowerCase());
    },
    mean: sum / n,
    currency: await currencyOf(reading.sources, context),
    receipts: reading.receipts,
  };
}

async function currencyOf(sources: readonly string[], context: ToolContext): Promise<string | undefined> {
  for (const feed of context.feeds.filter((f) => sources.includes(f.name))) {
    const about = await feed.describe(context.signal, "names").catch(() => undefined);
    const unit = about?.measures.find((m) => m.name === "mrr")?.unit;
    if (unit && /^[A-Z]{3}$/.test(unit)) return unit;
  }
  return undefined;
}
