import type { RecordedRequest, Routes } from "../../kit/vendor-server.ts";

/** Railway's answers for a small workspace, by what the document asks for. Shapes are those of the published schema; names are invented. */

export function page(nodes: readonly object[], next: string | null = null): object {
  return { pageInfo: { hasNextPage: next !== null, endCursor: next }, edges: nodes.map((node) => ({ node })) };
}

export const WORKSPACES = { apiToken: { workspaces: [{ id: "w1", name: "acme" }] } };

export const PROJECT = {
  ...{ id: "p1", name: "portal", description: "What customers see" },
  environments: page([
    { id: "e1", name: "Production" },
    { id: "e2", name: "staging" },
  ]),
  services: page([
    { id: "s1", name: "web" },
    { id: "s2", name: "cache" },
  ]),
};

export function deployment(id: string, createdAt: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ id, createdAt, status: "SUCCESS", statusUpdatedAt: new Date(Date.parse(createdAt) + 180_000).toISOString() },
    ...{ environmentId: "e1", serviceId: "s1", creator: { name: "Ann Smith" } },
    meta: {
      commitHash: `c0ffee${id}`,
      commitAuthor: "ann",
      commitMessage: `Change ${id}`,
      repo: "acme/web",
      branch: "main",
      reason: "deploy",
    },
    ...changes,
  };
}

export type Script = Readonly<Record<string, (variables: Readonly<Record<string, unknown>>, query: string) => object>>;

/** Each day's part, with a minute for each day of the month. */
export function usage(_: unknown, query: string): object {
  const parts = [...query.matchAll(/(d\d+): usage\(.*?startDate: "(\d{4}-\d\d-(\d\d))T/g)];
  return Object.fromEntries(
    parts.map(([, alias, , day]) => [
      alias,
      [
        { measurement: "CPU_USAGE", value: Number(day), tags: { projectId: "p1", serviceId: "s1", environmentId: "e1" } },
        { measurement: "MEMORY_USAGE_GB", value: 1_440, tags: { projectId: "p1", serviceId: "s1", environmentId: "e1" } },
        { measurement: "CPU_USAGE", value: 0.5, tags: { projectId: "p1", serviceId: "gone", environmentId: "e1" } },
        { measurement: "NETWORK_TX_GB", value: 0.25, tags: { projectId: "p1", serviceId: "s2", environmentId: "e1" } },
      ],
    ]),
  );
}

export const SCRIPT: Script = {
  apiToken: () => WORKSPACES,
  "projects(workspaceId": () => ({ projects: page([PROJECT]) }),
  "deployments(input": ({ after }) => ({
    deployments: after
      ? page([deployment("d1", "2026-11-02T09:00:00.000Z", { status: "REMOVED" })])
      : page([deployment("d3", "2026-11-20T09:00:00.000Z", { status: "FAILED" }), deployment("d2", "2026-11-10T09:00:00.000Z")], "2"),
  }),
  "usage(workspaceId": usage,
};

export function routesOf(script: Script = SCRIPT): Routes {
  return {
    "POST /": ({ body }: RecordedRequest) => {
      const { query = "", variables = {} } = body as { query?: string; variables?: Record<string, unknown> };
      const [, answer] = Object.entries(script).find(([word]) => query.includes(word)) ?? [];
      if (!answer) throw new Error(`nothing is scripted for ${query}`);
      return { json: { data: answer(variables, query) } };
    },
  };
}
