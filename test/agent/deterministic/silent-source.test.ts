import { describe, expect, it } from "vitest";
import { createDeterministicAgent } from "../../../src/agent/deterministic/index.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { VendorError } from "../../../src/errors.ts";
import { tools } from "../../../src/tools/index.ts";
import { billFeed, salesFeed } from "../../kit/fixture-feed.ts";
import { hear, NOW } from "../model/world.ts";

const bill = { ...billFeed(), describe: () => Promise.reject(new VendorError("AWS", "AWS could not be reached.")) };
const feeds = [bill, salesFeed()];

async function ask(text: string): Promise<Reply> {
  const agent = createDeterministicAgent({ wait: () => new Promise(() => {}) });
  const { signal } = new AbortController();
  const user = { id: "u", name: "u", timeZone: "UTC", roles: ["viewer"] as const };
  const message = { id: "m", channel: "test", conversation: "c", audience: "direct" as const, user, text, at: NOW };
  const context = { user, audience: "direct" as const, now: NOW, signal, feeds, tools };
  const { final } = await hear(agent, { id: "t", message, history: [], tools, context, record: () => {} }, signal);
  return final;
}

describe("a source that cannot be looked at", () => {
  it("is not taken for one that is not connected", async () => {
    const { text } = await ask("What did we spend by service last month?");

    expect(text).toContain(`could not look at ${bill.name} just now`);
    expect(text).not.toContain("No source of costs is connected");
  });

  it("is named beside an answer from another one that it might have changed", async () => {
    const { text, turn } = await ask("pareto of revenue by country");

    expect(turn?.tools).toHaveLength(1);
    expect(text).toContain(`could not look at ${bill.name} just now`);
  });

  it("is not named where it has no part in the answer", async () => {
    expect((await ask("/help")).text).not.toContain("could not look at");
  });
});
