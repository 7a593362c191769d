import { type Cached, readPages } from "../http.ts";
import type { RailwayClient } from "./client.ts";
import { PROJECTS, WORKSPACES } from "./queries.ts";
import { projectsAnswer, workspacesAnswer } from "./schema.ts";

export interface Named {
  id: string;
  name: string;
}

export interface Project extends Named {
  description?: string;
  workspace: Named;
  environments: readonly Named[];
  services: readonly Named[];
}

export interface Estate {
  workspaces: readonly Named[];
  /** Those that are there; deleted ones are not listed. */
  projects: readonly Project[];
  truncated?: string;
}

export type Projects = (signal: AbortSignal) => Promise<Cached<Estate>>;

const MOST_PAGES = 20;

/** All projects of all workspaces the token sees. Throws VendorError. */
export function createProjects(client: RailwayClient): Projects {
  async function load(signal: AbortSignal): Promise<Estate> {
    const { workspaces } = (await client.query(WORKSPACES, {}, workspacesAnswer, signal)).apiToken;
    const projects: Project[] = [];
    const cut: string[] = [];
    for (const workspace of workspaces) {
      const { items, truncated } = await readPages(
        async (after) => {
          const answer = await client.query(PROJECTS, { workspaceId: workspace.id, after: after ?? null }, projectsAnswer, signal);
          const { edges, pageInfo } = answer.projects;
          return { items: edges, next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined };
        },
        { pages: MOST_PAGES, what: "projects" },
      );
      if (truncated) cut.push(truncated);
      for (const { description, environments, services, ...named } of items) {
        if (services.pageInfo.hasNextPage || environments.pageInfo.hasNextPage)
          cut.push(`the first hundred services and environments of ${named.name}`);
        const known = { environments: environments.edges, services: services.edges };
        projects.push({ ...named, workspace, ...known, ...(description ? { description } : {}) });
      }
    }
    return { workspaces, projects, ...(cut.length > 0 ? { truncated: cut.join("; ") } : {}) };
  }

  return (signal) => client.http.cached("projects", load, signal, { operation: PROJECTS.operation });
}

/** Names of projects, services and environments by their ids. */
export function namesOf({ projects }: Estate): ReadonlyMap<string, string> {
  return new Map(
    projects.flatMap(({ id, name, services, environments }) => [
      [id, name] as const,
      ...[...services, ...environments].map((n) => [n.id, n.name] as const),
    ]),
  );
}
