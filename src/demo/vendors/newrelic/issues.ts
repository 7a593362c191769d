import type { Alert, Incident, World } from "../../world/index.ts";
import { uuidOf } from "../../world/index.ts";
import { ACCOUNT, watched } from "./names.ts";

export interface IssueFilter {
  ids?: readonly string[] | null;
  isAcknowledged?: boolean | null;
  priority?: readonly string[] | null;
  states?: readonly string[] | null;
}

const PAGE = 50;
const DAY_MS = 86_400_000;
const PRIORITIES = { 1: "CRITICAL", 2: "HIGH", 3: "MEDIUM", 4: "LOW" } as const;
const known = new WeakMap<World, ReturnType<typeof issueOf>[]>();

/** A page of the issues that began in the window, newest first; undefined for a cursor of no page. */
export function issuePage(
  world: World,
  window: { startTime: number; endTime: number } | undefined,
  { ids, isAcknowledged, priority, states }: IssueFilter,
  cursor: string | undefined,
) {
  const now = Date.parse(world.now);
  const { startTime, endTime } = window ?? { startTime: now - DAY_MS, endTime: now };
  const begin = cursor === undefined ? 0 : Number(/^page:(\d+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1] ?? Number.NaN);
  if (!Number.isInteger(begin)) return undefined;
  const all = known.get(world) ?? issuesOf(world);
  known.set(world, all);
  const found = all.filter(
    (issue) =>
      issue.createdAt >= startTime &&
      issue.createdAt < endTime &&
      (!ids || ids.includes(issue.issueId)) &&
      (!priority || priority.includes(issue.priority)) &&
      (!states || states.includes(issue.state)) &&
      (isAcknowledged === undefined || isAcknowledged === null || isAcknowledged === (issue.acknowledgedAt !== null)),
  );
  const end = begin + PAGE;
  const nextCursor = end < found.length ? Buffer.from(`page:${end}`).toString("base64") : null;
  return { issues: found.slice(begin, end), nextCursor };
}

/** Alerts of one incident are one issue; an alert that belongs to none is its own. */
function issuesOf(world: World) {
  const services = new Set(watched(world).map(({ name }) => name));
  const incidents = new Map(world.incidents().map((incident) => [incident.id, incident]));
  const groups = Map.groupBy(
    world.alerts().filter(({ service }) => services.has(service)),
    ({ incident, id }) => incident ?? id,
  );
  return [...groups]
    .map(([id, alerts]) => issueOf(id, alerts, incidents.get(id)))
    .sort((a, b) => b.createdAt - a.createdAt || (a.issueId < b.issueId ? -1 : 1));
}

function issueOf(id: string, alerts: readonly Alert[], incident: Incident | undefined) {
  const isOpen = alerts.some(({ status }) => status === "open");
  const closed = alerts.map(({ closedAt }) => (closedAt ? Date.parse(closedAt) : 0));
  const createdAt = Math.min(...alerts.map(({ openedAt }) => Date.parse(openedAt)));
  const closedAt = isOpen ? null : Math.max(...closed);
  const acknowledged = incident?.acknowledgedAt ? Date.parse(incident.acknowledgedAt) : undefined;
  return {
    accountIds: [ACCOUNT],
    acknowledgedAt: acknowledged === undefined ? null : Math.max(acknowledged, createdAt),
    acknowledgedBy: acknowledged === undefined ? null : (incident?.commander ?? null),
    activatedAt: createdAt,
    closedAt,
    conditionName: [...new Set(alerts.map(({ condition }) => condition.metric))],
    createdAt,
    deepLinkUrl: [`https://one.newrelic.example/issues/${uuidOf(`issue ${id}`)}`],
    description: alerts.map(({ condition: { metric, value, unit } }) => `${metric} was ${value} ${unit}`),
    entityGuids: [...new Set(alerts.map(({ entity }) => Buffer.from(`${ACCOUNT}|APM|APPLICATION|${entity}`).toString("base64")))],
    entityNames: [...new Set(alerts.map(({ service }) => service))],
    entityTypes: ["APM_APPLICATION_ENTITY"],
    incidentIds: alerts.map((alert) => uuidOf(alert.id)),
    isCorrelated: alerts.length > 1,
    issueId: uuidOf(`issue ${id}`),
    mutingState: "NOT_MUTED",
    origins: ["incidents"],
    parentMergeId: null,
    policyName: ["Golden signals"],
    priority: incident ? PRIORITIES[incident.severity] : "LOW",
    sources: ["newrelic"],
    state: isOpen ? "ACTIVATED" : "CLOSED",
    title: alerts.map(({ title }) => title),
    totalIncidents: alerts.length,
    updatedAt: closedAt ?? createdAt,
  };
}
