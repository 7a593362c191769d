import { addDays, fromInstant, toInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Feed, RecordAnswer } from "../../core/feed.ts";
import { clip } from "../../core/period.ts";
import { type RecordMeasure, recordFeed } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { quoteForeign } from "../../errors.ts";
import { type Pages, readPages, stampOf } from "../http.ts";
import { type NewRelicClient, sourceOf } from "./client.ts";
import { type Issue, issuesAnswer } from "./schema.ts";

const HOUR_MS = 3_600_000;
const MEASURES: readonly RecordMeasure[] = [
  { name: "incidents", unit: "count" },
  { name: "hours_to_resolve", unit: "h", aggregate: "mean", of: ({ times }) => hours(times.created, times.resolved) },
  { name: "hours_to_acknowledge", unit: "h", aggregate: "mean", of: ({ times }) => hours(times.created, times.acknowledged) },
];
const KEEPS_DAYS = 395;
const MOST_PAGES = 60;
/** New Relic asks for this with every question about issues. */
const HEADERS = { "nerd-graph-unsafe-experimental-opt-in": "AiIssues" };
const ISSUES = `query($account: Int!, $window: TimeWindowInput, $cursor: String) { actor { account(id: $account) { aiIssues {
  issues(timeWindow: $window, cursor: $cursor) {
    issues { issueId title priority state entityNames conditionName createdAt acknowledgedAt closedAt deepLinkUrl parentMergeId }
    nextCursor
  }
} } } }`;

/** Issues: what New Relic calls alerts that belong together. */
export function incidentFeed(client: NewRelicClient): Feed {
  const covers = () => {
    const today = fromInstant(client.now());
    return { from: addDays(today, 1 - KEEPS_DAYS), to: today };
  };
  return recordFeed({
    name: "newrelic_incidents",
    kind: "incidents",
    title: "New Relic issues",
    measures: MEASURES,
    dimensions: ["service", "severity", "status", "cause"],
    covers,
    async load(period, signal): Promise<RecordAnswer> {
      signal.throwIfAborted();
      const inside = clip(period, covers());
      const found = await readIssues(client, inside, signal);
      const records = found.value.items.map(recordOf).filter(({ at }) => at && isIn(period, at));
      const { truncated } = found.value;
      return {
        records: records.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0) || (a.id < b.id ? -1 : 1)),
        receipts: [
          {
            ...stampOf(found),
            ...sourceOf(client),
            id: `newrelic-issues-${period.from}-${period.to}`,
            query: `issues opened ${period.from} to ${period.to}`,
            window: period,
            ...(truncated ? { truncated } : {}),
          },
        ],
      };
    },
  });
}

/** Issues of these days; none when there are no days to ask about. */
export function readIssues(client: NewRelicClient, period: Period | undefined, signal: AbortSignal) {
  return client.http.cached(
    `issues ${period?.from} ${period?.to}`,
    (inner): Promise<Pages<Issue>> =>
      period === undefined
        ? Promise.resolve({ items: [] })
        : readPages<Issue>(
            async (cursor) => {
              const startTime = toInstant(period.from).getTime();
              const endTime = Math.min(toInstant(addDays(period.to, 1)).getTime(), client.now().getTime());
              const variables = { account: client.account, window: { startTime, endTime }, cursor: cursor ?? null };
              const request = { query: ISSUES, variables, headers: HEADERS, operation: "list issues" };
              const { actor } = await client.http.graphql(request, issuesAnswer, inner);
              const { issues, nextCursor } = actor.account.aiIssues.issues;
              return { items: issues, next: nextCursor ?? undefined };
            },
            { pages: MOST_PAGES, what: "issues" },
          ).then((pages) => ({ ...pages, items: pages.items.filter(({ parentMergeId }) => !parentMergeId) })),
    signal,
    { operation: "list issues" },
  );
}

const SEVERITIES: Readonly<Record<string, string>> = { CRITICAL: "critical", HIGH: "high", MEDIUM: "medium", LOW: "low" };

function recordOf(issue: Issue): FeedRecord {
  const { createdAt, acknowledgedAt, closedAt } = issue;
  const service = issue.entityNames?.[0];
  const condition = issue.conditionName?.[0];
  const severity = SEVERITIES[issue.priority];
  const url = issue.deepLinkUrl?.find(isTheirs);
  const isClosed = issue.state === "CLOSED" || Boolean(closedAt);
  return {
    id: quoteForeign(issue.issueId),
    at: createdAt,
    title: quoteForeign(issue.title[0] ?? "Issue"),
    ...(url ? { url } : {}),
    labels: {
      ...(service ? { service: quoteForeign(service) } : {}),
      ...(severity ? { severity } : {}),
      status: isClosed ? "resolved" : "open",
      ...(condition ? { cause: quoteForeign(condition) } : {}),
    },
    numbers: {},
    times: { created: createdAt, ...(acknowledgedAt ? { acknowledged: acknowledgedAt } : {}), ...(closedAt ? { resolved: closedAt } : {}) },
  };
}

/** Only pages of New Relic itself become links. */
function isTheirs(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === "https:" && /(?:^|\.)newrelic\.com$/.test(url.hostname) && !/[\s<>"()]/.test(address);
}

function isIn({ from, to }: Period, at: Date): boolean {
  const day = fromInstant(at);
  return day >= from && day <= to;
}

function hours(from: Date | undefined, to: Date | undefined): number | undefined {
  return from && to ? (to.getTime() - from.getTime()) / HOUR_MS : undefined;
}
