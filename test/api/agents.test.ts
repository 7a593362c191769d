import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, firstmate, type Served, serve } from "../kit/app.ts";

let app: Served;
let analyst: Record<string, string>;
let viewer: Record<string, string>;
beforeAll(async () => {
  app = await serve({ args: [] });
  analyst = { authorization: `Bearer ${await app.key("analyst")}` };
  viewer = { authorization: `Bearer ${await app.key("viewer")}` };
});
afterAll(() => app.stop());

const NOW = Date.now();
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const event = (id: string, change: object = {}) => ({ id, timestamp: ago(60), type: "response", ...change });

function send(agent: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
  return app.post(`/api/v1/agents/${agent}/events`, body, { ...analyst, ...headers });
}

async function total(agent: string): Promise<Record<string, unknown>> {
  return (await app.get(`/api/v1/agents/${agent}/metrics`, viewer)).json.data.total;
}

describe("events of an agent", () => {
  it("are taken one by one, in batches, as lines and compressed", async () => {
    const lines = [event("4"), event("5", { type: "error", error: "timeout" })].map((e) => JSON.stringify(e)).join("\n");
    const packed = await fetch(`${app.url}/api/v1/agents/forms/events`, {
      method: "POST",
      headers: { ...analyst, "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync(JSON.stringify({ events: [event("6")] })),
    });
    const answers = [
      await send("forms", event("1")),
      await send("forms", { events: [event("2"), event("3"), event("1")] }),
      await send("forms", `${lines}\n\n`, { "content-type": "application/x-ndjson" }),
      await send("forms", [event("7")]),
    ];

    expect(packed.status).toBe(202);
    expect(answers.map(({ status, json }) => [status, json.data])).toEqual([
      [202, { accepted: 1, duplicates: 0 }],
      [202, { accepted: 2, duplicates: 1 }],
      [202, { accepted: 2, duplicates: 0 }],
      [202, { accepted: 1, duplicates: 0 }],
    ]);
    expect(await total("forms")).toMatchObject({ events: 7, responses: 6, errors: 1, tokens: null, cost: null, averageFeedback: null });
  });

  it("that are wrong are refused as a whole, each named with what is wrong", async () => {
    const refused = await send("wrong", {
      events: [
        event("1"),
        event("2", { timestamp: ago(-2 * 86_400) }),
        { timestamp: "yesterday", type: "response" },
        event("4", { tokens: -1 }),
        7,
      ],
    });

    expect(refused.status).toBe(422);
    const paths = (refused.json.errors as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(["events.1.timestamp", "events.2.id", "events.2.timestamp", "events.3.tokens", "events.4"]);
    expect(refused.json.detail).toContain("more than a day in the future");
    expect((await app.get("/api/v1/agents/wrong", viewer)).status).toBe(404);
  });

  it("of a skewed clock are taken within a day, and no older than they are kept", async () => {
    expect((await send("skew", event("1", { timestamp: ago(-3_600) }))).status).toBe(202);
    expect((await send("skew", event("2", { timestamp: NOW }))).status).toBe(202);
    expect((await send("skew", event("3", { timestamp: "2026-11-20 10:00" }))).json.errors[0].message).toContain("with its zone");
    expect((await send("skew", event("4", { timestamp: "2020-01-01T00:00:00Z" }))).json.errors[0].message).toContain("not kept any more");
  });

  it.each([
    ["no JSON", "{", "application/json", 400],
    ["half a line", '{"id": "1"', "application/x-ndjson", 400],
    ["an empty batch", '{"events": []}', "application/json", 422],
    ["nothing", "", "application/json", 400],
    ["a form", "a=b", "application/x-www-form-urlencoded", 415],
    ["null", "null", "application/json", 422],
    ["a prototype", '{"id":"1","timestamp":"2026-11-20T00:00:00Z","type":"a","__proto__":{"x":1}}', "application/json", 422],
    ["too many", JSON.stringify(Array.from({ length: 5_001 }, () => 1)), "application/json", 413],
    ["very deep", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, "application/json", 422],
    [
      "very deep metadata",
      `{"id":"1","timestamp":${Date.now()},"type":"a","metadata":{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`,
      "application/json",
      422,
    ],
  ])("as %s are refused clearly", async (_name, body, type, status) => {
    const answered = await send("hostile", body, { "content-type": type });

    expect([answered.status, answered.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect((await app.get("/api/v1/agents/hostile", viewer)).status).toBe(404);
  });

  it("as a bomb, cut in half or in an unknown packing are refused", async () => {
    const post = (body: Buffer, encoding: string) =>
      fetch(`${app.url}/api/v1/agents/hostile/events`, {
        method: "POST",
        headers: { ...analyst, "content-type": "application/json", "content-encoding": encoding },
        body: new Uint8Array(body),
      });
    const whole = gzipSync(JSON.stringify(event("1")));

    expect((await post(gzipSync(Buffer.alloc(64 * 1024 * 1024)), "gzip")).status).toBe(413);
    expect((await post(whole.subarray(0, whole.length / 2), "gzip")).status).toBe(400);
    expect((await post(whole, "br")).status).toBe(415);
  });

  it("are for who may change things, and never for Firstmate's own name", async () => {
    const body = event("1");

    expect((await app.post("/api/v1/agents/x/events", body)).status).toBe(403);
    expect((await app.post("/api/v1/agents/x/events", body, viewer)).status).toBe(403);
    expect((await app.post("/api/v1/agents/x/events", body, { authorization: "Bearer fm_wrong" })).status).toBe(401);
    expect((await send("firstmate", body)).json.detail).toContain("is Firstmate itself");
    expect((await send("a".repeat(121), body)).status).toBe(422);
    expect((await app.get("/api/v1/agents")).status).toBe(401);
  });
});

describe("the figures of an agent", () => {
  beforeAll(async () => {
    await send("helper", {
      events: [
        event("1", { responseTimeMs: 100, tokens: { input: 1_000, output: 100 }, model: "claude-opus-5-5", userId: "u1", feedback: 5 }),
        event("2", { responseTimeMs: 300, inputTokens: 0, outputTokens: 100, model: "claude-opus-5-5", userId: 7 }),
        event("3", { tokens: 50, model: "made-up", userId: "u1" }),
        event("4", { type: "message", content: "hello" }),
      ],
    });
  });

  it("come by day, with what is missing as null and said", async () => {
    const { json } = await app.get("/api/v1/agents/helper/metrics", viewer);

    expect(json.data.days).toHaveLength(1);
    expect(json.data.days[0]).toMatchObject({
      ...{ date: ago(60).slice(0, 10), messages: 1, responses: 3, errors: 0, averageResponseTimeMs: 200, tokens: 1_250 },
      ...{ averageFeedback: 5, uniqueUsers: 2, cost: 0.008, withoutCost: 1 },
    });
    expect(json.meta).toMatchObject({
      currency: "USD",
      timeZone: "UTC",
      notes: [expect.stringContaining("estimated"), expect.stringContaining("made-up")],
    });
    const span = Date.parse(json.data.period.to) - Date.parse(json.data.period.from);
    expect(span).toBe(29 * 86_400_000);
  });

  it("come as CSV and as a PDF", async () => {
    const csv = await app.get("/api/v1/agents/helper/metrics", { ...viewer, accept: "text/csv" });
    const pdf = await app.get("/api/v1/agents/helper/metrics?format=pdf", viewer);

    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.text.split("\r\n")[0]).toBe("date,messages,responses,errors,averageResponseTimeMs,tokens,averageFeedback,uniqueUsers,cost");
    expect(csv.text.split("\r\n")[1]).toBe(`${ago(60).slice(0, 10)},1,3,0,200,1250,5,2,0.008`);
    expect(pdf.headers.get("content-type")).toBe("application/pdf");
    expect(pdf.text).toMatch(/^%PDF-1\.4[\s\S]*AI agent helper[\s\S]*%%EOF\n$/);
  });

  it("are empty, not zero, for days without events, and refused for days that are none", async () => {
    const metrics = (query: string) => app.get(`/api/v1/agents/helper/metrics?${query}`, viewer);

    expect((await metrics("from=2026-01-01&to=2026-01-31")).json.data).toMatchObject({
      days: [],
      models: [],
      total: { cost: null, tokens: null },
    });
    for (const wrong of ["from=2026-02-30", "from=2026-01-02&to=2026-01-01", "from=1970-01-01", "format=xls"])
      expect((await metrics(wrong)).status, wrong).toBe(422);
    expect((await app.get("/api/v1/agents/nobody/metrics", viewer)).status).toBe(404);
  });

  it("of Firstmate itself come from its own answers", async () => {
    await app.post("/api/v1/ask", { question: "help" });

    const { json } = await app.get("/api/v1/agents/firstmate/metrics", viewer);

    expect(json.data.total).toMatchObject({ messages: 1, responses: 1, errors: 0, cost: null });
    expect((await app.get("/api/v1/agents", viewer)).json.data.map(({ id }: { id: string }) => id)).toContain("firstmate");
  });
});

describe("a key bound to one agent", () => {
  it("sends that agent's events and traces, and opens nothing else", async () => {
    const { out } = await firstmate(["key", "create", "--agent", "bound"], { dataDir: app.dataDir });
    const bound = { authorization: `Bearer ${out.trim().split(/\s+/).at(-1)}` };
    const at = BigInt(NOW) * 1_000_000n;
    const span = {
      ...{ traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", endTimeUnixNano: String(at) },
      attributes: [{ key: "gen_ai.agent.name", value: { stringValue: "another" } }],
    };

    expect((await app.post("/api/v1/agents/bound/events", event("1"), bound)).status).toBe(202);
    expect((await app.post("/api/v1/agents/another/events", event("1"), bound)).status).toBe(403);
    expect((await app.post("/v1/traces", { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }, bound)).status).toBe(200);
    expect((await total("bound")).events).toBe(2);
    expect((await app.get("/api/v1/agents/another", viewer)).status).toBe(404);
    for (const path of ["/api/v1/agents", "/api/v1/agents/bound/metrics", "/api/v1/tools", "/api/v1/conversations"])
      expect((await app.get(path, bound)).status, path).toBe(403);
    expect((await app.post("/api/v1/ask", { question: "help" }, bound)).status).toBe(403);
    expect((await firstmate(["key", "create", "--agent", "x", "--role", "admin"])).code).toBe(2);
  });
});
