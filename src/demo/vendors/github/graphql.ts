import { buildSchema, type DocumentNode, execute, GraphQLError, parse, type SelectionSetNode, validate } from "graphql";
import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import { jsonOf } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { connection, type PageArguments, refusal } from "./connection.ts";
import { ORG } from "./names.ts";
import { type Nodes, nodesOf } from "./nodes.ts";
import { SDL } from "./sdl.ts";
import { MOST_FOUND, searchPulls } from "./search.ts";

const schema = buildSchema(SDL);
const MOST_NODES = 500_000;
const projections = new WeakMap<World, Nodes>();

/** POST /graphql: the query executed over the world. Refusals come with status 200, as GitHub's do. */
export async function answerGraphql(request: SimulatedRequest, world: World, resetAt: string): Promise<SimulatedResponse> {
  const body = jsonOf(request) as { query?: unknown; variables?: Record<string, unknown> } | undefined;
  if (typeof body?.query !== "string")
    return {
      status: 400,
      body: { message: "A query attribute must be specified and must be a string.", documentation_url: "https://docs.github.com/graphql" },
    };
  const variables = body.variables ?? {};
  const document = parsed(body.query);
  const errors = document instanceof GraphQLError ? [document] : validate(schema, document);
  if (document instanceof GraphQLError || errors.length > 0) return { status: 200, body: { errors: errors.map(told) } };
  const nodes = countNodes(document, variables);
  if (nodes > MOST_NODES) return { status: 200, body: { errors: [tooMany(nodes)] } };
  const result = await execute({ schema, document, rootValue: rootOf(world, resetAt), variableValues: variables });
  return {
    status: 200,
    body: { ...(result.data === undefined ? {} : { data: result.data }), ...(result.errors ? { errors: result.errors.map(told) } : {}) },
  };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** GitHub puts the type beside the message. */
function told({ message, path, locations, extensions }: GraphQLError): object {
  return { ...(extensions.type ? { type: extensions.type } : {}), ...(path ? { path } : {}), ...(locations ? { locations } : {}), message };
}

function tooMany(nodes: number): object {
  return {
    type: "MAX_NODE_LIMIT_EXCEEDED",
    message: `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of 500,000.`,
  };
}

function rootOf(world: World, resetAt: string): object {
  const nodes = projections.get(world) ?? nodesOf(world);
  projections.set(world, nodes);
  return {
    viewer: {
      __typename: "User",
      id: "U_firstmate",
      login: "firstmate-demo",
      name: "Firstmate",
      url: "https://github.example/firstmate-demo",
    },
    rateLimit: { cost: 1, limit: 5_000, nodeCount: 1, remaining: 4_987, used: 13, resetAt },
    organization({ login }: { login: string }) {
      if (login.toLowerCase() === ORG) return nodes.organization;
      throw refusal("NOT_FOUND", `Could not resolve to an Organization with the login of '${login}'.`);
    },
    repositoryOwner: ({ login }: { login: string }) => (login.toLowerCase() === ORG ? nodes.organization : null),
    node: ({ id }: { id: string }) => nodes.byId(id),
    nodes: ({ ids }: { ids: string[] }) => ids.map((id) => nodes.byId(id)),
    search({ query, type, ...page }: PageArguments & { query: string; type: string }) {
      const found = type === "ISSUE" ? searchPulls(query, world) : [];
      const { nodes: pulls, pageInfo } = connection("search", found.slice(0, MOST_FOUND), page);
      return { issueCount: found.length, pageInfo, nodes: pulls.map((pull) => nodes.pull(pull)) };
    },
  };
}

/** Nodes a query may give, as GitHub reckons them: each connection's `first` times those above it. */
function countNodes(document: DocumentNode, variables: Readonly<Record<string, unknown>>): number {
  const fragments = new Map(
    document.definitions.flatMap((d) => (d.kind === "FragmentDefinition" ? [[d.name.value, d.selectionSet] as const] : [])),
  );
  const walk = (set: SelectionSetNode | undefined, times: number): number =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === "FragmentSpread") return sum + walk(fragments.get(selection.name.value), times);
      if (selection.kind === "InlineFragment") return sum + walk(selection.selectionSet, times);
      const first = selection.arguments?.find(({ name }) => name.value === "first")?.value;
      const size =
        first?.kind === "IntValue" ? Number(first.value) : first?.kind === "Variable" ? Number(variables[first.name.value] ?? 0) : 0;
      return size > 0 ? sum + times * size + walk(selection.selectionSet, times * size) : sum + walk(selection.selectionSet, times);
    }, 0);
  const [operation] = document.definitions.flatMap((d) => (d.kind === "OperationDefinition" ? [d.selectionSet] : []));
  const ids = variables.ids;
  return walk(operation, Array.isArray(ids) ? ids.length : 1);
}
