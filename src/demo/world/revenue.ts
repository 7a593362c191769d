import { addDays, addMonths, endOf, startOf } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import { activity, seconds, secondsOf } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { type CustomerFate, mrrOn } from "./customers.ts";
import type { Frame } from "./frame.ts";
import type { IncidentFate } from "./incidents.ts";
import type { Customer, CustomerMonth, Region, RevenueDay, RevenueMonth, Ticket } from "./types.ts";

/** Revenue from the customers' own courses: the days add up to what they pay, the months reconcile. */

const REGIONS: readonly Region[] = ["Europe", "North America", "Asia Pacific", "Latin America"];
const PLANS: readonly Customer["plan"][] = ["Basic", "Professional", "Enterprise"];

export function revenueOf(day: CivilDate, customers: readonly CustomerFate[], seed: number): RevenueDay[] {
  const days = Number(endOf("month", day).slice(8));
  const chance = new Chance(seed, `revenue ${day}`);
  const sums = new Map<string, { mrr: number; count: number }>();
  for (const customer of customers) {
    const mrr = mrrOn(customer, day);
    if (mrr === 0) continue;
    const key = `${customer.region} ${customer.plan}`;
    const sum = sums.get(key) ?? { mrr: 0, count: 0 };
    sum.mrr += mrr;
    sum.count += 1;
    sums.set(key, sum);
  }
  return REGIONS.flatMap((region) =>
    PLANS.map((plan) => {
      const { mrr, count } = sums.get(`${region} ${plan}`) ?? { mrr: 0, count: 0 };
      const load = 0.35 + 0.65 * activity(seconds(day));
      const usage = (mrr / days) * 0.11 * load * chance.around(1, 0.08);
      const refunds = chance.happens(0.05) ? mrr * 0.004 * chance.next() : 0;
      return { day, region, plan, subscription: cents(mrr / days), usage: cents(usage), refunds: cents(refunds), customers: count };
    }),
  );
}

/** Whole months only, each from its own first day to the next. */
export function revenueMonths(frame: Frame, customers: readonly CustomerFate[]): RevenueMonth[] {
  const months: RevenueMonth[] = [];
  for (let month = addMonths(startOf("month", frame.from), 1); addMonths(month, 1) <= frame.today; month = addMonths(month, 1))
    for (const region of REGIONS)
      for (const plan of PLANS)
        months.push(
          revenueMonth(
            month,
            region,
            plan,
            customers.filter((c) => c.region === region && c.plan === plan),
          ),
        );
  return months;
}

function revenueMonth(month: CivilDate, region: Region, plan: Customer["plan"], customers: readonly CustomerFate[]): RevenueMonth {
  const before = addDays(month, -1);
  const last = endOf("month", month);
  const sums = { opening: 0, added: 0, expansion: 0, contraction: 0, churned: 0 };
  for (const customer of customers) {
    const from = mrrOn(customer, before);
    const to = mrrOn(customer, last);
    sums.opening += from;
    if (from === 0) sums.added += to;
    else if (to === 0) sums.churned += from;
    else if (to > from) sums.expansion += to - from;
    else sums.contraction += from - to;
  }
  return { month, region, plan, ...sums, closing: sums.opening + sums.added + sums.expansion - sums.contraction - sums.churned };
}

/** Services a customer works with, by segment: their trouble is its downtime. */
const RELIES_ON: Readonly<Record<Customer["segment"], readonly string[]>> = {
  haulier: ["gate-api", "haulier-portal", "identity"],
  depot: ["depot-api", "web-app", "identity"],
  forwarder: ["gate-api", "depot-api", "web-app", "identity"],
  terminal: ["berth-planner", "view-player", "web-app", "identity"],
};

export function customerMonthsOf(
  month: CivilDate,
  customers: readonly CustomerFate[],
  tickets: ReadonlyMap<string, readonly Ticket[]>,
  incidents: readonly IncidentFate[],
  frame: Frame,
): CustomerMonth[] {
  const end = addMonths(month, 1);
  const bad = incidents.filter((i) => i.severity <= 2 && i.openedAt.slice(0, 10) >= month && i.openedAt.slice(0, 10) < end);
  return customers
    .filter((c) => c.startedOn < end && c.startedOn < frame.today && (c.cancelledOn === null || c.cancelledOn > month))
    .map((customer) => customerMonth(month, end, customer, tickets.get(customer.id) ?? [], bad, frame));
}

function customerMonth(
  month: CivilDate,
  end: CivilDate,
  customer: CustomerFate,
  tickets: readonly Ticket[],
  bad: readonly IncidentFate[],
  frame: Frame,
): CustomerMonth {
  const chance = new Chance(frame.seed, `use ${customer.id} ${month}`);
  const index =
    (Number(month.slice(0, 4)) - Number(customer.firstMonth.slice(0, 4))) * 12 +
    Number(month.slice(5, 7)) -
    Number(customer.firstMonth.slice(5, 7));
  const use = customer.use[index] ?? 0;
  // The month under way has only come so far.
  const done = end <= frame.today ? 1 : (Number(addDays(frame.today, -1).slice(8)) || 1) / Number(endOf("month", month).slice(8));
  const activeUsers = Math.max(1, Math.round(customer.seats * Math.min(1, use * chance.around(1.05, 0.08))));
  const down = bad
    .filter((i) => RELIES_ON[customer.segment].includes(i.service) && (i.region === null || i.region === customer.region))
    .reduce((sum, i) => sum + (secondsOf(i.resolvedAt ?? i.openedAt) - secondsOf(i.openedAt)) * (i.severity === 1 ? 1 : 0.25), 0);
  return {
    customer: customer.id,
    month,
    activeUsers,
    logins: Math.round(activeUsers * 21 * chance.around(0.8, 0.15) * done),
    movements: Math.round(customer.seats * 140 * use * chance.around(1, 0.12) * done),
    adoption: Math.round(Math.min(1, 0.25 + 0.8 * use) * 100) / 100,
    tickets: tickets.filter((t) => t.createdAt.slice(0, 10) >= month && t.createdAt.slice(0, 10) < end).length,
    uptime: Math.round((100 - (down / (30 * 86_400)) * 100) * 1000) / 1000,
  };
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
