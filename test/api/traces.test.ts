import { gzipSync } from "node:zlib";
import { type Context, ROOT_CONTEXT, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Served, serve } from "../kit/app.ts";

/** The real OpenTelemetry SDK sends its traces to the real program. */

let app: Served;
let key: string;
let admin: Record<string, string>;
beforeAll(async () => {
  app = await serve({ args: [] });
  key = await app.key("analyst");
  admin = { authorization: `Bearer ${key}` };
});
afterAll(() => app.stop());

type Exporter = typeof ProtobufExporter | typeof JsonExporter;

async function export_(
  Exporter: Exporter,
  service: string,
  work: (tracer: Tracer) => void,
  compression: "none" | "gzip" = "none",
): Promise<void> {
  const exporter = new Exporter({ url: `${app.url}/v1/traces`, headers: admin, compression: compression as never });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.version": "2.1" }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  work(provider.getTracer("test"));
  await provider.forceFlush();
  await provider.shutdown();
}

const CHAT = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-opus-5-5",
  "gen_ai.usage.input_tokens": 1_000,
  "gen_ai.usage.output_tokens": 200,
  "gen_ai.response.finish_reasons": ["end_turn"],
  "gen_ai.input.messages": JSON.stringify([{ role: "user", parts: [{ type: "text", content: "a secret plan" }] }]),
  "user.id": "ada",
  "acme.team": "billing",
};

/** An agent that calls a model and a tool, and a model call that fails. */
function conversation(tracer: Tracer, agent: string): void {
  const started = new Date(Date.now() - 10_000);
  const at = (ms: number) => new Date(started.getTime() + ms);
  const outer = tracer.startSpan(`invoke_agent ${agent}`, {
    startTime: started,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": agent,
      "gen_ai.usage.input_tokens": 1_000,
      "user.id": "ada",
    },
  });
  const inside: Context = trace.setSpan(ROOT_CONTEXT, outer);
  tracer.startSpan("chat claude-opus-5-5", { startTime: at(100), attributes: CHAT }, inside).end(at(350));
  const failed = tracer.startSpan(
    "chat",
    { startTime: at(400), attributes: { "gen_ai.operation.name": "chat", "error.type": "overloaded" } },
    inside,
  );
  failed.recordException(new Error("529 for Bearer abcdefghijkl"));
  failed.setStatus({ code: SpanStatusCode.ERROR, message: "529 for Bearer abcdefghijkl" });
  failed.end(at(500));
  tracer
    .startSpan(
      "execute_tool search",
      { startTime: at(500), attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" } },
      inside,
    )
    .end(at(600));
  tracer.startSpan("GET /", { startTime: at(0), attributes: { "http.request.method": "GET" } }).end(at(1));
  outer.end(at(1_000));
}

async function day(agent: string): Promise<Record<string, unknown> | undefined> {
  return (await app.get(`/api/v1/agents/${agent}/metrics`, admin)).json?.data?.total;
}

describe.each([
  ["protobuf", ProtobufExporter, "none"],
  ["protobuf in gzip", ProtobufExporter, "gzip"],
  ["JSON", JsonExporter, "none"],
  ["JSON in gzip", JsonExporter, "gzip"],
] as const)("traces as %s", (name, Exporter, compression) => {
  const agent = `agent ${name}`;

  it("become events of the agent they name", async () => {
    await export_(Exporter, `service ${name}`, (tracer) => conversation(tracer, agent), compression);

    expect(await day(encodeURIComponent(agent))).toMatchObject({
      ...{ events: 4, messages: 1, responses: 1, errors: 1, averageResponseTimeMs: 250 },
      ...{ tokens: 1_200, inputTokens: 1_000, outputTokens: 200, cost: 0.008 },
    });
    expect((await app.get(`/api/v1/agents/${encodeURIComponent(`service ${name}`)}`, admin)).status).toBe(404);
  });

  it("without a named agent belong to their service", async () => {
    await export_(Exporter, `lone ${name}`, (tracer) => tracer.startSpan("chat", { attributes: CHAT }).end(), compression);

    expect(await day(encodeURIComponent(`lone ${name}`))).toMatchObject({ responses: 1, tokens: 1_200 });
  });
});

