import { mean, median } from "simple-statistics";
import type { PullRequestTimes } from "./pull-request-times.ts";

export type Definition = "devlake" | "four_keys" | "middleware";

/** Seconds from a commit to its deployment, one per commit. */
export interface CommitLead {
  seconds: number;
}

/** Median hours from commit to deployment over commits, only those above zero (Four Keys). null without one. */
export function commitLeadTime(leads: readonly CommitLead[]): number | null {
  const hours = leads.filter(({ seconds }) => seconds > 0).map(({ seconds }) => seconds / 3_600);
  return hours.length === 0 ? null : median(hours);
}

/**
 * Lead time for changes in hours, over merged pull requests that reached production. devlake and four_keys: the median of their cycle
 * time (Four Keys proper counts single commits: `commitLeadTime`). middleware: the mean of coding, pickup, review and deploy time, where
 * a missing part counts as nothing. null without a change that was deployed: an undeployed change is missing, never zero.
 */
export function leadTime(changes: readonly PullRequestTimes[], definition: Definition): number | null {
  const deployed = changes.filter(({ cycle, deploy }) => cycle !== null && deploy !== null);
  if (deployed.length === 0) return null;
  if (definition !== "middleware") return median(deployed.map(({ cycle }) => cycle ?? 0)) / 60;
  return mean(deployed.map(({ coding, pickup, review, deploy }) => (coding ?? 0) + (pickup ?? 0) + (review ?? 0) + (deploy ?? 0))) / 60;
}
