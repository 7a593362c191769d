import { startOf, toInstant } from "../../core/civil-date.ts";
import type { Cached } from "../http.ts";
import type { GithubClient } from "./client.ts";
import { type Newest, readNewest, type Wish } from "./newest.ts";
import { DEPLOYMENTS } from "./queries.ts";
import { type DeploymentNode, deploymentNode, type RepositoryNode, repositoryPage } from "./schema.ts";
import type { Found } from "./search.ts";

/** A deployment and where it happened. */
export interface RepositoryDeployment extends DeploymentNode {
  repository: RepositoryNode;
}

/** What is known of one repository's deployments: everything from now back to `oldest`. */
interface Log {
  items: Map<string, DeploymentNode>;
  seenAt: Date;
  /** Deeper pages begin here; absent when there is nothing deeper. */
  after?: string;
  oldest: Date;
}

const LISTING = {
  documents: DEPLOYMENTS,
  schema: repositoryPage(deploymentNode).transform(({ id, page }) => ({ id, page })),
  dateOf: ({ createdAt }: DeploymentNode) => createdAt,
  first: 50,
};
/** So long a deployment may take to end, or wait to be approved. */
const SETTLES_MS = 3 * 86_400_000;

/**
 * Deployments since a day. GitHub cannot be asked for deployments of a window, only for the newest; so what was read is remembered,
 * and a later question reads the newest few and, if it goes deeper, on from where the last one ended.
 */
export function createDeploymentLog(
  client: GithubClient,
): (repositories: readonly RepositoryNode[], from: string, signal: AbortSignal) => Promise<Cached<Found<RepositoryDeployment>>> {
  const logs = new Map<string, Log>();

  function refreshOf({ id }: RepositoryNode, from: Date): Wish {
    const log = logs.get(id);
    return { id, until: log ? new Date(log.seenAt.getTime() - SETTLES_MS) : from };
  }

  function deeperOf({ id }: RepositoryNode, from: Date): Wish[] {
    const log = logs.get(id);
    return log?.after !== undefined && log.oldest >= from ? [{ id, until: from, after: log.after }] : [];
  }

  function remember(id: string, { items, after, isCut }: Newest<DeploymentNode>, seenAt: Date, isDeeper: boolean): void {
    const log = logs.get(id);
    const oldest = items.at(-1)?.createdAt;
    const reached = { oldest: oldest ?? log?.oldest ?? seenAt, ...(after === undefined ? {} : { after }) };
    // A refresh that was cut does not meet what is known: there would be a hole.
    if (!log || (isCut && !isDeeper)) logs.set(id, { items: new Map(items.map((item) => [item.id, item])), seenAt, ...reached });
    else {
      for (const item of items) log.items.set(item.id, item);
      const { after: _, ...rest } = log;
      logs.set(id, isDeeper ? { ...rest, ...reached } : { ...log, seenAt });
    }
  }

  async function load(repositories: readonly RepositoryNode[], from: Date, signal: AbortSignal): Promise<Found<RepositoryDeployment>> {
    const now = client.now();
    const newest = await readNewest(
      client,
      LISTING,
      repositories.map((repository) => refreshOf(repository, from)),
      signal,
    );
    for (const [id, page] of newest) remember(id, page, now, false);
    const deeper = await readNewest(
      client,
      LISTING,
      repositories.flatMap((repository) => deeperOf(repository, from)),
      signal,
    );
    for (const [id, page] of deeper) remember(id, page, now, true);
    const cut = repositories.filter((repository) => deeperOf(repository, from).length > 0).map(({ name }) => name);
    const items = repositories.flatMap((repository) =>
      [...(logs.get(repository.id)?.items.values() ?? [])].filter(({ createdAt }) => createdAt >= from).map((d) => ({ ...d, repository })),
    );
    return { items, ...(cut.length ? { truncated: `older deployments of ${cut.join(", ")}` } : {}) };
  }

  return (repositories, from, signal) => {
    const month = startOf("month", from);
    return client.http.cached(`deployments since ${month}`, (during) => load(repositories, toInstant(month), during), signal, {
      operation: DEPLOYMENTS.first.operation,
    });
  };
}
