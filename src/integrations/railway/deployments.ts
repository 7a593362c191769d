import type { z } from "zod";
import { toInstant } from "../../core/civil-date.ts";
import type { CivilDate } from "../../core/fact.ts";
import type { Cached } from "../http.ts";
import type { RailwayClient } from "./client.ts";
import { DEPLOYMENTS } from "./queries.ts";
import { type DeploymentNode, deploymentsAnswer } from "./schema.ts";

export interface DeploymentList {
  items: readonly DeploymentNode[];
  truncated?: string;
}

/** Of one project, by its id, at least those since the day. Throws VendorError. */
export type Deployments = (projectId: string, since: CivilDate, signal: AbortSignal) => Promise<Cached<DeploymentList>>;

const MOST_PAGES = 40;

interface Log {
  items: Map<string, DeploymentNode>;
  seenAt: Date;
  /** All since this day are known. */
  since: CivilDate;
}

/** So long a deployment may take to end, to crash, or to be taken away by the next one. */
const SETTLES_MS = 7 * 86_400_000;

/**
 * Railway lists deployments newest first and cannot be asked for those of a window; what was read is remembered, and a later question
 * reads only the newest, unless it goes further back.
 */
export function createDeployments(client: RailwayClient): Deployments {
  const logs = new Map<string, Log>();

  async function load(projectId: string, since: CivilDate, signal: AbortSignal): Promise<DeploymentList> {
    const now = client.now();
    const known = logs.get(projectId);
    const isDeeper = !known || since < known.since;
    const until = isDeeper ? toInstant(since) : new Date(known.seenAt.getTime() - SETTLES_MS);
    const { items, truncated } = await readUntil(projectId, until, signal);
    const log: Log = { items: new Map(isDeeper ? [] : known.items), seenAt: now, since: isDeeper ? since : known.since };
    for (const item of items) log.items.set(item.id, item);
    if (truncated === undefined) logs.set(projectId, log);
    return { items: [...log.items.values()], ...(truncated ? { truncated } : {}) };
  }

  async function readUntil(projectId: string, until: Date, signal: AbortSignal): Promise<DeploymentList> {
    const items: DeploymentNode[] = [];
    const seen = new Set<string>();
    let after: string | null = null;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer: z.output<typeof deploymentsAnswer> = await client.query(DEPLOYMENTS, { projectId, after }, deploymentsAnswer, signal);
      const { edges, pageInfo } = answer.deployments;
      items.push(...edges);
      const next: string | null | undefined = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
      if (!next || (edges.length > 0 && edges.every(({ createdAt }) => createdAt < until))) return { items };
      if (seen.has(next)) return { items, truncated: `Railway gave the same page again after ${items.length} deployments` };
      seen.add(next);
      after = next;
    }
    return { items, truncated: `the newest ${items.length} deployments of more` };
  }

  return (projectId, since, signal) => {
    const options = { operation: DEPLOYMENTS.operation };
    return client.http.cached(`deployments ${projectId} ${since}`, (during) => load(projectId, since, during), signal, options);
  };
}
