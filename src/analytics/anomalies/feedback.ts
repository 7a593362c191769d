import { addDays } from "../../core/civil-date.ts";
import { formatDay } from "../../core/period.ts";

/** What a person said of an anomaly. Days are civil dates, both ends included. */
export type AnomalyFeedback =
  /** It was planned, or is no surprise: it is no alarm, and its days are learned as normal. */
  | { kind: "expected"; series: string; from: string; to: string; by?: string; note?: string }
  /** Not now: no alarm of this series until the day is over, unless it grows to twice what it was. */
  | { kind: "snooze"; series: string; from: string; until: string; by?: string; note?: string };

/** An anomaly that feedback may be about. */
export interface JudgedAnomaly {
  series: string;
  /** First and last day. */
  from: string;
  to: string;
  /** How much more than expected in all, in the unit of the series. */
  excess: number;
}

export interface AfterFeedback<A extends JudgedAnomaly> {
  alarms: A[];
  /** Not alarms any more, each with the reason in words. */
  held: { anomaly: A; reason: string }[];
}

/**
 * Which anomalies are still alarms. Feedback given later wins over earlier. "expected" covers an anomaly that touches its days;
 * "snooze" covers one that begins in its days and is below twice the excess of the anomaly it was said of (the one of that series that
 * holds `from`; any size when there is none). Pure: nothing is remembered here.
 */
export function applyFeedback<A extends JudgedAnomaly>(anomalies: readonly A[], feedback: readonly AnomalyFeedback[]): AfterFeedback<A> {
  const alarms: A[] = [];
  const held: { anomaly: A; reason: string }[] = [];
  for (const anomaly of anomalies) {
    const reason = feedback.findLast((given) => covers(given, anomaly, anomalies));
    if (reason) held.push({ anomaly, reason: reasonOf(reason) });
    else alarms.push(anomaly);
  }
  return { alarms, held };
}

/** The days of a series that were marked as expected, for `DailyOptions.expected`: they are learned, so later days are judged by them. */
export function expectedDays(series: string, feedback: readonly AnomalyFeedback[]): Set<string> {
  const days = new Set<string>();
  for (const given of feedback) {
    if (given.kind !== "expected" || given.series !== series) continue;
    for (let day = given.from; day <= given.to && days.size < MOST_EXPECTED; day = addDays(day, 1)) days.add(day);
  }
  return days;
}

/** Ten years: a range with a wrong year does not go on for ever. */
const MOST_EXPECTED = 3660;

function covers(given: AnomalyFeedback, anomaly: JudgedAnomaly, all: readonly JudgedAnomaly[]): boolean {
  if (given.series !== anomaly.series) return false;
  if (given.kind === "expected") return anomaly.from <= given.to && anomaly.to >= given.from;
  if (anomaly.from > given.until || anomaly.to < given.from) return false;
  const first = all.find((a) => a.series === given.series && a.from <= given.from && a.to >= given.from);
  return first === undefined || first === anomaly || Math.abs(anomaly.excess) < 2 * Math.abs(first.excess);
}

function reasonOf(given: AnomalyFeedback): string {
  const who = given.by ? `${given.by} marked` : "Marked";
  const note = given.note ? `: “${given.note}”` : "";
  if (given.kind === "snooze") return `${who} as “not now” until ${formatDay(given.until)}${note}`;
  return given.from === given.to
    ? `${who} ${formatDay(given.from)} as expected${note}`
    : `${who} ${formatDay(given.from)} to ${formatDay(given.to)} as expected${note}`;
}
