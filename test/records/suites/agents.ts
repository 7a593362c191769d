import { describe, expect, it } from "vitest";
import { type AgentEvent, type AgentsOptions, createAgents, OWN_AGENT } from "../../../src/records/agents/index.ts";
import { DAY_SUMS, daysOf } from "../../../src/records/agents/rows.ts";
import { createConversations } from "../../../src/records/conversations.ts";
import { keepFeedback } from "../../../src/records/feedback.ts";
import { openDatabase } from "../../../src/storage/database.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { aMessage, aReply } from "../../kit/conversation.ts";
import { seededRandom } from "../../kit/random.ts";
import type { StoreUnderTest } from "../../kit/store-conformance.ts";

const WEEK = { from: "2026-11-14", to: "2026-11-20" };

function event(id: string, change: Partial<AgentEvent> = {}): AgentEvent {
  return { id, at: new Date("2026-11-20T08:00:00Z"), type: "response", ...change };
}

export function agentsSuite(store: StoreUnderTest): void {
  const agentsOf = (change: Partial<AgentsOptions> = {}) =>
    createAgents(store.database, { now: store.now, content: "keep", eventDays: 90, summaryDays: 1095, ...change });

  describe("agent events", () => {
    it("register their agent with the first and are summed up by day", async () => {
      const agents = agentsOf();
      const agent = store.unique("helper");
      expect(await agents.read(agent)).toBeNull();
      expect(await agents.metrics(agent, WEEK)).toBeNull();

      const events = [
        event("q", { type: "message", userId: "ada" }),
        event("a", { responseTimeMs: 100.5, tokens: 30, userId: "ada", feedback: 5 }),
        event("b", { responseTimeMs: 200, inputTokens: 1_000, outputTokens: 500, model: "claude-sonnet-5-5", userId: "bob" }),
        event("c", { type: "error", error: "timeout" }),
        event("d", { at: new Date("2026-11-18T23:59:59.999Z"), type: "tool" }),
      ];
      expect(await agents.ingest(events.map((e) => ({ agent, event: e })))).toEqual({ accepted: 5, duplicates: 0 });

      expect(await agents.read(agent)).toMatchObject({
        id: agent,
        firstEventAt: new Date("2026-11-18T23:59:59.999Z"),
        lastEventAt: new Date("2026-11-20T08:00:00Z"),
      });
      expect((await agents.list()).map(({ id }) => id)).toContain(agent);
      const metrics = await agents.metrics(agent, WEEK);
      expect(metrics?.days).toEqual([
        {
          ...{ date: "2026-11-18", events: 1, messages: 0, responses: 0, errors: 0, averageResponseTimeMs: null, tokens: null },
          ...{ inputTokens: null, outputTokens: null, averageFeedback: null, ratings: 0, cost: null, withoutCost: 0, uniqueUsers: null },
        },
        {
          ...{ date: "2026-11-20", events: 4, messages: 1, responses: 2, errors: 1, averageResponseTimeMs: 150.25, tokens: 1_530 },
          ...{ inputTokens: 1_000, outputTokens: 500, averageFeedback: 5, ratings: 1, cost: 0.007, withoutCost: 1, uniqueUsers: 2 },
        },
      ]);
      expect(metrics?.models).toMatchObject([{ model: null }, { model: "claude-sonnet-5-5", cost: 0.007 }]);
      expect((await agents.metrics(agent, { from: "2026-11-19", to: "2026-11-19" }))?.days).toEqual([]);
    });

    it("count once, however often and in whatever company they are sent", async () => {
      const agents = agentsOf();
      const agent = store.unique("helper");
      const other = store.unique("other");
      await agents.ingest([{ agent, event: event("1") }]);

      const again = ["1", "2", "2", "3"].map((id) => ({ agent, event: event(id, { tokens: 7 }) }));
      expect(await agents.ingest([...again, { agent: other, event: event("1") }])).toEqual({ accepted: 3, duplicates: 2 });
      const both = await Promise.all([agents.ingest(again), agents.ingest([{ agent, event: event("4", { tokens: 7 }) }])]);

      expect(both).toEqual([
        { accepted: 0, duplicates: 4 },
        { accepted: 1, duplicates: 0 },
      ]);
      expect((await agents.metrics(agent, WEEK))?.total).toMatchObject({ events: 4, tokens: 21 });
    });

    it("give daily sums that equal those of the events themselves", async () => {
      const agents = agentsOf();
      const agent = store.unique("random");
      const random = seededRandom(7);
      const whole = (below: number) => Math.floor(random() * below);
      const events = Array.from({ length: 400 }, () => {
        const change: Partial<AgentEvent> = {
          at: new Date(Date.UTC(2026, 10, 14 + whole(7), whole(24))),
          type: ["message", "response", "error", "tool"][whole(4)] ?? "response",
          userId: `u${whole(5)}`,
          responseTimeMs: whole(1_000),
          ...(whole(2) ? { model: ["claude-opus-5-5", "claude-haiku-5-5", "unknown"][whole(3)] ?? "unknown" } : {}),
          ...(whole(3) ? { inputTokens: whole(200_000), outputTokens: whole(5_000) } : {}),
          ...(whole(4) ? {} : { feedback: whole(5) + 1 }),
        };
        return { agent, event: event(`e${whole(300)}`, change) };
      });
      const parts = Array.from({ length: 40 }, (_, i) => events.slice(i * 10, i * 10 + 10));
      await Promise.all(parts.map((part) => agents.ingest(part)));

      const rows = await store.database.kysely.selectFrom("agent_events").selectAll().where("agent_id", "=", agent).execute();
      const kept = await store.database.kysely
        .selectFrom("agent_days")
        .selectAll()
        .where("agent_id", "=", agent)
        .orderBy("day")
        .orderBy("model")
        .execute();
      const numbers = (row: (typeof kept)[number]) => [row.day, row.model, ...DAY_SUMS.map((name) => Number(row[name]))];
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      expect(kept.map(numbers)).toEqual(daysOf(rows).map(numbers));
    });

    it("keep what has no column, and words by the rule alone", async () => {
      const said = {
        content: "my key is sk-ant-abcdefghijklmnop1234, ada@example.com",
        metadata: { prompt: "hello", region: "eu", "nul\0": 1 },
      };
      const stored = async (content: AgentsOptions["content"]) => {
        const agent = store.unique(content);
        await agentsOf({ content }).ingest([{ agent, event: event("1", { ...said, userId: "a\0b" }) }]);
        return store.database.kysely.selectFrom("agent_events").selectAll().where("agent_id", "=", agent).executeTakeFirstOrThrow();
      };

      const [dropped, redacted, kept] = [await stored("drop"), await stored("redact"), await stored("keep")];

      expect(dropped.content).toBeNull();
      expect(JSON.parse(dropped.metadata ?? "")).toEqual({ region: "eu", "nul\0": 1 });
      expect(redacted.content).toBe("my key is [redacted], [address]");
      expect(kept.content).toBe(said.content);
      expect(JSON.parse(kept.metadata ?? "")).toMatchObject({ prompt: "hello" });
      expect(kept.user_id).toBe("ab");
    });

    it("are dropped when they are old, their daily sums later", async () => {
      const agent = store.unique("old");
      const at = (day: string) => event(day, { at: new Date(`${day}T12:00:00Z`), userId: "ada" });
      const agents = agentsOf({ eventDays: 10, summaryDays: 20 });
      await agents.ingest(["2026-10-01", "2026-11-05", "2026-11-19"].map((day) => ({ agent, event: at(day) })));

      await agents.tidy();

      const left = await store.database.kysely.selectFrom("agent_events").select("id").where("agent_id", "=", agent).execute();
      expect(left.map(({ id }) => id)).toEqual(["2026-11-19"]);
      const days = (await agents.metrics(agent, { from: "2026-01-01", to: "2026-12-31" }))?.days ?? [];
      expect(days.map(({ date }) => date)).toEqual(["2026-11-05", "2026-11-19"]);
    });

    it("counts who an older version named beside this one, each once a day", async () => {
      const agent = store.unique("upgraded");
      const agents = agentsOf();
      await agents.ingest(["ada", "eve"].map((userId) => ({ agent, event: event(`by ${userId}`, { userId, model: "x" }) })));
      // It keeps the model and counts nobody.
      const named = (model: string, user_id: string) => ({ agent_id: agent, day: "2026-11-20", model, user_id });
      await store.database.kysely
        .insertInto("agent_day_users")
        .values([named("x", "ada"), named("x", "bob"), named("y", "bob"), named("", "kim")])
        .execute();
      const early = { agent_id: agent, day: "2026-11-19", model: "x", user_id: "bob" };
      await store.database.kysely.insertInto("agent_day_users").values(early).execute();

      await Promise.all([agents.tidy(), agents.tidy(), agents.ingest([{ agent, event: event("late", { userId: "bob" }) }])]);
      await agents.tidy();

      const counts = await store.database.kysely
        .selectFrom("agent_day_user_counts")
        .select(["day", "users"])
        .where("agent_id", "=", agent)
        .orderBy("day")
        .execute();
      expect(counts.map(({ day, users }) => [day, users])).toEqual([
        ["2026-11-19", 1],
        ["2026-11-20", 4],
      ]);
    });
  });

  it("shows Firstmate's own turns as an agent", async () => {
    const database = await openDatabase(await store.fresh());
    try {
      await migrate(database);
      const agents = createAgents(database, { now: store.now, content: "drop", eventDays: 90, summaryDays: 90 });
      expect(await agents.read(OWN_AGENT)).toBeNull();
      expect(await agents.list()).toEqual([]);
      const conversations = createConversations(database, () => new Date("2026-11-20T09:00:02Z"));
      const ask = (id: string) =>
        conversations.begin({ message: aMessage({ id, conversation: id, at: new Date("2026-11-20T09:00:00Z") }), turnId: id });
      const usage = { model: "claude-sonnet-5-5", inputTokens: 1_000, outputTokens: 100, cachedTokens: 0, modelCalls: 1 };
      await ask("t1");
      await conversations.finish("t1", aReply({ turn: { id: "t1", conversation: "t1", agent: "model", tools: [], usage } }), "done");
      await keepFeedback(database, { turn: "t1", user: aMessage().user.id, verdict: "good" }, new Date("2026-11-20T10:00:00Z"));
      await ask("t2");
      await conversations.finish("t2", aReply(), "failed");
      await ask("t3");

      expect((await agents.list()).map(({ id }) => id)).toEqual([OWN_AGENT]);
      expect((await agents.metrics(OWN_AGENT, WEEK))?.days).toMatchObject([
        {
          ...{ date: "2026-11-20", messages: 3, responses: 1, errors: 1, averageResponseTimeMs: 2_000, tokens: 1_100 },
          ...{ averageFeedback: 5, uniqueUsers: 1, cost: 0.003 },
        },
      ]);
    } finally {
      await database.close();
    }
  });
}
