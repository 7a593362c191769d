import { afterEach, describe, expect, test } from "vitest";
import { CHARTS } from "../../kit/golden/charts.ts";
import type { Fault } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, type TeamsWorld, type WorldOptions } from "./world.ts";

let world: TeamsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function open(options: WorldOptions = {}): Promise<TeamsWorld> {
  world = await openTeamsWorld(options);
  return world;
}

const RECEIPT = { id: "r1", source: "bill", query: "sum of cost", fetchedAt: new Date("2026-11-21T08:00:00Z"), status: "live" as const };

describe("what reaches the wire", () => {
  test("entities whole: the label and the citations", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ receipts: [RECEIPT], turn: { id: "", conversation: "", agent: "model", tools: [] } });
      },
    });

    await ask(teams.activities.message("costs?"));

    expect(teams.standing[0]?.activity.entities).toEqual([
      {
        type: "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "@id": "",
        additionalType: ["AIGeneratedContent"],
        citation: [
          { "@type": "Claim", position: 1, appearance: { "@type": "DigitalDocument", name: "bill", abstract: "live: sum of cost" } },
        ],
      },
    ]);
    expect(teams.violations).toEqual([]);
  });

  test("no label on an answer that no model wrote", async () => {
    const { teams, ask } = await open();

    await ask(teams.activities.message("costs?"));

    expect(JSON.stringify(teams.standing)).not.toContain("AIGeneratedContent");
  });

  test("text and card apart, so that both have an id", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ receipts: [RECEIPT], suggestions: ["and by team?"] });
      },
    });

    await ask(teams.activities.message("costs?"));

    expect(teams.standing).toHaveLength(2);
    for (const { activity } of teams.standing) expect(Boolean(activity.text) && Boolean(activity.attachments?.length)).toBe(false);
    expect(teams.standing[0]?.activity.suggestedActions.actions).toEqual([
      { type: "imBack", title: "and by team?", value: "and by team?" },
    ]);
  });

  test("in a group, typing, then one message, its suggestions as buttons of the card", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield { status: "reading costs …", text: "", final: false };
        yield { text: "It was ", final: false };
        yield finalReply({ suggestions: ["and by team?"] });
      },
    });

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.sent.map(({ body }) => body.type)).toEqual(["typing", "message", "message"]);
    expect(teams.sent[0]?.body.text).toBeUndefined();
    expect(JSON.stringify(teams.standing[1])).toContain('"data":{"question":"and by team?"}');
    expect(teams.violations).toEqual([]);
  });

  test("an answer in a channel's thread stays in the thread", async () => {
    const { teams, ask, asked } = await open();

    await ask(teams.activities.inThread("costs?", "1712"));

    expect(asked[0]?.text).toBe("costs?");
    expect(teams.standing[0]?.conversation).toBe("19:channel@thread.tacv2;messageid=1712");
  });
});

describe("a post whose outcome nobody knows", () => {
  for (const fault of ["500 before", "500 after", "502 before", "reset before", "reset after", "hang"] satisfies Fault[])
    test(`is sent once (${fault})`, async () => {
      const { teams, ask, faults } = await open({ deadlineMs: 60 });
      teams.fail(fault);

      await ask(teams.activities.mentioned("costs?"));

      expect(teams.sent.filter(({ body }) => body.type === "message")).toHaveLength(1);
      expect(faults).toHaveLength(1);
    });

  test("is no reason to hold back the card", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ receipts: [RECEIPT] });
      },
    });
    teams.fail("500 after");

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.standing.map(({ activity }) => Boolean(activity.attachments?.length))).toEqual([false, true]);
  });

  test("is sent once also at the end of a stream", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield { status: "reading costs …", text: "", final: false };
        yield finalReply();
      },
    });
    teams.fail("500 after");

    await ask(teams.activities.message("costs?"));

    expect(teams.sent.filter(({ body }) => body.type === "message")).toHaveLength(1);
    expect(teams.standing).toHaveLength(1);
  });
});

