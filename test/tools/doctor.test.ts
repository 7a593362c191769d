import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/core/integration.ts";
import { doctor } from "../../src/tools/doctor.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf } from "./world.ts";

const CHECKS: CheckResult[] = [
  { name: "database", state: "ok", message: "reachable and up to date" },
  { name: "GitHub", state: "failed", message: "the token is not accepted", fix: "Make a new one and set GITHUB_TOKEN." },
];
const context = {
  ...contextOf([]),
  checks: async () => CHECKS,
  absent: [{ title: "Jira", requires: ["JIRA_URL", "JIRA_TOKEN"], topics: ["issues", "sprints"], kinds: ["issues" as const] }],
};

testTool(doctor, {
  context,
  reads: false,
  good: [{ name: "no arguments", input: {}, figures: false }],
  bad: [{ name: "a field it does not have", input: { fix: true }, says: /fix/ }],
});

describe("doctor in chat", () => {
  it("leads with what fails, gives the fix, and lists what is off with the variables that turn it on", async () => {
    const { blocks, data } = await doctor.run({}, context);

    expect(blocks[0]).toEqual({ type: "markdown", text: "**GitHub** fails. The fix stands beside each." });
    expect(blocks[1]).toMatchObject({
      rows: [
        ["database", "ok", "reachable and up to date", null],
        ["GitHub", "failed", "the token is not accepted", "Make a new one and set GITHUB_TOKEN."],
        ["Jira", "off", "not connected: issues and sprints", "Set JIRA_URL and JIRA_TOKEN to turn it on."],
      ],
    });
    expect(data).toMatchObject({ ok: false });
  });

  it("is for admins", () => {
    expect(doctor.role).toBe("admin");
  });
});
