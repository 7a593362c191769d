import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import { type Attributes, type SpanStart, traceWith } from "../../../src/telemetry/trace.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { hear, makeTurn } from "./world.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(async () => {
  traceWith(undefined);
  await server.close();
});

test("each call of the model is a span with its provider, its model and its tokens, and none of the words", async () => {
  const spans: (SpanStart & { set: Attributes[] })[] = [];
  traceWith({
    start(start) {
      const set: Attributes[] = [];
      spans.push({ ...start, set });
      return { set: (attributes) => void set.push(attributes), run: (work) => work(), end() {} };
    },
    record() {},
  });
  server.always(() => ({ text: "Nothing to say." }));

  await hear(createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5" }), makeTurn());

  expect(spans.filter(({ name }) => name.startsWith("chat"))).toEqual([
    {
      name: "chat claude-sonnet-5-5",
      kind: "client",
      attributes: { "gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-5-5" },
      set: [{ "gen_ai.usage.input_tokens": expect.any(Number), "gen_ai.usage.output_tokens": expect.any(Number) }],
    },
  ]);
});
