import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import { SYSTEM_PROMPT } from "../../../src/agent/prompt.ts";
import { defineTool } from "../../../src/core/tool.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { COST_TABLE, costs, finding, hear, makeTurn, readTool, receipt } from "./world.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer({ key: "sk-test" });
});
afterEach(() => server.close());

function agent(more: Partial<Parameters<typeof createModelAgent>[0]> = {}) {
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5", ...more });
}

test("streams the answer sentence by sentence as text that only grows and ends with one final reply", async () => {
  server.script({ text: ["You spent ", "nothing. ", "Ask about ", "another month."] });

  const { replies, final } = await hear(agent(), makeTurn());

  expect(replies.length).toBeGreaterThan(2);
  expect(replies[0]?.text).toBe("You spent nothing. ");
  expect(final.text).toBe("You spent nothing. Ask about another month.");
  server.assertDone();
});

test("shows a status for each tool before the text, and answers from both tools", async () => {
  server.script(
    { tools: [{ name: "get_costs", input: { period: "last month" } }, { name: "list_incidents" }] },
    { text: ["EC2 cost 1,200.00 USD; ", "there were two incidents."] },
  );
  const turn = makeTurn();

  const { replies, final } = await hear(agent(), turn);

  const statuses = replies.flatMap((reply) => reply.status ?? []);
  expect(statuses).toEqual(["costs …", "costs, incidents …", "putting it together …"]);
  expect(replies.findIndex((reply) => reply.text !== "")).toBeGreaterThan(1);
  expect(final.text).toBe("EC2 cost 1,200.00 USD; there were two incidents.");
  expect(final.blocks).toEqual([COST_TABLE]);
  expect(final.receipts?.map(({ id }) => id)).toEqual(["r1", "r2"]);
  expect(final.suggestions).toEqual(["Which incident was the longest?"]);
  expect(turn.recorded.map(({ call }) => call)).toEqual([
    { name: "get_costs", input: { period: "last month" } },
    { name: "list_incidents", input: {} },
  ]);
  const [, second] = server.requests;
  expect(second?.raw).toContain("EC2 cost 1,200.00 USD. (for the model)");
  server.assertDone();
});

test("the final reply tells which tools ran and what the wire counted", async () => {
  server.script(
    { tools: [{ name: "get_costs" }], usage: { input: 1000, output: 30, cacheWrite: 200 } },
    { text: "Done.", usage: { input: 50, output: 7, cacheRead: 1200 } },
  );

  const { final } = await hear(agent(), makeTurn({ id: "t9" }));

  expect(final.turn).toEqual({
    id: "t9",
    conversation: "c1",
    agent: "model",
    tools: [{ name: "get_costs", input: {} }],
    usage: { model: "claude-sonnet-5-5", inputTokens: 1250, outputTokens: 37, cachedTokens: 1200, modelCalls: 2, costUsd: 0.00309 },
  });
});

test("text before a tool call stays as a paragraph of its own", async () => {
  server.script({ text: ["Let me ", "look."], tools: [{ name: "get_costs" }] }, { text: "EC2 cost 1,200.00 USD." });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toBe("Let me look.\n\nEC2 cost 1,200.00 USD.");
  expect(server.requests[1]?.body.messages?.at(-2)?.content).toMatchObject([{ type: "text", text: "Let me look." }, { type: "tool_use" }]);
  server.assertDone();
});

test("an empty text before a tool call does not go back to the service, which would refuse it", async () => {
  server.script({ text: "", tools: [{ name: "get_costs" }] }, { text: "EC2." });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toBe("EC2.");
  server.assertDone();
});

test("a model's thoughts are not shown, and go back to it as they came", async () => {
  server.script({ thinking: "Costs first.", tools: [{ name: "get_costs" }] }, { thinking: "Enough.", text: "EC2." });

  const { replies } = await hear(agent(), makeTurn());

  expect(JSON.stringify(replies)).not.toMatch(/Costs first|Enough/);
  const [thought, call] = server.requests[1]?.body.messages?.at(-2)?.content ?? [];
  expect(thought).toEqual({ type: "thinking", thinking: "Costs first.", signature: "signed" });
  expect(call).toMatchObject({ type: "tool_use", name: "get_costs" });
  server.assertDone();
});

