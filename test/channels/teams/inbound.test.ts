import { afterEach, describe, expect, test, vi } from "vitest";
import { connectRaw, isWhole } from "../../kit/raw-http.ts";
import { ADA, BOT, CHANNEL, GROUP, memberOf, PERSONAL, TENANT } from "../../kit/teams/index.ts";
import { finalReply, openTeamsWorld, type TeamsWorld, until, type WorldOptions } from "./world.ts";

// The SDK reports refused signatures on stderr by itself.
vi.spyOn(console, "error").mockImplementation(() => {});

let world: TeamsWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function open(options: WorldOptions = {}): Promise<TeamsWorld> {
  world = await openTeamsWorld(options);
  return world;
}

describe("who may deliver", () => {
  const hour = () => Math.floor(Date.now() / 1_000) - 3_600;
  const refused: [string, (teams: TeamsWorld["teams"]) => string | undefined][] = [
    ["no token", () => undefined],
    ["garbage", () => "Bearer garbage"],
    ["another scheme", (t) => `Basic ${t.token()}`],
    ["half a token", (t) => `Bearer ${t.token().split(".").slice(0, 2).join(".")}`],
    ["another issuer", (t) => `Bearer ${t.token({ claims: { iss: "https://evil.example" } })}`],
    ["another bot", (t) => `Bearer ${t.token({ claims: { aud: "someone-else" } })}`],
    ["no audience", (t) => `Bearer ${t.token({ claims: { aud: undefined } })}`],
    ["another serviceUrl", (t) => `Bearer ${t.token({ claims: { serviceurl: "https://evil.example/" } })}`],
    ["a token that ended an hour ago", (t) => `Bearer ${t.token({ claims: { exp: hour() } })}`],
    ["an unknown key", (t) => `Bearer ${t.token({ header: { kid: "k9" } })}`],
    ["a key not endorsed for Teams", (t) => `Bearer ${t.token({ header: { kid: "k2" } })}`],
    ["a wrong signature", (t) => `Bearer ${t.token({ key: "stranger" })}`],
    ["no signature at all", (t) => `Bearer ${t.token({ key: "none" })}`],
    ["the public key used as a secret", (t) => `Bearer ${t.token({ key: "hmac" })}`],
  ];
  for (const [what, header] of refused)
    test(`401 for ${what}`, async () => {
      const { teams, deliver, asked } = await open();

      const { status, body } = await deliver(teams.activities.message("costs?"), { authorization: header(teams) });

      expect(status).toBe(401);
      expect(body).not.toMatch(/node_modules|\.js:/);
      expect(asked).toEqual([]);
      expect(teams.sent).toEqual([]);
    });

  test("200 for the Bot Connector, also minutes after a token's end", async () => {
    const { teams, deliver } = await open();
    const late = teams.token({ claims: { exp: Math.floor(Date.now() / 1_000) - 120 } });

    expect((await deliver(teams.activities.message("one"))).status).toBe(200);
    expect((await deliver(teams.activities.message("two"), { authorization: `Bearer ${late}` })).status).toBe(200);
  });

  test("401 for another channel than Teams, whose people may call themselves anything", async () => {
    const { teams, deliver, asked } = await open();
    const authorization = `Bearer ${teams.token({ header: { kid: "k3" } })}`;

    expect((await deliver(teams.activities.message("costs?"), { authorization })).status).toBe(200);
    asked.length = 0;
    for (const channelId of ["webchat", "directline", "AseChannel", "emulator", undefined])
      expect((await deliver({ ...teams.activities.message("costs?"), channelId }, { authorization })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  test("503 while the keys cannot be read, so that Teams delivers again", async () => {
    const { teams, deliver, asked } = await open();
    teams.gone.keys = true;

    const first = await deliver(teams.activities.message("costs?"));
    teams.gone.keys = false;

    expect(first.status).toBe(503);
    expect((await deliver(teams.activities.message("costs?"))).status).toBe(200);
    expect(asked).toHaveLength(1);
  });

  test("400 without serviceUrl, which the token could not be compared with", async () => {
    const { teams, deliver, asked } = await open();
    const { serviceUrl: _, ...activity } = teams.activities.message("costs?");

    expect((await deliver(activity)).status).toBe(400);
    expect((await deliver({ ...activity, serviceUrl: "" })).status).toBe(400);
    expect(asked).toEqual([]);
  });

  test("another tenant, or none, is heard by nobody", async () => {
    const { teams, ask, deliver, asked, ignored } = await open();
    const elsewhere = { tenant: { id: "elsewhere" } };

    await deliver(teams.activities.message("x", { conversation: { id: "a:x", tenantId: "elsewhere" }, channelData: elsewhere }));
    await ask(teams.activities.message("x", { conversation: { id: "a:x" }, channelData: {} }));

    expect(asked).toEqual([]);
    expect(ignored).toEqual(["another tenant", "no tenant"]);
    expect(teams.sent).toEqual([]);
  });

  const strangers: [string, object][] = [
    ["a person of another tenant", { channelData: { tenant: { id: "elsewhere" } } }],
    ["a sender marked with another tenant", { from: { ...ADA, tenantId: "elsewhere" } }],
    ["a guest", { from: { ...ADA, userRole: "guest" } }],
    ["a guest by name", { from: { ...ADA, userPrincipalName: "ada_x.example#EXT#@y.example" } }],
    ["a person who is not signed in", { from: { id: "29:someone", name: "Someone" } }],
  ];
  for (const [who, fields] of strangers)
    test(`${who} gets a polite no`, async () => {
      const { teams, ask, asked } = await open();

      await ask(teams.activities.mentioned("costs?", GROUP, fields));

      expect(asked).toEqual([]);
      expect(teams.seen()).toContain("I only answer");
      expect(teams.violations).toEqual([]);
    });

  test("other bots and ourselves are ignored", async () => {
    const { teams, deliver, ask, asked } = await open();
    const message = teams.activities.message("costs?");

    await deliver({ ...message, from: message.recipient });
    await deliver({ ...message, from: { id: "28:another", name: "Bot", aadObjectId: "x" } });
    await ask({ ...message, from: { ...ADA, role: "bot" } });

    expect(asked).toEqual([]);
    expect(teams.sent).toEqual([]);
  });
});

describe("one gesture, one turn", () => {
  test("HTTP is answered when the turn is kept, before it is answered", async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { teams, deliver, channel } = await open({
      answer: async function* () {
        await gate;
        yield finalReply();
      },
    });

    const { status } = await deliver(teams.activities.mentioned("costs?"));

    expect(status).toBe(200);
    expect(teams.standing).toEqual([]);
    go();
    await channel.stop();
    expect(teams.standing).toHaveLength(1);
  });

  test("what could not be kept is answered 500, and taken when Teams delivers again", async () => {
    let broken = true;
    const { teams, deliver, ask, faults } = await open({
      handle: async function* () {
        if (broken) throw new Error("secret inside");
        yield { text: "", final: false };
        yield finalReply();
      },
    });
    const activity = teams.activities.message("costs?");

    const first = await deliver(activity);
    broken = false;
    const second = await ask(activity);

    expect([first.status, second.status]).toEqual([500, 200]);
    expect(first.body).not.toContain("secret");
    expect(faults).toHaveLength(1);
    expect(teams.standing).toHaveLength(1);
  });

  test("copies with the same id, at once and in turn", async () => {
    const { teams, deliver, ask } = await open();
    const activity = teams.activities.message("costs?");

    const at = await Promise.all([1, 2, 3].map(() => deliver(activity)));
    await ask(activity);

    expect(at.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(teams.standing).toHaveLength(1);
  });

  for (const [what, make] of [
    ["a button that invokes", (a: TeamsWorld["teams"]["activities"]) => a.execute("ask", { question: "costs?" })],
    ["a button that submits", (a: TeamsWorld["teams"]["activities"]) => a.submit({ question: "costs?" })],
  ] as const)
    test(`copies of ${what} under new ids within a minute, and no longer`, async () => {
      const { teams, deliver, channel, clock } = await open();
      const click = make(teams.activities);

      await deliver(click);
      clock.advance(30_000);
      await deliver(teams.activities.copy(click));
      clock.advance(29_000);
      await deliver(teams.activities.copy(click));
      await channel.stop();

      expect(teams.standing).toHaveLength(1);
    });

  test("a button pressed by someone else is their question, beside the one of who was meant", async () => {
    const { teams, deliver, channel, asked } = await open();
    const grace = { id: "29:grace", name: "Grace Hopper", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000002" };
    teams.roster.set(grace.id, memberOf(grace));
    const click = teams.activities.submit({ question: "costs?" }, { conversation: GROUP });

    await deliver(click);
    await deliver({ ...teams.activities.copy(click), from: grace });
    await channel.stop();

    expect(asked.map(({ user }) => user.name)).toEqual([ADA.name, grace.name]);
    expect(teams.standing).toHaveLength(2);
  });

  test("the same button is pressed again after a minute and a half", async () => {
    const { teams, deliver, channel, clock } = await open();
    const click = teams.activities.submit({ question: "costs?" });

    await deliver(click);
    await until(() => teams.standing.length === 1);
    clock.advance(90_000);
    await deliver(teams.activities.copy(click));
    await channel.stop();

    expect(teams.standing).toHaveLength(2);
  });

  test("a typed message that was answered late is not asked again under another id, and one that was not taken is", async () => {
    let slow = async () => {};
    const { teams, deliver, channel, clock } = await open({
      handle: async function* () {
        await slow();
        yield { text: "", final: false };
        yield finalReply();
      },
    });
    const late = teams.activities.mentioned("late");
    const lost = teams.activities.mentioned("lost");

    slow = async () => clock.advance(16_000);
    await deliver(late);
    clock.advance(14_000);
    slow = async () => {};
    await deliver(teams.activities.copy(late));
    slow = async () => {
      clock.advance(16_000);
      throw new Error("disk full");
    };
    expect((await deliver(lost)).status).toBe(500);
    slow = async () => {};
    await deliver(teams.activities.copy(lost));
    clock.advance(90_000);
    await deliver(teams.activities.copy(late));
    await channel.stop();

    expect(teams.standing).toHaveLength(3);
  });

  test("a copy that comes while the message is still being taken waits for what becomes of it", async () => {
    let go = (_: boolean) => {};
    const gate = new Promise<boolean>((resolve) => {
      go = resolve;
    });
    let count = 0;
    const { teams, deliver, channel, clock } = await open({
      handle: async function* () {
        if (++count === 1 && !(await gate)) throw new Error("disk full");
        yield { text: "", final: false };
        yield finalReply();
      },
    });
    const activity = teams.activities.mentioned("costs?");

    const first = deliver(activity);
    await until(() => count === 1);
    clock.advance(30_000);
    const second = deliver(teams.activities.copy(activity));
    go(false);

    expect([(await first).status, (await second).status]).toEqual([500, 200]);
    await channel.stop();
    expect(teams.standing).toHaveLength(1);
  });

  test("the same words typed twice are two questions", async () => {
    const { teams, deliver, channel } = await open();

    await deliver(teams.activities.message("yes"));
    await deliver(teams.activities.message("yes"));
    await channel.stop();

    expect(teams.standing).toHaveLength(2);
  });

  test("a button's invoke is answered in the HTTP response", async () => {
    const { teams, ask, asked } = await open();

    const { status, body } = await ask(teams.activities.execute("ask", { question: "costs?" }));

    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.activity.message" });
    expect(asked[0]?.text).toBe("costs?");
  });

  test("stop waits for the turns under way and takes no more", async () => {
    let ended = false;
    const { teams, deliver, channel } = await open({
      answer: async function* () {
        await new Promise((resolve) => setImmediate(resolve));
        ended = true;
        yield finalReply();
      },
    });

    await deliver(teams.activities.message("costs?"));
    await channel.stop();

    expect(ended).toBe(true);
    expect(teams.standing).toHaveLength(1);
    expect((await deliver(teams.activities.message("more?"))).status).toBe(503);
  });
});

describe("what is asked", () => {
  test("the words without our mention, with other people's names", async () => {
    const { teams, ask, asked } = await open();

    await ask(teams.activities.mentioned("costs of <at>Ada</at> & co"));

    expect(asked[0]?.text).toBe("costs of Ada & co");
    expect(asked[0]).toMatchObject({ audience: "group", user: { id: `teams:${ADA.aadObjectId}`, name: ADA.name } });
  });

  test("a personal chat is read by its asker alone", async () => {
    const { teams, ask, asked } = await open();

    await ask(teams.activities.message("costs?"));

    expect(asked[0]?.audience).toBe("direct");
  });

  test("nothing at all gets an answer and no crash", async () => {
    const { teams, ask } = await open();

    const { status } = await ask(teams.activities.message(""));

    expect(status).toBe(200);
    expect(teams.violations).toEqual([]);
  });
});

describe("what is no message", () => {
  const NOISE: unknown[] = [
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "{}",
    { type: 7 },
    { type: "message" },
    { type: "message", serviceUrl: "nonsense", channelId: "msteams" },
  ];
  test("is answered 400 and nothing happens", async () => {
    const { deliver, asked, faults } = await open();

    for (const noise of NOISE) expect((await deliver(noise)).status).toBe(400);
    expect(asked).toEqual([]);
    expect(faults).toEqual([]);
  });

  test("odd fields in an honest frame crash nothing", async () => {
    const { teams, deliver, asked, faults } = await open();
    const odd = [null, 7, "x", [], {}, [null], { id: 7 }, { id: { id: "x" } }];
    const fields = [
      "conversation",
      "from",
      "recipient",
      "channelData",
      "entities",
      "value",
      "id",
      "text",
      "timestamp",
      "name",
      "replyToId",
    ];

    for (const type of ["message", "invoke", "installationUpdate", "conversationUpdate", "messageReaction", "event", "__proto__"])
      for (const field of fields)
        for (const value of odd.slice(0, type === "message" || type === "invoke" ? odd.length : 2)) {
          const { status } = await deliver({ ...teams.activities.message("costs?"), type, [field]: value });
          expect([200, 400, 401, 501]).toContain(status);
        }
    expect(faults).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
    expect(teams.violations).toEqual([]);
  });

  test("one megabyte and four are refused, another content type too", async () => {
    const { teams, deliver } = await open();

    for (const size of [1_048_576, 4 * 1_048_576]) expect((await deliver(teams.activities.message("x".repeat(size)))).status).toBe(413);
    expect((await deliver(teams.activities.message("x"), { "content-type": "text/plain" })).status).toBe(415);
  });

  test("a button no code knows any more is answered politely, once, and asks nothing", async () => {
    const { teams, deliver, channel, asked } = await open();
    const submit = teams.activities.submit({ theirs: true });

    await deliver(submit);
    await deliver(submit);
    const invoked = await deliver(teams.activities.execute("approve", { id: "a1" }));
    await channel.stop();

    expect(asked).toEqual([]);
    expect(teams.standing.map(({ activity }) => activity.text)).toEqual(["I do not know this button any more. Please ask in words."]);
    expect(invoked.status).toBe(200);
    expect(JSON.parse(invoked.body)).toMatchObject({ statusCode: 400, type: "application/vnd.microsoft.error" });
  });

  test("being installed, reactions and strange invokes ask nothing", async () => {
    const { teams, deliver, asked } = await open();

    const statuses = [];
    for (const activity of [
      teams.activities.installed(CHANNEL),
      teams.activities.frame({ type: "messageReaction", reactionsAdded: [{ type: "like" }] }),
      teams.activities.submit({ theirs: true }),
      teams.activities.frame({ type: "invoke", name: "composeExtension/query", value: {} }),
    ])
      statuses.push((await deliver(activity)).status);

    expect(statuses).toEqual([200, 200, 200, 501]);
    expect(asked).toEqual([]);
  });

  test("bytes that are no HTTP body leave the door open", async () => {
    const { url, teams, deliver } = await open();
    const connection = await connectRaw(Number(new URL(url).port));
    connection.send(`POST /api/messages HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n\xff\xfe{}`);
    const text = await connection.received(isWhole);
    connection.socket.destroy();

    expect(text).toMatch(/^HTTP\/1\.1 400/);
    expect((await deliver(teams.activities.message("costs?"))).status).toBe(200);
  });
});

test("the tenant compares whatever its case", async () => {
  const { teams, ask, asked } = await open();

  await ask(
    teams.activities.message("x", {
      conversation: { id: "a:1", conversationType: "personal", tenantId: TENANT.toUpperCase() },
      channelData: {},
    }),
  );

  expect(asked).toHaveLength(1);
});

describe("being put somewhere", () => {
  test("in a personal chat is answered with the person's own page, once", async () => {
    const home = { title: "Hello Ada", lines: ["Connected: bill <x>"], suggestions: ["What did we spend?"] };
    const { teams, deliver, channel } = await open({ options: { home: async () => home } });
    const news = teams.activities.installed(PERSONAL);

    await deliver(news);
    await deliver(teams.activities.copy(news));
    await channel.stop();

    expect(teams.standing).toHaveLength(1);
    expect(teams.standing[0]?.activity.text).toBe("**Hello Ada**\n\nConnected: bill &lt;x&gt;");
    expect(teams.standing[0]?.activity.suggestedActions.actions[0].value).toBe("What did we spend?");
    expect(teams.violations).toEqual([]);
  });

  for (const conversation of [GROUP, CHANNEL])
    test(`in a ${conversation.conversationType} is answered for all, without anybody's own page`, async () => {
      const home = { title: "Hello Ada", lines: ["You asked: who earns most?"], suggestions: [] };
      const { teams, deliver, channel } = await open({ options: { home: async () => home } });

      await deliver(teams.activities.installed(conversation));
      await channel.stop();

      expect(teams.seen()).toContain("Mention me with a question");
      expect(teams.seen()).not.toContain("who earns most");
      expect(teams.violations).toEqual([]);
    });

  test("by a guest, as an update, or of an unknown kind is not answered", async () => {
    const { teams, deliver, channel } = await open();

    await deliver(teams.activities.installed(PERSONAL, "add-upgrade"));
    await deliver(teams.activities.installed(PERSONAL, "dance"));
    teams.roster.set(ADA.id, memberOf(ADA, { userRole: "guest" }));
    await deliver(teams.activities.installed(PERSONAL));
    await channel.stop();

    expect(teams.sent).toEqual([]);
  });
});

describe("being thrown out", () => {
  for (const [how, activity] of [
    ["by an uninstall", (a: TeamsWorld["teams"]["activities"]) => a.installed(GROUP, "remove")],
    [
      "as a member",
      (a: TeamsWorld["teams"]["activities"]) => a.frame({ type: "conversationUpdate", conversation: GROUP, membersRemoved: [BOT] }),
    ],
  ] as const)
    test(`${how} closes the place for posts, until the bot is spoken to again`, async () => {
      const { teams, deliver, channel, asked } = await open();
      await deliver(teams.activities.mentioned("costs?"));
      await until(() => teams.standing.length === 1);

      expect((await deliver(activity(teams.activities))).status).toBe(200);
      const refused = await channel.send(`teams:${GROUP.id}`, finalReply(), "k1");
      await deliver(teams.activities.mentioned("and now?"));
      const sent = await channel.send(`teams:${GROUP.id}`, finalReply(), "k1");

      expect(refused).toEqual({ state: "refused", reason: "the bot was removed from there" });
      expect(sent.state).toBe("sent");
      expect(asked).toHaveLength(2);
    });

  test("other people leaving changes nothing", async () => {
    const { teams, deliver, channel } = await open();
    await deliver(teams.activities.mentioned("costs?"));
    await deliver(teams.activities.frame({ type: "conversationUpdate", conversation: GROUP, membersRemoved: [ADA] }));

    expect((await channel.send(`teams:${GROUP.id}`, finalReply(), "k1")).state).toBe("sent");
  });
});
