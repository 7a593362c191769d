import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AnthropicServer, startAnthropicServer } from "../kit/anthropic-server.ts";
import { firstmate, remove, type Served, serve, temporaryFolder } from "../kit/app.ts";
import { readEvents } from "../kit/events.ts";

/** Who answers: the whole program with a scripted model beside it. The tests follow one another as the hours of a day would. */
const KEY = "sk-ant-test-0123456789abcdef";
const QUESTION = "How much did we spend last month?";
const DAILY_TOKENS = 10_000;

let model: AnthropicServer;
let dataDir: string;
let app: Served;
const environment = () => ({
  ANTHROPIC_API_KEY: KEY,
  ANTHROPIC_BASE_URL: model.url,
  DAILY_TOKENS: String(DAILY_TOKENS),
  ANSWER_SECONDS: "20",
});

beforeAll(async () => {
  model = await startAnthropicServer({ key: KEY });
  dataDir = await temporaryFolder();
  app = await serve({ env: environment(), dataDir });
});
afterAll(async () => {
  await app.stop();
  await model.close();
  await remove(dataDir);
});

const ask = async (question: string, headers: Record<string, string> = {}) => app.post("/api/v1/ask", { question }, headers);

/** The deterministic agent answered, from the same data, and says why. */
/** The figures are the simulated company's, whoever answers. */
const DEMO = "Demo data: a simulated company.";

function expectFallback(data: Record<string, unknown>, notice: string): void {
  expect(data).toMatchObject({
    agent: "deterministic",
    notice: `${DEMO} ${notice}`,
    tools: [{ name: "get_costs" }],
    receipts: [expect.objectContaining({ status: "demo" })],
  });
  expect(data.text).toMatch(/\$\d/);
  expect(data.usage).toBeUndefined();
}

describe("the model", () => {
  it("answers with the tools it used, and what that took", async () => {
    model.script(
      { tools: [{ name: "get_costs", input: { period: "last month" } }], usage: { input: 900, output: 50 } },
      { text: ["Last month ", "cost a lot."], usage: { input: 1000, output: 20, cacheRead: 800 } },
    );

    const { status, json } = await ask(QUESTION);

    expect(status).toBe(200);
    expect(json.data).toMatchObject({
      agent: "model",
      text: "Last month cost a lot.",
      tools: [{ name: "get_costs", input: { period: "last month" } }],
      usage: { model: "claude-sonnet-5-5", inputTokens: 1900, outputTokens: 70, cachedTokens: 800, modelCalls: 2 },
    });
    expect(json.data.notice).toBe(DEMO);
    expect(json.data.receipts[0].status).toBe("demo");
    const told = JSON.stringify(model.requests[1]?.body.messages);
    expect(told).toContain("tool_result");
    model.assertDone();
  });

  it("streams its words as they come", async () => {
    model.script({ text: ["A short ", "answer. ", "And a last word."], usage: { input: 10, output: 5 } });

    const events = readEvents((await ask("Say something.", { accept: "text/event-stream" })).text);

    const texts = events.filter(({ event }) => event === "text").map(({ data }) => data.text);
    expect(texts.length).toBeGreaterThan(0);
    for (const [i, text] of texts.entries()) expect(text.startsWith(texts[i - 1] ?? "")).toBe(true);
    expect(events.at(-1)).toMatchObject({ event: "final", data: { agent: "model", text: "A short answer. And a last word." } });
  });

  it("is not asked about commands", async () => {
    const before = model.requests.length;

    const { json } = await ask("/costs last month");

    expect(json.data).toMatchObject({ agent: "deterministic", tools: [{ name: "get_costs" }] });
    expect(json.data.notice).toBe(DEMO);
    expect(model.requests.length).toBe(before);
  });

  it("shows in doctor, whose check costs no token", async () => {
    const before = model.requests.length;

    const { code, out } = await firstmate(["doctor", "--json", "--demo"], { env: environment(), dataDir });

    expect(code).toBe(0);
    expect(JSON.parse(out).checks).toContainEqual({ name: "model", state: "ok", message: expect.stringContaining("claude-sonnet-5-5") });
    expect(out).not.toContain(KEY);
    expect(model.requests.length).toBe(before);
  });
});

describe("without the model the question is answered all the same, and says why", () => {
  it.each([
    ["the key is refused", { status: 401, message: "invalid x-api-key" }, 1, "the key for the model's service was refused"],
    ["there is no credit", { status: 402, message: "pay" }, 1, "the account at the model's service has no credit"],
    [
      "it is overloaded",
      { status: 529, headers: { "retry-after-ms": "1" }, message: "Overloaded" },
      3,
      "the model's service is overloaded",
    ],
    [
      "we ask too much",
      { status: 429, headers: { "retry-after": "3600" }, message: "Slow down" },
      1,
      "the model's service limits our requests at the moment",
    ],
  ])("when %s", async (_, refusal, times, reason) => {
    model.script(...Array(times).fill(refusal));

    const { status, json, text } = await ask(QUESTION);

    expect(status).toBe(200);
    expectFallback(json.data, `Answered without a language model: ${reason}.`);
    expect(text).not.toContain(refusal.message);
    expect(app.log()).toContainEqual(
      expect.objectContaining({ level: "warn", msg: "model unavailable", reason, detail: expect.stringContaining(String(refusal.status)) }),
    );
    model.assertDone();
  });

  it("when the day's tokens are used up, also after a restart, and the model is left alone", async () => {
    model.script({ text: "A long thought.", usage: { input: DAILY_TOKENS, output: 1 } });
    expect((await ask("Think hard.")).json.data.agent).toBe("model");
    const before = model.requests.length;

    const notice = "Answered without a language model: today's token budget is used up.";
    expectFallback((await ask(QUESTION)).json.data, notice);
    expect((await app.stop()).code).toBe(0);
    app = await serve({ env: environment(), dataDir });
    expectFallback((await ask(QUESTION)).json.data, notice);

    expect(model.requests.length).toBe(before);
  });

  it("when it is out of reach; the service stays ready", async () => {
    const gone = await startAnthropicServer();
    await gone.close();
    await app.stop();
    app = await serve({ env: { ...environment(), ANTHROPIC_BASE_URL: gone.url, DAILY_TOKENS: "1000000" }, dataDir });

    expectFallback((await ask(QUESTION)).json.data, "Answered without a language model: the model's service could not be reached.");
    expect((await app.get("/health/ready")).status).toBe(200);
    expect((await app.get("/health/live")).status).toBe(200);
  });
});

it("the key of the model is in no log line", async () => {
  expect(JSON.stringify(app.log())).not.toContain(KEY);
  expect((await app.stop()).out).not.toContain(KEY);
});
