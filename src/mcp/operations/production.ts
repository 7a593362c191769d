import { z } from "zod";
import type { FeedRecord } from "../../core/records.ts";
import { defineOperation, flag } from "./define.ts";
import { paretoOf, paretoWords, type Reading } from "./reading.ts";

const DAY_MS = 86_400_000;
/** Days of incidents and late work that are looked at. */
const WINDOW_DAYS = 90;

export const productionIssues = defineOperation({
  name: "production_issues",
  title: "Production issues",
  description: `Incidents, and work past its due date, of the last ${WINDOW_DAYS} days.`,
  parameters: z.object({
    status: z.string().max(200).optional().describe("Only these states, joined by commas"),
    severity: z.string().max(40).optional().describe("Only this severity: critical, high, medium, low"),
    limit: z.coerce.number().int().min(1).max(1_000).default(100).describe("Most issues to give"),
    include_pareto: flag(true, "Whether to say what makes most of the delay"),
  }),
  reads: ["incidents", "issues"],
  async work({ status, severity, limit, include_pareto }, reading) {
    const states = status
      ?.toLowerCase()
      .split(",")
      .map((s) => s.trim());
    const all = await readProduction(reading);
    const issues = all.filter(
      (i) =>
        (!states || states.includes(i.status?.toLowerCase() ?? "")) && (!severity || i.severity?.toLowerCase() === severity.toLowerCase()),
    );
    reading.lacks("no source ties money to a single issue", "cost_overrun", "cost_summary", "by_cost_overrun");
    const late = include_pareto
      ? paretoOf(
          sumBy(issues, (i) => i.delay_days),
          "days late",
        )
      : null;
    if (include_pareto && !late) reading.lacks("nothing here is past its due date", "by_delay_days");
    return {
      issues: issues.slice(0, limit),
      n: issues.length,
      ...(issues.length > limit ? { note: `${issues.length - limit} more; raise limit to see them.` } : {}),
      cost_summary: null,
      ...(include_pareto
        ? {
            pareto_analysis: { by_delay_days: late, by_cost_overrun: null, by_incidents: incidentPareto(issues) },
            pareto_insights: paretoWords("components", late),
            top_delay_contributors: late?.items.slice(0, 5) ?? null,
          }
        : {}),
    };
  },
});

export interface ProductionIssue {
  issue_id: string;
  title: string | null;
  show: string | null;
  type: string;
  severity: string | null;
  delay_days: number | null;
  cost_overrun: null;
  root_cause: string | null;
  status: string | null;
  url: string | null;
}

/** Incidents of the window, newest first, then work that is or was late. */
export async function readProduction(reading: Reading): Promise<ProductionIssue[]> {
  const period = { from: reading.lastDays(WINDOW_DAYS).from, to: reading.today };
  const incidents = (await reading.records("incidents", "incidents", period)) ?? [];
  const issues = (await reading.records("late work", "issues", period)) ?? [];
  return [
    ...incidents.toReversed().map((record) => toIssue(record, "incident", null)),
    ...issues.toReversed().flatMap((record) => {
      const delay = delayOf(record, reading.context.now);
      return delay === null ? [] : [toIssue(record, record.labels.type ?? "issue", delay)];
    }),
  ];
}

export function incidentPareto(issues: readonly ProductionIssue[]) {
  return paretoOf(
    sumBy(
      issues.filter((i) => i.type === "incident"),
      () => 1,
    ),
    "incidents",
  );
}

/** Whole days between the due date and the end, or now; null where it has no due date or was in time. */
function delayOf({ times }: FeedRecord, now: Date): number | null {
  if (!times.due) return null;
  const delay = Math.floor(((times.resolved ?? now).getTime() - times.due.getTime()) / DAY_MS);
  return delay > 0 ? delay : null;
}

function toIssue({ id, title, labels, url }: FeedRecord, type: string, delay: number | null): ProductionIssue {
  return {
    issue_id: id,
    title: title ?? null,
    show: labels.service ?? labels.component ?? labels.project ?? null,
    type,
    severity: labels.severity ?? labels.priority ?? null,
    delay_days: delay,
    cost_overrun: null,
    root_cause: labels.cause ?? null,
    status: labels.status ?? null,
    url: url ?? null,
  };
}

function sumBy(issues: readonly ProductionIssue[], of: (issue: ProductionIssue) => number | null): { label: string; value: number }[] {
  const sums = new Map<string, number>();
  for (const issue of issues) {
    const value = of(issue);
    const label = issue.show ?? "(not set)";
    if (value !== null) sums.set(label, (sums.get(label) ?? 0) + value);
  }
  return [...sums].map(([label, value]) => ({ label, value }));
}
