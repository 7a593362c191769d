import type { FeedRecord } from "../core/records.ts";

/** One service with its golden signals. null is not measured; it is never a zero. */
export interface ServiceSignals {
  service: string;
  now: GoldenSignals;
  before: GoldenSignals;
  /** Share of failed requests per day, for the days that have it. */
  days: readonly { day: string; value: number }[];
  /** Titles of the sources that measured it. */
  sources: readonly string[];
  /** Open ones; null when no source of incidents answered. */
  open: readonly FeedRecord[] | null;
  /** How many began in the period; null likewise. */
  incidents: number | null;
}

export interface GoldenSignals {
  requests: number | null;
  errorRate: number | null;
  /** Milliseconds. */
  p95: number | null;
  apdex: number | null;
}

export const STATES = ["red", "amber", "green", "unknown"] as const;
export type State = (typeof STATES)[number];

export interface Verdict {
  state: State;
  /** Why it is not green, the worst first. */
  reasons: readonly { state: "red" | "amber"; sign: "error rate" | "worst day" | "p95" | "Apdex" | "traffic" | "incident" }[];
}

/**
 * The thresholds, as the answer states them. Error rates of 1 % and 5 % are the usual alerts of the vendors; Apdex below 0.85 is
 * no longer good and below 0.7 poor (apdex.org, technical specification 1.1); a latency has no good value that fits all services,
 * so it is held against the service's own past.
 */
export const LIMITS = {
  errorRate: { amber: 0.01, red: 0.05 },
  /** Against the period before, where the rate is above a thousandth. */
  errorGrowth: { amber: 2, floor: 0.001 },
  /** One day can be bad enough for a whole week: by itself, or many times what was usual. */
  worstDay: { amber: 0.02, red: 0.1, times: 4, floor: 0.005 },
  p95Growth: { amber: 1.5, red: 2.5 },
  apdex: { amber: 0.85, red: 0.7 },
  trafficLeft: { amber: 0.5 },
} as const;

export const LIMIT_WORDS =
  "Red: error rate from 5 % (one day from 10 %), p95 at least 2.5 times the period before, Apdex below 0.7, or an open critical or high incident. " +
  "Amber: error rate from 1 % or doubled, one day from 2 % or four times the usual, p95 at least 1.5 times, Apdex below 0.85, half of the traffic gone, or any open incident.";

export function judge({ now, before, days, open }: ServiceSignals): Verdict {
  const reasons: Verdict["reasons"][number][] = [];
  const add = (sign: Verdict["reasons"][number]["sign"], isRed: boolean, isAmber: boolean) => {
    if (isRed || isAmber) reasons.push({ state: isRed ? "red" : "amber", sign });
  };
  const grave = open?.some(({ labels }) => labels.severity === "critical" || labels.severity === "high") ?? false;
  add("incident", grave, (open?.length ?? 0) > 0);
  if (now.errorRate !== null) {
    const { amber, floor } = LIMITS.errorGrowth;
    const doubled = before.errorRate !== null && now.errorRate >= floor && now.errorRate >= amber * before.errorRate;
    add("error rate", now.errorRate >= LIMITS.errorRate.red, now.errorRate >= LIMITS.errorRate.amber || doubled);
  }
  const worst = Math.max(0, ...days.map(({ value }) => value));
  const { times, floor } = LIMITS.worstDay;
  const unusual = before.errorRate !== null && worst >= floor && worst >= times * before.errorRate;
  add("worst day", worst >= LIMITS.worstDay.red, worst >= LIMITS.worstDay.amber || unusual);
  const slower = now.p95 !== null && before.p95 !== null && before.p95 > 0 ? now.p95 / before.p95 : 0;
  add("p95", slower >= LIMITS.p95Growth.red, slower >= LIMITS.p95Growth.amber);
  if (now.apdex !== null) add("Apdex", now.apdex < LIMITS.apdex.red, now.apdex < LIMITS.apdex.amber);
  const left = now.requests !== null && before.requests !== null && before.requests > 0 ? now.requests / before.requests : 1;
  add("traffic", false, left <= LIMITS.trafficLeft.amber);
  const isMeasured = now.errorRate !== null || now.p95 !== null || now.apdex !== null;
  const state = reasons.some((r) => r.state === "red") ? "red" : reasons.length > 0 ? "amber" : isMeasured ? "green" : "unknown";
  return { state, reasons: reasons.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state)) };
}

/** Worst first: by colour, then by number of reasons, then by error rate, then by name. */
export function worstFirst<T extends ServiceSignals & Verdict>(a: T, b: T): number {
  return (
    STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
    redOnes(b) - redOnes(a) ||
    b.reasons.length - a.reasons.length ||
    (b.now.errorRate ?? -1) - (a.now.errorRate ?? -1) ||
    (a.service < b.service ? -1 : 1)
  );
}

function redOnes({ reasons }: Verdict): number {
  return reasons.filter(({ state }) => state === "red").length;
}
