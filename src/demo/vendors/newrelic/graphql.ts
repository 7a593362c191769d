import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { jsonOf, type SimulatedRequest, type SimulatedResponse } from "../../simulator.ts";
import type { World } from "../../world/index.ts";
import { type IssueFilter, issuePage } from "./issues.ts";
import { ACCOUNT } from "./names.ts";
import { runNrql } from "./nrql.ts";
import { SDL } from "./sdl.ts";

const schema = buildSchema(SDL);

/** POST /graphql: the query executed over the world. What is wrong with it comes with status 200. */
export async function answerGraphql(request: SimulatedRequest, world: World): Promise<SimulatedResponse> {
  const body = jsonOf(request) as { query?: unknown; variables?: Record<string, unknown> } | undefined;
  if (typeof body?.query !== "string") return { status: 400, body: { errors: [{ message: "No query document supplied" }] } };
  const document = parsed(body.query);
  const errors = document instanceof GraphQLError ? [document] : validate(schema, document);
  if (document instanceof GraphQLError || errors.length > 0) return { status: 200, body: { errors: errors.map(told) } };
  const mayAskIssues = (request.headers["nerd-graph-unsafe-experimental-opt-in"] ?? "").split(/\s*,\s*/).includes("AiIssues");
  const result = await execute({ schema, document, rootValue: rootOf(world, mayAskIssues), variableValues: body.variables ?? {} });
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

function told({ message, path, locations, extensions }: GraphQLError): object {
  return { message, ...(path ? { path } : {}), ...(locations ? { locations } : {}), ...(extensions.errorClass ? { extensions } : {}) };
}

function refusal(errorClass: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { errorClass } });
}

function rootOf(world: World, mayAskIssues: boolean): object {
  return {
    actor: {
      user: { id: 1_004_217, name: "Firstmate", email: "firstmate@harbourline.example" },
      account({ id }: { id: number }) {
        if (id !== ACCOUNT) throw refusal("ACCESS_DENIED", "Access denied.");
        return {
          id,
          name: "Harbourline",
          nrql({ query }: { query: string }) {
            const answer = runNrql(query, world);
            if ("problem" in answer) throw refusal("INVALID_INPUT", `NRQL Syntax Error: ${answer.problem}`);
            return { nrql: query, ...answer };
          },
          aiIssues() {
            if (!mayAskIssues) throw refusal("FORBIDDEN", "Field `aiIssues` is experimental and needs an opt-in header.");
            return {
              issues(asked: { cursor?: string | null; filter?: IssueFilter | null; timeWindow?: TimeWindow | null }) {
                const page = issuePage(world, asked.timeWindow ?? undefined, asked.filter ?? {}, asked.cursor ?? undefined);
                if (!page) throw refusal("INVALID_INPUT", "Invalid cursor.");
                return page;
              },
            };
          },
        };
      },
    },
  };
}

interface TimeWindow {
  startTime: number;
  endTime: number;
}
