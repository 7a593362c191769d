import type { Severity } from "../core/alert.ts";
import { addDays, civilDate } from "../core/civil-date.ts";
import type { Receipt } from "../core/fact.ts";
import type { FeedKind } from "../core/feed.ts";
import type { FeedRecord } from "../core/records.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { type AlertRule, DEFAULT_FAILURES } from "./rules.ts";
import { type Signal, WINDOW_MS } from "./signal.ts";

/** Rules over things that sources know one by one: their own incidents, and runs of pipelines. */

const DAYS_BACK = 14;
const ORDER: readonly Severity[] = ["info", "warning", "critical"];

/** Reads and judges. Recovered signs are given too. Throws UserError when nothing of the kind is connected. */
export async function recordSignals(rule: AlertRule, context: Pick<ToolContext, "feeds" | "signal" | "now">): Promise<Signal[]> {
  const kind: FeedKind = rule.kind === "incidents" ? "incidents" : "pipelines";
  const feeds = context.feeds.filter(
    (feed) => feed.kind === kind && feed.records && (rule.source === undefined || feed.name === rule.source),
  );
  if (feeds.length === 0) throw new UserError(`Nothing is connected that knows ${kind}.`);
  const to = civilDate(context.now, "UTC");
  const found: Signal[] = [];
  for (const feed of feeds) {
    const answer = await feed.records?.(
      { period: { from: addDays(to, -DAYS_BACK), to }, ...(rule.filter ? { filter: rule.filter } : {}) },
      context.signal,
    );
    if (!answer) continue;
    const { records, receipts } = answer;
    const own = kind === "incidents" ? incidentSignals(rule, records, context.now) : pipelineSignals(rule, records, context.now);
    found.push(
      ...own.map((signal) => ({
        ...signal,
        fingerprint: `${rule.name}:${feed.name}:${signal.fingerprint}`,
        receipts: receipts satisfies readonly Receipt[],
      })),
    );
  }
  return found;
}

/** Incidents as they stood at that time, those of the rule's severity and above. */
export function incidentSignals(rule: AlertRule, records: readonly FeedRecord[], at: Date): Signal[] {
  return records.flatMap((record): Signal[] => {
    // Of a feed's four, the first two stop people.
    const severity = record.labels.severity === "high" ? "critical" : severityOf(record.labels.severity);
    const created = record.times.created ?? record.at;
    if (!created || created > at || ORDER.indexOf(severity) < ORDER.indexOf(rule.severity)) return [];
    const resolved = record.times.resolved;
    const over = resolved !== undefined && resolved <= at;
    const service = record.labels.service;
    return [
      {
        fingerprint: record.id,
        rule: rule.name,
        group: service ? `service:${service}` : `incident:${record.id}`,
        series: service ?? record.id,
        title: record.title ?? `Incident ${record.id}`,
        severity,
        state: over ? "recovered" : "firing",
        at: over ? resolved : created,
        windowMs: WINDOW_MS.event,
        ...(record.labels.cause ? { text: record.labels.cause } : {}),
        ...(record.url ? { url: record.url } : {}),
        ...(rule.project ? { project: rule.project } : {}),
      },
    ];
  });
}

export function severityOf(said: string | undefined): Severity {
  const word = (said ?? "").toLowerCase();
  if (/^(critical|crit|p1|sev-?1|fatal|emergency|page|availability|blocker|disaster)$/.test(word)) return "critical";
  return /^(low|info|informational|information|notice|none|p[45]|sev-?[45]|ok)$/.test(word) ? "info" : "warning";
}

/** Workflows whose newest runs failed several times in a row, as it stood at that time. */
export function pipelineSignals(rule: AlertRule, records: readonly FeedRecord[], at: Date): Signal[] {
  const ended = records.filter(
    ({ labels, times }) =>
      (labels.status === "success" || labels.status === "failure") &&
      (times.finished ?? times.started ?? at) <= at &&
      rule.branches.includes(labels.branch ?? ""),
  );
  const groups = Map.groupBy(ended, ({ labels }) => `${labels.repository} ${labels.workflow ?? ""} ${labels.branch}`);
  return [...groups].flatMap(([key, runs]): Signal[] => {
    const newestFirst = [...runs].sort((a, b) => timeOf(b) - timeOf(a));
    const failures = newestFirst.findIndex(({ labels }) => labels.status !== "failure");
    const inRow = failures < 0 ? newestFirst.length : failures;
    const [newest] = newestFirst;
    const first = newestFirst[inRow - 1];
    if (!newest) return [];
    const { repository = "", workflow = "", branch = "" } = newest.labels;
    const firing = inRow >= (rule.for ?? DEFAULT_FAILURES);
    return [
      {
        fingerprint: key,
        rule: rule.name,
        group: `repository:${repository}`,
        series: `${repository} ${workflow}`.trim(),
        title: firing
          ? `${workflow || "Pipeline"} of ${repository} failed ${inRow} times in a row on ${branch}`
          : `${workflow || "Pipeline"} of ${repository} passes on ${branch}`,
        severity: rule.severity,
        state: firing ? "firing" : "recovered",
        at: new Date(timeOf(firing ? (first ?? newest) : newest)),
        windowMs: WINDOW_MS.event,
        ...(newest.url ? { url: newest.url } : {}),
        ...(rule.project ? { project: rule.project } : {}),
      },
    ];
  });
}

function timeOf({ times, at }: FeedRecord): number {
  return (times.finished ?? times.started ?? at ?? new Date(0)).getTime();
}
