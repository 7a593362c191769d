import { fromInstant } from "../../core/civil-date.ts";
import type { Cached } from "../http.ts";
import type { GithubClient } from "./client.ts";
import { createDeploymentLog } from "./deployment-log.ts";
import { ISSUES } from "./issues.ts";
import { PULLS } from "./pulls.ts";
import type { PullNode } from "./schema.ts";
import { createMonths, type Found, searchAll } from "./search.ts";

/** What feeds and tools read, each remembered once for both. */
export type Github = ReturnType<typeof createData>;

export function createData(client: GithubClient) {
  return {
    /** Pull requests by the day they were opened, merged, or closed without a merge. */
    opened: createMonths(client, PULLS, (range) => `is:pr created:${range}`),
    merged: createMonths(client, PULLS, (range) => `is:pr is:merged merged:${range}`),
    closed: createMonths(client, PULLS, (range) => `is:pr is:unmerged closed:${range}`),
    issues: createMonths(client, ISSUES, (range) => `is:issue created:${range}`),
    deployments: createDeploymentLog(client),
    /** All that are open now, oldest first. */
    open(signal: AbortSignal): Promise<Cached<Found<PullNode>>> {
      const query = `org:${client.org} is:pr is:open archived:false sort:created-asc`;
      return client.http.cached("open pull requests", (during) => searchAll(client, PULLS, query, during), signal, {
        operation: PULLS.document.operation,
      });
    },
    today: () => fromInstant(client.now()),
  };
}
