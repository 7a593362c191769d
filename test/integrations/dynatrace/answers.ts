import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";

/** Dynatrace's answers for a small environment. Shapes are those of the published API description; names are invented. */

function entity(type: string, name: string): Record<string, unknown> {
  return { entityId: { id: `${type}-1`, type }, name };
}

export function problem(n: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    problemId: `-${n}_1V2`,
    displayId: `P-${n}`,
    title: "Failure rate increase",
    severityLevel: "ERROR",
    impactLevel: "APPLICATION",
    status: "CLOSED",
    startTime: Date.parse("2026-11-10T09:00:00Z") + n,
    endTime: Date.parse("2026-11-10T11:00:00Z"),
    rootCauseEntity: entity("SERVICE", "checkout"),
    affectedEntities: [entity("SERVICE", "checkout"), entity("HOST", "web-1")],
    impactedEntities: [entity("APPLICATION", "shop")],
    impactAnalysis: { impacts: [{ impactType: "APPLICATION", impactedEntity: entity("APPLICATION", "shop"), estimatedAffectedUsers: 37 }] },
    ...changes,
  };
}

export const DETAILS = {
  evidenceDetails: {
    totalCount: 2,
    details: [
      {
        evidenceType: "EVENT",
        displayName: "Failures",
        entity: entity("SERVICE", "checkout"),
        rootCauseRelevant: false,
        startTime: 1_762_765_200_000,
      },
      {
        evidenceType: "EVENT",
        displayName: "Deployment of 1a2b3c",
        entity: entity("SERVICE", "checkout"),
        rootCauseRelevant: true,
        startTime: 1_762_765_100_000,
      },
    ],
  },
  recentComments: { totalCount: 1, comments: [{ content: "Rolled back.", authorName: "ann", createdAtTimestamp: 1_762_770_000_000 }] },
};

export function problems(list: readonly unknown[], nextPageKey: string | null = null): Record<string, unknown> {
  return { totalCount: list.length, pageSize: 500, nextPageKey, problems: list };
}

const KINDS: readonly (readonly [string, number])[] = [
  ["errors.total.count", 20],
  ["response.time", 250_000],
  ["apdex", 0.9],
  ["", 1_000],
];

/** One series per metric asked for, a point at the end of each day. */
export function metrics({ query }: RecordedRequest): Record<string, unknown> {
  const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
  const days = query.get("resolution") === "1d" ? Math.max(1, Math.ceil((to - from) / 86_400_000)) : 1;
  const timestamps = Array.from({ length: days }, (_, i) => (days === 1 ? to : from + (i + 1) * 86_400_000));
  const result = (query.get("metricSelector") ?? "").split(/,(?=builtin:)/).map((metricId) => {
    const [, value = 0] = KINDS.find(([word]) => metricId.includes(word)) ?? [];
    const dimension = /splitBy\("([\w.]+)"\)/.exec(metricId)?.[1];
    const dimensionMap: Record<string, string> = dimension ? { [dimension]: "SERVICE-1", [`${dimension}.name`]: "checkout" } : {};
    return { metricId, data: [{ dimensions: Object.values(dimensionMap), dimensionMap, timestamps, values: timestamps.map(() => value) }] };
  });
  return { totalCount: 1, nextPageKey: null, resolution: "1d", result };
}

export function routesOf(changes: Routes = {}): Routes {
  return {
    "GET /api/v2/problems": ({ query }) => ({
      json: query.get("nextPageKey") ? problems([problem(3)]) : problems([problem(1), problem(2)], "two"),
    }),
    "GET /api/v2/problems/:id": { json: problem(3, DETAILS) },
    "GET /api/v2/metrics/query": (request) => ({ json: metrics(request) }),
    "GET /api/v2/entities": { json: { totalCount: 1, nextPageKey: null, entities: [{ entityId: "SERVICE-1", displayName: "checkout" }] } },
    ...changes,
  };
}
