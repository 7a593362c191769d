import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import type { ModelLimits } from "../../../src/agent/model/limits.ts";
import type { WireBlock } from "../../kit/anthropic-rules.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { costs, finding, gate, hear, makeTurn, readTool } from "./world.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(() => server.close());

function agent(limits: Partial<ModelLimits> = {}, more: Partial<Parameters<typeof createModelAgent>[0]> = {}) {
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5", limits, ...more });
}

/** The tool results of the n-th request, as the model reads them. */
function results(n: number): WireBlock[] {
  const content = server.requests[n]?.body.messages?.at(-1)?.content;
  return Array.isArray(content) ? content.filter((block) => block.type === "tool_result") : [];
}

/** A model that asks for ever, each time for something else. */
function askForEver(): void {
  let top = 0;
  server.always(() => {
    top = (top % 50) + 1;
    return { tools: [{ name: "get_costs", input: { top } }] };
  });
}

test("an endless tool loop ends after eight model calls with what was found", async () => {
  askForEver();

  const { final } = await hear(agent(), makeTurn());

  expect(server.requests).toHaveLength(8);
  expect(final.text).toContain("EC2 cost 1,200.00 USD.");
  expect(final.text).toContain("the limit of 8 model calls for one question");
  expect(final.turn?.usage?.modelCalls).toBe(8);
  server.assertDone();
});

test("the last call may not ask for tools, so that a willing model answers", async () => {
  server.always(({ body }) => (body.tool_choice?.type === "none" ? { text: "EC2, mostly." } : { tools: [{ name: "get_costs" }] }));

  const { final } = await hear(agent({ modelCalls: 3, sameCalls: 9 }), makeTurn());

  expect(server.requests).toHaveLength(3);
  expect(final.text).toMatch(/^EC2, mostly\.\n\nThis answer may be incomplete: it met the limit of 3 model calls/);
});

test("of a thousand calls in one message sixteen run, four at a time", async () => {
  let running = 0;
  let most = 0;
  const slow = readTool("get_costs", "Costs", async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return finding("EC2.");
  });
  const tools = Array.from({ length: 1000 }, (_, i) => ({ name: "get_costs", input: { top: i % 50 } }));
  server.script({ tools }, { text: "EC2." });
  const turn = makeTurn({ tools: [slow] });

  const { final } = await hear(agent(), turn);

  expect(turn.recorded).toHaveLength(16);
  expect(most).toBe(4);
  expect(results(1)).toHaveLength(16);
  expect(server.requests[1]?.body.tool_choice).toEqual({ type: "none" });
  expect(final.text).toContain("the limit of 16 tool calls for one question");
  server.assertDone();
});

test("a turn that is used up in tokens ends with what was found", async () => {
  server.always({ tools: [{ name: "get_costs" }], usage: { input: 150_000, output: 100 } });

  const { final } = await hear(agent(), makeTurn());

  expect(server.requests).toHaveLength(2);
  expect(final.text).toContain("EC2 cost 1,200.00 USD.");
  expect(final.text).toContain("the limit of 200,000 tokens for one question");
});

test("an answer that met the length of one text says so", async () => {
  server.script({ text: "A very long", stop: "max_tokens" });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toMatch(/^A very long …\n\nThis answer may be incomplete: it met the limit of 4,096 tokens for one text/);
});

test("a tool call whose arguments broke off at the length limit does not run", async () => {
  server.script({ text: "Looking.", tools: [{ name: "get_costs", input: '{"top": 5' }], stop: "max_tokens" });
  const turn = makeTurn();

  const { final } = await hear(agent(), turn);

  expect(turn.recorded).toEqual([]);
  expect(final.text).toContain("the limit of 4,096 tokens for one text");
});

test("a model that is near the end of its time is asked to answer", async () => {
  let minutes = 0;
  const now = () => new Date(Date.UTC(2026, 10, 21, 12, minutes));
  const slow = readTool("get_costs", "Costs", async () => {
    minutes = 1;
    return finding("EC2.");
  });
  server.script({ tools: [{ name: "get_costs" }] }, { text: "EC2." });
  const turn = makeTurn({ tools: [slow] });

  const { final } = await hear(agent({}, { now }), turn);

  expect(server.requests[1]?.body.tool_choice).toEqual({ type: "none" });
  expect(turn.recorded[0]?.durationMs).toBe(60_000);
  expect(final.text).toContain("the limit of 60 seconds for one question");
});

test("a tool that outlasts the turn is cut off and named", async () => {
  const clock = new AbortController();
  const hanging = readTool("list_incidents", "Incidents", (_, { signal }) => {
    setImmediate(() => clock.abort());
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  server.script({ tools: [{ name: "get_costs" }] }, { tools: [{ name: "list_incidents" }] });
  const turn = makeTurn({ tools: [costs, hanging] });

  const { final } = await hear(agent({}, { timeout: () => clock.signal }), turn);

  expect(final.text).toContain("EC2 cost 1,200.00 USD.");
  expect(final.text).toContain("it met the limit of 60 seconds for one question while it waited for incidents.");
  expect(turn.recorded.map(({ call }) => call.name)).toEqual(["get_costs"]);
});

test("a deadline with nothing found but a tool under way ends in a reply, not in an exception", async () => {
  const clock = new AbortController();
  const hanging = readTool("get_costs", "Costs", () => {
    setImmediate(() => clock.abort());
    return gate().opened.then(() => finding("never"));
  });
  server.script({ tools: [{ name: "get_costs" }] });

  const { final } = await hear(agent({}, { timeout: () => clock.signal }), makeTurn({ tools: [hanging] }));

  expect(final.text).toMatch(/^I could not find an answer: it met the limit of 60 seconds/);
});

test("the same call three times in a row is refused to the model", async () => {
  const same = { tools: [{ name: "get_costs", input: { top: 3 } }] };
  server.script(same, same, same, { text: "EC2." });
  const turn = makeTurn();

  const { final } = await hear(agent(), turn);

  expect(turn.recorded).toHaveLength(2);
  expect(results(3).at(-1)?.content).toContain("three times in a row".replace("three", "3"));
  expect(final.text).toBe("EC2.");
  server.assertDone();
});

test("a long tool result is cut, and the model is told", async () => {
  const long = readTool("get_costs", "Costs", async () => finding("x", { content: "y".repeat(20_000) }));
  server.script({ tools: [{ name: "get_costs" }] }, { text: "ok" });

  await hear(agent(), makeTurn({ tools: [long] }));

  const content = String(results(1)[0]?.content);
  expect(content.startsWith("y".repeat(12_000))).toBe(true);
  expect(content.slice(12_000)).toMatch(/^\n…\(cut: 8000 more characters/);
});

test("a question of any length fits", async () => {
  server.script({ text: "ok" });

  await hear(agent(), makeTurn({ text: "z".repeat(1_000_000) }));

  expect(server.requests[0]?.raw.length).toBeLessThan(40_000);
});

test("a limit that was met with nothing found says so and does not throw", async () => {
  server.always({ tools: [{ name: "no_such_tool" }] });

  const { final } = await hear(agent({ modelCalls: 2 }), makeTurn());

  expect(final.text).toMatch(/^I could not find an answer: it met the limit of 2 model calls/);
});
