import { describe, expect, test } from "vitest";
import { openSkill } from "../../src/tools/open-skill.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { libraryContext } from "./library.ts";

testTool(openSkill, {
  start: async () => ({ context: libraryContext() }),
  reads: false,
  good: [
    { name: "the list", input: {}, figures: false },
    { name: "one by name", input: { skill: "cost-review" }, figures: false },
    { name: "one named in a sentence", input: { query: "show me the incident triage skill" }, figures: false },
  ],
  bad: [{ name: "one there is not", input: { skill: "cost-reveiw" }, says: /Did you mean “cost-review”/ }],
});

describe("opening a skill", () => {
  test("gives the instructions and the tools they may use", async () => {
    const { content, data } = await openSkill.run({ skill: "cost-review", query: "" }, libraryContext());

    expect(content).toMatch(/Skill cost-review, version 1\.0.*# Cost review/s);
    expect(data).toMatchObject({ skill: "cost-review", allowedTools: expect.arrayContaining(["get_costs", "pareto"]) });
  });

  test("shows prompts with their versions", async () => {
    const { data } = await openSkill.run({ query: "" }, libraryContext());

    const { skills } = data as { skills: { name: string; kind: string; version: string | null }[] };
    expect(skills.filter((s) => s.kind === "prompt").map((s) => [s.name, s.version])).toContainEqual(["prompt-incident-update", "1.1"]);
  });
});
