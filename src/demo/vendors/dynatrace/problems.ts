import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import { type Alert, type Incident, numberOf, type World } from "../../world/index.ts";
import { cursorOf, keyOf } from "./asked.ts";
import { stub, watched } from "./names.ts";

const MOST = 500;
const EXTRAS = ["evidenceDetails", "impactAnalysis", "recentComments"] as const;
type Problem = ReturnType<typeof problemOf>;
const known = new WeakMap<World, readonly Problem[]>();

/** Problems that were open at some time of the timeframe. */
export function listProblems(request: SimulatedRequest, world: World): SimulatedResponse {
  const cursor = cursorOf(request, MOST, "now-2h", request.query.get("sort") ?? "");
  if ("status" in cursor) return cursor;
  const found = problemsOf(world).filter(({ startTime, endTime }) => startTime < cursor.to && (endTime < 0 || endTime >= cursor.from));
  const ordered = cursor.filter === "+startTime" ? found : found.toReversed();
  const end = cursor.begin + cursor.size;
  const nextPageKey = end < ordered.length ? keyOf({ ...cursor, begin: end }) : null;
  const problems = ordered.slice(cursor.begin, end).map((problem) => shown(problem, request));
  return { status: 200, body: { totalCount: ordered.length, pageSize: cursor.size, nextPageKey, problems } };
}

export function getProblem(id: string, request: SimulatedRequest, world: World): SimulatedResponse | undefined {
  const found = problemsOf(world).find(({ problemId }) => problemId === id);
  return found && { status: 200, body: shown(found, request) };
}

/** Without the properties that were not asked for. */
function shown(problem: Problem, { query }: SimulatedRequest): object {
  const fields = (query.get("fields") ?? "").split(",");
  const left = new Set<string>(EXTRAS.filter((name) => !fields.includes(name)));
  return Object.fromEntries(Object.entries(problem).filter(([name]) => !left.has(name)));
}

function problemsOf(world: World): readonly Problem[] {
  const made = known.get(world);
  if (made) return made;
  const services = new Set(watched(world).map(({ name }) => name));
  const incidents = new Map(world.incidents().map((incident) => [incident.id, incident]));
  const groups = Map.groupBy(
    world.alerts().filter(({ service }) => services.has(service)),
    ({ incident, id }) => incident ?? id,
  );
  const problems = [...groups]
    .map(([id, alerts]) => problemOf(id, alerts, incidents.get(id), world))
    .sort((a, b) => a.startTime - b.startTime);
  known.set(world, problems);
  return problems;
}

const LEVELS = { 1: "AVAILABILITY", 2: "ERROR", 3: "PERFORMANCE", 4: "PERFORMANCE" } as const;
const NOISE = {
  service: "PERFORMANCE",
  synthetic: "AVAILABILITY",
  infrastructure: "RESOURCE_CONTENTION",
  "real user": "PERFORMANCE",
} as const;

function problemOf(id: string, alerts: readonly Alert[], incident: Incident | undefined, world: World) {
  const ordered = alerts.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  const main = alerts.find(({ source }) => source === "service") ?? ordered[0];
  const service = main?.service ?? "";
  const startTime = Date.parse(ordered[0]?.openedAt ?? world.now);
  const isOpen = alerts.some(({ status }) => status === "open");
  const endTime = isOpen ? -1 : Math.max(...alerts.map(({ closedAt }) => Date.parse(closedAt ?? world.now)));
  const affected = [...new Set(alerts.flatMap((alert) => alert.affected))].map((name) => stub("SERVICE", name));
  const root = alerts.some(({ rootCause }) => rootCause !== null);
  const impacts = incident
    ? [{ impactType: "APPLICATION", impactedEntity: stub("APPLICATION", service), estimatedAffectedUsers: incident.impact.customers }]
    : [{ impactType: "SERVICE", impactedEntity: stub("SERVICE", service), estimatedAffectedUsers: 0 }];
  return {
    problemId: `${numberOf(`problem ${id}`) * -1}_${startTime}V2`,
    displayId: `P-${main?.number ?? 0}`,
    title: main?.title ?? "Problem",
    impactLevel: incident ? "APPLICATION" : "SERVICES",
    severityLevel: incident ? LEVELS[incident.severity] : NOISE[main?.source ?? "service"],
    status: isOpen ? "OPEN" : "CLOSED",
    startTime,
    endTime,
    affectedEntities: affected,
    impactedEntities: [stub("SERVICE", service)],
    rootCauseEntity: root ? stub("SERVICE", service) : null,
    managementZones: [],
    entityTags: [],
    problemFilters: [],
    evidenceDetails: evidenceOf(ordered, incident, world),
    impactAnalysis: { impacts },
    recentComments: commentsOf(incident),
  };
}

function evidenceOf(alerts: readonly Alert[], incident: Incident | undefined, world: World) {
  const seen = alerts.map(({ title, entity, condition: { metric, value, unit }, openedAt, source, service }) => ({
    evidenceType: source === "infrastructure" ? "METRIC" : "EVENT",
    displayName: `${title}: ${metric} ${value} ${unit}`,
    entity: source === "infrastructure" ? stub("HOST", entity) : stub("SERVICE", service),
    groupingEntity: stub("SERVICE", service),
    rootCauseRelevant: source === "infrastructure",
    startTime: Date.parse(openedAt),
  }));
  const deployment = incident?.deployment ? world.deployments().find(({ id }) => id === incident.deployment) : undefined;
  const deployed = deployment && {
    evidenceType: "EVENT",
    displayName: `Deployment of ${deployment.commit.slice(0, 7)} by ${deployment.creator}`,
    entity: stub("SERVICE", incident?.service ?? ""),
    groupingEntity: stub("SERVICE", incident?.service ?? ""),
    rootCauseRelevant: true,
    startTime: Date.parse(deployment.finishedAt ?? deployment.createdAt),
  };
  const details = deployed ? [deployed, ...seen] : seen;
  return { totalCount: details.length, details };
}

function commentsOf(incident: Incident | undefined) {
  const comments = (incident?.timeline ?? []).map(({ at, author, text }) => ({
    id: String(numberOf(`${incident?.id} ${at}`)),
    createdAtTimestamp: Date.parse(at),
    authorName: author,
    context: "",
    content: text,
  }));
  return { totalCount: comments.length, pageSize: Math.max(1, comments.length), nextPageKey: null, comments };
}
