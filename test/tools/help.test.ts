import { expect, test } from "vitest";
import { help } from "../../src/tools/help.ts";
import { tools } from "../../src/tools/index.ts";
import { billFeed, salesFeed } from "../kit/fixture-feed.ts";
import { contextOf, refusalOf, run, tableOf, wordsOf } from "./world.ts";

test("help says what most people ask first of what is connected, on one screen", async () => {
  const finding = await run(help, {}, contextOf([billFeed(), salesFeed()]));

  expect(wordsOf(finding)).toContain("Connected: bill and sales.");
  const rows = tableOf(finding).rows;
  expect(rows.map(([what]) => what)).toContain("Costs");
  expect(rows.map(([what]) => what)).not.toContain("Churn risk");
  expect(rows.length).toBeLessThan(12);
  for (const [what, example] of rows) for (const cell of [what, example]) expect(cell).toMatch(/\w/);
  const said = JSON.stringify(finding.blocks);
  for (const { command } of tools) if (command && command.name !== "help") expect(said).toContain(`/${command.name}`);
  expect(finding.receipts).toEqual([]);
});

test("help all lists every tool with an example", async () => {
  const finding = await run(help, { tool: "all" }, contextOf([billFeed(), salesFeed()]));

  expect(tableOf(finding).rows).toHaveLength(tools.length - 1);
  for (const [what, when, example] of tableOf(finding).rows) for (const cell of [what, when, example]) expect(cell).toMatch(/\w/);
});

test("help with nothing connected says how to connect", async () => {
  const finding = await run(help, {}, contextOf([]));

  expect(wordsOf(finding)).toContain("Nothing is connected yet: set DATASETS");
});

test.each(tools.flatMap((t) => [t.name, t.title, t.name.replaceAll("_", " "), ...(t.command ? [`/${t.command.name}`] : [])]))(
  "help explains “%s” with every field it takes",
  async (name) => {
    const finding = await run(help, { tool: name }, contextOf([]));

    const tool = tools.find((t) => wordsOf(finding).startsWith(`**${t.title}.**`));
    expect(tool).toBeDefined();
    for (const field of Object.keys(tool?.input.shape ?? {})) expect(finding.content).toMatch(new RegExp(`- \`${field}\`: \\w.{8}`));
  },
);

test("help for what is no tool names the near one, and only tools this person may use", async () => {
  const error = await refusalOf(run(help, { tool: "paretto" }, contextOf([])));

  expect(error.message).toMatch(/no tool “paretto”\. Did you mean “pareto”\?/);
  expect(error.suggestions).toEqual(["help pareto"]);
  expect((await refusalOf(run(help, { tool: "pareto" }, contextOf([], { tools: [help] })))).message).toMatch(/There is help\./);
});

test("help sends people to other tools by their commands", async () => {
  const finding = await run(help, { tool: "pareto" }, contextOf([]));

  expect(wordsOf(finding)).toContain("use /costs");
  expect(wordsOf(finding)).not.toContain("get_costs");
});
