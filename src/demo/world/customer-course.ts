import { addDays, addMonths, daysBetween, startOf } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import { eventRound, roundOf } from "../story.ts";
import type { Chance } from "./chance.ts";
import type { Customer } from "./types.ts";

interface Course {
  use: number;
  mrr: number;
  history: { from: CivilDate; mrr: number }[];
  uses: number[];
  nps: { on: CivilDate; score: number }[];
  cancelledOn: CivilDate | null;
}

/** What does not change about a customer. */
export type Fixed = Pick<Customer, "segment" | "region" | "plan" | "contract" | "payment"> & { started: CivilDate; seats: number };

/** Month by month, each with the same number of draws. */
export function live(fixed: Fixed, firstMrr: number, lastDay: CivilDate, chance: Chance): { use: number } & Omit<Course, "mrr"> {
  const course: Course = {
    use: chance.between(0.4, 0.85),
    mrr: firstMrr,
    history: [{ from: fixed.started, mrr: firstMrr }],
    uses: [],
    nps: [],
    cancelledOn: null,
  };
  const home = chance.between(0.35, 0.8);
  for (
    let month = startOf("month", fixed.started), age = 0;
    month <= lastDay && course.cancelledOn === null;
    month = addMonths(month, 1), age++
  )
    liveMonth(course, fixed, home, month, age, {
      change: chance.next(),
      size: chance.next(),
      score: chance.normal(),
      drift: chance.normal(),
      leave: chance.next(),
      day: chance.whole(0, 26),
    });
  return { ...course, uses: course.uses };
}

interface Draws {
  change: number;
  size: number;
  score: number;
  drift: number;
  leave: number;
  day: number;
}

function liveMonth(course: Course, fixed: Fixed, home: number, month: CivilDate, age: number, draws: Draws): void {
  const hurt = harm(fixed, month);
  course.use = Math.min(1, Math.max(0.02, course.use + 0.12 * (home - course.use) + 0.06 * draws.drift - 0.05 * hurt));
  course.uses.push(Math.round(course.use * 1000) / 1000);
  reprice(course, month, age, draws);
  if (age % 6 === 4 && draws.change < 0.7)
    course.nps.push({
      on: addDays(month, draws.day),
      score: Math.min(10, Math.max(0, Math.round(3.2 + 7 * course.use - hurt + 1.4 * draws.score))),
    });
  if (age > 0 && draws.leave < leaving(fixed, course.use, age, hurt)) course.cancelledOn = addDays(month, draws.day + 1);
}

/** Prices rise by 4% each January; some customers grow, a few shrink. */
function reprice(course: Course, month: CivilDate, age: number, { change, size }: Draws): void {
  if (age === 0) return;
  const yearly = month.slice(5, 7) === "01" && age > 6 ? 1.04 : 1;
  const step = change < 0.014 ? 1.08 + 0.35 * size : change > 0.993 ? 0.92 - 0.25 * size : 1;
  if (yearly * step === 1) return;
  course.mrr = Math.round(course.mrr * yearly * step);
  course.history.push({ from: month, mrr: course.mrr });
}

/** How much the story hurts a customer in a month: the outage those in Europe who haul, stock drift the depots a little. */
function harm(fixed: Fixed, month: CivilDate): number {
  return outageHarm(fixed, month) + (fixed.segment === "depot" && monthsSince("stock-drift", month) <= 1 ? 0.3 : 0);
}

function outageHarm({ segment, region, started }: Fixed, month: CivilDate): number {
  if (!isOutageCohort({ segment, region })) return 0;
  const { from } = eventRound("outage", roundOf("outage", addDays(addMonths(month, 1), -1)));
  const days = daysBetween(from, month);
  return started < from && days > 0 && days <= 110 ? 1 : 0;
}

/** Whom the outage met. */
function isOutageCohort({ segment, region }: Pick<Customer, "segment" | "region">): boolean {
  return segment === "haulier" && region === "Europe";
}

function monthsSince(name: "stock-drift", month: CivilDate): number {
  return Math.floor(daysBetween(eventRound(name, roundOf(name, addDays(addMonths(month, 1), -1))).from, month) / 30);
}

/** Chance of leaving in a month. */
function leaving(fixed: Fixed, use: number, age: number, hurt: number): number {
  const months = fixed.contract === "multi-year" ? 36 : 12;
  const isRenewal = age % months === 0;
  const bound = fixed.contract === "monthly" ? 1 : isRenewal ? 5 : hurt >= 1 ? 0.6 : 0.06;
  const logit =
    -5.1 +
    (fixed.payment === "card" ? 0.3 : 0) +
    (fixed.plan === "Basic" ? 0.35 : fixed.plan === "Enterprise" ? -0.5 : 0) +
    (age < 6 ? 0.35 : age > 30 ? -0.3 : 0) -
    4 * (use - 0.55) +
    2 * hurt;
  return bound / (1 + Math.exp(-logit));
}

export function reason(fixed: Fixed, left: CivilDate, use: number, chance: Chance): NonNullable<Customer["cancelReason"]> {
  if (outageHarm(fixed, startOf("month", left)) > 0)
    return chance.weighted([
      ["outages", 0.72],
      ["support", 0.12],
      ["moved to a competitor", 0.16],
    ] as const);
  return chance.weighted([
    ["price", fixed.plan === "Basic" ? 0.3 : 0.2],
    ["missing features", use < 0.4 ? 0.3 : 0.15],
    ["moved to a competitor", 0.2],
    ["business closed", 0.15],
    ["support", 0.08],
    ["outages", 0.05],
  ] as const);
}
