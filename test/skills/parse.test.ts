import { describe, expect, test } from "vitest";
import { checkSkill, parseSkill, readSkills } from "../../src/skills/index.ts";
import { put, temporary } from "../knowledge/kit.ts";

function file(folder: string, header: string, body = "Do it.", steps?: string) {
  return { folder, text: `---\n${header}\n---\n${body}\n`, ...(steps === undefined ? {} : { steps }) };
}

describe("a skill at run time", () => {
  test("is read leniently: another name, tools as a list, numbers in the metadata", async () => {
    const { skill, problems } = await parseSkill(
      file("cost-check", "name: Costs\ndescription: Checks costs.\nallowed-tools: [get_costs, pareto]\nmetadata:\n  version: 2"),
    );

    expect(skill).toMatchObject({ name: "cost-check", allowedTools: ["get_costs", "pareto"], metadata: { version: "2" }, body: "Do it." });
    expect(problems).toEqual([expect.stringContaining("its name is not that of its folder")]);
  });

  test.each([
    ["no header", { folder: "a", text: "# Just text" }, /no header/],
    ["broken YAML", file("a", "name: [a"), /not YAML/],
    ["no description", file("a", "name: a"), /no description/],
  ])("is left out with %s", async (_, given, says) => {
    await expect(parseSkill(given)).rejects.toThrow(says);
  });

  test("loses steps that are none, and stays", async () => {
    const { skill, problems } = await parseSkill(file("a", "name: a\ndescription: b", "x", '{"not": "a list"}'));

    expect(skill.steps).toEqual([]);
    expect(problems).toEqual([expect.stringContaining("assets/steps.json")]);
  });

  test("of the later folder wins, a bad one is told, and a folder that is not there has none", async () => {
    const [shipped, own] = [temporary(), temporary()];
    put(shipped, "cost-review/SKILL.md", "---\nname: cost-review\ndescription: Shipped.\n---\nA");
    put(own, "cost-review/SKILL.md", "---\nname: cost-review\ndescription: Own.\n---\nB");
    put(own, "broken/SKILL.md", "nothing");
    put(own, "notes/README.md", "no skill");

    const { skills, problems } = await readSkills([shipped, own, `${own}/nowhere`]);

    expect(skills.map((s) => [s.name, s.description])).toEqual([["cost-review", "Own."]]);
    expect(problems).toEqual([{ folder: "broken", message: expect.stringContaining("no header") }]);
  });
});

describe("the strict check", () => {
  test.each([
    ["a name with capitals", file("Cost", "name: Cost\ndescription: Use when needed."), /name/],
    ["a name that is not the folder's", file("b", "name: a\ndescription: Use when needed."), /name: is “a”/],
    ["a description that is too long", file("a", `name: a\ndescription: Use when ${"x".repeat(1_100)}`), /description/],
    ["a description without when", file("a", "name: a\ndescription: Does things."), /does not say when/],
    ["an unknown field", file("a", "name: a\ndescription: Use when needed.\nowner: me"), /owner/],
    ["a version that is a number", file("a", "name: a\ndescription: Use when needed.\nmetadata:\n  version: 1.0"), /metadata\.version/],
    ["a tool there is not", file("a", "name: a\ndescription: Use when needed.\nallowed-tools: get_costs mine"), /no tool “mine”/],
    [
      "a step beyond its tools",
      file("a", "name: a\ndescription: Use when needed.\nallowed-tools: pareto", "x", '[{"title":"t","tool":"get_costs"}]'),
      /not among the allowed/,
    ],
    ["a body without end", file("a", "name: a\ndescription: Use when needed.", "line\n".repeat(600)), /longer than 500/],
  ])("finds %s", async (_, given, says) => {
    expect((await checkSkill(given, ["get_costs", "pareto"])).join("; ")).toMatch(says);
  });
});