function chatSpan(change: object = {}): Record<string, unknown> {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    ...{ traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", name: "chat" },
    ...{ startTimeUnixNano: String(now - 5_000_000n), endTimeUnixNano: String(now) },
    attributes: [
      { key: "gen_ai.agent.name", value: { stringValue: "by hand" } },
      { key: "gen_ai.usage.input_tokens", value: { intValue: "7" } },
    ],
    ...change,
  };
}

function sendJson(spans: unknown[], headers: Record<string, string> = admin) {
  return app.post("/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans }] }] }, headers);
}

describe("traces", () => {
  it("sent twice count once", async () => {
    const answers = [await sendJson([chatSpan()]), await sendJson([chatSpan(), chatSpan({ spanId: "EEE19B7EC3C1B174" })])];

    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, "{}"],
      [200, "{}"],
    ]);
    expect(await day("by%20hand")).toMatchObject({ events: 1, tokens: 7, outputTokens: null, cost: null });
  });

  it("say which spans were not taken, and take the others", async () => {
    const future = String(BigInt(Date.now() + 3 * 86_400_000) * 1_000_000n);
    const attributes = [{ key: "gen_ai.request.model", value: { stringValue: "m" } }];
    const { status, json } = await sendJson([
      chatSpan({ spanId: "aaaaaaaaaaaaaaaa" }),
      chatSpan({ spanId: "bbbbbbbbbbbbbbbb", endTimeUnixNano: future }),
      chatSpan({ spanId: "cccccccccccccccc", attributes }),
      chatSpan({ spanId: "short" }),
      chatSpan({ spanId: "dddddddddddddddd", attributes: [] }),
    ]);

    expect(status).toBe(200);
    expect(json.partialSuccess.rejectedSpans).toBe("3");
    expect(json.partialSuccess.errorMessage).toMatch(/future.*names no agent.*no valid trace id.*1 spans without gen_ai/s);
  });

  it("answer an empty request, and OTLP's own form of refusal", async () => {
    expect((await app.post("/v1/traces", {}, admin)).text).toBe("{}");
    expect((await app.post("/v1/traces", "[", admin)).json).toMatchObject({ code: 3, message: expect.stringContaining("not valid JSON") });
    expect((await app.post("/v1/traces", { resourceSpans: 7 }, admin)).status).toBe(400);
    expect((await app.post("/v1/traces", {}, { ...admin, "content-type": "text/plain" })).status).toBe(415);
    expect((await app.post("/v1/traces", {})).status).toBe(403);
    expect((await app.post("/v1/traces", {}, { authorization: "Bearer fm_wrong" })).status).toBe(401);
  });

  it("cut anywhere or packed as a bomb are refused, and nothing of them is kept", async () => {
    const post = async (body: Buffer, headers: Record<string, string> = {}) => {
      const response = await fetch(`${app.url}/v1/traces`, {
        method: "POST",
        headers: { ...admin, "content-type": "application/x-protobuf", ...headers },
        body: new Uint8Array(body),
      });
      await response.arrayBuffer();
      return response.status;
    };
    const text = (number: number, value: string | Buffer) =>
      Buffer.concat([Buffer.from([number * 8 + 2, value.length]), Buffer.from(value)]);
    const attribute = text(9, Buffer.concat([text(1, "gen_ai.agent.name"), text(2, text(1, "half"))]));
    const span = Buffer.concat([text(1, Buffer.alloc(16, 7)), text(2, Buffer.alloc(8, 7)), attribute]);
    const whole = text(1, text(2, text(2, span)));

    for (const length of [1, 2, 10, whole.length >> 1, whole.length - 1])
      expect(await post(whole.subarray(0, length)), `${length}`).toBe(400);
    expect(await post(gzipSync(Buffer.alloc(32 * 1024 * 1024)), { "content-encoding": "gzip" })).toBe(413);
    expect(await post(gzipSync(whole).subarray(0, 40), { "content-encoding": "gzip" })).toBe(400);
    expect((await app.get("/api/v1/agents/half", admin)).status).toBe(404);
  });
});
