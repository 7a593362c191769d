import { during } from "../story.ts";
import { activity, DAY, dayOf, growth, HOUR, instant, weekOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import type { CustomerFate } from "./customers.ts";
import { type Frame, LEAD, shownFrom } from "./frame.ts";
import { PLACES, PRODUCTS } from "./text/tickets.ts";
import type { Instant, StockIssue } from "./types.ts";

/** Differences between the warehouse and its screen. A doubled scan of the story raises them sixfold. */

const PER_WEEK = 200;
const USUAL: readonly (readonly [StockIssue["cause"], StockIssue["kind"], number])[] = [
  ["late scan", "missing scan", 0.34],
  ["labelling", "count differs", 0.2],
  ["handling", "count differs", 0.18],
  ["master data", "duplicate receipt", 0.14],
  ["late scan", "negative stock", 0.08],
  ["handling", "expired batch", 0.06],
];

export function stockFates(frame: Frame, customers: readonly CustomerFate[]): StockIssue[] {
  const depots = customers.filter((c) => c.modules.includes("warehouse"));
  const fates: StockIssue[] = [];
  let week = 0;
  let rank = 0;
  for (let day = shownFrom(frame, LEAD.weeks); day < frame.now; day += DAY) {
    if (weekOf(day) !== week) [week, rank] = [weekOf(day), 0];
    const date = dayOf(day);
    const here = depots.filter((c) => c.startedOn <= date && (c.cancelledOn === null || c.cancelledOn > date));
    const chance = new Chance(frame.seed, `stock ${date}`);
    const drift = during("stock-drift", date);
    const usual = 2.1 * Math.max(0.25, activity(day)) * growth(day, 0.08);
    const drafts = [...Array(chance.count(usual)).fill(false), ...Array(drift ? chance.count(usual * 5.2) : 0).fill(true)] as boolean[];
    for (const isDrift of drafts) {
      rank += 1;
      if (here.length > 0 && rank <= PER_WEEK)
        fates.push(stockIssue(`ST-${week * PER_WEEK + rank}`, chance.pick(here), day, isDrift, chance));
    }
  }
  return fates.sort((a, b) => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1));
}

function stockIssue(id: string, customer: CustomerFate, day: number, isDrift: boolean, chance: Chance): StockIssue {
  const [cause, kind] = isDrift
    ? (["scanner release", chance.pick(["duplicate receipt", "count differs", "negative stock"] as const)] as const)
    : chance.weighted(USUAL.map((entry) => [entry, entry[2]] as const));
  const opened = day + chance.whole(6 * HOUR, 19 * HOUR);
  const quantity = Math.max(1, Math.round(chance.around(isDrift ? 14 : 6, 0.9)));
  return {
    id,
    customer: customer.id,
    warehouse: chance.pick(PLACES),
    sku: `SKU-${chance.whole(10_000, 99_999)}`,
    product: chance.pick(PRODUCTS),
    kind,
    openedAt: instant(opened),
    resolvedAt: instant(opened + Math.round(chance.around(isDrift ? 40 : 11, 0.8) * HOUR)),
    quantity,
    value: Math.round(quantity * chance.around(130, 0.8)),
    cause,
    ticket: null,
  };
}

export function cutStock(fate: StockIssue, now: Instant, ticket: string | null): StockIssue {
  return { ...fate, resolvedAt: fate.resolvedAt !== null && fate.resolvedAt < now ? fate.resolvedAt : null, ticket };
}
