import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent, ModelUnavailable } from "../../../src/agent/model/index.ts";
import { type AnthropicServer, type Entry, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { finding, gate, hear, makeTurn, readTool } from "./world.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(() => server.close());

const faults: unknown[] = [];

function agent(more: Partial<Parameters<typeof createModelAgent>[0]> = {}) {
  faults.length = 0;
  const onFault = (error: unknown) => void faults.push(error);
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5", onFault, ...more });
}

async function failure(answer: Promise<unknown>): Promise<ModelUnavailable> {
  const error = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ModelUnavailable)) throw new Error(`expected ModelUnavailable, got ${String(error)}`);
  return error;
}

const SOON = { "retry-after-ms": "1" };

const refusals: [string, Entry[], string][] = [
  ["401", [{ status: 401, message: "bad key sk-secret" }], "the key for the model's service was refused"],
  ["402", [{ status: 402 }], "the account at the model's service has no credit"],
  ["403", [{ status: 403 }], "the key may not use this model"],
  ["404", [{ status: 404 }], "the model's service does not know the configured model"],
  ["400", [{ status: 400 }], "the model's service did not accept the request"],
  [
    "429 without retry-after, three times",
    Array(3).fill({ status: 429, headers: SOON }),
    "the model's service limits our requests at the moment",
  ],
  [
    "429 that asks for a long wait",
    [{ status: 429, headers: { "retry-after": "600" } }],
    "the model's service limits our requests at the moment",
  ],
  ["529, three times", Array(3).fill({ status: 529, headers: SOON }), "the model's service is overloaded"],
  ["500, three times", Array(3).fill({ status: 500, headers: SOON }), "the model's service had a fault"],
  ["an overloaded stream", [{ breaks: { after: 0, how: "overloaded" } }], "the model's service is overloaded"],
  ["a stream cut before any text", [{ text: "x", breaks: { after: 0, how: "cut" } }], "the connection to the model's service broke off"],
  ["a stream that ends too early", [{ text: "x", breaks: { after: 0, how: "end" } }], "the connection to the model's service broke off"],
  ["garbage for a stream", [{ text: "x", breaks: { after: 0, how: "garbage" } }], "the answer of the model's service could not be read"],
  ["a refusal of the model", [{ stop: "refusal" }], "the model declined to answer"],
  ["an empty answer", [{ text: " " }], "the model gave no answer"],
];

test.each(refusals)("%s before any text is ModelUnavailable, with a reason in our words", async (_, entries, reason) => {
  server.script(...entries);

  const error = await failure(hear(agent(), makeTurn()));

  expect(error.reason).toBe(reason);
  expect(`${error.message} ${error.detail} ${error.cause ?? ""}`).not.toContain("secret");
  expect(faults).toEqual([]);
  server.assertDone();
});

test("a service that is not there is ModelUnavailable", async () => {
  await server.close();

  const error = await failure(hear(agent({ limits: { retries: 0 } }), makeTurn()));

  expect(error.reason).toBe("the model's service could not be reached");
});

test("a silent service is ModelUnavailable when the turn's time is up", async () => {
  server.script({ silent: true });
  const clock = new AbortController();
  const answer = failure(hear(agent({ timeout: () => clock.signal }), makeTurn()));

  await expect.poll(() => server.requests.length).toBe(1);
  clock.abort();

  expect((await answer).reason).toBe("the model's service did not answer in time");
});

test("429 and 529 that pass are retried, once per attempt and no more", async () => {
  server.script({ status: 429, headers: SOON }, { status: 529, headers: SOON }, { text: "Here." });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toBe("Here.");
  expect(final.turn?.usage?.modelCalls).toBe(1);
  server.assertDone();
});

test.each(["cut", "end", "garbage", "overloaded"] as const)("text that has begun is kept when the stream breaks (%s)", async (how) => {
  server.script({ tools: [{ name: "get_costs" }] }, { text: ["EC2 cost ", "1,200", " USD"], breaks: { after: 2, how } });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toMatch(/^EC2 cost 1,200 …\n\nWhat I found:\n\nEC2 cost 1,200\.00 USD\.\n\nThis answer was cut short: the .+\.$/);
  expect(final.turn?.agent).toBe("model");
  server.assertDone();
});

