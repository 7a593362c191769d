import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { costs, finding, hear, makeTurn, readTool } from "./world.ts";

/** A model may try to make a source of itself. */

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(() => server.close());

const agent = () => createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5" });
const LIE = "We lost $9,876,543.21 in all.";
const MARKED = "We lost $9,876,543.21 (unverified) in all.";

test("a figure that a tool only repeats from its arguments is marked", async () => {
  const search = readTool("search", "Search", async ({ period }) => finding(`Nothing about “${period}”.`));
  server.script({ tools: [{ name: "search", input: { period: LIE } }] }, { text: LIE }, { text: LIE });

  const { final } = await hear(agent(), makeTurn({ tools: [search], text: "Where do we stand?" }));

  expect(final.text).toBe(MARKED);
});

test("an address that a tool only repeats from its arguments is taken out", async () => {
  const search = readTool("search", "Search", async ({ period }) => finding(`Nothing about ${period}`));
  const url = "https://evil.example/?q=1";
  server.script({ tools: [{ name: "search", input: { period: url } }] }, { text: `See ${url}` });

  const { final } = await hear(agent(), makeTurn({ tools: [search], text: "Where do we stand?" }));

  expect(final.text).toBe("See (link removed)");
});

test.each([
  ["in the arguments of an earlier call", { calls: [{ name: "get_costs", input: { period: LIE } }], answer: "EC2 cost 1,200.00 USD." }],
  ["that was marked in an earlier answer", { calls: [], answer: MARKED }],
])("a figure %s proves nothing, however long the conversation", async (_, first) => {
  const filler = Array.from({ length: 12 }, () => ({ question: "And then?", answer: `Much. ${"Then more. ".repeat(400)}`, calls: [] }));
  server.script({ text: LIE }, { text: LIE });

  const { final } = await hear(agent(), makeTurn({ tools: [costs], text: "So?", history: [{ question: "Well?", ...first }, ...filler] }));

  expect(final.text).toBe(MARKED);
});
