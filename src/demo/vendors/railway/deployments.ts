import type { World } from "../../world/index.ts";
import type { Deployment } from "../../world/types.ts";

export interface DeploymentInput {
  projectId?: string | null;
  serviceId?: string | null;
  environmentId?: string | null;
  status?: { in?: readonly string[] | null; notIn?: readonly string[] | null } | null;
}

const projections = new WeakMap<World, Map<string, object & Node>>();

interface Node {
  id: string;
  projectId: string;
  serviceId: string;
  environmentId: string;
  status: string;
  createdAt: string;
}

/** Those the input asks for, newest first. */
export function deploymentsOf({ projectId, serviceId, environmentId, status }: DeploymentInput, world: World): Node[] {
  const known = projections.get(world) ?? project(world);
  projections.set(world, known);
  return [...known.values()]
    .filter((node) => !projectId || node.projectId === projectId)
    .filter((node) => !serviceId || node.serviceId === serviceId)
    .filter((node) => !environmentId || node.environmentId === environmentId)
    .filter((node) => !status?.in || status.in.includes(node.status))
    .filter((node) => !status?.notIn?.includes(node.status));
}

function project(world: World): Map<string, Node> {
  const people = new Map(world.people().map((person) => [person.login, person]));
  const pulls = new Map(world.pulls().map((pull) => [pull.id, pull]));
  const places = new Map(
    world.railwayProjects().flatMap((p) => p.services.map((service) => [service.name, { project: p, service }] as const)),
  );
  const replaced = replacements(world);
  const nodes = world
    .deployments()
    .filter(({ platform }) => platform === "railway")
    .toReversed()
    .flatMap((deployment): Node[] => {
      const place = places.get(deployment.service);
      const environment = place?.project.environments.find(({ name }) => name === deployment.environment);
      if (!place || !environment) return [];
      const next = replaced.get(deployment.id);
      const end = next ?? deployment.finishedAt;
      const creator = people.get(deployment.creator);
      const [pull] = deployment.pulls;
      const node = {
        ...{ id: deployment.id, projectId: place.project.id, serviceId: place.service.id, environmentId: environment.id },
        ...{ status: next ? "REMOVED" : statusOf(deployment), createdAt: deployment.createdAt },
        ...{ statusUpdatedAt: end ?? deployment.startedAt, updatedAt: end ?? deployment.startedAt },
        ...{ url: `${deployment.service}.example`, staticUrl: `${deployment.service}.example` },
        creator: creator ? { id: creator.login, name: creator.name, email: creator.email, avatar: null } : null,
        meta: {
          ...{ commitHash: deployment.commit, branch: deployment.ref, repo: `harbourline/${deployment.repository}`, reason: "deploy" },
          ...{ commitAuthor: deployment.creator.replaceAll(".", "-"), commitMessage: (pull && pulls.get(pull)?.title) ?? deployment.ref },
        },
      };
      return [node];
    });
  return new Map(nodes.map((node) => [node.id, node]));
}

/** When the next success took the place of each success. */
function replacements(world: World): Map<string, string> {
  const latest = new Map<string, Deployment>();
  const replaced = new Map<string, string>();
  for (const deployment of world.deployments()) {
    if (deployment.status !== "success") continue;
    const place = `${deployment.service} ${deployment.environment}`;
    const before = latest.get(place);
    if (before) replaced.set(before.id, deployment.finishedAt ?? deployment.startedAt);
    latest.set(place, deployment);
  }
  return replaced;
}

function statusOf({ status }: Deployment): string {
  return { in_progress: "DEPLOYING", success: "SUCCESS", failure: "FAILED" }[status];
}
