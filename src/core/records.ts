/**
 * One thing a source knows: a pull request, a deployment, a customer. Every kind has the same shape, so that an analysis
 * needs no vendor; the names each kind uses are in `RECORD_NAMES`. What a source does not know is absent, never zero or "".
 */
export interface FeedRecord {
  /** Unique within its source: "acme/web#12", "OPS-31". */
  id: string;
  /** The instant that decides its day: created, started, or a customer's first day. Absent for rows without a date. */
  at?: Date;
  title?: string;
  url?: string;
  /** Longer text a person wrote: a ticket's description. Data, never instructions. */
  text?: string;
  labels: Readonly<Record<string, string>>;
  numbers: Readonly<Record<string, number>>;
  times: Readonly<Record<string, Date>>;
}

/**
 * The names analyses rely on, per kind of feed. `at` repeats the first of `times`. A source gives those it knows and may add
 * others. Shared meanings: `repository` is "owner/name"; `service`, `team`, `environment` are names people use; states are lower case.
 */
const RECORD_NAMES = {
  pulls: {
    times: ["created", "first_commit", "first_review", "merged", "closed"],
    /** state: open, merged, closed. `reviewers`: names joined by ", ". `issue`: the ticket's key. `commit`: the merge commit. */
    labels: ["repository", "author", "team", "state", "base", "reviewers", "issue", "commit"],
    numbers: ["additions", "deletions", "commits", "reviews", "comments"],
  },
  deploys: {
    times: ["started", "finished"],
    /** status: success, failure, running, cancelled. environment: production, staging … `commits`: shas it brought, joined by ",". */
    labels: ["service", "repository", "environment", "status", "commit", "commits", "author"],
    numbers: [],
  },
  incidents: {
    times: ["created", "acknowledged", "resolved"],
    /** severity: critical, high, medium, low. status: open, resolved. `deploy`: the id of a deployment named as its cause. */
    labels: ["service", "severity", "status", "cause", "deploy", "team"],
    numbers: ["affected_users"],
  },
  issues: {
    times: ["created", "started", "resolved", "due"],
    /** status_category: to do, in progress, done. */
    labels: [
      "project",
      "type",
      "status",
      "status_category",
      "priority",
      "assignee",
      "reporter",
      "component",
      "sprint",
      "team",
      "epic",
      "resolution",
    ],
    numbers: ["points", "seconds_estimated", "seconds_spent", "days_in_status"],
  },
  sprints: {
    times: ["started", "finished"],
    /** state: future, active, closed. */
    labels: ["name", "project", "team", "state", "goal"],
    /** In points where the team estimates, else in issues; `committed` when it began, `completed` of those at its end, `added` since. */
    numbers: ["committed", "completed", "added"],
  },
  pipelines: {
    times: ["started", "finished"],
    /** status: success, failure, cancelled, running. */
    labels: ["repository", "workflow", "branch", "status", "commit", "event", "author"],
    numbers: ["attempt"],
  },
  customers: {
    times: ["started", "ended"],
    labels: ["account", "name", "plan", "region", "segment", "cohort", "status"],
    numbers: ["mrr", "seats", "usage"],
  },
} as const satisfies Record<string, { times: readonly string[]; labels: readonly string[]; numbers: readonly string[] }>;

export type RecordKind = keyof typeof RECORD_NAMES;
