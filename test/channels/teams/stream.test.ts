import { afterEach, describe, expect, test } from "vitest";
import type { Reply } from "../../../src/core/reply.ts";
import { createClock, finalReply, openTeamsWorld, type TeamsWorld, until, type WorldOptions } from "./world.ts";

let world: TeamsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function open(options: WorldOptions): Promise<TeamsWorld> {
  world = await openTeamsWorld(options);
  return world;
}

/** Gives the channel's posts their turn between two replies; gives up where fewer come. */
async function posted(count: number, patience = 2_000): Promise<void> {
  for (let i = 0; i < patience && (world?.teams.sent.length ?? 0) < count; i++) await new Promise((resolve) => setTimeout(resolve, 2));
}

function growing(parts: readonly Partial<Reply>[], patience?: number): NonNullable<WorldOptions["answer"]> {
  return async function* () {
    let count = 0;
    for (const part of parts) {
      yield { text: "", final: false, ...part } as Reply;
      await posted(++count, patience);
    }
  };
}

describe("a streamed answer", () => {
  test("shows a status, then text that grows, then one message with everything", async () => {
    const { teams, ask, clock } = await open({
      answer: growing([
        { status: "reading costs …" },
        { text: "It was $5 " },
        { text: "It was $5 in May, mostly " },
        finalReply({ text: "It was $5 in May, mostly compute.", suggestions: ["and by team?"] }),
      ]),
    });

    await ask(teams.activities.message("costs?"));

    expect(teams.violations).toEqual([]);
    const infos = teams.sent.map(({ body }) => body.entities?.[0]);
    expect(infos.map((info) => info?.streamType)).toEqual(["informative", "streaming", "streaming", "final"]);
    expect(infos.map((info) => info?.streamSequence)).toEqual([1, 2, 3, undefined]);
    expect(new Set(infos.slice(1).map((info) => info?.streamId)).size).toBe(1);
    expect(teams.sent.map(({ body }) => body.text)).toEqual([
      "reading costs …",
      "It was $5",
      "It was $5 in May, mostly",
      "It was $5 in May, mostly compute.",
    ]);
    expect(teams.standing).toHaveLength(1);
    expect(teams.standing[0]?.activity.channelData).toEqual({ feedbackLoop: { type: "default" } });
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(createClock().now().getTime() + 4_500);
  });

  test("sends no more than one update in one and a half seconds, and only the newest", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        for (let i = 1; i <= 200; i++) yield { text: "word ".repeat(i), final: false };
        yield finalReply({ text: "word ".repeat(201) });
      },
    });

    await ask(teams.activities.message("costs?"));

    const times = teams.sent.map(({ at }) => at.getTime());
    for (const [i, time] of times.slice(1).entries()) expect(time - (times[i] ?? 0)).toBeGreaterThanOrEqual(1_500);
    expect(teams.sent.length).toBeLessThan(10);
    expect(teams.violations).toEqual([]);
  });

  test("never shows a link while it grows, and ends in one message all the same", async () => {
    const url = "https://bill.example/r1";
    const receipt = { id: "r1", source: "bill", query: "q", fetchedAt: new Date(0), status: "live" as const, url };
    const text = `Costs rose, see [the bill](${url}) and [this](https://evil.example/x) for more.`;
    const { teams, ask } = await open({
      answer: growing(
        [...text.split(" ").map((_, i, all) => ({ text: `${all.slice(0, i + 1).join(" ")} ` })), finalReply({ text, receipts: [receipt] })],
        10,
      ),
    });

    await ask(teams.activities.message("costs?"));

    expect(teams.violations).toEqual([]);
    const updates = teams.sent.filter(({ body }) => body.type === "typing").map(({ body }) => body.text);
    expect(updates.at(-1)).toBe("Costs rose, see");
    expect(teams.standing[0]?.activity.text).toBe(`Costs rose, see [the bill](${url}) and this for more. [1]`);
    expect(teams.sent.filter(({ body }) => body.text?.startsWith("Costs rose") && body.type === "message")).toHaveLength(1);
  });

  test("adds nothing once the reader has stopped it, and stops the turn", async () => {
    let aborted = false;
    const { teams, ask } = await open({
      answer: async function* (message, signal) {
        yield { text: "It was ", final: false };
        await posted(1);
        teams.cancel(message.conversation.replace("teams:", ""));
        yield { text: "It was $5 ", final: false };
        await posted(2);
        for (let i = 0; i < 500 && !signal.aborted; i++) await new Promise((resolve) => setTimeout(resolve, 2));
        aborted = signal.aborted;
        yield finalReply({ text: "It was $5 in May." });
      },
    });

    await ask(teams.activities.message("costs?"));

    expect(aborted).toBe(true);
    expect(teams.standing).toEqual([]);
    expect(teams.sent).toHaveLength(2);
  });

  test("becomes one plain message after two minutes", async () => {
    const { teams, ask, clock } = await open({
      answer: async function* () {
        yield { text: "It was ", final: false };
        await posted(1);
        clock.advance(130_000);
        yield finalReply({ text: "It was $5 in May." });
      },
    });

    await ask(teams.activities.message("costs?"));

    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["It was $5 in May."]);
    expect(teams.standing[0]?.activity.entities).toBeUndefined();
    expect(teams.violations).toEqual([]);
  });

  test("survives the loss of an update", async () => {
    const { teams, ask } = await open({
      answer: growing([{ status: "reading …" }, { text: "It was " }, { text: "It was $5 " }, finalReply({ text: "It was $5 in May." })]),
    });
    teams.fail("reset before", ({ body }) => body.entities?.[0]?.streamType === "streaming");

    await ask(teams.activities.message("costs?"));

    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["It was $5 in May."]);
    expect(teams.standing[0]?.activity.entities[0].streamType).toBe("final");
  });

  test("leaves out what rewrites the text before it", async () => {
    const { teams, ask } = await open({
      answer: growing([{ text: "It was $5 " }, { text: "Now it is else " }, finalReply({ text: "It was $5 in May." })], 20),
    });

    await ask(teams.activities.message("costs?"));

    expect(teams.sent.map(({ status }) => status)).toEqual([201, 202]);
    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["It was $5 in May."]);
  });

  test("falls back to a plain message where it could not begin", async () => {
    const { teams, ask } = await open({ answer: growing([{ status: "reading …" }, { text: "It was " }, finalReply()], 5) });
    teams.fail({ status: 403 }, ({ body }) => body.type === "typing");

    await ask(teams.activities.message("costs?"));

    expect(teams.sent).toHaveLength(2);
    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["It was $5."]);
  });

  test("goes on as a plain message when Teams ends it half-way", async () => {
    const { teams, ask } = await open({
      answer: growing(
        [{ status: "reading …" }, { text: "It was " }, { text: "It was $5 " }, finalReply({ text: "It was $5 in May." })],
        20,
      ),
    });
    teams.fail(
      { status: 403, body: { error: { code: "ContentStreamNotAllowed", message: "Content stream is not allowed" } } },
      ({ body }) => body.entities?.[0]?.streamSequence === 2,
    );

    await ask(teams.activities.message("costs?"));

    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["It was $5 in May."]);
    expect(teams.standing[0]?.activity.entities).toBeUndefined();
    expect(teams.violations).toEqual([]);
  });

  test("keeps its pace in a storm of 429", async () => {
    const { teams, ask, faults } = await open({
      answer: growing(
        [{ status: "reading …" }, ...[1, 2, 3, 4, 5].map((n) => ({ text: "word ".repeat(n) })), finalReply({ text: "word ".repeat(6) })],
        20,
      ),
    });
    for (let i = 0; i < 3; i++) teams.fail({ status: 429, retryAfter: 3 }, ({ body }) => body.entities?.[0]?.streamType === "streaming");

    await ask(teams.activities.message("costs?"));

    const times = teams.sent.map(({ at }) => at.getTime());
    for (const [i, { status }] of teams.sent.entries())
      if (status === 429) expect((times[i + 1] ?? Number.POSITIVE_INFINITY) - (times[i] ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["word ".repeat(6)]);
    expect(faults).toEqual([]);
  });
});

