import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serve } from "../kit/app.ts";

/** The real program tells of itself: to Prometheus, to a collector, to an admin. */

interface SpanOnWire {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

let app: Served;
let collector: Server;
let spans: SpanOnWire[];
let headers: (string | undefined)[];
let admin: { authorization: string };

beforeAll(async () => {
  spans = [];
  headers = [];
  collector = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    headers.push(`${request.method} ${request.url} ${request.headers["x-tenant"]}`);
    const body = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: SpanOnWire[] }[] }[] };
    for (const { scopeSpans } of body.resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=harbour%20line", REQUESTS_PER_MINUTE: "3" };
  app = await serve({ env });
  admin = { authorization: `Bearer ${await app.key("admin")}` };
  const { status } = await app.post("/api/v1/ask", { question: "Which pull requests are open?" });
  expect(status).toBe(200);
  await app.post("/api/v1/tools/find_pull_requests", {});
  // Three a minute, and two minutes at most.
  for (let i = 0; i < 6; i++) await app.post("/api/v1/tools/find_pull_requests", { nonsense: 1 });
}, 60_000);
afterAll(async () => {
  await app.stop();
  collector.closeAllConnections();
  collector.close();
});

describe("metrics and status", () => {
  it("count what was done through every door, and hold no name of a person or a path", async () => {
    const { text, headers: sent, status } = await app.get("/metrics");

    expect(status).toBe(200);
    expect(sent.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(text).toContain('firstmate_turns_total{channel="api",agent="deterministic",outcome="done"} 1');
    expect(text).toContain('firstmate_tool_calls_total{tool="find_pull_requests",outcome="ok"} 2');
    expect(text).toMatch(/firstmate_vendor_calls_total\{vendor="GitHub",outcome="ok"\} \d+/);
    expect(text).toContain('firstmate_http_requests_total{method="POST",route="/api/v1/tools/{name}",status="422"} ');
    expect(text).toMatch(/firstmate_limited_total\{limit="key"\} [1-9]/);
    expect(text).toContain('firstmate_queue_oldest_seconds{queue="posts"} 0');
    expect(text).not.toContain("local:viewer");
  });

  it("pass promtool, where it is installed", async (context) => {
    const { text } = await app.get("/metrics");
    const outcome = await new Promise<{ code: number | string; said: string }>((resolve) => {
      const child = execFile("promtool", ["check", "metrics"], (error, out, err) => resolve({ code: error?.code ?? 0, said: out + err }));
      child.stdin?.on("error", () => {});
      child.stdin?.end(text);
    });
    context.skip(outcome.code === "ENOENT", "promtool is not installed");

    expect(outcome).toEqual({ code: 0, said: "" });
  });

  it("are told to an admin in one look, and to nobody else", async () => {
    const { status, json } = await app.get("/api/v1/status", admin);

    expect(status).toBe(200);
    expect(json.data).toMatchObject({
      version: expect.any(String),
      queues: expect.arrayContaining([{ name: "posts", waiting: 0, oldestS: null }]),
      tokensToday: { used: 0, limit: 5_000_000 },
      since: { turns: { done: 1 }, tools: { ok: 2 } },
    });
    expect(json.data.dependencies).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "database", state: "ok", required: true }),
        expect.objectContaining({ name: "GitHub", state: "ok", required: false }),
      ]),
    );
    const viewer = { authorization: `Bearer ${await app.key("viewer")}` };
    expect((await app.get("/api/v1/status", viewer)).status).toBe(403);
    expect((await app.get("/api/v1/status")).status).toBe(401);
  });

  it("need a key where the deployment has a public address", async () => {
    const reachable = await serve({ args: [], env: { PUBLIC_URL: "https://firstmate.example.com" } });
    try {
      expect((await reachable.get("/metrics")).status).toBe(401);
      expect((await reachable.get("/health/startup")).json.data).toEqual({ status: "started" });
      expect((await reachable.get("/health/ready")).json.data.checks).toEqual([
        { name: "database", state: "ok" },
        { name: "accepting", state: "ok" },
        { name: "model", state: "off" },
      ]);
    } finally {
      await reachable.stop();
    }
  });
});

describe("traces", () => {
  it("go from a message over the agent and its tool to the vendor's call, with the names of the conventions", async () => {
    await app.stop();
    const find = (name: string, parent?: SpanOnWire) =>
      spans.find(
        (span) => span.name === name && (parent === undefined || (span.parentSpanId === parent.spanId && span.traceId === parent.traceId)),
      );

    const message = find("answer message");
    const agent = find("invoke_agent firstmate", message);
    const tool = find("execute_tool find_pull_requests", agent);
    const vendor = find("call GitHub", tool);

    for (const span of [message, agent, tool, vendor]) expect(span).toBeDefined();
    expect(message?.parentSpanId ?? "").toBe("");
    expect(attributeOf(agent, "gen_ai.operation.name")).toBe("invoke_agent");
    expect(attributeOf(tool, "gen_ai.tool.name")).toBe("find_pull_requests");
    expect(attributeOf(vendor, "http.response.status_code")).toBe(200);
    expect(new Set(headers)).toEqual(new Set(["POST /v1/traces harbour line"]));
    expect(JSON.stringify(spans)).not.toMatch(/Which pull/);
  });
});

function attributeOf(span: SpanOnWire | undefined, key: string): unknown {
  return Object.values(span?.attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];
}
