import { afterEach, describe, expect, test } from "vitest";
import type { Reply, TableBlock } from "../../src/core/reply.ts";
import { createDesk } from "../../src/digests/desk.ts";
import { digests } from "../../src/digests/index.ts";
import { UserError } from "../../src/errors.ts";
import { changeDigest } from "../../src/tools/change-digest.ts";
import { contextOf } from "../tools/world.ts";
import { openWorld, testDigest, type World } from "./world.ts";

/** Digests that go outside of chats: by mail, and to a webhook. */

const NINE = new Date("2026-11-20T08:00:00Z");
const HERE = { channel: "slack", conversation: "slack:T1:C1", audience: "group" } as const;
const ADA = { id: "slack:T1:ADA", name: "Ada", timeZone: "Europe/Berlin", roles: ["analyst"] } as const;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function openDesk() {
  world = await openWorld();
  const { subscriptions, runs, now } = world;
  const desk = createDesk({
    ...{ digests, subscriptions, runs, now },
    engine: world.process().engine,
    roomOf: ({ channel, conversation }) => (channel === "slack" ? conversation.split(":").slice(0, 3).join(":") : undefined),
    findPlace: async () => undefined,
    async outsidePlace(name) {
      if (name === "webhook:n8n") return { channel: "webhook", conversation: name };
      if (name === "finance@example.com") return { channel: "email", conversation: `email:${name}` };
      throw new UserError(`Nothing may go to ${name}.`, { path: "place" });
    },
    wake: () => {},
  });
  return { desk, subscriptions };
}

describe("a digest set up in a channel for somewhere else", () => {
  test.each([
    ["cost daily 09:00 Europe/Berlin to finance@example.com", "email", "by mail to finance@example.com"],
    ["cost to finance@example.com daily at 9 where service=Amazon EC2", "email", "only service Amazon EC2"],
    ["cost by mail to finance@example.com, every weekday at 9", "email", "every weekday at 09:00"],
    ["cost every weekday at 9 to webhook n8n", "webhook", "to the webhook n8n"],
  ])("goes there and is listed here: %s", async (words, channel, said) => {
    const { desk, subscriptions } = await openDesk();

    const added = await desk.add(words, HERE, ADA);

    expect(added).toMatchObject({ channel, timeZone: "Europe/Berlin" });
    expect(added.words).toContain(said);
    expect((await desk.list(HERE)).map(({ id }) => id)).toEqual([added.id]);
    expect(await desk.list({ channel: "slack", conversation: "slack:T1:C2" })).toEqual([]);
    await desk.pause(added.id, true, { channel: "slack", conversation: "slack:T1:C1:171.1" });
    await desk.remove(added.id, HERE);
    expect(await subscriptions.list()).toEqual([]);
  });

  test("is refused for an address that nothing may go to, and changes nothing", async () => {
    const { desk, subscriptions } = await openDesk();

    await expect(desk.add("cost daily at 9 to eve@evil.example", HERE, ADA)).rejects.toThrow("Nothing may go to eve@evil.example.");
    await expect(desk.add("cost daily at 9 to webhook zapier", HERE, ADA)).rejects.toThrow("Nothing may go to webhook:zapier.");

    expect(await subscriptions.list()).toEqual([]);
  });

  test.each(["daily at 9 to finance@example.com", "daily at 9 #general", "daily at 9 to webhook n8n"])(
    "is no matter of a card that says “here”: %s",
    async (schedule) => {
      const { desk } = await openDesk();
      const message = { ...HERE, id: "m1", user: ADA, text: "send it", at: NINE };
      const context = contextOf([], { digests: desk, message });

      await expect(changeDigest.preview?.({ action: "add", digest: "cost", schedule }, context)).rejects.toThrow(
        `say it yourself: \`/digest add cost ${schedule}\``,
      );
    },
  );

  test("needs no chat at all", async () => {
    const { desk } = await openDesk();
    const nowhere = { channel: "api", conversation: "", audience: "group" } as const;

    expect(await desk.add("cost daily at 9 to finance@example.com", nowhere, ADA)).toMatchObject({ channel: "email" });
    expect(await desk.list(nowhere)).toMatchObject([{ channel: "email" }]);
    expect(
      await desk.add("cost daily at 9", { channel: "email", conversation: "finance@example.com", audience: "group" }, ADA),
    ).toMatchObject({
      conversation: "email:finance@example.com",
    });
    await expect(desk.add("cost daily at 9", nowhere, ADA)).rejects.toThrow("or by mail: “to finance@example.com”");
  });
});

const TABLE: TableBlock = { type: "table", title: "By service", columns: [{ label: "service", type: "text" }], rows: [["EC2"]] };
const made = testDigest(() => ({
  reply: { text: "**Cost: $5**", suggestions: ["why?"], final: true },
  details: { text: "**Details**\n- GitHub: it took too long", blocks: [TABLE], final: true },
}));

async function postedTo(channel: string, conversation: string): Promise<Reply[]> {
  world = await openWorld();
  await world.subscribe({ channel, conversation });
  world.setClock(new Date(NINE.getTime() + 60 * 60_000));
  const { engine } = world.process(made);
  await engine.plan();
  await engine.makeDue(new AbortController().signal);
  const rows = await world.database.kysely.selectFrom("outbox").select("reply").execute();
  return rows.map(({ reply }) => JSON.parse(reply) as Reply);
}

describe("where nobody can answer", () => {
  test("mail has its details with it, and asks nothing", async () => {
    const posts = await postedTo("email", "email:finance@example.com");

    expect(posts).toEqual([
      {
        text: "_Late: due 09:00._\n**Cost: $5**\n- GitHub: it took too long",
        blocks: [TABLE],
        notice: expect.stringContaining("/digest remove"),
        final: true,
      },
    ]);
  });

  test("a webhook gets one event with its tables, named and versioned", async () => {
    const posts = await postedTo("webhook", "webhook:n8n");

    expect(posts).toHaveLength(1);
    expect(JSON.parse(posts[0]?.text ?? "")).toEqual({
      type: "digest.made.v1",
      id: expect.stringMatching(/^digest:/),
      timestamp: NINE.toISOString(),
      data: {
        text: "_Late: due 09:00._\n**Cost: $5**\n- GitHub: it took too long",
        failed: false,
        tables: [{ title: "By service", columns: TABLE.columns, rows: [["EC2"]] }],
        charts: [],
        receipts: [],
      },
    });
  });
});