test("the prefix is the same bytes in every turn and is marked for the vendor's cache", async () => {
  server.script({ text: "a" }, { text: "b" });
  const model = agent();

  await hear(model, makeTurn({ text: "one", timeZone: "Asia/Tokyo" }));
  await hear(model, makeTurn({ text: "two", audience: "group", now: new Date("2027-01-01T00:00:00Z") }));

  const prefixes = server.requests.map(({ raw, body }) => ({
    tools: JSON.stringify(body.tools),
    system: JSON.stringify(body.system),
    raw,
  }));
  expect(prefixes[0]?.system).toBe(prefixes[1]?.system);
  expect(prefixes[0]?.tools).toBe(prefixes[1]?.tools);
  const body = server.requests[0]?.body;
  expect(body?.system).toEqual([{ type: "text", text: SYSTEM_PROMPT, cache_control: { type: "ephemeral" } }]);
  expect(body?.tools?.map((tool) => tool.cache_control)).toEqual([undefined, { type: "ephemeral" }]);
  expect(body?.max_tokens).toBe(4096);
  expect(Object.keys(body ?? {}).filter((field) => /temperature|top_/.test(field))).toEqual([]);
});

test("tools reach the model with their description and a plain JSON schema", async () => {
  server.script({ text: "Hello." });

  await hear(agent(), makeTurn({ tools: [costs] }));

  expect(server.requests[0]?.body.tools).toEqual([
    {
      name: "get_costs",
      description: "Use it for costs.\nFor questions like “what about costs?”.",
      input_schema: {
        type: "object",
        properties: {
          period: { type: "string", description: "words, such as last month" },
          top: { type: "integer", maximum: 50, default: 5, description: "how many" },
        },
      },
      cache_control: { type: "ephemeral" },
    },
  ]);
});

test("tools that write are not offered, and cannot be called by name", async () => {
  let wrote = false;
  const write = defineTool({
    ...costs,
    name: "archive_project",
    effect: "write",
    run: async () => {
      wrote = true;
      return finding("Archived.");
    },
  });
  server.script({ tools: [{ name: "archive_project" }] }, { text: "I cannot do that." });

  await hear(agent(), makeTurn({ tools: [costs, write] }));

  expect(server.requests[0]?.body.tools?.map((tool) => tool.name)).toEqual(["get_costs"]);
  expect(server.requests[1]?.raw).toContain("There is no tool “archive_project”. The tools are: get_costs.");
  expect(wrote).toBe(false);
  server.assertDone();
});

test("date, zone, audience and the previous tool calls stand in the last user message", async () => {
  server.script({ text: "ok" });
  const history = [{ question: "costs?", answer: "EC2.", calls: [{ name: "get_costs", input: { period: "last month" } }] }];

  await hear(agent(), makeTurn({ audience: "group", history, text: "and by region?" }));

  const [message] = server.requests[0]?.body.messages?.slice(-1) ?? [];
  expect(JSON.stringify(message)).toContain("Saturday 2026-11-21 14:05, Europe/Athens");
  expect(JSON.stringify(message)).toContain("everyone in the conversation reads the answer");
  expect(JSON.stringify(message)).toContain("get_costs");
  expect(message?.content?.at(-1)).toEqual({ type: "text", text: "and by region?" });
});

test("earlier turns come along in their order, the end of them marked for the vendor's cache", async () => {
  server.script({ text: "ok" });
  const history = [
    { question: "older", answer: "first answer", calls: [] },
    { question: "newer", answer: "", calls: [] },
  ];

  await hear(agent(), makeTurn({ history }));

  const messages = server.requests[0]?.body.messages?.slice(0, -1);
  expect(messages).toEqual([
    { role: "user", content: "older" },
    { role: "assistant", content: "first answer" },
    { role: "user", content: "newer" },
    { role: "assistant", content: [{ type: "text", text: "(nothing)", cache_control: { type: "ephemeral" } }] },
  ]);
  server.assertDone();
});

