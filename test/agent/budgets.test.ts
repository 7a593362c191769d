import { afterEach, beforeEach, expect, test } from "vitest";
import { createBudgets } from "../../src/agent/budgets.ts";
import { chooseAgent } from "../../src/agent/index.ts";
import type { Agent } from "../../src/core/agent.ts";
import { createConversations } from "../../src/records/conversations.ts";
import { spentSince } from "../../src/records/usage.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { aMessage, aReply, aUser } from "../kit/conversation.ts";
import { makeTurn } from "./model/world.ts";

/** What was used is read from the real database; who answers is seen by the agent's name. */

const now = () => new Date("2026-11-21T12:00:00Z");
let database: Database;
let count = 0;
beforeEach(async () => {
  database = await openDatabase("sqlite::memory:");
  await migrate(database);
});
afterEach(() => database.close());

const payer = { user: "slack:T:U1", channel: "slack", conversation: "slack:T:C1:100.1" };

/** Keeps an answer that took so many tokens and dollars. */
async function answered(
  used: { tokens?: number; usd?: number },
  at = "2026-11-21T01:00:00Z",
  by: Partial<typeof payer> = {},
): Promise<void> {
  const { user, channel, conversation } = { ...payer, ...by };
  const conversations = createConversations(database, now);
  const turnId = `t${++count}`;
  const message = aMessage({ id: turnId, channel, conversation, audience: "group", user: aUser(user), at: new Date(at) });
  await conversations.begin({ message, turnId });
  const usage = {
    model: "m",
    inputTokens: used.tokens ?? 0,
    outputTokens: 0,
    cachedTokens: 0,
    modelCalls: 1,
    ...(used.usd ? { costUsd: used.usd } : {}),
  };
  await conversations.finish(turnId, aReply({ turn: { id: turnId, conversation, agent: "model", tools: [], usage } }), "done");
}

function budgetsOf(limits: Partial<Parameters<typeof createBudgets>[0]["limits"]>) {
  const all = { day: {}, user: {}, channel: {}, ...limits };
  return createBudgets({ limits: all, now, spentSince: (start, who) => spentSince(database, start, who) });
}

test("below eighty percent nothing changes", async () => {
  await answered({ tokens: 799 });

  expect(await budgetsOf({ day: { tokens: 1_000 } }).allowance(payer)).toEqual({ level: "full" });
});

test.each([
  ["the day's tokens", { day: { tokens: 1_000 } }, "most of today's token budget is used", "today's token budget is used up"],
  ["the day's money", { day: { usd: 1 } }, "most of today's money budget is used", "today's money budget is used up"],
  [
    "a person's tokens",
    { user: { tokens: 1_000 } },
    "most of your token budget for today is used",
    "your token budget for today is used up",
  ],
  [
    "a channel's money",
    { channel: { usd: 1 } },
    "most of this channel's money budget for today is used",
    "this channel's money budget for today is used up",
  ],
])("%s: sparing from eighty percent on, used up at all of it", async (_, limits, sparing, over) => {
  await answered({ tokens: 800, usd: 0.8 });
  expect(await budgetsOf(limits).allowance(payer)).toEqual({ level: "small", reason: sparing });

  await answered({ tokens: 200, usd: 0.2 });
  expect(await budgetsOf(limits).allowance(payer)).toEqual({ level: "none", reason: over });
});

test("a channel counts all its threads and nobody else's, a person all their places, and a day begins at midnight UTC", async () => {
  await answered({ tokens: 1_000 }, "2026-11-20T23:59:59Z");
  await answered({ tokens: 1_000 }, "2026-11-21T00:00:00Z", { conversation: "slack:T:C1:200.2", user: "slack:T:U2" });
  await answered({ tokens: 500 }, "2026-11-21T00:00:00Z", { conversation: "slack:T:C2:1.1" });

  const spent = await spentSince(database, new Date("2026-11-21T00:00:00Z"), payer);

  expect(spent).toEqual({ day: { tokens: 1_500, usd: 0 }, user: { tokens: 500, usd: 0 }, channel: { tokens: 1_000, usd: 0 } });
});

test("a budget of zero is used up, and without budgets nothing is read", async () => {
  expect(await budgetsOf({ user: { usd: 0 } }).allowance(payer)).toMatchObject({ level: "none" });
  const blind = createBudgets({ limits: { day: {}, user: {}, channel: {} }, now, spentSince: () => Promise.reject(new Error("read")) });
  expect(await blind.allowance(payer)).toEqual({ level: "full" });
});

function named(text: string): Agent {
  return {
    kind: "model",
    async *answer() {
      yield { text, final: true };
    },
  };
}

test.each([
  [0, { text: "large" }],
  [800, { text: "small", notice: "Answered by a smaller model: most of your token budget for today is used." }],
  [1_000, { text: "rules", notice: "Answered without a language model: your token budget for today is used up." }],
])("with %i of 1,000 tokens used, %o", async (tokens, expected) => {
  await answered({ tokens }, undefined, { user: "local:viewer" });
  const answer = chooseAgent({
    model: named("large"),
    smallModel: named("small"),
    deterministic: named("rules"),
    budgets: budgetsOf({ user: { tokens: 1_000 } }),
  });

  const replies = [];
  for await (const reply of answer(makeTurn(), new AbortController().signal)) replies.push(reply);

  expect(replies).toEqual([{ ...expected, final: true }]);
});
