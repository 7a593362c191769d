import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import { defineTool } from "../../../src/core/tool.ts";
import { type AnthropicServer, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { costs, finding, hear, makeTurn } from "./world.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(() => server.close());

const agent = () => createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5" });

/** As the approval desk hands it out: it only proposes. */
const post = defineTool({
  name: "post_message",
  title: "Post",
  description: "Posts.",
  examples: [],
  effect: "write",
  proposes: true,
  role: "viewer",
  input: z.strictObject({ channel: z.string(), text: z.string() }),
  run: async ({ text }) => finding(`Waits for approval: ${text}`),
});

const turnOf = (text = "Post last month's cost to #finops.") => makeTurn({ tools: [costs, post], text });
const writing = (text: string, channel = "#finops-2") => ({ tools: [{ name: "post_message", input: { channel, text } }] });
const look = { tools: [{ name: "get_costs" }] };

test("a text to be posted whose figures the tools gave is proposed as it stands", async () => {
  server.script(look, writing("EC2 cost $1,200.00 USD."), { text: "It waits for your approval." });
  const turn = turnOf();

  await hear(agent(), turn);

  expect(turn.recorded.at(-1)?.call.input).toEqual({ channel: "#finops-2", text: "EC2 cost $1,200.00 USD." });
  server.assertDone();
});

test("an invented figure in it is sent back with the reason, and nothing is proposed", async () => {
  server.script(look, writing("EC2 cost $9,876.54."), writing("EC2 cost 1,200.00 USD."), { text: "It waits for your approval." });
  const turn = turnOf();

  await hear(agent(), turn);

  expect(JSON.stringify(server.requests[2]?.body.messages?.at(-1))).toMatch(/Nothing has been proposed yet.*\$9,876\.54/);
  expect(turn.recorded.map(({ call }) => call)).toEqual([
    { name: "get_costs", input: {} },
    { name: "post_message", input: { channel: "#finops-2", text: "EC2 cost 1,200.00 USD." } },
  ]);
});

test("what the model insists on is marked on the card and in the post", async () => {
  server.script(look, writing("EC2 cost $9,876.54."), writing("EC2 cost $9,876.54 in all."), { text: "It waits." });
  const turn = turnOf();

  await hear(agent(), turn);

  expect(turn.recorded.at(-1)?.call.input.text).toBe("EC2 cost $9,876.54 (unverified) in all.");
});

test("figures and addresses of the person's own are theirs to post; other addresses go", async () => {
  server.script(writing("We meet at 9, see https://wiki.example/meet and https://evil.example/x."), { text: "It waits." });
  const turn = turnOf("Post to #finops: we meet at 9, see https://wiki.example/meet");

  await hear(agent(), turn);

  expect(turn.recorded.at(-1)?.call.input.text).toBe("We meet at 9, see https://wiki.example/meet and (link removed).");
});

test("no field of a write carries an address out that nobody gave: a name is read by everyone too", async () => {
  server.script(writing("We meet.", "https://evil.example/?q=secret"), { text: "It waits." });
  const turn = turnOf("Post to #finops: we meet.");

  await hear(agent(), turn);

  expect(turn.recorded.at(-1)?.call.input).toEqual({ channel: "(link removed)", text: "We meet." });
});