test("what a tool found is kept when the model fails after it", async () => {
  server.script({ tools: [{ name: "get_costs" }] }, { status: 401 });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toBe(
    "What I found:\n\nEC2 cost 1,200.00 USD.\n\nThis answer was cut short: the key for the model's service was refused.",
  );
  expect(final.receipts).toHaveLength(1);
});

test("what a tool found is kept when the model then says nothing", async () => {
  server.script({ text: "Let me look.", tools: [{ name: "get_costs" }] }, { stop: "end_turn" });

  const { final } = await hear(agent(), makeTurn());

  expect(final.text).toMatch(
    /^Let me look\.\n\nWhat I found:\n\nEC2 cost 1,200\.00 USD\.\n\nThis answer was cut short: the model gave no answer\.$/,
  );
});

test("an abort ends the turn at once with a final reply, and reaches the tools", async () => {
  const started = gate();
  let toolSignal: AbortSignal | undefined;
  const hanging = readTool("get_costs", "Costs", (_, { signal }) => {
    toolSignal = signal;
    started.open();
    // Deaf to the signal: the turn must not wait for it.
    return gate().opened.then(() => finding("never"));
  });
  server.script({ tools: [{ name: "get_costs" }] });
  const person = new AbortController();
  const turn = makeTurn({ tools: [hanging] });
  const answer = hear(agent(), turn, person.signal);

  await started.opened;
  person.abort();
  const { final } = await answer;

  expect(final.text).toBe("Stopped before there was an answer.");
  expect(toolSignal?.aborted).toBe(true);
  expect(turn.recorded).toEqual([]);
  expect(faults).toEqual([]);
});

test("an abort while the model speaks keeps what it said", async () => {
  server.script({ text: ["Costs are up. ", "They ", "rose"], breaks: { after: 2, how: "silent" } });
  const person = new AbortController();
  const texts: string[] = [];

  for await (const reply of agent().answer(makeTurn(), person.signal)) {
    texts.push(reply.text);
    person.abort();
  }

  expect(texts.at(-1)).toBe("Costs are up. They …\n\nStopped before the answer was complete.");
});

test("the signal of the turn's context counts as well", async () => {
  const gone = AbortSignal.abort();

  const { final } = await hear(agent(), makeTurn({ signal: gone }));

  expect(final.text).toBe("Stopped before there was an answer.");
  expect(server.requests).toEqual([]);
});

test("a reader who leaves stops the turn", async () => {
  let toolSignal: AbortSignal | undefined;
  const hanging = readTool("get_costs", "Costs", (_, { signal }) => {
    toolSignal = signal;
    return gate().opened.then(() => finding("never"));
  });
  server.script({ tools: [{ name: "get_costs" }] });

  for await (const reply of agent().answer(makeTurn({ tools: [hanging] }), new AbortController().signal)) {
    if (reply.status) break;
  }

  await expect.poll(() => toolSignal?.aborted).toBe(true);
  expect(faults).toEqual([]);
});

test("nothing goes to a tracing service, whatever the environment says", async () => {
  const spy = await startAnthropicServer();
  Object.assign(process.env, {
    LANGSMITH_TRACING: "true",
    LANGCHAIN_TRACING_V2: "true",
    LANGSMITH_API_KEY: "ls-key",
    LANGSMITH_ENDPOINT: spy.url,
    LANGSMITH_GATEWAY: spy.url,
    LANGCHAIN_VERBOSE: "true",
  });
  server.script({ tools: [{ name: "get_costs" }] }, { text: "ok" });

  await hear(agent(), makeTurn());

  expect(Object.keys(process.env).filter((name) => /^LANG(SMITH|CHAIN)_/.test(name))).toEqual([]);
  // Throws if anything at all was sent there.
  spy.assertDone();
  server.assertDone();
  await spy.close();
});
