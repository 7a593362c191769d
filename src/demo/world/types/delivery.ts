import type { Instant } from "./common.ts";

export interface Commit {
  /** 40 hex digits. */
  sha: string;
  message: string;
  /** Login. */
  author: string;
  authoredAt: Instant;
  committedAt: Instant;
  additions: number;
  deletions: number;
  /** Written together with a coding assistant (a Co-Authored-By trailer). */
  assisted: boolean;
}

export interface Review {
  id: string;
  /** Login. */
  author: string;
  state: "approved" | "changes_requested" | "commented";
  at: Instant;
  body: string;
  /** Remarks on lines, sent with the review. */
  remarks: number;
}

export interface Comment {
  id: string;
  author: string;
  at: Instant;
  body: string;
}

export interface Pull {
  /** "gate-api#1234" */
  id: string;
  repository: string;
  number: number;
  title: string;
  body: string;
  author: string;
  branch: string;
  base: string;
  draft: boolean;
  labels: readonly string[];
  /** Jira key; null for chores and dependency updates. */
  issue: string | null;
  state: "open" | "merged" | "closed";
  createdAt: Instant;
  /** First review or comment by a person other than the author. */
  firstReviewAt: Instant | null;
  mergedAt: Instant | null;
  /** Set when merged or closed. */
  closedAt: Instant | null;
  mergedBy: string | null;
  mergeCommit: string | null;
  additions: number;
  deletions: number;
  changedFiles: number;
  /** Oldest first. */
  commits: readonly Commit[];
  reviews: readonly Review[];
  comments: readonly Comment[];
  /** Reviewers asked who have not answered. */
  awaiting: readonly string[];
  /** The pull request it takes back. */
  reverts: string | null;
  /** The first successful production deployment that holds it. */
  deployment: string | null;
}

export interface Release {
  id: string;
  repository: string;
  tag: string;
  name: string;
  notes: string;
  author: string;
  publishedAt: Instant;
  commit: string;
  pulls: readonly string[];
}

export interface Deployment {
  /** "gate-api-production-20261120-1" */
  id: string;
  service: string;
  repository: string;
  environment: "production" | "staging";
  platform: "aws" | "railway";
  status: "in_progress" | "success" | "failure";
  commit: string;
  /** "main" or a tag. */
  ref: string;
  /** Pull requests that reach the environment with it. */
  pulls: readonly string[];
  creator: string;
  createdAt: Instant;
  startedAt: Instant;
  finishedAt: Instant | null;
  url: string;
  /** The deployment it takes back. */
  rollsBack: string | null;
  /** The incident it caused, once opened. */
  incident: string | null;
}

export interface PipelineJob {
  name: string;
  conclusion: "success" | "failure" | "skipped" | null;
  startedAt: Instant;
  finishedAt: Instant | null;
}

export interface PipelineRun {
  /** "gate-api/5012" */
  id: string;
  number: number;
  repository: string;
  workflow: "ci" | "nightly";
  event: "pull_request" | "push" | "schedule";
  branch: string;
  commit: string;
  pull: string | null;
  actor: string;
  attempt: number;
  status: "queued" | "in_progress" | "completed";
  conclusion: "success" | "failure" | "cancelled" | null;
  createdAt: Instant;
  startedAt: Instant;
  finishedAt: Instant | null;
  jobs: readonly PipelineJob[];
  /** Null until the run is over. */
  tests: TestResult | null;
}

export interface TestResult {
  total: number;
  failed: number;
  skipped: number;
  /** Names of the failed tests. */
  failing: readonly string[];
  /** Failed at first, passed when repeated in the same run. */
  flaky: readonly string[];
  /** Share of lines, 0 to 1. */
  coverage: number;
}
