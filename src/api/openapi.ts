import { z } from "zod";
import type { Route } from "../core/http.ts";
import type { Tool } from "../core/tool.ts";
import { envelopeSchema, findingSchema, type Json, SCHEMAS } from "./openapi-schemas.ts";

/** What `POST /api/v1/ask` sends to who accepts a stream. */
const ANSWER_STREAM =
  "Server-sent events: “start” {conversation}, then “status” {status} and “text” {text, the whole so far}, then exactly one “final” (the Answer) or “error” (a Problem).";

/** The OpenAPI 3.1 document, made of the same routes and schemas that answer. */
export function openApiDocument(routes: readonly Route[], tools: readonly Tool[], version: string): Json {
  const paths: Record<string, Json> = {};
  const add = (path: string, method: string, operation: Json) => {
    paths[path] = { ...paths[path], [method]: operation };
  };
  for (const route of routes) if (route.docs) add(route.path, route.method.toLowerCase(), operationOf(route));
  for (const tool of tools) add(`/api/v1/tools/${tool.name}`, "post", toolOperation(tool));
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: {
      title: "Firstmate",
      version,
      description: "The tools and answers of Firstmate. Success comes as {data, meta, errors}, a refusal as application/problem+json.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "Made by `firstmate key create`. On one's own machine, over loopback, reading needs none.",
        },
      },
      schemas: SCHEMAS,
    },
  };
}

function operationOf(route: Route): Json {
  const { docs, access } = route;
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map((m) => ({ name: m[1], in: "path", required: true, schema: { type: "string" } })),
    ...Object.entries(docs?.query ?? {}).map(([name, schema]) => ({ name, in: "query", schema })),
    ...Object.entries(docs?.headers ?? {}).map(([name, schema]) => ({ name, in: "header", schema })),
  ];
  return {
    operationId: operationId(route),
    summary: docs?.summary,
    tags: [docs?.tag],
    ...(access === "open" || access === "own" ? { security: [] } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(docs?.body ? { requestBody: { required: true, content: json(docs.body) } } : {}),
    ...(docs?.aliasOf ? { deprecated: true, description: `Another name of ${docs.aliasOf}, which does the same.` } : {}),
    responses: {
      ...responses(contentOf(route), docs?.status),
      ...(/^\/health\/(?:ready|startup)$/.test(route.path) ? { 503: { description: "Not yet", content: contentOf(route) } } : {}),
    },
  };
}

/** Short and unique: "get_conversations_id". */
function operationId({ method, path }: Route): string {
  const words = path.replace("/api/v1", "").match(/\w+/g) ?? [];
  return [method.toLowerCase(), ...words].join("_");
}

function contentOf({ path, docs }: Route): Json {
  if (docs?.responseType) return { [docs.responseType]: { schema: {} } };
  const others = Object.fromEntries((docs?.otherTypes ?? []).map((type) => [type, { schema: { type: "string" } }]));
  const whole = { ...json(envelopeSchema(docs?.response ?? {}, docs?.meta)), ...others };
  return path === "/api/v1/ask" ? { ...whole, "text/event-stream": { schema: { type: "string", description: ANSWER_STREAM } } } : whole;
}

/** A tool that writes only proposes: what it answers is the card a person must approve. */
function toolOperation(tool: Tool): Json {
  const isWrite = tool.effect === "write";
  const data = tool.output && !isWrite ? withoutDialect(z.toJSONSchema(tool.output, { io: "output", unrepresentable: "any" })) : {};
  return {
    operationId: tool.name,
    summary: tool.title,
    description: tool.description,
    tags: ["tools"],
    requestBody: { content: json(withoutDialect(z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }))) },
    responses: responses(json(envelopeSchema(findingSchema(data))), isWrite ? 202 : 200),
  };
}

/** The document names the dialect once for all. */
function withoutDialect({ $schema: _, ...schema }: Json): Json {
  return schema;
}

function json(schema: Json): Json {
  return { "application/json": { schema: withoutDialect(schema) } };
}

function responses(content: Json, status = 200): Json {
  return {
    [status]: { description: "Done", content },
    default: {
      description: "Refused or failed",
      content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  };
}
