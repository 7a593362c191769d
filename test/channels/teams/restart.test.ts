import { afterEach, describe, expect, test } from "vitest";
import { GROUP, PERSONAL } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, type TeamsWorld, until, type WorldOptions } from "./world.ts";

const open: TeamsWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0).reverse()) await world.close();
});

async function start(options: WorldOptions = {}): Promise<TeamsWorld> {
  const world = await openTeamsWorld(options);
  open.push(world);
  return world;
}

const SORRY = finalReply({ text: "I was restarted while I was working on this.", suggestions: ["costs?"] });

/** A process that dies over an answer whose stream has shown `shown`; gives the question's id and lets the dead one go. */
async function cutOff(shown: string) {
  let bury = () => {};
  const dying = new Promise<void>((resolve) => {
    bury = resolve;
  });
  const before = await start({
    answer: async function* () {
      yield { ...(shown ? { text: shown } : { text: "", status: "reading costs …" }), final: false };
      await dying;
    },
  });
  const activity = before.teams.activities.message("costs?");
  await before.deliver(activity);
  await until(() => before.teams.sent.length === 1);
  await until(async () => (await before.database.kysely.selectFrom("places").select("conversation").execute()).length === 2);
  const after = await start({ shared: before });
  return { before, after, question: `${PERSONAL.id}:${activity.id}`, conversation: `teams:${PERSONAL.id}`, bury };
}

describe("an answer that a restart cut off", () => {
  test("ends its stream with an apology and the question to ask again", async () => {
    const { after, question, conversation, bury } = await cutOff("");

    const delivery = await after.channel.send(conversation, SORRY, `interrupted:${question}`);

    const [message] = after.teams.standing;
    expect(after.teams.standing).toHaveLength(1);
    expect(delivery).toEqual({ state: "sent", id: message?.id });
    expect(message?.activity.entities[0]).toMatchObject({ streamType: "final", streamId: message?.id });
    expect(message?.activity.suggestedActions.actions).toEqual([{ type: "imBack", title: "costs?", value: "costs?" }]);
    expect(after.teams.violations).toEqual([]);
    bury();
  });

  test("is apologised for in a message of its own where words were shown already", async () => {
    const { after, question, conversation, bury } = await cutOff("It was $5 ");

    const delivery = await after.channel.send(conversation, SORRY, `interrupted:${question}`);

    expect(delivery.state).toBe("sent");
    expect(after.teams.standing.map(({ activity }) => [activity.text, activity.entities])).toEqual([[SORRY.text, undefined]]);
    bury();
  });

  test("is apologised for in a message of its own once Teams has ended the stream", async () => {
    const { after, question, conversation, bury } = await cutOff("");
    after.clock.advance(200_000);
    const sent = after.teams.sent.length;

    await after.channel.send(conversation, SORRY, `interrupted:${question}`);

    expect(after.teams.sent.slice(sent).map(({ body, status }) => [body.type, status])).toEqual([["message", 201]]);
    bury();
  });

  test("is left as it is where its reader had stopped it", async () => {
    const { after, question, conversation, bury } = await cutOff("");
    after.teams.cancel(PERSONAL.id);

    const delivery = await after.channel.send(conversation, SORRY, `interrupted:${question}`);

    expect([delivery.state, after.teams.standing]).toEqual(["sent", []]);
    bury();
  });

  test("is apologised for once, however often it is asked for", async () => {
    const { after, question, conversation, bury } = await cutOff("");

    const first = await after.channel.send(conversation, SORRY, `interrupted:${question}`);
    const again = await after.channel.send(conversation, SORRY, `interrupted:${question}`);

    expect(again).toEqual(first);
    expect(after.teams.standing).toHaveLength(1);
    bury();
  });

  test("is not apologised for again when nobody knows whether the first stands", async () => {
    const { after, question, conversation, bury } = await cutOff("");
    after.teams.fail("500 after");

    const first = await after.channel.send(conversation, SORRY, `interrupted:${question}`);
    const again = await after.channel.send(conversation, SORRY, `interrupted:${question}`);

    expect([first.state, again.state]).toEqual(["ambiguous", "ambiguous"]);
    expect(after.teams.standing).toHaveLength(1);
    bury();
  });

  for (const [where, ask, place] of [
    [
      "the channel's thread",
      (a: TeamsWorld["teams"]["activities"]) => a.inThread("costs?", "1712"),
      "19:channel@thread.tacv2;messageid=1712",
    ],
    ["the group", (a: TeamsWorld["teams"]["activities"]) => a.mentioned("costs?"), GROUP.id],
  ] as const)
    test(`in ${where} is apologised for there, with a button`, async () => {
      const before = await start();
      const activity = ask(before.teams.activities);
      await before.ask(activity);
      const after = await start({ shared: before });

      await after.channel.send(`teams:${place}`, SORRY, `interrupted:${place}:${activity.id}`);

      const [words, card] = after.teams.standing.slice(-2);
      expect([words?.conversation, card?.conversation]).toEqual([place, place]);
      expect(words?.activity.text).toBe(SORRY.text);
      expect(JSON.stringify(card)).toContain('"data":{"question":"costs?"}');
      expect(after.teams.violations).toEqual([]);
    });

  test("was asked by a button, and so its place is known as well", async () => {
    const before = await start();
    const place = "19:channel@thread.tacv2;messageid=1800";
    const click = before.teams.activities.execute(
      "ask",
      { question: "costs?" },
      { conversation: { ...GROUP, conversationType: "channel", id: place } },
    );
    await before.ask(click);
    const after = await start({ shared: before });

    expect((await after.channel.send(`teams:${place}`, SORRY, `interrupted:${place}:${click.id}`)).state).toBe("sent");
  });
});

describe("what is kept", () => {
  test("ends by itself, but for the conversations", async () => {
    const kept: [string, Date | undefined][] = [];
    const places = new Map<string, object>();
    const world = await start({
      options: {
        async keepPlace(conversation, reference, until) {
          kept.push([conversation, until]);
          places.set(conversation, reference);
        },
        placeOf: async (conversation) => places.get(conversation) ?? null,
      },
      answer: async function* () {
        yield { status: "reading …", text: "", final: false };
        yield finalReply();
      },
    });

    await world.deliver(world.teams.activities.message("costs?"));
    await until(() => kept.some(([name]) => name.startsWith("teams-answer:")));
    await world.channel.send(`teams:${PERSONAL.id}`, SORRY, "k1");

    const now = world.clock.now().getTime();
    const days = kept.map(([name, until]) => [name.split(":")[0], until && Math.round((until.getTime() - now) / 86_400_000)]);
    expect(Object.fromEntries(days)).toEqual({ teams: undefined, "teams-stream": 1, "teams-answer": 90, "teams-post": 7 });
  });

  test("says which answers have reached their reader", async () => {
    const delivered: string[] = [];
    const world = await start({ options: { onDelivered: async (message) => void delivered.push(message) } });
    const [good, unknown, refused] = ["one", "two", "three"].map((text) => world.teams.activities.mentioned(text));

    await world.deliver(good);
    await until(() => delivered.length === 1);
    world.teams.fail("500 after");
    await world.deliver(unknown);
    await until(() => delivered.length === 2);
    world.teams.fail({ status: 403 });
    await world.deliver(refused);
    await world.channel.stop();

    // What nobody knows must not come again; what was refused may.
    expect(delivered).toEqual([`${GROUP.id}:${good?.id}`, `${GROUP.id}:${unknown?.id}`]);
  });
});
