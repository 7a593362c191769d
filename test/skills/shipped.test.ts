import { describe, expect, test } from "vitest";
import { integrations } from "../../src/integrations/index.ts";
import { findSkills } from "../../src/skills/find.ts";
import { checkSkill, parseSkill, readSkills } from "../../src/skills/index.ts";
import { tools } from "../../src/tools/index.ts";
import { integrationTools } from "./integration-tools.ts";

const root = new URL("../../skills", import.meta.url).pathname;
const files = await findSkills(root);
const names = [...tools.map((t) => t.name), ...(await integrationTools(integrations))];

describe("the shipped skills", () => {
  test.each(files)("$folder keeps the specification, and names only tools there are", async (file) => {
    expect(await checkSkill(file, names)).toEqual([]);
  });

  test("are all there", async () => {
    const { skills, problems } = await readSkills([root]);

    expect(problems).toEqual([]);
    expect(skills.filter((s) => s.metadata.kind === "coach").map((s) => s.metadata.part)).toEqual([
      "business-analyst",
      "developer",
      "ewm",
      "support",
    ]);
    expect(skills.filter((s) => s.metadata.kind === "prompt").every((s) => /^\d+\.\d+$/.test(s.metadata.version ?? ""))).toBe(true);
    for (const name of ["cost-review", "incident-triage", "weekly-executive-summary", "pareto-report", "sprint-review", "account-plan"])
      expect(skills.find((s) => s.name === name)?.steps.length, name).toBeGreaterThan(0);
  });

  test("give steps whose arguments fit their tools", async () => {
    const known = new Map(tools.map((t) => [t.name, t]));
    for (const file of files) {
      const { skill } = await parseSkill(file);
      for (const { tool, input } of skill.steps)
        expect(known.get(tool)?.input.safeParse(input).error?.issues ?? [], `${skill.name}: ${tool}`).toEqual([]);
    }
  });
});
