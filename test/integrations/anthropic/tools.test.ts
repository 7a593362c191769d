import { describe, expect, it } from "vitest";
import { testTool } from "../../kit/tool-conformance.ts";
import { contextOf, openVendor, toolOf } from "../../kit/vendor-connection.ts";
import { codingRecord, tokenPage } from "./answers.ts";
import { connectAnthropic, startAnthropic } from "./world.ts";

const people = ["ann.smith@acme.example", "bob.jones@acme.example"];
const routes = {
  "GET /v1/organizations/usage_report/claude_code": ({ query }: { query: URLSearchParams }) => {
    const day = query.get("starting_at") ?? "";
    return { json: tokenPage(day === "2026-11-15" ? [] : people.map((who) => codingRecord(day, who))) };
  },
};

const vendor = await openVendor(connectAnthropic, routes);
const running = { context: contextOf(vendor.connection), tool: toolOf(vendor.connection, "coding_assistant"), stop: vendor.stop };

testTool(running.tool, {
  start: async () => running,
  good: [
    { name: "the last thirty days", input: {} },
    { name: "a period in words", input: { period: "last week" } },
    { name: "one person by a part of the name", input: { person: "ann", period: "this month" } },
    { name: "over time", input: { grain: "week", period: "this month" } },
    { name: "nobody", input: { period: { from: "2026-11-15", to: "2026-11-15" } } },
  ],
  bad: [
    { name: "a person who did not", input: { person: "bobb.jones" }, says: /Did you mean “bob\.jones”/ },
    { name: "days in the wrong order", input: { period: { from: "2026-11-20", to: "2026-11-01" } }, says: /not a range/ },
    { name: "a step that is none", input: { grain: "hour" }, says: /day/ },
  ],
  reads: false,
});

describe("what coding_assistant says", () => {
  it("adds up each person's days, and accepted edits over proposed ones", async () => {
    const { content, data } = await running.tool.run({ period: { from: "2026-11-10", to: "2026-11-11" } }, running.context);

    expect(content).toContain(
      "**2 people** used Claude Code in 10–11 November 2026: 20 sessions, 480 lines added, 8 commits and 4 pull requests. They accepted 75% of the proposed edits. Estimated at list price: $41.00.",
    );
    expect(content).toContain("| ann.smith@acme.example | 2 | 10 | 240 | 60 | 4 | 2 | 75% | $20.50 |");
    expect(data).toMatchObject({ n: 2, total: { people: 2, acceptance: 0.75, costs: [{ amount: 41, currency: "USD" }] } });
  });

  it("stays short when there are many, and says how many are not shown", async () => {
    const many = Array.from({ length: 400 }, (_, i) => `${"somebody.with.a.long.name".repeat(3)}${i}@acme.example`);
    const { connection } = await startAnthropic({
      "GET /v1/organizations/usage_report/claude_code": ({ query }) => ({
        json: tokenPage(many.map((who) => codingRecord(query.get("starting_at") ?? "", who))),
      }),
    });
    const input = { period: { from: "2026-11-10", to: "2026-11-10" }, top: 300 };
    const finding = await connection.tools[0]?.run(input, contextOf(connection));

    expect(finding?.content.length).toBeLessThanOrEqual(8_000);
    expect(finding?.content).toMatch(/100 more are not shown/);
    expect(finding?.content).toMatch(/… and \d+ more rows/);
  });
});
