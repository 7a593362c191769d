import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseAgent } from "../../../src/agent/index.ts";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import type { Agent } from "../../../src/core/agent.ts";
import { type AnthropicServer, type Entry, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { costs, hear, incidents, makeTurn } from "./world.ts";

/** Models that do their work badly. Whatever they do, a person gets one useful message at the end, and our side has no fault. */

let server: AnthropicServer;
const faults: unknown[] = [];
beforeEach(async () => {
  faults.length = 0;
  server = await startAnthropicServer();
});
afterEach(() => server.close());

function agent(more: Partial<Parameters<typeof createModelAgent>[0]> = {}) {
  const onFault = (error: unknown) => void faults.push(error);
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5", onFault, limits: { retries: 0 }, ...more });
}

const look: Entry = { tools: [{ name: "get_costs" }] };

test("half a reply and then silence ends at the deadline with what was said, and says so", async () => {
  server.script(look, { text: ["EC2 cost 1,200.00 USD. ", "And the ", "rest"], breaks: { after: 2, how: "silent" } });
  const clock = new AbortController();
  const replies: string[] = [];

  for await (const reply of agent({ timeout: () => clock.signal }).answer(makeTurn(), new AbortController().signal)) {
    replies.push(reply.text);
    if (reply.text.includes("1,200.00")) clock.abort();
  }

  expect(replies.at(-1)).toMatch(
    /^EC2 cost 1,200\.00 USD\. (And the …)?\n\nWhat I found:\n\nEC2 cost 1,200\.00 USD\.\n\nThis answer was cut short: it met the limit of 60 seconds for one question\. Ask for a shorter period or for one thing\.$/,
  );
  expect(faults).toEqual([]);
});

test("half of a call's arguments and then the end runs nothing and is told", async () => {
  server.script({ tools: [{ name: "get_costs", input: '{"top": 5, "period": "last' }], breaks: { after: 2, how: "end" } });
  const turn = makeTurn();

  await expect(hear(agent(), turn)).rejects.toThrow(/broke off/);
  expect(turn.recorded).toEqual([]);
  expect(faults).toEqual([]);
});

test.each<[string, readonly Entry[]]>([
  [
    "tools that there are not",
    Array(12).fill({
      tools: [
        { name: "run_shell", input: { command: "ls" } },
        { name: "", input: {} },
      ],
    }),
  ],
  ["the same call for ever", Array(12).fill(look)],
  ["arguments of wrong types", Array(12).fill({ tools: [{ name: "get_costs", input: { top: "five", period: { from: 3 } } }] })],
  ["arguments that are no JSON", Array(12).fill({ tools: [{ name: "get_costs", input: '{"top": ' }] })],
  ["arguments of a megabyte", Array(12).fill({ tools: [{ name: "get_costs", input: { period: "x".repeat(1_000_000) } }] })],
])("a model that asks for %s ends within its limits, in words that say what to do", async (_, entries) => {
  server.script(...entries);
  server.always({ text: "" });
  const turn = makeTurn({ tools: [costs, incidents] });

  const { final } = await hear(agent(), turn);

  expect(final.text).toMatch(/limit of \d+ (model|tool) calls for one question|the model gave no answer/);
  expect(final.text.length).toBeGreaterThan(40);
  expect(server.requests.length).toBeLessThanOrEqual(8);
  expect(turn.recorded.length).toBeLessThanOrEqual(16);
  expect(faults).toEqual([]);
});

test.each<[string, Entry]>([
  ["garbage", { text: "x", breaks: { after: 0, how: "garbage" } }],
  ["an overload", { breaks: { after: 0, how: "overloaded" } }],
  ["nothing", { text: " " }],
  ["a refusal", { stop: "refusal" }],
])("%s instead of an answer goes to the agent without a model, and the person is told why", async (_, entry) => {
  server.script(entry);
  const deterministic: Agent = {
    kind: "deterministic",
    async *answer() {
      yield { text: "EC2 cost 1,200.00 USD.", final: true };
    },
  };
  const answer = chooseAgent({ deterministic, model: agent(), budgets: { allowance: async () => ({ level: "full" }) } });

  const replies = [];
  for await (const reply of answer(makeTurn(), new AbortController().signal)) replies.push(reply);

  expect(replies.at(-1)).toMatchObject({ text: "EC2 cost 1,200.00 USD.", final: true });
  expect(replies.at(-1)?.notice).toMatch(/^Answered without a language model: the (model|answer)/);
  expect(faults).toEqual([]);
});