describe("typing", () => {
  const gated = () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    return { go: () => go(), gate };
  };
  const typings = () => world?.teams.sent.filter(({ body }) => body.type === "typing" && !body.entities) ?? [];

  for (const [where, ask, first] of [
    ["a group", (a: TeamsWorld["teams"]["activities"]) => a.mentioned("costs?"), 1],
    ["a personal chat without a status yet", (a: TeamsWorld["teams"]["activities"]) => a.message("costs?"), 0],
  ] as const)
    test(`in ${where} is shown until the answer comes`, async () => {
      const { go, gate } = gated();
      const { teams, deliver, tick, channel } = await open({
        answer: async function* () {
          await gate;
          yield finalReply();
        },
      });

      await deliver(ask(teams.activities));
      for (const count of [first, first + 1, first + 2]) {
        await until(() => typings().length === count);
        await until(async () => {
          if (typings().length === count) tick();
          return typings().length > count;
        });
      }
      const before = typings().length;
      go();
      await channel.stop();
      tick();

      expect(teams.standing).toHaveLength(1);
      expect(typings()).toHaveLength(before);
      expect(teams.violations).toEqual([]);
    });

  test("is not shown beside a status", async () => {
    const { go, gate } = gated();
    const { teams, deliver, tick, channel } = await open({
      answer: async function* () {
        yield { status: "reading costs …", text: "", final: false };
        await gate;
        yield finalReply();
      },
    });

    await deliver(teams.activities.message("costs?"));
    await until(() => teams.sent.length === 1);
    tick();
    go();
    await channel.stop();

    expect(typings()).toEqual([]);
  });

  test("that is refused is no fault and is not tried again", async () => {
    const { teams, ask, faults } = await open({});
    teams.fail({ status: 403 }, ({ body }) => body.type === "typing");

    await ask(teams.activities.mentioned("costs?"));

    expect(faults).toEqual([]);
    expect(teams.standing).toHaveLength(1);
  });
});