describe("a post that was refused", () => {
  test("waits as long as Teams asks and is sent again", async () => {
    const waits: number[] = [];
    const { teams, ask } = await open({ options: { wait: async (ms) => void waits.push(ms) } });
    teams.fail({ status: 429, retryAfter: 7 });

    await ask(teams.activities.mentioned("costs?"));

    expect(waits).toEqual([7_000]);
    expect(teams.standing).toHaveLength(1);
  });

  test("is given up when Teams keeps asking for patience", async () => {
    const { teams, ask, faults } = await open();
    for (let i = 0; i < 5; i++) teams.fail({ status: 429, retryAfter: 1 });

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.sent.filter(({ body }) => body.type === "message")).toHaveLength(3);
    expect(faults).toHaveLength(1);
  });

  test("is not followed by its card", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ receipts: [RECEIPT] });
      },
    });
    teams.removed.add("19:group@thread.v2");

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.sent.filter(({ body }) => body.type === "message")).toHaveLength(1);
  });

  for (const status of [413, 400])
    test(`with a card that is refused (${status}) is followed by a smaller one`, async () => {
      const { teams, ask } = await open({
        answer: async function* () {
          yield finalReply({ blocks: [CHARTS["simple bars"]], receipts: [RECEIPT] });
        },
      });
      teams.fail({ status }, ({ body }) => Boolean(body.attachments?.length));

      await ask(teams.activities.mentioned("costs?"));

      const [card, smaller] = teams.sent.filter(({ body }) => body.attachments?.length).map(({ body }) => JSON.stringify(body));
      expect(card).toContain("Chart.HorizontalBar");
      expect(smaller).not.toContain("Chart.");
      expect(teams.seen()).toContain("Compute");
      expect(teams.seen()).not.toContain("The console has all of it");
    });

  test("because its words are too large is sent with fewer", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ text: "costs rose ".repeat(1_900) });
      },
    });
    teams.fail({ status: 413 });

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.standing).toHaveLength(1);
    expect(Buffer.byteLength(JSON.stringify(teams.standing[0]?.activity))).toBeLessThan(21_000);
    expect(teams.seen()).toContain("The rest of this answer is in the console");
  });

  for (const status of [403, 404])
    test(`because the conversation is gone (${status}) ends the turn, with one post and one fault`, async () => {
      const { teams, ask, faults, database } = await open({
        answer: async function* () {
          yield finalReply({ blocks: [CHARTS["a Pareto"]], receipts: [RECEIPT] });
        },
      });
      teams.fail({ status });

      await ask(teams.activities.mentioned("costs?"));

      expect(teams.sent.filter(({ body }) => body.type === "message")).toHaveLength(1);
      expect(faults).toHaveLength(1);
      expect(await database.kysely.selectFrom("turns").select("state").execute()).toEqual([{ state: "done" }]);
    });

  test("for the picture, by a conversation that is gone, is not followed by its card", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ blocks: [CHARTS["a Pareto"]], receipts: [RECEIPT] });
      },
    });
    teams.fail({ status: 403 }, ({ body }) => body.attachments?.[0]?.contentType === "image/png");

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.sent.filter(({ body }) => body.type === "message").map(({ status }) => status)).toEqual([201, 403]);
  });

  test("in a storm of 429 is tried three times, and nothing more is posted", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ blocks: [CHARTS["a Pareto"]], receipts: [RECEIPT] });
      },
    });
    for (let i = 0; i < 50; i++) teams.fail({ status: 429, retryAfter: 5 }, ({ body }) => body.type === "message");

    await ask(teams.activities.mentioned("costs?"));

    expect(teams.sent.filter(({ body }) => body.type === "message")).toHaveLength(3);
  });

  test("leaves a note where only the card was", async () => {
    const { teams, ask } = await open({
      answer: async function* () {
        yield finalReply({ receipts: [RECEIPT] });
      },
    });
    for (let i = 0; i < 2; i++) teams.fail({ status: 400 }, ({ body }) => Boolean(body.attachments?.length));

    await ask(teams.activities.message("costs?"));

    expect(teams.seen()).toContain("The console has all of it");
  });

  test("ends the turn also when there is no way to Teams at all", async () => {
    let ended = false;
    const opened = await open({
      handle: async function* () {
        try {
          opened.teams.gone.credentials = true;
          yield { text: "", final: false };
          yield finalReply();
        } finally {
          ended = true;
        }
      },
    });

    const { status } = await opened.ask(opened.teams.activities.message("costs?"));

    expect([status, ended, opened.faults.length]).toEqual([200, true, 1]);
  });

  test("leaves the conversation free for the next question", async () => {
    const { teams, deliver, channel, asked } = await open();
    teams.fail("reset before");

    await deliver(teams.activities.mentioned("first"));
    await deliver(teams.activities.mentioned("second"));
    await channel.stop();

    expect(asked).toHaveLength(2);
    expect(teams.standing).toHaveLength(1);
  });
});
