import { describe, expect, test } from "vitest";
import type { Skill } from "../../src/core/knowledge.ts";
import { runSkill } from "../../src/tools/run-skill.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { libraryContext } from "./library.ts";

testTool(runSkill, {
  start: async () => ({ context: libraryContext() }),
  reads: true,
  good: [
    { name: "a cost review", input: { skill: "cost-review" } },
    { name: "a pareto report of a quarter, named in a sentence", input: { query: "do the pareto report for Q3", period: "Q3 2026" } },
    { name: "a skill of judgement", input: { skill: "resume-tailoring" }, figures: false },
  ],
  bad: [
    { name: "no skill named", input: { query: "do something" }, says: /Say which skill\. There is account-plan/ },
    { name: "one there is not", input: { skill: "cost-reveiw" }, says: /Did you mean “cost-review”/ },
    { name: "a coach, who is asked", input: { query: "run the skill coach-ewm" }, says: /answers questions.*\/coach ewm QUESTION/ },
  ],
});

function withSkill(skill: Partial<Skill>) {
  const whole: Skill = { name: "mine", description: "Use when needed.", metadata: {}, body: "", steps: [], ...skill };
  return { ...libraryContext(), skills: { list: async () => [whole] } };
}

describe("running a skill", () => {
  test("gives each step's figures with their receipts, for the period asked for", async () => {
    const finding = await runSkill.run({ skill: "cost-review", query: "", period: "October 2026" }, libraryContext());

    const { steps } = finding.data as { steps: { tool: string; done: boolean }[] };
    expect(steps.map((s) => s.tool)).toEqual(["get_costs", "pareto", "explain_change", "find_anomalies", "forecast"]);
    expect(finding.receipts.length).toBeGreaterThanOrEqual(steps.filter((s) => s.done).length);
    expect(finding.content.length).toBeLessThanOrEqual(8_000);
  });

  test("leaves out and names what is not connected", async () => {
    const finding = await runSkill.run({ skill: "incident-triage", query: "" }, libraryContext());

    expect(finding.content).toMatch(/0 of 6 steps.*Left out:.*no source of incidents is connected.*“problem_details” is not connected/s);
  });

  test("calls no tool beyond those allowed, and no skill", async () => {
    const step = (tool: string) => ({ title: tool, tool, input: {} });
    const context = withSkill({ allowedTools: ["pareto", "run_skill"], steps: [step("get_costs"), step("run_skill")] });

    const { data } = await runSkill.run({ skill: "mine", query: "" }, context);

    expect(data).toMatchObject({
      steps: [
        { done: false, note: "the skill may not use that tool" },
        { done: false, note: "the skill may not use that tool" },
      ],
    });
  });

  test("tells a refused step and goes on", async () => {
    const context = withSkill({
      steps: [
        { title: "wrong", tool: "get_costs", input: { by: "servcie" } },
        { title: "odd", tool: "get_costs", input: { nonsense: 1 } },
        { title: "right", tool: "get_costs", input: { period: "October 2026" } },
      ],
    });

    const { data } = await runSkill.run({ skill: "mine", query: "" }, context);

    expect(data).toMatchObject({
      steps: [
        { done: false, note: expect.stringContaining("Did you mean “service”") },
        { done: false, note: expect.stringContaining("do not fit") },
        { done: true, note: null },
      ],
    });
  });
});