test("of a long conversation the beginning is summed up, and no figure of it is lost", async () => {
  server.script({ text: "ok" });
  const history = Array.from({ length: 9 }, (_, i) => ({
    question: `What did team ${i} spend?`,
    answer: `Team ${i} spent **${i}01.50 USD** in October. ${"It talked about it at length. ".repeat(20)}`,
    calls: [{ name: "get_costs", input: { filter: { team: `${i}` } } }],
  }));

  await hear(agent({ limits: { historyCharacters: 4_000 } }), makeTurn({ history }));

  const messages = server.requests[0]?.body.messages ?? [];
  const [summary, question] = messages[0]?.content ?? [];
  expect(question).toEqual({ type: "text", text: "What did team 8 spend?" });
  for (let i = 0; i < 8; i++) {
    expect(String((summary as { text: string }).text)).toContain(
      `“What did team ${i} spend?” → get_costs {"filter":{"team":"${i}"}} → Team ${i} spent **${i}01.50 USD** in October.`,
    );
  }
  expect(JSON.stringify(messages).length).toBeLessThan(4_000 + 1_500);
  server.assertDone();
});

test("a newest turn that is too long is cut, not left out", async () => {
  server.script({ text: "ok" });

  await hear(agent({ limits: { historyCharacters: 100 } }), makeTurn({ history: [{ question: "q", answer: "y".repeat(500), calls: [] }] }));

  expect(JSON.stringify(server.requests[0]?.body.messages?.[1]?.content)).toMatch(/"y{65} …\(cut\)"/);
});

test("blocks are those beside the answer in words, each once, the latest six", async () => {
  const chart = (n: number) => ({ type: "chart" as const, title: `c${n}`, spec: {}, alt: "" });
  let n = 0;
  const many = readTool("get_costs", "Costs", async () => {
    n += 1;
    return finding("words", {
      blocks: [{ type: "markdown", text: "words" }, COST_TABLE, chart(n), chart(n + 10)],
      receipts: [receipt("same")],
    });
  });
  server.script({ tools: [1, 2, 3, 4].map((top) => ({ name: "get_costs", input: { top } })) }, { text: "ok" });

  const { final } = await hear(agent({ limits: { parallelTools: 1 } }), makeTurn({ tools: [many] }));

  expect(final.blocks?.map((block) => ("title" in block ? block.title : ""))).toEqual(["c12", "c3", "c13", "Cost by service", "c4", "c14"]);
  expect(final.receipts).toHaveLength(1);
});

test("answers without tools when the turn has none", async () => {
  server.script({ text: "Hello." });

  const { final } = await hear(agent(), makeTurn({ tools: [] }));

  expect(final.text).toBe("Hello.");
  expect(server.requests[0]?.body.tools ?? []).toEqual([]);
  server.assertDone();
});

test("the heavy libraries can be loaded ahead, and nothing is asked of the service by it", async () => {
  await agent().warm();

  expect(server.requests).toEqual([]);
});

test("each figure of the answer says what it rests on", async () => {
  server.script({ tools: [{ name: "get_costs" }] }, { text: "EC2 cost 1,200.00 USD, $400 less than your 1,600.00 USD." });

  const { final } = await hear(agent(), makeTurn({ text: "Is EC2 below 1,600.00 USD?" }));

  expect(final.figures).toEqual([
    { text: "1,200.00 USD", how: "as it stands", receipts: ["r1"] },
    { text: "1,600.00 USD", how: "as it stands", receipts: [] },
    { text: "$400", how: "difference of 1,600.00 USD and 1,200.00 USD", receipts: ["r1"] },
  ]);
});

test("of several results that have a figure the one of fewest readings is its receipt", async () => {
  const many = readTool("explain_change", "Explain", async () =>
    finding("EC2 cost 1,200.00 USD.", { content: "EC2 cost 1,200.00 USD.", receipts: ["r7", "r8", "r9"].map(receipt) }),
  );
  server.script({ tools: [{ name: "explain_change" }, { name: "get_costs" }] }, { text: "EC2 cost 1,200.00 USD." });

  const { final } = await hear(agent(), makeTurn({ tools: [costs, many] }));

  expect(final.figures).toEqual([{ text: "1,200.00 USD", how: "as it stands", receipts: ["r1"] }]);
});
