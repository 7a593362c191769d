import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { User } from "../../src/core/message.ts";
import { createDesk } from "../../src/digests/desk.ts";
import { digests } from "../../src/digests/index.ts";
import { UserError } from "../../src/errors.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const ADA: User = { id: "slack:T1:U1", name: "Ada", timeZone: "Europe/Berlin", roles: ["analyst"] };
const PLACE = { channel: "slack", conversation: "slack:T1:C1", audience: "group" } as const;

/** `composed`: what the engine was asked for. */
function openDesk() {
  const composed: unknown[] = [];
  const { subscriptions, runs, now } = world;
  const desk = createDesk({
    ...{ digests, subscriptions, runs, now },
    engine: {
      async compose({ digest, order, timeZone }) {
        composed.push({ digest, order, timeZone });
        return { reply: { text: "made", final: true }, quiet: false, calls: [] };
      },
    },
    toolNames: () => ["get_costs", "list_incidents"],
    roomOf: ({ conversation }) => conversation,
    findPlace: async () => undefined,
    outsidePlace: async () => {
      throw new UserError("Nothing may go there.");
    },
    wake: () => {},
  });
  return { desk, composed, preview: (words: string) => desk.preview(words, now(), "Europe/Berlin", new AbortController().signal) };
}

describe("a preview", () => {
  it("takes the words of a subscription, of which the name is enough", async () => {
    const { preview, composed } = openDesk();
    const { id } = await world.subscribe({ digest: "health", order: { title: "Ours" }, timeZone: "Asia/Tokyo" });

    for (const words of ["cost", "the cost digest budget 20k", "custom with get_costs by=service; list_incidents", id])
      await preview(words);

    expect(composed).toEqual([
      { digest: "cost", order: {}, timeZone: "Europe/Berlin" },
      { digest: "cost", order: { budget: 20_000 }, timeZone: "Europe/Berlin" },
      {
        ...{ digest: "custom", timeZone: "Europe/Berlin" },
        order: { parts: [{ tool: "get_costs", input: { by: "service" } }, { tool: "list_incidents" }] },
      },
      { digest: "health", order: { title: "Ours" }, timeZone: "Asia/Tokyo" },
    ]);
  });

  it("of a digest of one's own made of nothing says how to write it", async () => {
    await expect(openDesk().preview("custom")).rejects.toThrow(/Say what it is made of: `\/digest preview custom with get_costs/);
  });
});

describe("a digest of one's own", () => {
  it.each([
    ["custom mondays at 9", /Say what it is made of/],
    ["custom mondays at 9 with get_cots by=service", /There is no tool “get_cots” here\. Did you mean get_costs\?/],
    ["custom mondays at 9 with list_incidents; something_else_entirely", /There is no tool “something_else_entirely” here\. `help`/],
  ])("is refused when it is set up, and not at nine: %s", async (words, why) => {
    await expect(openDesk().desk.add(words, PLACE, ADA)).rejects.toThrow(why);
    expect(await world.subscriptions.list()).toEqual([]);
  });
});
