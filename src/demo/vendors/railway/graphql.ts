import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { jsonOf, type SimulatedRequest, type SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { connection, type PageArguments } from "./connection.ts";
import { type DeploymentInput, deploymentsOf } from "./deployments.ts";
import { SDL } from "./sdl.ts";
import { type UsageArguments, usageOf } from "./usage.ts";

const schema = buildSchema(SDL);
const WORKSPACE = { id: "6f0f5f5e-2a35-4cf3-8f5c-9a4f2e1b7c10", name: "harbourline" };

/** The query executed over the world. */
export async function answerGraphql(request: SimulatedRequest, world: World): Promise<SimulatedResponse> {
  const body = jsonOf(request) as { query?: unknown; variables?: Record<string, unknown> } | undefined;
  if (typeof body?.query !== "string") return { status: 400, body: { errors: [{ message: "Must provide a query string." }] } };
  const document = parsed(body.query);
  const errors = document instanceof GraphQLError ? [document] : validate(schema, document);
  if (document instanceof GraphQLError || errors.length > 0)
    return { status: 400, body: { errors: errors.map(({ message }) => ({ message, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } })) } };
  const result = await execute({ schema, document, rootValue: rootOf(world), variableValues: body.variables ?? {} });
  const told = result.errors?.map(({ message, path }) => ({ message, ...(path ? { path } : {}) }));
  return { status: 200, body: { data: result.data ?? null, ...(told ? { errors: told } : {}) } };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function rootOf(world: World): object {
  const allow = (workspaceId: string | null | undefined) => {
    if (workspaceId && workspaceId !== WORKSPACE.id) throw new GraphQLError("Not Authorized");
  };
  return {
    apiToken: { workspaces: [WORKSPACE] },
    projects({ workspaceId, ...page }: PageArguments & { workspaceId?: string | null }) {
      allow(workspaceId);
      const nodes = world.railwayProjects().map((project) => ({
        ...{ id: project.id, name: project.name, description: project.description, createdAt: project.createdAt },
        ...{ deletedAt: null, workspaceId: WORKSPACE.id },
        environments: (inner: PageArguments) =>
          connection(
            project.environments.map((e) => ({ ...e, isEphemeral: false, projectId: project.id })),
            inner,
          ),
        services: (inner: PageArguments) =>
          connection(
            project.services.map(({ id, name, createdAt }) => ({ id, name, createdAt, deletedAt: null, projectId: project.id })),
            inner,
          ),
      }));
      return connection(nodes, page);
    },
    deployments: ({ input, ...page }: PageArguments & { input: DeploymentInput }) => connection(deploymentsOf(input, world), page),
    usage(asked: UsageArguments) {
      allow(asked.workspaceId);
      return usageOf(asked, world);
    },
  };
}
