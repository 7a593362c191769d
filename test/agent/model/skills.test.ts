import { afterEach, beforeEach, expect, test } from "vitest";
import { createModelAgent } from "../../../src/agent/model/index.ts";
import type { Skill, SkillShelf } from "../../../src/core/knowledge.ts";
import { openSkill } from "../../../src/tools/open-skill.ts";
import type { WireBlock } from "../../kit/anthropic-rules.ts";
import { type AnthropicServer, type Entry, startAnthropicServer } from "../../kit/anthropic-server.ts";
import { costs, finding, hear, incidents, makeTurn, readTool, type TestTurn } from "./world.ts";

let server: AnthropicServer;
beforeEach(async () => {
  server = await startAnthropicServer();
});
afterEach(() => server.close());

function agent() {
  return createModelAgent({ apiKey: "sk-test", baseUrl: server.url, model: "claude-sonnet-5-5" });
}

function skill(name: string, allowedTools?: readonly string[]): Skill {
  return {
    name,
    description: `Does ${name}. Use it for a test.`,
    metadata: {},
    body: `Work as ${name} says.`,
    steps: [],
    ...(allowedTools ? { allowedTools } : {}),
  };
}

const SKILLS = [
  skill("cost-review", ["get_costs"]),
  skill("both", ["get_costs", "list_incidents"]),
  skill("free"),
  skill("triage", ["list_incidents"]),
];
const vessels = readTool("find_vessels", "Vessels", async () => finding("Two vessels wait."));
/** So many that most are reached through `call_tool`. */
const MANY = Array.from({ length: 60 }, (_, i) => readTool(`survey_${i}`, `Survey ${i}`, async () => finding("Nothing.")));

function turnWith(skills: readonly Skill[] = SKILLS, more: readonly ReturnType<typeof readTool>[] = []): TestTurn {
  const turn = makeTurn({ tools: [costs, incidents, vessels, openSkill, ...more], text: "Do a cost review." });
  const shelf: SkillShelf = { list: async () => skills };
  return { ...turn, context: { ...turn.context, skills: shelf } };
}

const open = (name: string): Entry => ({ tools: [{ name: "open_skill", input: { skill: name } }] });
const ran = (turn: TestTurn) => turn.recorded.map(({ call }) => call.name);

/** What the tools gave in the n-th request's last message, as the model reads it. */
function told(n: number): string {
  const content = server.requests[n]?.body.messages?.at(-1)?.content;
  const blocks: WireBlock[] = Array.isArray(content) ? content : [];
  return JSON.stringify(blocks.filter(({ type }) => type === "tool_result"));
}

test("an opened skill leaves only its own tools for the rest of the answer", async () => {
  server.script(open("cost-review"), { tools: [{ name: "list_incidents" }, { name: "get_costs" }] }, { text: "EC2 cost 1,200.00 USD." });
  const turn = turnWith();

  await hear(agent(), turn);

  expect(ran(turn)).toEqual(["open_skill", "get_costs"]);
  expect(told(2)).toContain(
    "The skill “cost-review”, which was opened for this answer, allows only get_costs; “list_incidents” stays closed",
  );
  server.assertDone();
});

test("a second skill narrows what is left and never widens it", async () => {
  server.script(
    open("cost-review"),
    open("both"),
    { tools: [{ name: "list_incidents" }] },
    open("triage"),
    { tools: [{ name: "get_costs" }] },
    { text: "No." },
  );
  const turn = turnWith();

  await hear(agent(), turn);

  expect(ran(turn)).toEqual(["open_skill", "open_skill", "open_skill"]);
  expect(told(3)).toContain("stays closed");
  expect(told(5)).toContain("allows no tool together");
});

test("a skill without a list of tools leaves them all", async () => {
  server.script(open("free"), { tools: [{ name: "list_incidents" }] }, { text: "Two incidents." });
  const turn = turnWith();

  await hear(agent(), turn);

  expect(ran(turn)).toEqual(["open_skill", "list_incidents"]);
});

test("the next question is free of it, and so is a skill that was not found", async () => {
  server.script(
    open("cost-review"),
    { text: "Opened." },
    open("no-such"),
    { tools: [{ name: "list_incidents" }] },
    { text: "Two incidents." },
  );
  const model = agent();
  await hear(model, turnWith());
  const turn = turnWith();

  await hear(model, turn);

  expect(ran(turn)).toEqual(["open_skill", "list_incidents"]);
  server.assertDone();
});

test("the names of the skills stand in the prompt, the same bytes for every question, and their instructions do not", async () => {
  server.always({ text: "Hello." });
  const model = agent();
  await hear(model, turnWith());
  await hear(model, turnWith());

  const [first, second] = server.requests.map(({ body }) => JSON.stringify(body.system));
  expect(first).toContain("cost-review, both, free, triage".split(", ").sort().join(", "));
  expect(first).not.toContain("Work as");
  expect(second).toBe(first);
});

test("no skill is spoken of where none can be opened", async () => {
  server.script({ text: "Hello." });

  await hear(agent(), makeTurn());

  expect(JSON.stringify(server.requests[0]?.body.system)).not.toContain("open_skill opens");
});

test("of many tools those of the skill come with it, and a search finds no others", async () => {
  const skills = [skill("yard", ["find_vessels", "get_costs"])];
  server.script(
    { tools: [{ name: "call_tool", input: { name: "open_skill", input: { skill: "yard" } } }] },
    {
      tools: [
        { name: "call_tool", input: { name: "find_vessels", input: { top: 3 } } },
        { name: "call_tool", input: { name: "survey_7", input: {} } },
        { name: "find_tools", input: { query: "survey 7" } },
      ],
    },
    { text: "Two vessels wait." },
  );
  const turn = turnWith(skills, MANY);

  const { final } = await hear(agent(), turn);

  expect(told(1)).toContain("- find_vessels: Use it for vessels.");
  expect(ran(turn)).toEqual(["open_skill", "find_vessels"]);
  expect(told(2)).toContain("“survey_7” stays closed");
  expect(told(2)).not.toContain("- survey_7");
  expect(final.text).toBe("Two vessels wait.");
  server.assertDone();
});

test("skills that cannot be read keep nobody from an answer", async () => {
  server.script({ text: "Hello." });
  const turn = turnWith();
  const shelf: SkillShelf = { list: () => Promise.reject(new Error("EACCES")) };

  const { final } = await hear(agent(), { ...turn, context: { ...turn.context, skills: shelf } });

  expect(final.text).toBe("Hello.");
});
