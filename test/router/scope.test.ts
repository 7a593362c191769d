import { expect, it } from "vitest";
import type { Turn } from "../../src/core/agent.ts";
import type { Reply } from "../../src/core/reply.ts";
import { billFeed } from "../kit/fixture-feed.ts";
import { openWorld } from "./world.ts";

const receipt = { id: "r1", source: "bill", query: "all", fetchedAt: new Date("2026-11-21T09:00:00Z"), status: "live" as const };
const feeds = [billFeed()];
const scopeOf = async (conversation: string) =>
  conversation === "bound" ? { project: "p1", name: "Atlas", feeds, whole: new Set(["find_issues"]) } : null;

async function asked(conversation: string, tools: readonly string[]): Promise<{ turn: Turn; last: Reply }> {
  let turn: Turn | undefined;
  async function* answer(given: Turn): AsyncIterable<Reply> {
    turn = given;
    const trace = { id: given.id, conversation, agent: "deterministic" as const, tools: tools.map((name) => ({ name, input: {} })) };
    yield { text: "Much.", blocks: [], receipts: [receipt], final: true, turn: trace };
  }
  const world = await openWorld({ answer, scopeOf });
  try {
    const last = (await world.ask("how much?", { conversation })).at(-1);
    if (!turn || !last) throw new Error("there was no answer");
    return { turn, last };
  } finally {
    await world.close();
  }
}

it("gives an agent the feeds of the project that the place is bound to, and says so", async () => {
  const { turn, last } = await asked("bound", ["get_costs"]);

  expect(turn.context.scope).toBe("p1");
  expect(turn.context.feeds).toBe(feeds);
  expect(last.notice).toBe("Narrowed to project Atlas, which this place is bound to.");
});

it("says of which tools the figures are not the project's alone", async () => {
  const { last } = await asked("bound", ["get_costs", "find_issues"]);

  expect(last.notice).toBe("This place is bound to project Atlas, but find_issues cannot be narrowed to it.");
});

it("leaves other places as they are", async () => {
  const { turn, last } = await asked("elsewhere", ["get_costs"]);

  expect(turn.context.scope).toBeUndefined();
  expect(turn.context.feeds).not.toBe(feeds);
  expect(last.notice).toBeUndefined();
});
