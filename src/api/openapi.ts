import { z } from "zod";
import type { Route } from "../core/http.ts";
import type { Tool } from "../core/tool.ts";

type Json = Record<string, unknown>;

const PROBLEM: Json = {
  type: "object",
  required: ["title", "status", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string", description: "What to do next." },
    errors: { type: "array", items: { type: "object", properties: { path: { type: "string" }, message: { type: "string" } } } },
  },
};
const RECEIPT: Json = {
  type: "object",
  required: ["id", "source", "query", "fetchedAt", "status"],
  properties: {
    id: { type: "string" },
    source: { type: "string" },
    query: { type: "string" },
    window: { type: "object", properties: { from: { type: "string", format: "date" }, to: { type: "string", format: "date" } } },
    fetchedAt: { type: "string", format: "date-time" },
    status: { enum: ["live", "stale", "demo"] },
    provisional: { type: "string" },
    truncated: { type: "string" },
    notes: { type: "array", items: { type: "string" } },
    url: { type: "string" },
  },
};
const ANSWER: Json = {
  type: "object",
  required: ["conversation", "turn", "text", "blocks", "receipts", "tools", "agent", "suggestions"],
  properties: {
    conversation: { type: "string" },
    turn: { type: "string" },
    text: { type: "string", description: "Markdown." },
    notice: { type: "string", description: "How the answer was made, when that matters." },
    blocks: {
      type: "array",
      items: {
        type: "object",
        required: ["type"],
        properties: { type: { enum: ["markdown", "table", "chart", "kpis", "progress", "approval"] } },
      },
    },
    receipts: { type: "array", items: { $ref: "#/components/schemas/Receipt" } },
    tools: { type: "array", items: { type: "object", properties: { name: { type: "string" }, input: { type: "object" } } } },
    agent: { enum: ["model", "deterministic"] },
    suggestions: { type: "array", items: { type: "string" } },
    usage: { type: "object" },
  },
};

/** The OpenAPI 3.1 document, made of the same routes and schemas that answer. */
export function openApiDocument(routes: readonly Route[], tools: readonly Tool[], version: string): Json {
  const paths: Record<string, Json> = {};
  const add = (path: string, method: string, operation: Json) => {
    paths[path] = { ...paths[path], [method]: operation };
  };
  for (const route of routes) if (route.docs) add(route.path, route.method.toLowerCase(), operationOf(route));
  for (const tool of tools.filter((t) => t.effect === "read")) add(`/api/v1/tools/${tool.name}`, "post", toolOperation(tool));
  return {
    openapi: "3.1.0",
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
      schemas: { Problem: PROBLEM, Receipt: RECEIPT, Answer: ANSWER },
    },
  };
}

function operationOf(route: Route): Json {
  const { docs, access } = route;
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map((m) => ({ name: m[1], in: "path", required: true, schema: { type: "string" } })),
    ...Object.entries(docs?.query ?? {}).map(([name, schema]) => ({ name, in: "query", schema })),
  ];
  return {
    summary: docs?.summary,
    tags: [docs?.tag],
    ...(access === "open" || access === "own" ? { security: [] } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(docs?.body ? { requestBody: { required: true, content: { "application/json": { schema: docs.body } } } } : {}),
    responses: {
      200: { description: "Done", content: docs?.responseType ? { [docs.responseType]: {} } : envelope(docs?.response ?? {}) },
      default: problemResponse(),
    },
  };
}

function toolOperation(tool: Tool): Json {
  const data = tool.output ? z.toJSONSchema(tool.output, { io: "output", unrepresentable: "any" }) : {};
  const finding = {
    type: "object",
    properties: {
      content: { type: "string" },
      data,
      blocks: { type: "array", items: { type: "object" } },
      facts: { type: "array", items: { type: "object" } },
      receipts: { type: "array", items: { $ref: "#/components/schemas/Receipt" } },
    },
  };
  return {
    summary: tool.title,
    description: tool.description,
    operationId: tool.name,
    tags: ["tools"],
    requestBody: { content: { "application/json": { schema: z.toJSONSchema(tool.input, { io: "input" }) } } },
    responses: { 200: { description: "A finding", content: envelope(finding) }, default: problemResponse() },
  };
}

function envelope(data: Json): Json {
  return {
    "application/json": {
      schema: {
        type: "object",
        required: ["data", "meta", "errors"],
        properties: { data, meta: { type: "object" }, errors: { type: "array", items: {} } },
      },
    },
  };
}

function problemResponse(): Json {
  return {
    description: "Refused or failed",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}
