import { median, quantile } from "simple-statistics";
import { type Aged, agingWork } from "../analytics/delivery/aging.ts";
import { changeFailureRate } from "../analytics/delivery/change-failure-rate.ts";
import { deployedChanges } from "../analytics/delivery/deployed-changes.ts";
import type { Deployment } from "../analytics/delivery/deployment.ts";
import { type DeploymentFrequency, deploymentFrequency } from "../analytics/delivery/deployment-frequency.ts";
import { incidentDeployments } from "../analytics/delivery/incident-deployments.ts";
import { type Definition, leadTime } from "../analytics/delivery/lead-time.ts";
import { type PullRequestTimes, pullRequestTimes } from "../analytics/delivery/pull-request-times.ts";
import { recoveryTime } from "../analytics/delivery/recovery-time.ts";
import { type ReviewLoads, reviewLoads } from "../analytics/delivery/review-load.ts";
import { fromInstant } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import type { FeedRecord } from "../core/records.ts";

export interface DeliveryRecords {
  pulls: readonly FeedRecord[];
  deploys: readonly FeedRecord[];
  incidents: readonly FeedRecord[];
}

/** null: the input it needs is missing. Hours, unless said. */
export interface DeliveryFigures {
  frequency: DeploymentFrequency | null;
  lead: number | null;
  failureRate: number | null;
  recovery: number | null;
  /** Of pull requests merged in the period; null where none are known. */
  merged: number | null;
  parts: Readonly<Record<"coding" | "pickup" | "review" | "deploy", number | null>>;
  cycle: { p50: number; p85: number } | null;
  reviews: ReviewLoads;
  open: Aged[];
  /** Days beyond which an open pull request is marked as aging; null with too few finished ones. */
  agingDays: number | null;
  /** Merged changes whose deployment was told by time alone. */
  assumed: number;
  undeployed: number;
}

/** The delivery figures of one period under a named definition, from records of any vendors. */
export function deliveryFigures(records: DeliveryRecords, period: Period, definition: Definition, now: Date): DeliveryFigures {
  const deployments = records.deploys.filter(isProduction).flatMap(deploymentOf);
  const inPeriod = (at: Date | undefined) => at !== undefined && fromInstant(at) >= period.from && fromInstant(at) <= period.to;
  const merged = records.pulls.filter(({ times }) => inPeriod(times.merged));
  const deployed = deployedChanges(merged.flatMap(changeOf), deployments);
  const times = merged.map((pull) => timesOf(pull, deployed.get(pull.id)?.deployment.finished));
  const here = deployments.filter(({ finished }) => inPeriod(finished));
  const incidents = records.incidents.filter(({ times: t }) => inPeriod(t.created));
  const laid = incidentDeployments(incidents.flatMap(failureOf), deployments);
  const resolved = incidents.flatMap(({ id, times: { created, resolved: end } }) =>
    created && end ? [{ created, resolved: end, deployed: laid.get(id)?.finished }] : [],
  );
  const { limitDays, work } = agingWork(
    records.pulls
      .filter(({ labels }) => labels.state === "open")
      .flatMap(({ id, times: { created } }) => (created ? [{ id, started: created }] : [])),
    merged.flatMap(({ times: { created, merged: end } }) => (created && end ? [(end.getTime() - created.getTime()) / DAY_MS] : [])),
    now,
  );
  return {
    frequency: deployments.length === 0 ? null : deploymentFrequency(here, period),
    lead: leadTime(times, definition),
    failureRate: changeFailureRate(
      here.map(({ id }) => id),
      [...laid.values()].map(({ id }) => id),
      definition,
    ),
    recovery: recoveryTime(resolved, definition),
    merged: merged.length,
    parts: {
      coding: medianHours(times, "coding"),
      pickup: medianHours(times, "pickup"),
      review: medianHours(times, "review"),
      deploy: medianHours(times, "deploy"),
    },
    cycle: cycleOf(times),
    reviews: reviewLoads(merged.map(({ labels }) => ({ author: labels.author, reviewers: namesOf(labels.reviewers) }))),
    open: work,
    agingDays: limitDays,
    assumed: [...deployed.values()].filter(({ how }) => how === "time").length,
    undeployed: merged.length - deployed.size,
  };
}

const DAY_MS = 86_400_000;

/** A deployment that names no environment is taken for production: small teams have only that. */
export function isProduction({ labels: { environment = "production", status } }: FeedRecord): boolean {
  return status === "success" && /^prod/i.test(environment);
}

function deploymentOf({ id, at, labels, times }: FeedRecord): Deployment[] {
  const finished = times.finished ?? at;
  if (!finished) return [];
  const commits = labels.commits?.split(",").filter(Boolean);
  return [{ id, finished, service: labels.repository ?? labels.service, ...(commits ? { commits } : {}) }];
}

function changeOf({ id, labels, times }: FeedRecord) {
  return times.merged ? [{ id, merged: times.merged, commit: labels.commit, service: labels.repository }] : [];
}

function failureOf({ id, labels, times: { created } }: FeedRecord) {
  return created ? [{ id, created, deployment: labels.deploy }] : [];
}

function timesOf({ times }: FeedRecord, deployed: Date | undefined): PullRequestTimes {
  const { created, first_commit: firstCommit, first_review: firstReview, merged } = times;
  return pullRequestTimes({ created: created ?? merged ?? new Date(Number.NaN), firstCommit, firstReview, merged, deployed });
}

function medianHours(times: readonly PullRequestTimes[], part: "coding" | "pickup" | "review" | "deploy"): number | null {
  const known = times.flatMap((t) => (t[part] === null ? [] : [t[part]]));
  return known.length === 0 ? null : median(known) / 60;
}

function cycleOf(times: readonly PullRequestTimes[]): DeliveryFigures["cycle"] {
  const known = times.flatMap(({ cycle }) => (cycle === null ? [] : [cycle / 60]));
  return known.length === 0 ? null : { p50: median(known), p85: quantile(known, 0.85) };
}

export function namesOf(joined: string | undefined): string[] {
  return (joined ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
