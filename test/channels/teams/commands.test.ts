import { afterEach, describe, expect, test } from "vitest";
import { createDeterministicAgent } from "../../../src/agent/deterministic/index.ts";
import { chooseAgent } from "../../../src/agent/index.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { createRouter } from "../../../src/router/index.ts";
import { openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { tools } from "../../../src/tools/index.ts";
import { type Fields, GROUP } from "../../kit/teams/index.ts";
import { openTeamsWorld, type TeamsWorld } from "./world.ts";

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

const commands = tools.flatMap(({ command }) => (command ? [command.name] : []));

/** The real agent and tools behind the channel, without a source and without a model. */
async function open(): Promise<TeamsWorld> {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  const now = () => new Date("2026-11-21T09:00:00Z");
  let count = 0;
  const handle = createRouter({
    answer: chooseAgent({
      deterministic: createDeterministicAgent({ onFault: () => {} }),
      budgets: { allowance: async () => ({ level: "full" as const }) },
    }),
    conversations: createConversations(database, now),
    tools,
    feeds: [],
    now,
    newId: () => `turn${++count}`,
    turnMs: 60_000,
    after: () => () => {},
    correlate: (_, work) => work(),
    onFault: () => {},
  });
  const world = await openTeamsWorld({ handle, options: { commands } });
  closing.push(database, world);
  return world;
}

async function answerTo(text: string, make = (w: TeamsWorld): Fields => w.teams.activities.message(text)): Promise<string> {
  const world = await open();
  await world.ask(make(world));
  expect(world.teams.violations).toEqual([]);
  return world.teams.seen();
}

describe("commands as text", () => {
  test("answer alike with and without their slash, and after a mention", async () => {
    const slash = await answerTo("/help");

    expect(await answerTo("help")).toBe(slash);
    expect(await answerTo("", (w) => w.teams.activities.mentioned("/help", GROUP))).toContain(slash.split("\n")[0]);
    expect(await answerTo("Help")).toBe(slash);
  });

  test("explain themselves", async () => {
    for (const command of ["costs", "pareto"]) expect(await answerTo(`/help ${command}`)).toContain(`/${command}`);
  });

  test("answer a wrong argument with how it goes", async () => {
    expect(await answerTo("/pareto blorbs zzyx")).toMatch(/It goes like this: `?\/pareto /);
  });

  test("that are not there name those that are", async () => {
    expect(await answerTo("/costz")).toMatch(/There is no command “\/costz”.*\/costs/s);
  });

  test("begin no command where they begin a sentence", async () => {
    const { teams, ask, asked } = await open();

    await ask(teams.activities.message("costs are too high, why?"));

    expect(asked[0]?.text).toBe("costs are too high, why?");
  });
});
