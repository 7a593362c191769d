import { afterEach, beforeEach, expect, test } from "vitest";
import { chooseAgent } from "../../src/agent/index.ts";
import { createModelAgent } from "../../src/agent/model/index.ts";
import type { Agent } from "../../src/core/agent.ts";
import type { Reply } from "../../src/core/reply.ts";
import { type AnthropicServer, type Entry, startAnthropicServer } from "../kit/anthropic-server.ts";
import { makeTurn } from "./model/world.ts";

/** Who answers when a model fails: two models of one service, and the agent that needs none. */

const LARGE = "claude-opus-5-5";
const SMALL = "claude-haiku-5-5";
const USED = { input: 1_000, output: 10 };

let server: AnthropicServer;
const reasons: string[] = [];
beforeEach(async () => {
  reasons.splice(0);
  server = await startAnthropicServer();
});
afterEach(() => server.close());

const deterministic: Agent = {
  kind: "deterministic",
  async *answer({ id, message }) {
    yield { text: "", status: "costs …", final: false };
    yield { text: "By the rules.", final: true, turn: { id, conversation: message.conversation, agent: "deterministic", tools: [] } };
  },
};

async function ask({ small = false } = {}): Promise<{ replies: Reply[]; final: Reply | undefined }> {
  const modelOf = (model: string) => createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model, limits: { retries: 0 } });
  const answer = chooseAgent({
    deterministic,
    model: modelOf(LARGE),
    ...(small ? { smallModel: modelOf(SMALL) } : {}),
    budgets: { allowance: async () => ({ level: "full" }) },
    onFallback: (reason) => reasons.push(reason),
  });
  const replies: Reply[] = [];
  for await (const reply of answer(makeTurn(), new AbortController().signal)) replies.push(reply);
  for (const [i, { text }] of replies.entries()) expect(text.startsWith(replies[i - 1]?.text ?? "")).toBe(true);
  return { replies, final: replies.at(-1) };
}

const broken = (how: "cut" | "garbage" | "overloaded"): Entry => ({ text: ["Well. ", "Then "], usage: USED, breaks: { after: 2, how } });

test.each([
  ["the connection breaks off", broken("cut"), "the connection to the model's service broke off"],
  ["garbage comes", broken("garbage"), "the answer of the model's service could not be read"],
  ["it is overloaded", broken("overloaded"), "the model's service is overloaded"],
  ["it refuses to go on", { text: ["Well. ", "Then "], usage: USED, stop: "refusal" }, "the model declined to answer"],
] satisfies [string, Entry, string][])("a beginning stays, and the answer goes on without a model, when %s", async (_, entry, reason) => {
  server.script(entry);

  const { final } = await ask();

  expect(final?.text).toMatch(/^Well\. (?:Then )?(?:…)?\n\nBy the rules\.$/);
  expect(final).toMatchObject({
    notice: `The language model's answer broke off: ${reason}. What follows it was answered without one.`,
    turn: { agent: "deterministic", usage: { modelCalls: 1, inputTokens: 1_000 } },
  });
  expect(reasons).toEqual([reason]);
  server.assertDone();
});

test.each([
  ["an overload", { status: 529 }, "the model's service is overloaded"],
  ["a limit", { status: 429, headers: { "retry-after": "900" } }, "the model's service limits our requests at the moment"],
  ["a refusal", { stop: "refusal" }, "the model declined to answer"],
  ["a model that there is not", { status: 404 }, "the model's service does not know the configured model"],
] satisfies [string, Entry, string][])("after %s a smaller model answers, and says why", async (_, entry, reason) => {
  server.script(entry, { text: "From the small one.", usage: USED });

  const { final } = await ask({ small: true });

  expect(server.requests.map(({ body }) => body.model)).toEqual([LARGE, SMALL]);
  expect(final).toMatchObject({ text: "From the small one.", notice: `Answered by a smaller model: ${reason}.`, turn: { agent: "model" } });
});

test("where the smaller one fails too, what both took is on the account, and the rules answer", async () => {
  server.script({ text: " ", usage: USED }, { stop: "refusal", usage: USED });

  const { final } = await ask({ small: true });

  expect(final).toMatchObject({
    text: "By the rules.",
    notice: "Answered without a language model: the model declined to answer.",
    turn: { agent: "deterministic", usage: { modelCalls: 2, inputTokens: 2_000, outputTokens: 20 } },
  });
  expect(reasons).toHaveLength(2);
});

test("a refused key is no matter for another model of the same service", async () => {
  server.script({ status: 401 });

  const { final } = await ask({ small: true });

  expect(server.requests).toHaveLength(1);
  expect(final?.text).toBe("By the rules.");
  expect(final?.turn?.usage).toBeUndefined();
});
