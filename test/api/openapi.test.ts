import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tools as allTools } from "../../src/tools/index.ts";
import { type Answered, type Served, serve } from "../kit/app.ts";
import { problemsOf, resolve, type Schema } from "../kit/json-schema.ts";

let app: Served;
let document: Schema & { paths: Record<string, Record<string, Operation>> };
beforeAll(async () => {
  app = await serve({ env: { REQUESTS_PER_MINUTE: "1000" } });
  document = (await app.get("/api/v1/openapi.json")).json;
});
afterAll(() => app.stop());

interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content: Record<string, { schema: Schema }> }>;
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** The schema of what `path` answers with this status. */
function schemaOf(path: string, method: string, status: string, type = "application/json"): Schema {
  const schema = document.paths[path]?.[method]?.responses[status]?.content[type]?.schema;
  if (!schema) throw new Error(`${method} ${path} does not describe ${status} as ${type}`);
  return schema;
}

function expectAsDescribed(answered: Answered, path: string, method: string, status = 200): void {
  expect(answered.status, answered.text).toBe(status);
  expect(problemsOf(schemaOf(path, method, `${status}`), answered.json, document)).toEqual([]);
}

describe("the OpenAPI document", () => {
  it("is OpenAPI 3.1 in its outer form", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(Object.keys(document).toSorted()).toEqual([
      "components",
      "info",
      "jsonSchemaDialect",
      "openapi",
      "paths",
      "security",
      "servers",
    ]);
    for (const { path, method, operation } of operations()) {
      expect(path).toMatch(/^\/[\w./{}-]*$/);
      expect(METHODS).toContain(method);
      expect(operation.summary, path).toBeTruthy();
      for (const [status, { description, content }] of Object.entries(operation.responses)) {
        expect(status).toMatch(/^(?:[1-5]\d\d|default)$/);
        expect(description).toBeTruthy();
        expect(Object.keys(content).length).toBeGreaterThan(0);
      }
    }
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("names each parameter of its paths, and no other", () => {
    for (const { path, operation } of operations()) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        inPath.map(({ name }) => `{${name}}`),
        path,
      ).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  it("has the routes people ask by, and each tool by its name", async () => {
    // An admin sees every tool there is, those that write too.
    const headers = { authorization: `Bearer ${await app.key("admin")}` };
    const { data: listed } = (await app.get("/api/v1/tools", headers)).json as { data: { name: string }[] };
    const tools = listed.map(({ name }) => `/api/v1/tools/${name}`);

    const paths = Object.keys(document.paths);
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(allTools.map(({ name }) => name)));
    expect(paths.filter((path) => /^\/api\/v1\/tools\/[^{]/.test(path)).toSorted()).toEqual(tools.toSorted());
    expect(paths).toEqual(
      expect.arrayContaining([
        "/api/v1/agents",
        "/api/v1/agents/{id}",
        "/api/v1/agents/{id}/events",
        "/api/v1/agents/{id}/metrics",
        "/api/v1/ask",
        "/api/v1/charts/{turn}/{index}",
        "/api/v1/conversations",
        "/api/v1/conversations/{id}",
        "/api/v1/openapi.json",
        "/api/v1/tools",
        "/health/live",
        "/health/ready",
        "/health/startup",
        "/metrics",
      ]),
    );
  });

  it("refers only to what it holds, in schemas that are understood", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? "");
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(() => resolve(reference, document)).not.toThrow();
    const schemas = operations().flatMap(({ operation }) => [
      ...Object.values(operation.responses).flatMap(({ content }) => Object.values(content).map(({ schema }) => schema)),
      ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ...(operation.parameters ?? []).map(({ schema }) => schema),
    ]);
    // Values of every kind, so that every branch is looked at.
    for (const schema of schemas)
      for (const value of [null, "", 0, [], {}]) expect(() => problemsOf(schema, value, document)).not.toThrow();
  });

  it("says who may call without a key", () => {
    const open = operations().filter(({ operation }) => "security" in operation);

    expect([...new Set(open.map(({ path }) => path))].toSorted()).toEqual([
      "/api/v1/auth/oidc",
      "/api/v1/auth/oidc/callback",
      "/api/v1/auth/revoke",
      "/api/v1/auth/session",
      "/api/v1/auth/token",
      "/api/v1/charts/{turn}/{index}",
      "/api/v1/openapi.json",
      "/health/live",
      "/health/ready",
      "/health/startup",
      "/webhooks/{source}",
    ]);
  });
});

describe("what is answered is what is described", () => {
  it.each([
    "Which services make up 80% of our cloud cost last month?",
    "How much did we spend yesterday vs the day before?",
    "Show daily cost for the last 30 days",
    "Which service increased the most month over month?",
    "help",
    "colourless green ideas",
    "🎉",
  ])("to “%s”", async (question) => {
    expectAsDescribed(await app.post("/api/v1/ask", { question }), "/api/v1/ask", "post");
  });

  it("by every tool, and its own examples of input fit", { timeout: 120_000 }, async () => {
    const inputs: Record<string, unknown[]> = {
      pareto: [{}, { by: "service", period: { from: "2026-01-01", to: "2026-01-31" }, compare: "previous", top: 2 }],
      get_costs: [{}, { by: ["service", "region"], grain: "month", filter: { region: ["us-east-1"] } }, { order: "change", by: "service" }],
      query_dataset: [{}, { dataset: "revenue", by: "region" }],
      help: [{}, { tool: "pareto" }],
    };
    for (const { name, effect } of (await app.get("/api/v1/tools")).json.data as { name: string; effect: string }[]) {
      const path = `/api/v1/tools/${name}`;
      const wanted = document.paths[path]?.post?.requestBody?.content["application/json"]?.schema ?? {};
      const usual = ((wanted.required ?? []) as string[]).map((field) => [field, "cost"]);
      for (const input of inputs[name] ?? [Object.fromEntries(usual)]) {
        expect(problemsOf(wanted, input, document)).toEqual([]);
        const answered = await app.post(path, input);
        // What writes only proposes, and says so with another status.
        if (answered.status < 300) expectAsDescribed(answered, path, "post", effect === "write" ? 202 : 200);
        else expect(problemsOf(schemaOf(path, "post", "default", "application/problem+json"), answered.json, document)).toEqual([]);
      }
    }
  });

  it("of tools, conversations and health", async () => {
    const { json } = await app.post("/api/v1/ask", { question: "How much did we spend last month by service?" });

    expectAsDescribed(await app.get("/api/v1/tools"), "/api/v1/tools", "get");
    expectAsDescribed(await app.get("/api/v1/conversations"), "/api/v1/conversations", "get");
    expectAsDescribed(await app.get(`/api/v1/conversations/${json.data.conversation}`), "/api/v1/conversations/{id}", "get");
    expectAsDescribed(await app.get("/health/live"), "/health/live", "get");
    expectAsDescribed(await app.get("/health/ready"), "/health/ready", "get");
  });

  it("in refusals", async () => {
    const refusals = [
      await app.post("/api/v1/ask", {}),
      await app.post("/api/v1/tools/pareto", { by: "servce" }),
      await app.get("/nothing"),
      await app.get("/api/v1/conversations/none"),
      await app.get("/api/v1/tools", { authorization: "Bearer fm_wrong" }),
    ];

    for (const { json } of refusals) expect(problemsOf({ $ref: "#/components/schemas/Problem" }, json, document)).toEqual([]);
  });
});
