import { addDays, fromInstant, toInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { Feed, RecordAnswer } from "../../core/feed.ts";
import { clip } from "../../core/period.ts";
import { type RecordMeasure, recordFeed } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { quoteForeign } from "../../errors.ts";
import { type Pages, readPages, stampOf } from "../http.ts";
import { type DynatraceClient, pagesOf } from "./client.ts";
import { type EntityStub, type Problem, problemsAnswer } from "./schema.ts";

const HOUR_MS = 3_600_000;
const MEASURES: readonly RecordMeasure[] = [
  // As other sources of incidents call it, so that one question counts them all.
  { name: "incidents", unit: "count" },
  {
    name: "hours_to_resolve",
    unit: "h",
    aggregate: "mean",
    of: ({ times: { created, resolved } }) => (created && resolved ? (resolved.getTime() - created.getTime()) / HOUR_MS : undefined),
  },
];
const KEEPS_DAYS = 400;
const PAGE = 500;
const MOST_PAGES = 40;

/** What Dynatrace found wrong, as incidents. */
export function problemFeed(client: DynatraceClient): Feed {
  const covers = () => {
    const today = fromInstant(client.now());
    return { from: addDays(today, 1 - KEEPS_DAYS), to: today };
  };
  return recordFeed({
    name: "dynatrace_problems",
    kind: "incidents",
    title: "Dynatrace problems",
    measures: MEASURES,
    dimensions: ["service", "severity", "status", "cause"],
    covers,
    async load(period, signal): Promise<RecordAnswer> {
      signal.throwIfAborted();
      const found = await readProblems(client, clip(period, covers()), signal);
      const isIn = (day: string) => day >= period.from && day <= period.to;
      const records = found.value.items.map((p) => recordOf(client, p)).filter(({ at }) => at && isIn(fromInstant(at)));
      const { truncated } = found.value;
      return {
        records: records.toSorted((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0) || (a.id < b.id ? -1 : 1)),
        receipts: [
          {
            ...stampOf(found),
            ...client.source,
            id: `dynatrace-problems-${period.from}-${period.to}`,
            query: `problems that began ${period.from} to ${period.to}`,
            window: period,
            ...(truncated ? { truncated } : {}),
          },
        ],
      };
    },
  });
}

/** Problems that were open at some time of these days; none when there are no days to ask about. */
export function readProblems(client: DynatraceClient, period: Period | undefined, signal: AbortSignal) {
  return client.http.cached(
    `problems ${period?.from} ${period?.to}`,
    (inner): Promise<Pages<Problem>> => {
      if (period === undefined) return Promise.resolve({ items: [] });
      const end = Math.min(toInstant(addDays(period.to, 1)).getTime(), client.now().getTime());
      const first = { from: toInstant(period.from).getTime(), to: end, pageSize: PAGE, sort: "+startTime" };
      // The properties asked for are not remembered with the page.
      const ask = (query: typeof first | object) =>
        client.get("problems", { ...query, fields: "impactAnalysis" }, "list problems", problemsAnswer, inner);
      return readPages<Problem>(
        pagesOf(ask, first, ({ problems }) => problems),
        { pages: MOST_PAGES, what: "problems" },
      );
    },
    signal,
    { operation: "list problems" },
  );
}

/** How bad it is, by what Dynatrace says is wrong: it has no other grade. */
const SEVERITIES: Readonly<Record<string, string>> = {
  AVAILABILITY: "critical",
  ERROR: "high",
  PERFORMANCE: "medium",
  RESOURCE_CONTENTION: "medium",
  CUSTOM_ALERT: "medium",
  MONITORING_UNAVAILABLE: "low",
  INFO: "low",
};

export function recordOf(client: DynatraceClient, problem: Problem): FeedRecord {
  const { displayId, problemId, title, status, severityLevel, startTime, endTime } = problem;
  const service = serviceOf(problem);
  const cause = nameOf(problem.rootCauseEntity);
  const severity = SEVERITIES[severityLevel];
  const users = usersOf(problem);
  const url = client.problemUrl(problemId);
  return {
    id: quoteForeign(displayId),
    at: startTime,
    title: quoteForeign(title),
    ...(url ? { url } : {}),
    labels: {
      ...(service ? { service } : {}),
      ...(severity ? { severity } : {}),
      status: status === "CLOSED" || endTime ? "resolved" : "open",
      ...(cause ? { cause } : {}),
    },
    numbers: users === undefined ? {} : { affected_users: users },
    times: { created: startTime, ...(endTime ? { resolved: endTime } : {}) },
  };
}

/** Where it shows: a service before an application, an application before a host. */
function serviceOf({ rootCauseEntity, impactedEntities, affectedEntities }: Problem): string | undefined {
  const all = [...(rootCauseEntity ? [rootCauseEntity] : []), ...impactedEntities, ...affectedEntities];
  const found = ["SERVICE", "APPLICATION"].flatMap((type) => all.find(({ entityId }) => entityId.type === type) ?? [])[0];
  return nameOf(found ?? all[0]);
}

export function nameOf(entity: EntityStub | null | undefined): string | undefined {
  return entity ? quoteForeign(entity.name ?? entity.entityId.id) : undefined;
}

/** The largest number of one impact: users of one application may be those of another. */
export function usersOf({ impactAnalysis }: Problem): number | undefined {
  const known = (impactAnalysis?.impacts ?? []).flatMap(({ estimatedAffectedUsers }) => estimatedAffectedUsers ?? []);
  return known.length === 0 ? undefined : Math.max(...known);
}
