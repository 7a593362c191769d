import { addDays, addMonths, daysBetween, fromInstant, startOf } from "../../core/civil-date.ts";
import type { CivilDate, Period } from "../../core/fact.ts";
import type { Deployment } from "./deployment.ts";

export type FrequencyBand = "daily" | "weekly" | "monthly" | "yearly";

export interface DeploymentFrequency {
  /** Deployments in the period. */
  count: number;
  /** Days with at least one. */
  days: number;
  /** count / length of the period in weeks. */
  perWeek: number;
  /** Four Keys' band; null without a deployment. */
  band: FrequencyBand | null;
  /** Mean count of the calendar weeks that touch the period (Middleware). */
  meanPerCalendarWeek: number;
}

/**
 * How often production is deployed. The count is of distinct deployments by their last end (DevLake). The band follows Four Keys:
 * daily when the median week has deployments on at least 3 days; weekly when most weeks have one; monthly when most months have one.
 * Days and weeks (from Monday) are UTC. Source: dora-team/fourkeys, METRICS.md.
 */
export function deploymentFrequency(deployments: readonly Deployment[], period: Period): DeploymentFrequency {
  const last = new Map<string, Date>();
  for (const { id, finished } of deployments) if (finished > (last.get(id) ?? new Date(0))) last.set(id, finished);
  const ends = [...last.values()].map(fromInstant).filter((day) => day >= period.from && day <= period.to);
  const days = [...new Set(ends)];
  const length = daysBetween(period.from, period.to) + 1;
  const weeks = bucketsOf(period, "week");
  return {
    count: ends.length,
    days: days.length,
    perWeek: (ends.length / length) * 7,
    band: ends.length === 0 ? null : bandOf(days, weeks, bucketsOf(period, "month")),
    meanPerCalendarWeek: ends.length / weeks.length,
  };
}

function bandOf(days: readonly CivilDate[], weeks: readonly CivilDate[], months: readonly CivilDate[]): FrequencyBand {
  const perWeek = weeks.map((week) => days.filter((day) => startOf("week", day) === week).length).sort((a, b) => a - b);
  if (medianOf(perWeek) >= 3) return "daily";
  if (mostHave(perWeek)) return "weekly";
  return mostHave(months.map((month) => days.filter((day) => startOf("month", day) === month).length)) ? "monthly" : "yearly";
}

function bucketsOf({ from, to }: Period, unit: "week" | "month"): CivilDate[] {
  const buckets: CivilDate[] = [];
  for (let day = startOf(unit, from); day <= to; day = unit === "week" ? addDays(day, 7) : addMonths(day, 1)) buckets.push(day);
  return buckets;
}

function mostHave(counts: readonly number[]): boolean {
  return counts.filter((count) => count >= 1).length * 2 >= counts.length;
}

/** Of an ordered list. */
function medianOf(ordered: readonly number[]): number {
  const middle = ordered.length / 2;
  return ((ordered[Math.floor(middle)] ?? 0) + (ordered[Math.ceil(middle) - 1] ?? 0)) / 2;
}
