import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent, type ModelAgentOptions } from "../../../src/agent/model/index.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { hear, makeTurn } from "./world.ts";

/** Whoever runs the house hears of every guard that held a model back, and of none that did not. */

let server: AnthropicServer;
const denied: string[] = [];
beforeEach(async () => {
  denied.length = 0;
  server = await startAnthropicServer();
});
afterEach(() => server.close());

function agent(more: Partial<ModelAgentOptions> = {}) {
  const onDenied = (guard: string) => void denied.push(guard);
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5", onDenied, ...more });
}

test("a friendly answer is held back by nothing", async () => {
  server.script({ tools: [{ name: "get_costs" }] }, { text: "EC2 cost 1,200.00 USD." });

  await hear(agent(), makeTurn());

  expect(denied).toEqual([]);
});

test("a tool that there is not, a repeated call, an invented figure and a foreign address are each told once", async () => {
  const same = { tools: [{ name: "get_costs" }] };
  const invented = { text: "EC2 cost 7,777.77 USD, see https://evil.example/x." };
  server.script({ tools: [{ name: "run_shell" }, { name: "rm" }] }, same, same, same, invented, invented);

  await hear(agent(), makeTurn());

  expect(denied.toSorted()).toEqual(["grounding", "links", "same call", "unknown tool"]);
});

test("a limit that was met is told, and a turn without time", async () => {
  server.always({ tools: [{ name: "get_costs" }] });
  await hear(agent({ limits: { modelCalls: 2 } }), makeTurn());
  expect(denied.splice(0)).toEqual(["model calls"]);

  server.always({ text: ["One moment. ", "And"], breaks: { after: 2, how: "silent" } });
  const clock = new AbortController();
  const cutShort = async () => {
    for await (const reply of agent({ timeout: () => clock.signal }).answer(makeTurn(), new AbortController().signal))
      if (!reply.final) clock.abort();
  };
  await expect(cutShort()).rejects.toThrow(/in time/);
  expect(denied).toContain("time");
});
