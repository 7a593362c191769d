import { afterEach, beforeEach, expect, test } from "vitest";
import { type AnthropicServer, startAnthropicServer } from "./anthropic-server.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer({ key: "sk-test" });
});
afterEach(() => server.close());

const HEADERS = { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-api-key": "sk-test" };
const GOOD = { model: "claude-sonnet-5-5", max_tokens: 10, messages: [{ role: "user", content: "hello" }] };
const TOOLS = [{ name: "t", input_schema: { type: "object" } }];
const USE = { role: "assistant", content: [{ type: "tool_use", id: "a", name: "t", input: {} }] };
const RESULT = { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "x" }] };

async function post(body: unknown, headers: Record<string, string> = HEADERS) {
  const response = await fetch(`${server.url}/v1/messages`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

test("streams the events in the order of the real service", async () => {
  server.script({ text: ["a", "b"], tools: [{ name: "t", input: { x: 1 } }], usage: { input: 7, output: 9 } });

  const { text } = await post({ ...GOOD, tools: TOOLS, stream: true });

  const block = (deltas: number) => ["content_block_start", ...Array(deltas).fill("content_block_delta"), "content_block_stop"];
  expect([...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name)).toEqual([
    "message_start",
    "ping",
    ...block(2),
    ...block(3),
    "message_delta",
    "message_stop",
  ]);
  expect(text).toContain('"stop_reason":"tool_use"');
  server.assertDone();
});

test("answers in one piece without stream", async () => {
  server.script({ text: "hello" });

  const { text } = await post(GOOD);

  expect(JSON.parse(text)).toMatchObject({ content: [{ type: "text", text: "hello" }], stop_reason: "end_turn" });
});

test.each([
  ["x-api-key", { ...HEADERS }],
  [
    "a bearer token and the new version",
    { "content-type": "application/json", "anthropic-version": "2026-10-21", authorization: "Bearer sk-test" },
  ],
])("lets in by %s", async (_, headers) => {
  server.script({ text: "hello" });

  expect((await post(GOOD, headers)).status).toBe(200);
});

test("keeps out those without the key", async () => {
  const { "x-api-key": _, ...open } = HEADERS;

  const missing = await post(GOOD, open);
  const wrong = await post(GOOD, { ...open, "x-api-key": "other" });

  expect([missing.status, wrong.status]).toEqual([401, 401]);
  expect(JSON.parse(missing.text)).toMatchObject({ type: "error", error: { type: "authentication_error" } });
  expect(() => server.assertDone()).toThrow(/does not allow/);
});

test.each([
  ["temperature", { ...GOOD, temperature: 0 }],
  ["top_k", { ...GOOD, top_k: 5 }],
  ["Extra inputs", { ...GOOD, durability: "exit" }],
  ["max_tokens", { ...GOOD, max_tokens: undefined }],
  ["roles must alternate", { ...GOOD, messages: [...GOOD.messages, ...GOOD.messages] }],
  ["roles must alternate", { ...GOOD, messages: [{ role: "assistant", content: "x" }] }],
  ["end with a user message", { ...GOOD, messages: [...GOOD.messages, { role: "assistant", content: "x" }] }],
  ["without `tool_result`", { ...GOOD, tools: TOOLS, messages: [...GOOD.messages, USE, { role: "user", content: "x" }] }],
  ["unexpected `tool_use_id`", { ...GOOD, tools: TOOLS, messages: [RESULT] }],
  ["must define tools", { ...GOOD, messages: [...GOOD.messages, USE, RESULT] }],
  ["non-empty", { ...GOOD, messages: [{ role: "user", content: [{ type: "text", text: "" }] }] }],
  ["input_schema", { ...GOOD, tools: [{ name: "t", input_schema: { anyOf: [] } }] }],
  ["unique", { ...GOOD, tools: [...TOOLS, ...TOOLS] }],
])("refuses what the real service refuses: %s", async (words, body) => {
  const { status, text } = await post(body);

  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain(words);
});

test("complains of answers nobody asked for, and of requests nobody scripted", async () => {
  server.script({ text: "unused" });
  expect(() => server.assertDone()).toThrow(/never asked for/);

  await post(GOOD);
  server.assertDone();

  await post(GOOD);
  expect(() => server.assertDone()).toThrow(/script does not have/);
});
