import { beforeEach, describe, expect, it } from "vitest";
import { apologise } from "../../src/app/apologies.ts";
import type { Channel, Delivery } from "../../src/core/channel.ts";
import { createConversations } from "../../src/records/conversations.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { migrate } from "../../src/storage/migrations.ts";
import { aMessage, aReply } from "../kit/conversation.ts";

let clock: Date;
beforeEach(() => {
  clock = new Date("2026-11-20T09:05:00Z");
});

async function openRecords() {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  return createConversations(database, () => clock);
}

/** A place that takes posts and remembers them; `outcomes` come first, then all is sent. */
function createPlace(name: string, outcomes: Delivery[] = []) {
  const posts: { conversation: string; text: string; key: string }[] = [];
  const channel: Channel = {
    name,
    start: async () => {},
    stop: async () => {},
    async send(conversation, reply, key) {
      posts.push({ conversation, text: reply.text, key });
      return outcomes.shift() ?? { state: "sent", id: "1" };
    },
  };
  return { channel, posts };
}

describe("turns that a restart cut off", () => {
  async function cutOff(place: ReturnType<typeof createPlace>) {
    const conversations = await openRecords();
    const begin = (id: string, channel: string, at: string) =>
      conversations.begin({ message: aMessage({ id, channel, conversation: `c-${id}`, at: new Date(at) }), turnId: id });
    await begin("cut", "slack", "2026-11-20T09:00:00Z");
    await begin("answered", "slack", "2026-11-20T09:00:00Z");
    await conversations.finish("answered", aReply(), "done");
    await begin("under-way", "slack", "2026-11-20T09:04:59Z");
    await begin("old", "slack", "2026-11-18T09:00:00Z");
    await begin("elsewhere", "console", "2026-11-20T09:00:00Z");
    const overdue = () => new Date(clock.getTime() - 60_000);
    const faults: unknown[] = [];
    const run = () =>
      apologise({ channels: [place.channel], conversations, overdue, now: () => clock, onFault: (fault) => faults.push(fault) });
    return { conversations, run, faults };
  }

  it("are apologised for once, in the place of the question, with the question in words", async () => {
    const place = createPlace("slack");
    const { conversations, run, faults } = await cutOff(place);

    await run();
    await run();

    expect(faults).toEqual([]);
    expect(place.posts.map(({ conversation, key }) => [conversation, key])).toEqual([["c-cut", "interrupted:cut"]]);
    expect(place.posts[0]?.text).toContain("“What did we spend?”");
    expect((await conversations.reply("cut"))?.reply.text).toContain("I was restarted");
  });

  it("are not told again of what has arrived, and get an answer that was made and never arrived", async () => {
    const place = createPlace("slack");
    const { conversations, run } = await cutOff(place);
    await conversations.delivered("cut");
    clock = new Date("2026-11-20T09:07:00Z");

    await run();
    await run();

    expect(place.posts.map(({ key, text }) => [key, text])).toEqual([
      ["interrupted:answered", aReply().text],
      ["interrupted:under-way", expect.stringContaining("I was restarted")],
    ]);
  });

  it("are tried again when the channel says to come back later, and not when nobody knows whether the words arrived", async () => {
    const limited = createPlace("slack", [{ state: "refused", reason: "limits", retryAfterMs: 1_000 }]);
    const unclear = createPlace("slack", [{ state: "ambiguous", reason: "silence" }]);
    const [first, second] = [await cutOff(limited), await cutOff(unclear)];

    for (const { run } of [first, second, first, second]) await run();

    expect([limited.posts.length, unclear.posts.length]).toEqual([2, 1]);
  });
});
