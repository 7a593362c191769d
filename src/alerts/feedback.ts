import type { AnomalyFeedback } from "../analytics/anomalies/feedback.ts";
import { detectorFeedback } from "../analytics/anomalies/said.ts";
import type { AlertFeedback } from "../core/alert.ts";
import type { Signal } from "./signal.ts";

/** What was said of a rule's signs, as the detector takes it. Oldest first: later words win over earlier ones. */
export function anomalyFeedback(feedback: readonly AlertFeedback[], rule: string): AnomalyFeedback[] {
  return feedback
    .filter((given) => given.rule === rule)
    .map(detectorFeedback)
    .reverse();
}

/** A sign grows when it is at least twice as far off as when it was waved through. */
const GROWN = 2;

/** The words that hold a sign back at that time; undefined when none does, or it has grown since. */
export function heldBy(signal: Signal, feedback: readonly AlertFeedback[], at: Date): AlertFeedback | undefined {
  return feedback.find(
    (given) => given.fingerprint === signal.fingerprint && given.until.getTime() > at.getTime() && !hasGrown(signal, given),
  );
}

function hasGrown({ figure }: Signal, { actual }: AlertFeedback): boolean {
  if (actual === undefined || figure?.actual === undefined || actual === 0) return false;
  const usual = figure.expected ?? 0;
  const before = actual - usual;
  return Math.sign(figure.actual - usual) === Math.sign(before) && Math.abs(figure.actual - usual) >= GROWN * Math.abs(before);
}
