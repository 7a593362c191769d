import type { Period } from "../../core/fact.ts";
import type { RecordAnswer } from "../../core/feed.ts";
import type { RecordMeasure } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import type { JiraClient } from "./client.ts";
import type { Issue } from "./issues.ts";
import { around } from "./jql.ts";
import type { createMonths } from "./months.ts";
import { receiptOf } from "./receipts.ts";
import type { Setup } from "./setup.ts";

const DAY_MS = 86_400_000;

export const ISSUE_DIMENSIONS = [
  ...["project", "type", "status", "status_category", "priority", "assignee", "reporter", "component", "sprint", "team", "epic"],
  "resolution",
];

/** All by the day the issue was created. */
export const ISSUE_MEASURES: readonly RecordMeasure[] = [
  { name: "issues", unit: "count" },
  { name: "resolved", unit: "count", of: ({ times }) => (times.resolved ? 1 : undefined) },
  { name: "points", unit: "points", of: ({ numbers }) => numbers.points },
  { name: "days_to_resolve", unit: "days", aggregate: "mean", of: ({ times }) => daysBetween(times.created, times.resolved) },
  { name: "days_of_work", unit: "days", aggregate: "mean", of: ({ times }) => daysBetween(times.started, times.resolved) },
  {
    ...{ name: "hours_logged", unit: "hours" },
    of: ({ numbers }) => (numbers.seconds_spent === undefined ? undefined : numbers.seconds_spent / 3_600),
  },
];

function daysBetween(from: Date | undefined, to: Date | undefined): number | undefined {
  return from && to && to >= from ? (to.getTime() - from.getTime()) / DAY_MS : undefined;
}

/** Issues created in the period, as records. */
export async function loadIssues(
  client: JiraClient,
  months: ReturnType<typeof createMonths>,
  period: Period,
  signal: AbortSignal,
): Promise<RecordAnswer> {
  const { items, setup, truncated, parts } = await months(period, signal);
  const now = client.now();
  const records = items.map((issue) => issueRecord(issue, setup, now)).sort(byAge);
  const asked = { what: "issues", query: "issues created", window: period, truncated, jql: around("created", period) };
  return { records, receipts: [receiptOf(client, setup, asked, parts)] };
}

export function issueRecord(issue: Issue, { site }: Setup, now: Date): FeedRecord {
  const { key, status, sprints, created, started, resolved, due } = issue;
  return {
    id: key,
    at: created,
    title: issue.title,
    ...(site ? { url: `${site}/browse/${key}` } : {}),
    text: [issue.title, issue.text].filter(Boolean).join("\n\n"),
    labels: known({
      project: issue.project.key,
      type: issue.type,
      status: status.name,
      status_category: status.category,
      priority: issue.priority,
      assignee: issue.assignee,
      reporter: issue.reporter,
      component: issue.components[0],
      sprint: sprints.at(-1)?.name,
      team: issue.team,
      epic: issue.epic,
      resolution: issue.resolution?.toLowerCase(),
    }),
    numbers: known({
      points: issue.points,
      seconds_estimated: issue.secondsEstimated,
      seconds_spent: issue.secondsSpent,
      days_in_status: resolved ? undefined : Math.max(0, now.getTime() - statusSince(issue).getTime()) / DAY_MS,
    }),
    times: known({ created, started, resolved, due }),
  };
}

/** When it came into the status it is in. */
export function statusSince({ moves, created }: Issue): Date {
  return moves.at(-1)?.at ?? created;
}

function known<T>(values: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined && entry[1] !== ""));
}

function byAge(a: FeedRecord, b: FeedRecord): number {
  return (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0) || (a.id < b.id ? -1 : 1);
}
