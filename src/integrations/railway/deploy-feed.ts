import { addDays, addUnits, fromInstant, startOf } from "../../core/civil-date.ts";
import type { Feed } from "../../core/feed.ts";
import { recordFeed } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import type { RailwayClient } from "./client.ts";
import type { Deployments } from "./deployments.ts";
import { namesOf, type Project, type Projects } from "./projects.ts";
import { receiptOf } from "./receipts.ts";
import type { DeploymentNode } from "./schema.ts";

const DESCRIBED_DAYS = 30;

/** Deployments of all projects, by the day they began. A service is one of Railway's; its repository is known when it came from one. */
export function deployFeed(client: RailwayClient, projects: Projects, deployments: Deployments): Feed {
  const today = () => fromInstant(client.now());
  const covers = () => ({ from: startOf("month", addUnits("month", today(), -24)), to: today() });
  const source: Parameters<typeof recordFeed>[0] = {
    ...{ name: "railway_deploys", kind: "deploys", title: "Railway deployments", covers },
    measures: [
      { name: "deployments", unit: "count" },
      { name: "deployment_minutes", unit: "min", aggregate: "mean", of: ({ numbers }) => numbers.minutes },
    ],
    dimensions: ["project", "service", "repository", "environment", "status", "author"],
    async load(period, signal) {
      const estate = await projects(signal);
      const names = namesOf(estate.value);
      // Questions of one month share what was read.
      const since = startOf("month", period.from);
      const lists = await Promise.all(
        estate.value.projects.map(async (project) => ({ project, list: await deployments(project.id, since, signal) })),
      );
      const records = lists.flatMap(({ project, list }) => list.value.items.map((item) => recordOf(client, project, item, names)));
      const cut = [
        estate.value.truncated,
        ...lists.map(({ project, list }) => list.value.truncated && `${project.name}: ${list.value.truncated}`),
      ];
      return {
        records: records
          .filter(({ at }) => at !== undefined && fromInstant(at) >= period.from && fromInstant(at) <= period.to)
          .sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0) || (a.id < b.id ? -1 : 1)),
        receipts: [
          receiptOf(
            client,
            { what: "deploys", query: "deployments begun", window: period, truncated: cut.filter(Boolean).join("; ") || undefined },
            [estate, ...lists.map(({ list }) => list)],
          ),
        ],
      };
    },
  };
  const recent = recordFeed({ ...source, covers: () => ({ from: addDays(today(), -DESCRIBED_DAYS), to: today() }) });
  return {
    ...recordFeed(source),
    async describe(signal, detail) {
      signal.throwIfAborted();
      return { ...(await recent.describe(signal, detail)), covers: covers() };
    },
  };
}

/** REMOVED is what a deployment becomes when the next one takes its place; SLEEPING is one that nobody calls. Both had succeeded. */
const STATUSES: Readonly<Record<string, string>> = {
  SUCCESS: "success",
  SLEEPING: "success",
  REMOVED: "success",
  REMOVING: "success",
  FAILED: "failure",
  CRASHED: "failure",
  SKIPPED: "cancelled",
  BUILDING: "running",
  DEPLOYING: "running",
  INITIALIZING: "running",
  QUEUED: "running",
  WAITING: "running",
  NEEDS_APPROVAL: "running",
};
/** Only of these is the last change of status the end of the deployment itself. */
const ENDS = new Set(["SUCCESS", "FAILED"]);

/** An unknown status is none. */
export function statusOf({ status }: Pick<DeploymentNode, "status">): string | undefined {
  return STATUSES[status];
}

function recordOf(client: RailwayClient, project: Project, node: DeploymentNode, names: ReadonlyMap<string, string>): FeedRecord {
  const { id, createdAt, status, statusUpdatedAt, environmentId, serviceId, meta, creator } = node;
  const finished = ENDS.has(status) && statusUpdatedAt ? statusUpdatedAt : undefined;
  const url = serviceId ? deploymentPage(client, project.id, serviceId, environmentId, id) : undefined;
  const labels = {
    project: project.name,
    service: serviceId ? names.get(serviceId) : undefined,
    repository: meta?.repo,
    environment: names.get(environmentId)?.toLowerCase(),
    status: statusOf(node),
    commit: meta?.commitHash,
    author: meta?.commitAuthor ?? creator?.name ?? undefined,
  };
  return {
    id,
    at: createdAt,
    ...(meta?.commitMessage ? { title: meta.commitMessage } : {}),
    ...(url ? { url } : {}),
    labels: Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => Boolean(entry[1]))),
    numbers: finished ? { minutes: (finished.getTime() - createdAt.getTime()) / 60_000 } : {},
    times: { started: createdAt, ...(finished ? { finished } : {}) },
  };
}

function deploymentPage(client: RailwayClient, project: string, service: string, environment: string, id: string): string | undefined {
  const [p, s, e, d] = [project, service, environment, id].map(encodeURIComponent);
  return client.page(`project/${p}/service/${s}?environmentId=${e}&id=${d}`);
}
