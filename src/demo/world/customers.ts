import { addDays, addMonths, fields } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import { growth, seconds } from "./calendar.ts";
import { Chance } from "./chance.ts";
import { type Fixed, live, reason } from "./customer-course.ts";
import type { Frame } from "./frame.ts";
import { BOT } from "./people.ts";
import { customerName } from "./text/names.ts";
import type { Customer, Region } from "./types.ts";

/**
 * A customer with its whole course, worked out month by month from the first: how much it uses, what it pays, whether it goes.
 * A month takes the same number of draws whatever happens, so that the past does not depend on how far the course is known.
 */
export interface CustomerFate extends Customer {
  /** First month of the course. */
  readonly firstMonth: CivilDate;
  /** Use of the product in each month, 0 to 1. */
  readonly use: readonly number[];
}

const FIRST_MONTH = "2021-01-01";
const STARTS_A_MONTH = 15.5;
const PER_MONTH = 60;

type Segment = Customer["segment"];
type Plan = Customer["plan"];

const REGIONS: readonly (readonly [Region, number, readonly string[]])[] = [
  ["Europe", 0.47, ["NL", "DE", "PT", "ES", "BE", "SE", "PL"]],
  ["North America", 0.27, ["US", "CA"]],
  ["Asia Pacific", 0.17, ["AU", "SG", "NZ", "JP"]],
  ["Latin America", 0.09, ["BR", "CL", "MX"]],
];
const MODULES: Readonly<Record<Segment, readonly string[]>> = {
  terminal: ["berth planning", "gate", "billing", "live video", "reports"],
  haulier: ["gate", "assistant"],
  forwarder: ["gate", "warehouse", "assistant", "reports"],
  depot: ["warehouse", "billing", "reports"],
};
const PRICE: Readonly<Record<Plan, number>> = { Basic: 310, Professional: 1_150, Enterprise: 5_200 };
const SEATS: Readonly<Record<Plan, number>> = { Basic: 5, Professional: 22, Enterprise: 110 };

/** Those who were a customer on some day after `since`. Cancellations after the last month begun are unknown. */
export function customerFates(frame: Frame, lastDay: CivilDate, since: CivilDate): CustomerFate[] {
  const found: CustomerFate[] = [];
  for (let month = FIRST_MONTH, index = 0; month <= lastDay; month = addMonths(month, 1), index++) {
    const count = new Chance(frame.seed, `customers ${month}`).count(STARTS_A_MONTH * growth(seconds(month), 0.1));
    for (let i = 0; i < Math.min(count, PER_MONTH); i++) {
      const fate = course(month, index * PER_MONTH + i, lastDay, frame);
      if (fate.startedOn <= lastDay && (fate.cancelledOn === null || fate.cancelledOn > since)) found.push(fate);
    }
  }
  return found.sort((a, b) => (a.startedOn < b.startedOn ? -1 : a.startedOn > b.startedOn ? 1 : a.id < b.id ? -1 : 1));
}

function course(month: CivilDate, index: number, lastDay: CivilDate, frame: Frame): CustomerFate {
  const id = `C-${String(index + 1000).padStart(4, "0")}`;
  const chance = new Chance(frame.seed, `customer ${id}`);
  const region = chance.weighted(REGIONS.map((r) => [r, r[1]] as const));
  const segment = chance.weighted([
    ["haulier", 0.44],
    ["depot", 0.22],
    ["forwarder", 0.2],
    ["terminal", 0.14],
  ] as const);
  const plan = chance.weighted(planOdds(segment));
  const contract = chance.weighted([
    ["monthly", plan === "Enterprise" ? 0.08 : 0.5],
    ["annual", 0.4],
    ["multi-year", plan === "Enterprise" ? 0.4 : 0.08],
  ] as const);
  const payment = chance.weighted([
    ["card", plan === "Enterprise" ? 0.02 : 0.42],
    ["direct debit", 0.33],
    ["invoice", plan === "Enterprise" ? 0.65 : 0.25],
  ] as const);
  const started = addDays(month, chance.whole(0, 27));
  const seats = Math.max(2, Math.round(chance.around(SEATS[plan], 0.45)));
  const fixed: Fixed = { segment, region: region[0], plan, contract, payment, started, seats };
  const country = chance.pick(region[2]);
  const modules = MODULES[segment].filter((_, i) => i === 0 || chance.happens(0.6));
  const first = Math.round(PRICE[plan] * (0.6 + (0.4 * seats) / SEATS[plan]) * chance.between(0.85, 1.15));
  const lived = live(fixed, first, lastDay, chance);
  const left = lived.cancelledOn;
  return {
    id,
    name: customerName(index, segment),
    segment,
    region: region[0],
    country,
    plan,
    seats,
    cohort: `${month.slice(0, 4)}-Q${Math.ceil(fields(month).month / 3)}`,
    startedOn: started,
    cancelledOn: left,
    cancelReason: left ? reason(fixed, left, lived.use, chance) : null,
    contract,
    payment,
    manager: manager(index, left ?? lastDay, frame),
    mrrHistory: lived.history,
    mrr: lived.history.at(-1)?.mrr ?? first,
    modules,
    nps: lived.nps,
    firstMonth: month,
    use: lived.uses,
  };
}

function planOdds(segment: Segment): readonly (readonly [Plan, number])[] {
  if (segment === "terminal")
    return [
      ["Basic", 0.1],
      ["Professional", 0.4],
      ["Enterprise", 0.5],
    ];
  return [
    ["Basic", segment === "haulier" ? 0.66 : 0.42],
    ["Professional", 0.36],
    ["Enterprise", segment === "haulier" ? 0.02 : 0.1],
  ];
}

/** One manager looks after a customer all the time; the seat is filled by whoever is there at the end. */
function manager(index: number, day: CivilDate, frame: Frame): string {
  const managers = frame.staff.of("success", ["success"], seconds(day));
  return managers[index % managers.length]?.login ?? BOT.login;
}

/** MRR of the customer on a day; 0 when it is none. */
export function mrrOn(customer: Customer, day: CivilDate): number {
  if (day < customer.startedOn || (customer.cancelledOn !== null && day >= customer.cancelledOn)) return 0;
  let mrr = 0;
  for (const step of customer.mrrHistory) {
    if (step.from > day) break;
    mrr = step.mrr;
  }
  return mrr;
}

/** The customer as known at the end of `lastDay`. */
export function cutCustomer(fate: CustomerFate, lastDay: CivilDate): Customer {
  const { firstMonth: _first, use: _use, ...customer } = fate;
  const isGone = customer.cancelledOn !== null && customer.cancelledOn <= addDays(lastDay, 1);
  const nps = customer.nps.filter((n) => n.on <= lastDay);
  return isGone ? { ...customer, nps } : { ...customer, nps, cancelledOn: null, cancelReason: null };
}
