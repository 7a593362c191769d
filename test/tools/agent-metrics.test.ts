import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ToolContext } from "../../src/core/tool.ts";
import { agentFeed } from "../../src/records/agents/feed.ts";
import { type AgentEvent, createAgents } from "../../src/records/agents/index.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { agentMetrics } from "../../src/tools/agent-metrics.ts";
import { aiUsage } from "../../src/tools/ai-usage.ts";
import { testTool } from "../kit/tool-conformance.ts";
import { contextOf, daily, ledger, NOW, refusalOf, run, wordsOf } from "./world.ts";

/** A database in memory with three agents that have reported; the tool reads it as it does in production. */
async function world(): Promise<{ context: ToolContext; database: Database; stop(): Promise<void> }> {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  const agents = createAgents(database, { now: () => NOW, content: "drop", eventDays: 90, summaryDays: 1095 });
  const event = (id: string, day: string, change: Partial<AgentEvent>): AgentEvent => ({
    id,
    at: new Date(`${day}T10:00:00Z`),
    type: "response",
    ...change,
  });
  const priced = { model: "claude-opus-5-5", inputTokens: 1_000, outputTokens: 200 };
  const events = [
    ...["2026-11-18", "2026-11-19", "2026-11-20"].map((day, i) => ({
      agent: "helper",
      event: event(day, day, { ...priced, responseTimeMs: 100 * (i + 1), userId: `u${i}`, feedback: 4 }),
    })),
    { agent: "helper", event: event("e", "2026-11-20", { type: "error", error: "timeout", userId: "u9" }) },
    { agent: "tri|age", event: event("1", "2026-11-20", { tokens: 50, model: "made-up" }) },
    { agent: "old", event: event("1", "2026-09-01", {}) },
  ];
  await agents.ingest(events);
  return { context: contextOf([agentFeed(database, () => NOW)]), database, stop: () => database.close() };
}

testTool(agentMetrics, {
  start: world,
  reads: true,
  good: [
    { name: "nothing said", input: {} },
    { name: "one agent and a period", input: { period: "this month", filter: { agent: "helper" } } },
    { name: "a period without any", input: { period: "last year" } },
    { name: "the busiest alone", input: { top: 1 } },
  ],
  bad: [
    { name: "an agent nobody knows", input: { filter: { agent: "helpr" } }, says: /helper/ },
    { name: "another dimension", input: { filter: { model: "x" } }, says: /There is agent/ },
    { name: "words that are no period", input: { period: "sometime" }, says: /Write it like “last month”/ },
  ],
});

describe("AI agents", () => {
  let running: Awaited<ReturnType<typeof world>>;
  beforeAll(async () => {
    running = await world();
  });
  afterAll(() => running.stop());

  it("are summed up, with what nobody said missing", async () => {
    const finding = await run(agentMetrics, {}, running.context);

    expect(finding.data).toMatchObject({
      n: 2,
      total: { responses: 4, errors: 1, averageResponseTimeMs: 200, tokens: 3_650, averageFeedback: 4, mostUsersADay: 2, cost: 0.024 },
      agents: [
        { name: "helper", responses: 3, errors: 1 },
        {
          name: "tri|age",
          responses: 1,
          errors: 0,
          averageResponseTimeMs: null,
          tokens: 50,
          averageFeedback: null,
          mostUsersADay: null,
          cost: null,
        },
      ],
      days: [{ name: "2026-11-18" }, { name: "2026-11-19" }, { name: "2026-11-20", errors: 1 }],
    });
    expect(wordsOf(finding)).toContain("**2 AI agents** (helper and tri|age) answered **4 times**");
    expect(wordsOf(finding)).toContain("For 1 of the events with tokens no cost is known");
    expect(finding.blocks.map(({ type }) => type)).toEqual(["markdown", "chart", "table"]);
    expect(finding.receipts).toMatchObject([{ source: "agent events", status: "live" }]);
  });

  it("are told how to report when none has", async () => {
    const refusal = await refusalOf(
      run(
        agentMetrics,
        {},
        contextOf([
          ledger(
            "bill",
            daily({ from: "2026-11-01", to: "2026-11-02" }, {}, () => 1),
          ),
        ]),
      ),
    );

    expect(refusal.message).toContain("/v1/traces");
  });

  it("are a source of AI usage, by agent, model and day", async () => {
    const by = async (input: Record<string, unknown>) =>
      (await run(aiUsage, input, running.context)).data as { totals: unknown; rows: unknown[] };

    expect((await by({ measure: "agent_tokens", by: "agent" })).rows).toHaveLength(2);
    expect((await by({ measure: "estimated cost", by: "model" })).totals).toMatchObject([{ unit: "USD", value: 0.024 }]);
    expect((await by({ measure: "response_time", filter: { agent: "helper" } })).totals).toMatchObject([{ unit: "ms", value: 200 }]);
    expect((await by({ measure: "agent_errors", grain: "day" })).rows).toHaveLength(3);
  });

  it("are never added to a vendor's bill for the same tokens", async () => {
    const bill = ledger(
      "vendor",
      daily({ from: "2026-10-20", to: "2026-11-20" }, { model: "claude-opus-5-5" }, () => 10),
      {
        kind: "ai_usage",
        withoutPeriod: "recent",
      },
    );
    const { data } = await run(aiUsage, {}, { ...running.context, feeds: [bill, ...running.context.feeds] });

    expect(data).toMatchObject({ totals: [{ unit: "USD", value: 300 }] });
  });
});
