import { describe, expect, it } from "vitest";
import { aiUsage } from "../../src/tools/ai-usage.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, ledger, sumOf } from "./world.ts";

const DAYS = { from: "2026-09-01", to: "2026-11-20" };
const rows = [
  ...daily(DAYS, { model: "claude-opus-5-5", workspace: "platform" }, (_, i) => 20 + i),
  ...daily(DAYS, { model: "claude-haiku-5-5", workspace: "support" }, () => 5),
];
const context = contextOf([ledger("anthropic", rows, { kind: "ai_usage", withoutPeriod: "recent" })]);

testTool(aiUsage, {
  context,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "by model, compared", input: { by: "model", period: "last month", compare: "previous" } },
    { name: "over time", input: { grain: "week", period: "this quarter" } },
  ],
  bad: [{ name: "an unknown dimension", input: { by: "modle" }, says: /Did you mean “model”/ }],
});

describe("AI usage", () => {
  it("reads the sources of AI usage and no other costs", async () => {
    const bill = ledger(
      "bill",
      daily(DAYS, { service: "S3" }, () => 1_000),
    );
    const { data } = await aiUsage.run({ period: "last month", by: "model" }, { ...context, feeds: [bill, ...context.feeds] });

    expect(data).toMatchObject({ totals: [{ unit: "USD", value: sumOf(rows, { from: "2026-10-01", to: "2026-10-31" }) }] });
  });
});
