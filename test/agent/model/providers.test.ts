import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import { packageProblem, readModel } from "../../../src/agent/model/providers.ts";
import { asUnavailable, isOurFault } from "../../../src/agent/model/unavailable.ts";
import { ConfigError } from "../../../src/errors.ts";
import { costs, hear, makeTurn } from "./world.ts";

test.each([
  ["claude-sonnet-5-5", { provider: "anthropic", name: "claude-sonnet-5-5" }],
  ["anthropic:claude-sonnet-5-5", { provider: "anthropic", name: "claude-sonnet-5-5" }],
  ["bedrock:eu.anthropic.claude-sonnet-5-5-v1:0", { provider: "bedrock", name: "eu.anthropic.claude-sonnet-5-5-v1:0" }],
  ["ollama:llama3.3:70b", { provider: "ollama", name: "llama3.3:70b" }],
  ["us.anthropic.claude-sonnet-5-5-v1:0", { provider: "anthropic", name: "us.anthropic.claude-sonnet-5-5-v1:0" }],
])("MODEL %s is read", (setting, expected) => expect(readModel(setting)).toEqual(expected));

test("a provider that is none is refused at once, with those there are", () => {
  expect(() => createModelAgent({ model: "opnai:gpt" })).toThrow(ConfigError);
  expect(() => readModel("opnai:gpt")).toThrow(/there is no provider “opnai”.*openai, azure, bedrock, ollama/s);
});

test("a provider whose package is missing says what to install, and the question is left to others", async () => {
  expect(packageProblem(readModel("bedrock:x"))).toBe(
    "MODEL names bedrock, whose package is not installed. Run: npm install --save-exact @langchain/aws",
  );
  expect(packageProblem(readModel("claude-sonnet-5-5"))).toBeUndefined();

  await expect(hear(createModelAgent({ model: "bedrock:x" }), makeTurn())).rejects.toMatchObject({
    name: "ModelUnavailable",
    reason: expect.stringContaining("not set up"),
    detail: expect.stringContaining("@langchain/aws"),
  });
});

test.each([
  ["a status of Ollama's", Object.assign(new Error("model 'x' not found"), { name: "ResponseError", status_code: 404 }), "does not know"],
  [
    "a status of AWS's",
    Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } }),
    "may not use this model",
  ],
  [
    "a port where nobody listens",
    new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) }),
    "could not be reached",
  ],
  [
    "no credentials of AWS's",
    Object.assign(new Error("Could not load credentials from any providers"), { name: "CredentialsProviderError" }),
    "no key",
  ],
])("%s is told as what it is, and is no fault of ours", (_, error, says) => {
  const failure = asUnavailable(error);

  expect(failure.reason).toContain(says);
  expect(isOurFault(failure)).toBe(false);
});

test("without its key a provider is named as not ready", async () => {
  vi.stubEnv("OPENAI_API_KEY", "");

  await expect(hear(createModelAgent({ model: "openai:gpt-test" }), makeTurn())).rejects.toMatchObject({
    reason: "there is no key for the model's service here",
  });
});

/** Chat completions of OpenAI as they stream, for LangChain's own class. */
interface Scripted {
  url: string;
  requests: {
    path: string;
    body: { messages: { role: string; content: unknown }[]; tools?: { type: string; function: { name: string } }[] };
  }[];
  close(): Promise<void>;
}

async function startCompletions(answers: readonly object[][]): Promise<Scripted> {
  const requests: Scripted["requests"] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    requests.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(pieces).toString("utf8")) });
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const part of answers[requests.length - 1] ?? [])
      response.write(`data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-test", ...part })}\n\n`);
    response.end("data: [DONE]\n\n");
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      return closed;
    },
  };
}

const piece = (delta: object, finish: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason: finish }] });
const usage = { choices: [], usage: { prompt_tokens: 120, completion_tokens: 8, total_tokens: 128 } };

let completions: Scripted;
beforeEach(async () => {
  completions = await startCompletions([
    [
      piece({
        role: "assistant",
        content: null,
        tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "get_costs", arguments: "" } }],
      }),
      piece({ tool_calls: [{ index: 0, function: { arguments: '{"period":"last month"}' } }] }),
      piece({}, "tool_calls"),
      usage,
    ],
    [piece({ role: "assistant", content: "EC2 cost " }), piece({ content: "1,200.00 USD." }), piece({}, "stop"), usage],
  ]);
  vi.stubEnv("OPENAI_API_KEY", "sk-test");
  vi.stubEnv("OPENAI_BASE_URL", completions.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await completions.close();
});

test("a model of another provider answers with the same tools, limits and counts", async () => {
  const turn = makeTurn({ tools: [costs] });

  const { final } = await hear(createModelAgent({ model: "openai:gpt-test" }), turn);

  expect(final.text).toBe("EC2 cost 1,200.00 USD.");
  expect(final.receipts?.map(({ id }) => id)).toEqual(["r1"]);
  expect(turn.recorded.map(({ call }) => call)).toEqual([{ name: "get_costs", input: { period: "last month" } }]);
  expect(final.turn?.usage).toEqual({ model: "gpt-test", inputTokens: 240, outputTokens: 16, cachedTokens: 0, modelCalls: 2 });
  expect(completions.requests[0]?.body.tools?.map((tool) => tool.function.name)).toEqual(["get_costs"]);
  expect(JSON.stringify(completions.requests)).not.toContain("cache_control");
});
