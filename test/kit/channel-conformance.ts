import { describe, expect, it } from "vitest";
import type { Channel, Handler } from "../../src/core/channel.ts";
import type { Message } from "../../src/core/message.ts";
import type { Reply } from "../../src/core/reply.ts";

/** One channel with a person and a platform at its other end. */
export interface ChannelWorld {
  channel: Channel;
  /** The person writes; resolves when the platform has delivered it to the channel. */
  say(text: string): Promise<void>;
  /** All a reader has seen so far, as one text: words, tables, alt texts, buttons. */
  seen(): string;
  close(): Promise<void>;
}

export interface ChannelKindUnderTest {
  name: string;
  open(): Promise<ChannelWorld>;
  /** What foreign text must never become on this platform: mentions, links, control sequences. */
  forbidden: RegExp;
}

const RECEIPT = {
  id: "r1",
  source: "bill (bill.csv)",
  query: "sum of cost for October 2026",
  fetchedAt: new Date("2026-11-21T08:42:00Z"),
  status: "demo" as const,
};
const ANSWER: Reply = {
  text: "**Cost for October 2026: $107,906**. Compute leads.",
  blocks: [
    {
      type: "table",
      columns: [
        { label: "service", type: "text" },
        { label: "cost", type: "money", unit: "USD" },
        { label: "change", type: "percent" },
      ],
      rows: [
        ["Compute", 34_788.02, 0.0989],
        ["Storage", 8_921.03, null],
      ],
    },
    { type: "chart", title: "Compute leads", spec: {}, alt: "Compute cost $34,788 of $107,906." },
  ],
  receipts: [RECEIPT],
  suggestions: ["and by region?"],
  notice: "Answered without a language model.",
  final: true,
  turn: { id: "t1", conversation: "c1", agent: "deterministic", tools: [{ name: "get_costs", input: { by: "service" } }] },
};

/** A handler that records what it was asked and gives the replies it is told to. */
function handlerOf(replies: (message: Message) => readonly Reply[]) {
  const asked: Message[] = [];
  const handle: Handler = async function* (message) {
    asked.push(message);
    yield { text: "", final: false };
    for (const reply of replies(message)) yield reply;
  };
  return { asked, handle };
}

async function eventually(test: () => boolean): Promise<void> {
  for (let i = 0; i < 2_000 && !test(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(test()).toBe(true);
}

/** What every channel promises, whatever its platform. */
export function testChannel(kind: ChannelKindUnderTest): void {
  describe(`${kind.name} as a channel`, () => {
    async function withWorld(
      replies: (message: Message) => readonly Reply[],
      work: (world: ChannelWorld, asked: Message[]) => Promise<void>,
    ): Promise<void> {
      const world = await kind.open();
      const { asked, handle } = handlerOf(replies);
      await world.channel.start(handle);
      try {
        await work(world, asked);
      } finally {
        await world.channel.stop();
        await world.close();
      }
    }

    it("turns what a person writes into one message with an id, a conversation, a user and a time", () =>
      withWorld(
        () => [ANSWER],
        async (world, asked) => {
          await world.say("what did we spend?");
          await eventually(() => asked.length === 1);
          const [message] = asked;

          expect(message).toMatchObject({ channel: kind.name, text: "what did we spend?" });
          expect(message?.id).toBeTruthy();
          expect(message?.conversation).toBeTruthy();
          expect(message?.user.roles.length).toBeGreaterThan(0);
          expect(new Intl.DateTimeFormat("en", { timeZone: message?.user.timeZone ?? "" })).toBeTruthy();
          expect(message?.at).toBeInstanceOf(Date);
        },
      ));

    it("gives each message its own id and keeps a conversation together", () =>
      withWorld(
        () => [ANSWER],
        async (world, asked) => {
          await world.say("first");
          await world.say("second");
          await eventually(() => asked.length === 2);

          expect(new Set(asked.map((m) => m.id)).size).toBe(2);
          expect(asked.map((m) => m.text)).toEqual(["first", "second"]);
        },
      ));

    it("shows the words, the table, the chart's finding, the notice and the next step", () =>
      withWorld(
        () => [{ status: "reading costs …", text: "", final: false }, ANSWER],
        async (world) => {
          await world.say("what did we spend?");
          await eventually(() => world.seen().includes("Compute leads"));
          const seen = world.seen();

          for (const part of [
            "$107,906",
            "Storage",
            "$8,921.03",
            "9.9%",
            "Compute cost $34,788",
            "and by region?",
            "Answered without a language model",
          ])
            expect(seen).toContain(part);
        },
      ));

    it("shows a missing cell as missing, never as zero", () =>
      withWorld(
        () => [ANSWER],
        async (world) => {
          await world.say("what did we spend?");
          await eventually(() => world.seen().includes("Storage"));

          expect(world.seen()).toContain("–");
        },
      ));

    it("survives text that would be markup elsewhere", () =>
      withWorld(
        () => [
          {
            ...ANSWER,
            text: "<!channel> <@U1> [x](https://evil.example/a) ![y](https://evil.example/b) <script>",
            suggestions: [],
            blocks: [],
          },
        ],
        async (world) => {
          await world.say("x");
          await eventually(() => world.seen().includes("script"));

          expect(world.seen()).not.toMatch(kind.forbidden);
        },
      ));

    it("ends an answer that fails without a stack trace", () =>
      withWorld(
        () => [{ text: "Something went wrong on our side.", final: true }],
        async (world) => {
          await world.say("x");
          await eventually(() => world.seen().includes("went wrong"));

          expect(world.seen()).not.toMatch(/\bat .*\.ts:\d+/);
        },
      ));

    it("stops twice without harm", async () => {
      const world = await kind.open();
      await world.channel.start(handlerOf(() => [ANSWER]).handle);

      await world.channel.stop();
      await world.channel.stop();
      await world.close();
    });
  });
}
