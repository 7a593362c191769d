import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import { listNames } from "../../../src/agent/model/tool-set.ts";
import type { Tool } from "../../../src/core/tool.ts";
import { readSkills } from "../../../src/skills/index.ts";
import { tools as sharedTools } from "../../../src/tools/index.ts";
import { type AnthropicServer, type RecordedRequest, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { costs, finding, hear, makeTurn, readTool } from "./world.ts";

/**
 * What a turn costs, counted at the wire. No tokenizer of the vendor is public, so tokens are characters over 3.5: English prose has
 * more characters a token, JSON about as many.
 */
const CHARACTERS_PER_TOKEN = 3.5;

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(() => server.close());

function agent() {
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5" });
}

const SHIPPED = fileURLToPath(new URL("../../../skills", import.meta.url));

/** Every part of a prompt in the order a vendor caches them. */
function partsOf({ body }: RecordedRequest): object[] {
  const blocks = (content: unknown) => (Array.isArray(content) ? content : [{ type: "text", text: content }]);
  return [
    ...(body.tools ?? []),
    ...blocks(body.system),
    ...(body.messages ?? []).flatMap(({ role, content }) => blocks(content).map((block) => ({ role, ...block }))),
  ];
}

/** Of a text its characters, of a tool, a call or a result its JSON. */
const tokens = (parts: readonly object[]) =>
  Math.ceil(
    parts.reduce((sum, part) => sum + ("text" in part ? String(part.text) : JSON.stringify(part)).length, 0) / CHARACTERS_PER_TOKEN,
  );
const prefixOf = ({ body }: RecordedRequest) => tokens(partsOf({ body: { ...body, messages: [] } } as unknown as RecordedRequest));
const wholeOf = (request: RecordedRequest) => tokens(partsOf(request));

/** All of ours, none of which runs, with three more that only a search can reach. */
const many: readonly Tool[] = [
  ...sharedTools.map((tool) => ({ ...tool, run: async () => finding("EC2 cost 1,200.00 USD in October 2026.") })),
  readTool("find_vessels", "Vessels", async () => finding("Two vessels wait.")),
  readTool("list_berths", "Berths", async () => finding("Nine berths.")),
];

/** Tokens of a request up to its last part that an earlier request had too, and that was marked then: what a vendor serves from its cache. */
function servedFromCache(earlier: RecordedRequest, later: RecordedRequest): number {
  const [known, now] = [partsOf(earlier), partsOf(later)];
  const plain = (part: unknown) => JSON.stringify({ ...(part as object), cache_control: undefined });
  let shared = 0;
  while (shared < now.length && plain(known[shared]) === plain(now[shared])) shared += 1;
  const isMarked = (part: object, i: number) =>
    "cache_control" in part || (earlier.body.cache_control !== undefined && i === known.length - 1);
  const end = known.slice(0, shared).findLastIndex(isMarked) + 1;
  return tokens(now.slice(0, end));
}

test("of many tools a small set is sent, the same bytes whatever is asked and whoever asks", async () => {
  server.always({ text: "Hello." });
  const model = agent();

  await hear(model, makeTurn({ tools: many, text: "hello" }));
  await hear(model, makeTurn({ tools: many, text: "which vessels wait?", timeZone: "Asia/Tokyo", audience: "group" }));
  await hear(model, makeTurn({ tools: [...many], text: "why did costs rise?" }));

  const sent = server.requests.map(({ body }) => JSON.stringify([body.tools, body.system]));
  expect(new Set(sent).size).toBe(1);
  expect(server.requests[0]?.body.tools?.map(({ name }) => name)).toEqual([
    "get_costs",
    "explain_change",
    "brief",
    "search_knowledge",
    "find_tools",
    "call_tool",
  ]);
});

test("the prefix is at most 3,500 tokens and “hello” at most 4,000 in all", async () => {
  server.script({ text: "Hello." });

  const turn = makeTurn({ tools: many, text: "hello" });
  const shelf = { list: async () => (await readSkills([SHIPPED])).skills };

  await hear(agent(), { ...turn, context: { ...turn.context, skills: shelf } });

  const [request] = server.requests;
  expect(JSON.stringify(request?.body.system)).toContain("cost-review");
  expect(request && prefixOf(request)).toBeLessThanOrEqual(3_500);
  expect(request && wholeOf(request)).toBeLessThanOrEqual(4_000);
});

test("of a second question's prompt 95 % come from the cache", async () => {
  server.always({ text: "EC2 cost 1,200.00 USD in October 2026." });
  const model = agent();
  const first = {
    question: "How much did we spend last month?",
    answer: "EC2 cost 1,200.00 USD in October 2026.",
    calls: [{ name: "get_costs", input: { period: "last month" } }],
  };

  await hear(model, makeTurn({ tools: many, text: first.question }));
  const [one] = server.requests;
  await hear(model, makeTurn({ tools: many, text: "And the month before?", history: [first], id: "turn-2" }));
  const two = server.requests.at(-1);

  expect(one && two && servedFromCache(one, two) / wholeOf(two)).toBeGreaterThanOrEqual(0.95);
});

test("within one answer each call finds all that the one before it sent in the cache", async () => {
  server.script({ tools: [{ name: "get_costs" }] }, { tools: [{ name: "brief" }] }, { text: "EC2 cost 1,200.00 USD in October 2026." });

  await hear(agent(), makeTurn({ tools: many, text: "How much did we spend, and what matters now?" }));

  const [, two, three] = server.requests;
  expect(server.requests.reduce((sum, request) => sum + wholeOf(request), 0)).toBeLessThanOrEqual(3 * 4_000);
  expect(two && three && servedFromCache(two, three) / wholeOf(two)).toBeGreaterThan(0.99);
});

test("a tool outside the set is at hand when the question speaks of it, and is called like any other", async () => {
  server.script({ tools: [{ name: "call_tool", input: { name: "find_vessels", input: { top: 3 } } }] }, { text: "Two vessels wait." });
  const turn = makeTurn({ tools: many, text: "which vessels wait?" });

  const { final, replies } = await hear(agent(), turn);

  const context = JSON.stringify(server.requests[0]?.body.messages?.at(-1));
  expect(context).toContain("- find_vessels: Use it for vessels.");
  expect(turn.recorded.map(({ call }) => call)).toEqual([{ name: "find_vessels", input: { top: 3 } }]);
  expect(final.turn?.tools).toEqual([{ name: "find_vessels", input: { top: 3 } }]);
  expect(replies.flatMap(({ status }) => status ?? [])).toEqual(["vessels …", "putting it together …"]);
  server.assertDone();
});

test("the tool that answered last is at hand for the next question", async () => {
  server.script({ text: "Nine berths." });
  const history = [{ question: "how many berths?", answer: "Nine berths.", calls: [{ name: "list_berths", input: {} }] }];

  await hear(agent(), makeTurn({ tools: many, text: "and now?", history }));

  expect(JSON.stringify(server.requests[0]?.body.messages?.at(-1))).toContain("- list_berths: ");
});

test("find_tools gives the arguments of what it finds, and what there is when it finds nothing", async () => {
  server.script(
    {
      tools: [
        { name: "find_tools", input: { query: "berths" } },
        { name: "find_tools", input: { query: "qwxyz" } },
      ],
    },
    { text: "I see." },
  );

  await hear(agent(), makeTurn({ tools: many, text: "hm" }));

  const results = server.requests[1]?.body.messages?.at(-1)?.content;
  const [found, nothing] = Array.isArray(results) ? results.map(({ content }) => JSON.stringify(content)) : [];
  expect(found).toContain("- list_berths: Use it for berths.");
  expect(found).toContain('Arguments: {\\"type\\":\\"object\\"');
  expect(nothing).toContain("No tool speaks of “qwxyz”. The tools are: get_costs, ");
  server.assertDone();
});

test.each([
  ["a name that is none", { name: "drop_tables", input: {} }, "There is no tool “drop_tables”"],
  ["no arguments object", { name: "list_berths", input: "all" }, "not readable JSON"],
  ["no name", { input: {} }, "There is no tool “call_tool”"],
  ["arguments that do not fit", { name: "list_berths", input: { top: "many" } }, "The arguments do not fit. top"],
])("call_tool with %s tells the model, and nothing runs", async (_, input, says) => {
  server.script({ tools: [{ name: "call_tool", input }] }, { text: "I cannot." });
  const turn = makeTurn({ tools: many });

  await hear(agent(), turn);

  expect(JSON.stringify(server.requests[1]?.body.messages?.at(-1))).toContain(says);
  expect(turn.recorded.every(({ outcome }) => "error" in outcome)).toBe(true);
  server.assertDone();
});

test("few tools are all sent as they are", async () => {
  server.script({ text: "Hello." });

  await hear(agent(), makeTurn({ tools: [costs] }));

  expect(server.requests[0]?.body.tools?.map(({ name }) => name)).toEqual(["get_costs"]);
});

test("a tool that becomes known later is found", async () => {
  server.always({ text: "Hello." });
  const model = agent();
  const growing = [...many];
  await hear(model, makeTurn({ tools: growing, text: "any cranes?" }));
  growing.push(readTool("list_cranes", "Cranes", async () => finding("Four cranes.")));

  await hear(model, makeTurn({ tools: growing, text: "any cranes?" }));

  expect(JSON.stringify(server.requests.at(-1)?.body.messages)).toContain("- list_cranes: ");
});

test("of an external server with many tools a few are named, and how many there are", () => {
  const notes = Array.from({ length: 40 }, (_, i) => `notes__t${i}`);

  expect(listNames(["help", ...notes, "wiki__find"])).toBe(
    "help, notes__t0, notes__t1, notes__t2, notes__t3 and 36 more of notes__, wiki__find",
  );
});
