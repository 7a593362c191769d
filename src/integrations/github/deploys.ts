import { addUnits, startOf } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import type { RecordAnswer } from "../../core/feed.ts";
import type { RecordMeasure } from "../../core/record-feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { VendorError } from "../../errors.ts";
import { broughtBy } from "./brought.ts";
import type { GithubClient } from "./client.ts";
import type { createDeploymentLog, RepositoryDeployment } from "./deployment-log.ts";
import { type History, readHistory } from "./history.ts";
import { byAge, known } from "./pulls.ts";
import { receiptOf, withoutIt } from "./receipts.ts";
import { readRepositories } from "./repositories.ts";
import type { DeploymentNode, RepositoryNode } from "./schema.ts";
import { holds } from "./windows.ts";

export const DEPLOY_DIMENSIONS = ["service", "repository", "environment", "status", "author"];
export const DEPLOY_MEASURES: readonly RecordMeasure[] = [
  { name: "deployments", unit: "count" },
  { name: "failed_deployments", unit: "count", of: ({ labels: { status } }) => (status === "failure" ? 1 : 0) },
  {
    name: "deployment_minutes",
    unit: "min",
    aggregate: "mean",
    of: ({ times: { started, finished } }) => (started && finished ? (finished.getTime() - started.getTime()) / 60_000 : undefined),
  },
];

/** A label of more commits would be read by nobody. */
const MOST_COMMITS = 1_000;

/** Deployments created in the period, as records; with the commits each brought where the history shows it. */
export async function loadDeploys(
  client: GithubClient,
  since: ReturnType<typeof createDeploymentLog>,
  period: Period,
  signal: AbortSignal,
): Promise<RecordAnswer> {
  const repositories = await readRepositories(client, signal);
  // The deployment before the first is needed to tell what the first one brought.
  const from = addUnits("month", startOf("month", period.from), -1);
  const found = await since(repositories.value.items, from, signal);
  const history = await historyOf(client, repositories.value.items, { from, to: period.to }, signal);
  const commits = "note" in history ? new Map<string, string[]>() : commitsBrought(found.value.items, history);
  const records = found.value.items
    .filter(({ createdAt }) => holds(period, createdAt))
    .map((deployment) => deployRecord(deployment, commits.get(deployment.id)));
  const truncated = [repositories.value.truncated, found.value.truncated, "note" in history ? undefined : history.truncated];
  const asked = {
    ...{ what: "deploys", query: "deployments created", window: period },
    truncated: truncated.filter(Boolean).join("; ") || undefined,
    ...("note" in history ? { notes: [history.note] } : {}),
  };
  const parts = [repositories, found, ...("note" in history ? [] : history.parts)];
  return { records: records.toSorted(byAge), receipts: [receiptOf(client, asked, parts)] };
}

/** A deployment. Its service is its repository: GitHub knows no other. */
function deployRecord(deployment: RepositoryDeployment, commits: readonly string[] | undefined): FeedRecord {
  const { repository, createdAt, commitOid, creator, latestStatus } = deployment;
  const { status, finished } = outcomeOf(deployment);
  const url = latestStatus?.logUrl ?? latestStatus?.environmentUrl;
  const minutes = finished ? (finished.getTime() - createdAt.getTime()) / 60_000 : undefined;
  return {
    id: `${repository.nameWithOwner}/deployments/${deployment.databaseId ?? deployment.id}`,
    at: createdAt,
    ...(url ? { url } : {}),
    labels: known({
      service: repository.name,
      repository: repository.nameWithOwner,
      environment: environmentOf(deployment),
      status,
      commit: commitOid,
      commits: commits && commits.length <= MOST_COMMITS ? commits.join(",") : undefined,
      author: creator?.login,
    }),
    numbers: minutes === undefined ? {} : { minutes },
    times: { started: createdAt, ...(finished ? { finished } : {}) },
  };
}

/** Statuses that end a deployment. INACTIVE is none: it says that a newer one took its place. */
const ENDINGS: Readonly<Record<string, string>> = { SUCCESS: "success", FAILURE: "failure", ERROR: "failure" };
const STATES: Readonly<Record<string, string>> = {
  ...ENDINGS,
  ACTIVE: "success",
  DESTROYED: "success",
  ABANDONED: "cancelled",
  PENDING: "running",
  QUEUED: "running",
  IN_PROGRESS: "running",
  WAITING: "running",
};

/** How it ended and when, by its last ending; else by its state, without a time. An unknown state is no status. */
function outcomeOf({ statuses, state }: DeploymentNode): { status?: string | undefined; finished?: Date | undefined } {
  const last = (statuses?.nodes ?? [])
    .filter((s) => ENDINGS[s.state] !== undefined)
    .reduce<{ state: string; createdAt: Date } | undefined>((a, b) => (a && a.createdAt >= b.createdAt ? a : b), undefined);
  if (last) return { status: ENDINGS[last.state], finished: last.createdAt };
  return { status: state === null ? undefined : STATES[state] };
}

/** "Production", "prod" and "web / production" are production to people. Other names stay as they are, in lower case. */
export function environmentOf({ originalEnvironment, environment }: Pick<DeploymentNode, "originalEnvironment" | "environment">) {
  const name = (originalEnvironment ?? environment)?.toLowerCase().trim();
  if (!name) return undefined;
  const words = name.split(/[^a-z0-9]+/);
  const isBefore = words.some((word) => ["pre", "preprod", "non", "nonprod"].includes(word));
  if (!isBefore && words.some((word) => word === "production" || word === "prod")) return "production";
  return words.some((word) => word === "staging" || word === "stage") ? "staging" : name;
}

/** Contents may be closed to the token where deployments are open: then nobody knows which commits they brought. */
async function historyOf(
  client: GithubClient,
  repositories: readonly RepositoryNode[],
  window: Period,
  signal: AbortSignal,
): Promise<History | { note: string }> {
  try {
    return await readHistory(client, repositories, window, signal);
  } catch (error) {
    if (!(error instanceof VendorError) || (error.status !== 403 && error.status !== 404)) throw error;
    return { note: withoutIt("Which commits each deployment brought is not known", error) };
  }
}

/** By the deployment's node id. */
function commitsBrought(deployments: readonly RepositoryDeployment[], history: History): Map<string, string[]> {
  const parents = Map.groupBy(history.items, ({ repository }) => repository);
  const arrived = deployments.flatMap((deployment) => {
    const { status, finished } = outcomeOf(deployment);
    return status === "success" ? [{ deployment, at: finished ?? deployment.createdAt }] : [];
  });
  const places = Map.groupBy(arrived, ({ deployment }) => JSON.stringify([deployment.repository.nameWithOwner, environmentOf(deployment)]));
  const brought = [...places.values()].flatMap((list) => {
    const repository = list[0]?.deployment.repository.nameWithOwner ?? "";
    const graph = new Map((parents.get(repository) ?? []).map(({ oid, parents: above }) => [oid, above.nodes.map((p) => p.oid)]));
    const arrivals = list
      .toSorted((a, b) => a.at.getTime() - b.at.getTime() || (a.deployment.id < b.deployment.id ? -1 : 1))
      .map(({ deployment }) => ({ id: deployment.id, commit: deployment.commitOid }));
    return [...broughtBy(arrivals, graph)];
  });
  return new Map(brought);
}
