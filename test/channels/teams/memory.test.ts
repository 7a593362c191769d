import { afterEach, describe, expect, test } from "vitest";
import { ADA, CHANNEL, GROUP, PERSONAL } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, type TeamsWorld, until } from "./world.ts";

const open: TeamsWorld[] = [];
afterEach(async () => {
  for (const world of open.splice(0).reverse()) await world.close();
});

async function start(shared?: TeamsWorld): Promise<TeamsWorld> {
  const world = await openTeamsWorld(shared ? { shared } : {});
  open.push(world);
  return world;
}

async function verdicts({ database }: TeamsWorld) {
  return database.kysely.selectFrom("feedback").select(["turn_id", "user_id", "verdict"]).execute();
}

/** Put into a conversation, and its welcome forgotten. */
async function installed(world: TeamsWorld, conversation: object): Promise<void> {
  await world.deliver(world.teams.activities.installed(conversation));
  await until(() => world.teams.standing.length === 2);
  world.teams.standing.length = 0;
  world.clock.advance(60_000);
}

const NOTE = finalReply({ text: "The morning's costs." });

describe("thumbs", () => {
  for (const [where, ask] of [
    ["a personal chat", (a: TeamsWorld["teams"]["activities"]) => a.message("costs?")],
    ["a thread of a channel", (a: TeamsWorld["teams"]["activities"]) => a.inThread("costs?")],
  ] as const)
    test(`in ${where} are kept with the turn, also after a restart`, async () => {
      const first = await start();
      const activity = ask(first.teams.activities);
      await first.ask(activity);
      const message = first.teams.standing[0];
      const second = await start(first);

      const { status, body } = await second.deliver(
        second.teams.activities.feedback("like", message?.id, { conversation: activity.conversation }),
      );

      const [turn] = await first.database.kysely.selectFrom("turns").select("id").execute();
      expect([status, body]).toEqual([200, "{}"]);
      expect(await verdicts(first)).toEqual([{ turn_id: turn?.id, user_id: `teams:${ADA.aadObjectId}`, verdict: "good" }]);
    });

  test("are found where the click names the channel and not the thread", async () => {
    const first = await start();
    await first.ask(first.teams.activities.inThread("costs?"));
    const second = await start(first);

    await second.deliver(second.teams.activities.feedback("dislike", first.teams.standing[0]?.id, { conversation: CHANNEL }));

    expect((await verdicts(first)).map(({ verdict }) => verdict)).toEqual(["bad"]);
  });

  test("on something else, on nothing, or of an unknown kind, are answered and not kept", async () => {
    const world = await start();
    const { feedback } = world.teams.activities;

    expect(await world.deliver(feedback("like", "999"))).toEqual({ status: 200, body: "{}" });
    expect(await world.deliver(feedback("like"))).toEqual({ status: 200, body: "{}" });
    expect((await world.deliver(feedback("shrug", "999"))).status).toBe(501);
    expect(await verdicts(world)).toEqual([]);
  });
});

describe("a post nobody asked for", () => {
  test("reaches a chat it was spoken to in, after a restart", async () => {
    const first = await start();
    await first.ask(first.teams.activities.message("costs?"));
    const second = await start(first);

    const delivery = await second.channel.send(`teams:${PERSONAL.id}`, NOTE, "k1");

    const last = second.teams.standing.at(-1);
    expect(delivery).toEqual({ state: "sent", id: last?.id });
    expect(last).toMatchObject({ conversation: PERSONAL.id, activity: { text: "The morning's costs." } });
    expect(second.teams.violations).toEqual([]);
  });

  test("begins a thread in a channel it was only installed in", async () => {
    const first = await start();
    await installed(first, CHANNEL);
    const second = await start(first);

    const reply = finalReply({ text: "News.", suggestions: ["why?"] });
    const delivery = await second.channel.send(`teams:${CHANNEL.id}`, reply, "k1");

    const [words, card] = second.teams.standing;
    expect(delivery).toMatchObject({ state: "sent", id: words?.id });
    expect(words?.conversation).toBe(`${CHANNEL.id};messageid=${words?.id}`);
    expect(card?.conversation).toBe(words?.conversation);
    expect(second.teams.violations).toEqual([]);
  });

  test("is refused where it was never spoken to, and where it was thrown out", async () => {
    const world = await start();
    await installed(world, GROUP);
    world.teams.removed.add(GROUP.id);

    expect((await world.channel.send("teams:a:nobody", NOTE, "k1")).state).toBe("refused");
    expect(await world.channel.send(`teams:${GROUP.id}`, NOTE, "k2")).toMatchObject({
      state: "refused",
      reason: expect.stringContaining("removed"),
    });
  });

  test("is not repeated for the same key, however it went", async () => {
    const world = await start();
    await installed(world, GROUP);
    world.teams.fail("500 after");

    const first = await world.channel.send(`teams:${GROUP.id}`, NOTE, "k1");
    const again = await (await start(world)).channel.send(`teams:${GROUP.id}`, NOTE, "k1");
    const other = await world.channel.send(`teams:${GROUP.id}`, NOTE, "k2");
    const repeated = await world.channel.send(`teams:${GROUP.id}`, NOTE, "k2");

    expect([first.state, again.state, other.state, repeated.state]).toEqual(["ambiguous", "ambiguous", "sent", "sent"]);
    expect(world.teams.standing).toHaveLength(2);
  });

  test("may be tried again once it was refused", async () => {
    const world = await start();
    await installed(world, GROUP);
    for (let i = 0; i < 3; i++) world.teams.fail({ status: 429, retryAfter: 2 });

    const first = await world.channel.send(`teams:${GROUP.id}`, NOTE, "k1");
    const second = await world.channel.send(`teams:${GROUP.id}`, NOTE, "k1");

    expect(first).toMatchObject({ state: "refused", retryAfterMs: 2_000 });
    expect(second.state).toBe("sent");
  });

  test("stands when only its card failed", async () => {
    const world = await start();
    await installed(world, GROUP);
    world.teams.fail("reset before", ({ body }) => Boolean(body.attachments?.length));

    const delivery = await world.channel.send(`teams:${GROUP.id}`, finalReply({ suggestions: ["why?"] }), "k1");

    expect(delivery.state).toBe("sent");
  });
});
