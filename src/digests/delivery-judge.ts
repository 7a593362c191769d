import { formatNumber, formatPercent } from "../core/format.ts";

/** What delivery_metrics gives of one period. */
export interface Figures {
  deploymentsPerWeek: number | null;
  leadTimeHours: number | null;
  changeFailureRate: number | null;
  recoveryHours: number | null;
  cycleP50Hours: number | null;
  codingHours: number | null;
  pickupHours: number | null;
  reviewHours: number | null;
  deployHours: number | null;
  mergedPullRequests: number | null;
}

export interface Moved {
  name: "Lead time" | "Cycle time" | "Changes that fail" | "Time to recover" | "Deployments" | "Merged pull requests";
  /** As a part of the week before: 0.5 is half as much again. */
  change: number;
  /** What happened, in two or three words: "lead time shorter". */
  short: string;
  /** The value, and the one before. */
  now: string;
  before: string;
}

/** In nine of ten pairs of weeks that are alike, chance stays within so many standard errors. */
const Z90 = 1.645;
/** A change smaller than that is no news of a week, however sure. */
const WORTH_SAYING = 0.15;
/** Hours beyond which days say it better. */
const DAYS_FROM_HOURS = 48;

/**
 * What moved by more than two alike weeks differ by chance, the most first. Counts are held against Poisson's spread, the share that fails
 * against the two-proportion z test, and medians of hours against 1.25 σ / √n of their logarithms with σ = 1, which is our assumption.
 */
export function movedOf(now: Figures, before: Figures, incidents: number): Moved[] {
  const n = [now.mergedPullRequests ?? 0, before.mergedPullRequests ?? 0] as const;
  const found: (Moved | undefined)[] = [
    moved("Lead time", now.leadTimeHours, before.leadTimeHours, hours, (a, b) => hoursMoved(a, b, n)),
    moved("Cycle time", now.cycleP50Hours, before.cycleP50Hours, hours, (a, b) => hoursMoved(a, b, n)),
    moved("Changes that fail", now.changeFailureRate, before.changeFailureRate, formatPercent, (a, b) =>
      shareMoved(a, b, [now.deploymentsPerWeek ?? 0, before.deploymentsPerWeek ?? 0]),
    ),
    // How many there were the week before is not known here: as many.
    moved("Time to recover", now.recoveryHours, before.recoveryHours, hours, (a, b) => hoursMoved(a, b, [incidents, incidents])),
    moved("Deployments", now.deploymentsPerWeek, before.deploymentsPerWeek, formatNumber, countMoved),
    moved("Merged pull requests", now.mergedPullRequests, before.mergedPullRequests, formatNumber, countMoved),
  ];
  return found.filter((one) => one !== undefined).sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

const SHORT: Readonly<Record<Moved["name"], readonly [more: string, less: string]>> = {
  "Lead time": ["lead time longer", "lead time shorter"],
  "Cycle time": ["cycle time longer", "cycle time shorter"],
  "Changes that fail": ["more changes fail", "fewer changes fail"],
  "Time to recover": ["slower to recover", "faster to recover"],
  Deployments: ["more deployments", "fewer deployments"],
  "Merged pull requests": ["more merged", "fewer merged"],
};

function moved(
  name: Moved["name"],
  now: number | null,
  before: number | null,
  words: (value: number) => string,
  isSure: (now: number, before: number) => boolean,
): Moved | undefined {
  if (now === null || before === null || before === 0) return undefined;
  const change = now / before - 1;
  if (Math.abs(change) < WORTH_SAYING || !isSure(now, before)) return undefined;
  return { name, change, short: SHORT[name][change > 0 ? 0 : 1], now: words(now), before: words(before) };
}

function hoursMoved(now: number, before: number, [n, m]: readonly [number, number]): boolean {
  return now > 0 && before > 0 && Math.abs(Math.log(now / before)) > Z90 * 1.25 * Math.sqrt(1 / n + 1 / m);
}

function shareMoved(now: number, before: number, [n, m]: readonly [number, number]): boolean {
  const pooled = (now * n + before * m) / (n + m);
  return Math.abs(now - before) > Z90 * Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
}

function countMoved(now: number, before: number): boolean {
  return Math.abs(now - before) > Z90 * Math.sqrt(now + before);
}

export interface Step {
  name: string;
  hours: number;
  before: number | null;
}

/** The parts of a change's way, from the first commit to production; those that are known. */
export function stepsOf(now: Figures, before: Figures): Step[] {
  return (
    [
      ["coding", now.codingHours, before.codingHours],
      ["waiting for the first review", now.pickupHours, before.pickupHours],
      ["in review", now.reviewHours, before.reviewHours],
      ["waiting for deployment", now.deployHours, before.deployHours],
    ] as const
  ).flatMap(([name, value, was]) => (value === null ? [] : [{ name, hours: value, before: was }]));
}

/** "26.4 hours", "2.1 days" */
export function hours(value: number): string {
  return value >= DAYS_FROM_HOURS
    ? `${formatNumber(Math.round(value / 2.4) / 10)} days`
    : `${formatNumber(Math.round(value * 10) / 10)} hours`;
}
