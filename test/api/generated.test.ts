import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serve } from "../kit/app.ts";
import { problemsOf, type Schema } from "../kit/json-schema.ts";
import { fc } from "../kit/property.ts";

/**
 * Requests made from the OpenAPI document, right, nearly right and hostile: none may fail on our side, and every refusal is a problem
 * document. REQUESTS makes more of them than a usual run has time for.
 */
const REQUESTS = Number(process.env.REQUESTS ?? 400);
const SEED = 20261121;

interface Operation {
  method: string;
  path: string;
  parameters: readonly { name: string; in: string; schema: Schema }[];
  body: Schema | undefined;
}

let app: Served;
let key = "";
let document: Schema;
let operations: readonly Operation[] = [];

beforeAll(async () => {
  app = await serve({ args: [], env: { REQUESTS_PER_MINUTE: "1000000" } });
  key = await app.key("admin");
  document = (await app.get("/api/v1/openapi.json")).json;
  operations = operationsOf(document);
});
afterAll(() => app.stop());

function operationsOf(whole: Schema): Operation[] {
  const paths = whole.paths as Record<string, Record<string, Record<string, unknown>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const content = (requestBody as { content?: Record<string, { schema: Schema }> } | undefined)?.content;
      return {
        method: method.toUpperCase(),
        path,
        parameters: parameters as Operation["parameters"],
        body: content?.["application/json"]?.schema,
      };
    }),
  );
}

const HOSTILE = [
  "'; drop table records; --",
  "../../etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "__proto__",
  "constructor",
  "\u0000",
  "\ud800",
  "%",
  "%00",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "9".repeat(400),
  "é".repeat(5_000),
  "",
];

const anyText = () => fc.oneof(fc.string(), fc.constantFrom(...HOSTILE));

/** Values the schema describes, and some it does not. */
function shaped(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 5, arbitrary: fitting(schema, depth) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 1, arbitrary: anyText() },
  );
}

function fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const { type, properties, items, required = [] } = schema;
  const choices = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  if (choices && depth < 4) return fc.oneof(...choices.map((choice) => fitting(choice, depth + 1)));
  const only = Array.isArray(type) ? type[0] : type;
  if (only === "object" && properties && depth < 4) {
    const fields = Object.entries(properties as Record<string, Schema>).map(([name, inner]) => [name, shaped(inner, depth + 1)]);
    return fc.record(Object.fromEntries(fields), { requiredKeys: required as never[] });
  }
  if (only === "array") return fc.array(depth < 4 ? fitting((items ?? {}) as Schema, depth + 1) : fc.string(), { maxLength: 4 });
  if (only === "integer") return fc.oneof(fc.integer(), fc.constantFrom(-1, 0, 2 ** 31, 2 ** 53));
  if (only === "number") return fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-1, 1e308));
  if (only === "boolean") return fc.boolean();
  return anyText();
}

interface Request {
  operation: Operation;
  path: string;
  init: { method: string; headers: Record<string, string>; body?: string };
}

function requests(): fc.Arbitrary<Request> {
  return fc.constantFrom(...operations).chain((operation) => {
    const named = Object.fromEntries(operation.parameters.map(({ name, schema }) => [name, fc.oneof(fitting(schema, 0), anyText())]));
    return fc
      .record({
        values: fc.record(named),
        shown: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        body: shaped(operation.body ?? {}),
        odd: fc.nat(40),
      })
      .map(({ values, shown, body, odd }) => ({
        operation,
        ...written(operation, values as Record<string, unknown>, shown),
        init: initOf(operation, body, odd),
      }));
  });
}

function written({ path, parameters }: Operation, values: Record<string, unknown>, shown: readonly boolean[]): { path: string } {
  const whole = path.replace(/\{(\w+)\}/g, (_, name: string) => encode(values[name]) || "x");
  const asked = parameters.filter(({ in: place }, i) => place === "query" && shown[i % shown.length]);
  const query = asked.map(({ name }) => `${name}=${encode(values[name])}`).join("&");
  return { path: query ? `${whole}?${query}` : whole };
}

/** A sign may take nine characters once encoded, an address several values, and Node's server 16 KB for all headers. */
const ENCODED = 200;

function encode(value: unknown): string {
  const text = (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, ENCODED).toWellFormed();
  return encodeURIComponent(text).replaceAll(".", "%2E");
}

function initOf({ method }: Operation, body: unknown, odd: number): Request["init"] {
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (odd === 1) headers["if-match"] = '"999999999999"';
  if (odd === 2) headers["idempotency-key"] = "the same for all";
  if (odd === 3) headers.accept = "text/csv";
  if (method === "GET") return { method, headers };
  headers["content-type"] = odd === 4 ? "text/plain" : "application/json";
  const text = odd === 5 ? `${"[".repeat(20_000)}${"]".repeat(20_000)}` : (JSON.stringify(body) ?? "");
  return { method, headers, body: odd === 6 ? text.slice(0, -1) : text };
}

describe("requests made from the OpenAPI document", () => {
  it(
    "fail nowhere on our side, and each refusal is a problem that says what is wrong",
    async () => {
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(requests(), async ({ path, init }) => {
          const response = await fetch(`${app.url}${path}`, { ...init, signal: AbortSignal.timeout(20_000) });
          const text = await response.text();
          statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);

          expect([500, 501, 504], text.slice(0, 300)).not.toContain(response.status);
          expect(text).not.toMatch(/\n\s+at |node_modules|SQLITE|kysely/);
          // OTLP has refusals of its own.
          if (response.status < 400 || path.startsWith("/v1/traces")) return;
          expect(response.headers.get("content-type")).toBe("application/problem+json");
          expect(problemsOf({ $ref: "#/components/schemas/Problem" }, JSON.parse(text), document)).toEqual([]);
        }),
        { numRuns: REQUESTS, seed: SEED, endOnFailure: true },
      );

      expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 422]));
      expect(app.log().filter(({ msg }) => msg === "fault")).toEqual([]);
    },
    15 * 60_000,
  );
});
