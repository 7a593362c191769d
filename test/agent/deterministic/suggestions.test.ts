import { describe, expect, it } from "vitest";
import { createDeterministicAgent } from "../../../src/agent/deterministic/index.ts";
import type { PastTurn } from "../../../src/core/agent.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { hasItsFeeds } from "../../../src/core/tool.ts";
import { tools } from "../../../src/tools/index.ts";
import { billFeed, salesFeed } from "../../kit/fixture-feed.ts";
import { hear, NOW } from "../model/world.ts";

const feeds = [billFeed(), salesFeed()];
const agent = createDeterministicAgent();
const user = { id: "u", name: "u", timeZone: "UTC", roles: ["viewer"] as const };

async function ask(text: string, history: readonly PastTurn[] = []): Promise<Reply> {
  const { signal } = new AbortController();
  const message = { id: "m", channel: "test", conversation: "c", audience: "direct" as const, user, text, at: NOW };
  const context = { user, audience: "direct" as const, now: NOW, signal, feeds, tools };
  const { final } = await hear(agent, { id: "t", message, history, tools, context, record: () => {} }, signal);
  return final;
}

/** The first answer to a question, asked once for all that look at it. */
const first = new Map<string, Promise<Reply>>();
function firstAnswer(text: string): Promise<Reply> {
  const asked = first.get(text) ?? ask(text);
  first.set(text, asked);
  return asked;
}

/** Asked with names and dates that the fixture has, of the tools it has sources for. */
const EXAMPLES = tools
  .filter((tool) => tool.effect === "read" && hasItsFeeds(tool, feeds))
  .flatMap((tool) => tool.examples.filter((example) => !example.includes("{")).map((example) => ({ tool: tool.name, example })));

describe("what the bot offers", () => {
  it.each(EXAMPLES)("$tool answers its own example “$example”, or says what it lacks", async ({ tool, example }) => {
    const reply = await firstAnswer(example);

    expect(reply.text.length).toBeGreaterThan(10);
    for (const call of reply.turn?.tools ?? []) expect(call.name).toBe(tool);
  });

  it("offers suggestions that lead to an answer", { timeout: 180_000 }, async () => {
    const dead: string[] = [];
    for (const { example } of EXAMPLES) {
      const { text, turn, suggestions = [] } = await firstAnswer(example);
      const history = [{ question: example, answer: text, calls: turn?.tools ?? [] }];
      for (const suggestion of suggestions) {
        const next = await ask(suggestion, history);
        if ((next.turn?.tools ?? []).length === 0) dead.push(`“${example}” offers “${suggestion}”, which gets: ${next.text.slice(0, 100)}`);
      }
    }

    expect(dead).toEqual([]);
  });

  it("answers most of its examples with their own tool", { timeout: 120_000 }, async () => {
    const answered = [];
    for (const { tool, example } of EXAMPLES) if ((await firstAnswer(example)).turn?.tools[0]?.name === tool) answered.push(example);

    expect(answered.length / EXAMPLES.length).toBeGreaterThan(0.85);
  });
});
