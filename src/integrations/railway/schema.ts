import { z } from "zod";

/** The parts of Railway's answers that are read. */

const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at));
const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

function edges<T extends z.ZodType>(node: T) {
  return z.array(z.object({ node })).transform((list) => list.map((edge) => (edge as { node: z.output<T> }).node));
}

const named = z.object({ id: z.string(), name: z.string() });
const nested = z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), edges: edges(named) });

export const workspacesAnswer = z.object({ apiToken: z.object({ workspaces: z.array(named) }) });

export const projectsAnswer = z.object({
  projects: z.object({
    pageInfo,
    edges: edges(named.extend({ description: z.string().nullish(), environments: nested, services: nested })),
  }),
});

/** Whatever the deployment came from says here what it knows; nothing of it is promised. */
const meta = z
  .object({
    commitHash: z.string().optional().catch(undefined),
    commitAuthor: z.string().optional().catch(undefined),
    commitMessage: z.string().optional().catch(undefined),
    repo: z.string().optional().catch(undefined),
    image: z.string().optional().catch(undefined),
  })
  .nullish()
  .catch(undefined);

const deployment = z.object({
  id: z.string(),
  createdAt: instant,
  status: z.string(),
  statusUpdatedAt: instant.nullish(),
  environmentId: z.string(),
  serviceId: z.string().nullish(),
  meta,
  creator: z.object({ name: z.string().nullish() }).nullish(),
});
export type DeploymentNode = z.output<typeof deployment>;
export const deploymentsAnswer = z.object({ deployments: z.object({ pageInfo, edges: edges(deployment) }) });

const used = z.object({
  measurement: z.string(),
  value: z.number(),
  tags: z.object({ projectId: z.string().nullish(), serviceId: z.string().nullish(), environmentId: z.string().nullish() }),
});
export type UsageNode = z.output<typeof used>;
/** By alias: one list for each day asked. */
export const usageAnswer = z.record(z.string(), z.array(used));
