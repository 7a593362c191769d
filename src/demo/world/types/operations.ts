import type { Instant, Region } from "./common.ts";

export interface Incident {
  /** "INC-2041" */
  id: string;
  number: number;
  title: string;
  service: string;
  /** 1 is worst. */
  severity: 1 | 2 | 3 | 4;
  status: "triggered" | "acknowledged" | "resolved";
  openedAt: Instant;
  acknowledgedAt: Instant | null;
  resolvedAt: Instant | null;
  detectedBy: "alert" | "customer" | "person";
  /** Login of the one on call. */
  commander: string;
  responders: readonly string[];
  cause: "deployment" | "capacity" | "dependency" | "configuration" | "hardware";
  /** The deployment that began it, when one did. */
  deployment: string | null;
  /** The deployment that ended it; null while open or when none was needed. */
  fix: string | null;
  /** Where customers felt it; null for everywhere. */
  region: Region | null;
  impact: { customers: number; description: string };
  /** What it did to the service's signals while open. */
  effect: { errorRate: number; latency: number; traffic: number };
  /** Jira key of the follow-up. */
  issue: string | null;
  /** Id of the post-mortem page. */
  page: string | null;
  /** Oldest first. */
  timeline: readonly { at: Instant; author: string; text: string }[];
}

/** What monitoring raised; Dynatrace calls it a problem, New Relic an incident. */
export interface Alert {
  /** "ALR-88213" */
  id: string;
  number: number;
  title: string;
  service: string;
  /** Id of the incident it belongs to; null for noise. */
  incident: string | null;
  source: "service" | "synthetic" | "infrastructure" | "real user";
  severity: "critical" | "warning";
  status: "open" | "closed";
  openedAt: Instant;
  closedAt: Instant | null;
  condition: {
    metric: "error rate" | "p95 latency" | "apdex" | "cpu" | "availability" | "queue age";
    above: boolean;
    threshold: number;
    value: number;
    unit: "%" | "ms" | "score" | "s";
  };
  /** Host or service where it was seen. */
  entity: string;
  /** In words; null when monitoring found none. */
  rootCause: string | null;
  affected: readonly string[];
}

/** Golden signals of one service in one hour (or added up over a longer step). */
export interface Signal {
  at: Instant;
  requests: number;
  errors: number;
  /** errors / requests, 0 when nothing was asked. */
  errorRate: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  /** 0 to 1. */
  apdex: number;
  /** Share of the hosts' processor and memory, 0 to 1. */
  cpu: number;
  memory: number;
}

/** Errors of one kind in one service, as an error inbox groups them. */
export interface ErrorGroup {
  /** Stable. */
  id: string;
  service: string;
  class: string;
  message: string;
  count: number;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  incident: string | null;
}

/** Real users of one front end in one day. */
export interface UserExperience {
  day: string;
  application: string;
  users: number;
  actions: number;
  pageLoads: number;
  /** Milliseconds, median and 75th percentile. */
  loadMedian: number;
  largestPaintP75: number;
  scriptErrors: number;
  apdex: number;
}

export interface Host {
  /** Id of the machine (an instance). */
  id: string;
  name: string;
  services: readonly string[];
  region: string;
}
