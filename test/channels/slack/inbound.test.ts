import { afterEach, describe, expect, it } from "vitest";
import type { Gesture } from "../../kit/slack/index.ts";
import { shuffledDuplicates } from "../../kit/slack/shuffled.ts";
import { answering, final, gate, openSlack, realRouter, type SlackWorld, scripted } from "./world.ts";

const FINOPS = "C0FINOPS";
const ASK = { user: "U0ADA", channel: FINOPS, text: "how much did we spend last month?" };
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(...given: Parameters<typeof openSlack>): Promise<SlackWorld> {
  const made = await openSlack(...given);
  open.push(made);
  return made;
}

async function router(...given: Parameters<typeof realRouter>) {
  const made = await realRouter(...given);
  open.push(made);
  return made;
}

/** Messages of ours in a channel. */
function own({ slack }: SlackWorld, channel = FINOPS) {
  return slack.transcript(channel).filter((message) => message.own);
}

const ORDERS = ["forward", "backward", "together"] as const;

describe("one gesture", () => {
  const kinds: [string, (slack: SlackWorld["slack"], original: Gesture) => Gesture][] = [
    ["a retry", (_, original) => original],
    ["its twin of the other event", (slack, original) => slack.gestures.twin(original)],
    ["its twin without the client's id", (slack, original) => slack.gestures.twin(original, { withoutClientId: true })],
    ["the same surfaced again", (slack, original) => slack.gestures.surfacedAgain(original)],
    ["the same for another app it names", (slack, original) => slack.gestures.forOtherApp(original)],
  ];

  it.each(kinds.flatMap(([name, make]) => ORDERS.map((order) => [name, order, make] as const)))(
    "and %s, %s, are one turn with one answer",
    async (_, order, make) => {
      const { handle, turns, faults } = await router();
      const given = await world(handle);
      const original = given.slack.gestures.mention(ASK);

      const acks = await given.http.sendAll([original, make(given.slack, original)], order);
      await given.settle();

      expect(acks.map((ack) => ack.status)).toEqual([200, 200]);
      expect(await turns()).toBe(1);
      expect(own(given)).toHaveLength(1);
      expect(faults).toEqual([]);
    },
  );

  it("stays one turn over 600 shuffled deliveries of 120 messages", async () => {
    const { handle, turns } = await router(async function* (turn) {
      yield final("Done.", turn.message);
    });
    const given = await world(handle, { slack: { limits: { "chat.postMessage": 0 } } });

    const acks = await given.http.sendAll(shuffledDuplicates(given.slack, 120), "together");
    await given.settle();

    expect(acks).toHaveLength(600);
    expect(new Set(acks.map((ack) => ack.status))).toEqual(new Set([200]));
    expect(await turns()).toBe(120);
    expect(own(given)).toHaveLength(120);
  });

  it("delivered again while its answer is under way adds nothing", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      await hold.opened;
      yield final("Done.", message);
    });
    const given = await world(script.handle);
    const gesture = given.slack.gestures.mention(ASK);

    await given.http.send(gesture);
    const retry = await given.http.send(gesture, { retry: { num: 1, reason: "http_timeout" } });
    hold.open();
    await given.settle();

    expect(retry.status).toBe(200);
    expect(own(given).map((message) => message.shown)).toEqual([expect.stringContaining("Done.")]);
  });

  it("edited or deleted before its answer is answered as it was asked", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      await hold.opened;
      yield final(`You asked: ${message.text}`, message);
    });
    const given = await world(script.handle);
    const gesture = given.slack.gestures.direct({ user: "U0ADA", text: "first" });

    await given.http.send(gesture);
    await given.http.send(given.slack.gestures.edit("D0ADA", gesture.ts, "second"));
    await given.http.send(given.slack.gestures.remove("D0ADA", gesture.ts));
    hold.open();
    await given.settle();

    expect(script.asked.map((message) => message.text)).toEqual(["first"]);
    expect(own(given, "D0ADA").map((message) => message.text)).toEqual([expect.stringContaining("You asked: first")]);
    expect(given.ignored).toEqual(["message_changed", "message_deleted"]);
  });
});

describe("who is answered", () => {
  it.each([
    ["another bot", { bot_id: "B0RIVAL" }],
    ["an old-style bot", { subtype: "bot_message" }],
    ["itself", { user: "U0FIRSTMATE" }],
    ["a message that joins the channel", { subtype: "channel_join" }],
  ])("is not %s", async (_, extra) => {
    const script = answering("no");
    const given = await world(script.handle);

    const ack = await given.http.send(given.slack.gestures.mention({ ...ASK, extra }));
    await given.settle();

    expect(ack.status).toBe(200);
    expect(script.asked).toEqual([]);
    expect(given.slack.callsTo("chat.postMessage")).toEqual([]);
  });

  it.each([
    ["a guest", "U0GUS", FINOPS, "full members"],
    ["a stranger", "U0SID", "C0SHARED", "shared with other companies"],
    ["a member in a shared channel", "U0ADA", "C0SHARED", "shared with other companies"],
  ])("is not %s, who hears why, once and alone", async (_, user, channel, why) => {
    const script = answering("no");
    const given = await world(script.handle, { slack: { manifestScopes: ["chat:write", "users:read", "channels:read"] } });
    const gesture = given.slack.gestures.mention({ ...ASK, user, channel });

    await given.http.sendAll([gesture, given.slack.gestures.surfacedAgain(gesture), gesture], "together");
    await given.settle();

    expect(script.asked).toEqual([]);
    expect(own(given, channel)).toEqual([]);
    const told = given.slack.transcript(channel, undefined, { as: user }).filter((message) => message.own);
    expect(told.map((message) => message.shown)).toEqual([expect.stringContaining(why)]);
  });

  it("is not somebody who cannot be checked just now", async () => {
    const script = answering("no");
    const given = await world(script.handle, { slack: { manifestScopes: ["chat:write", "users:read"] } });
    given.slack.faults.inject("users.info", { kind: "status", status: 500, accept: "before" });

    await given.http.send(given.slack.gestures.mention(ASK));
    await given.http.send(given.slack.gestures.mention(ASK));
    await given.settle();

    expect(script.asked).toHaveLength(1);
    expect(given.slack.transcript(FINOPS, undefined, { as: "U0ADA" }).map((m) => m.shown)).toContainEqual(
      expect.stringContaining("could not check who you are"),
    );
  });

  it("is a member, by name and zone where we may look them up, and once for many questions", async () => {
    const script = answering("yes");
    const given = await world(script.handle, { slack: { manifestScopes: ["chat:write", "users:read", "users:read.email"] } });

    await given.http.sendAll(
      [1, 2, 3].map(() => given.slack.gestures.mention(ASK)),
      "together",
    );
    await given.settle();

    expect(script.asked[0]).toMatchObject({
      audience: "group",
      user: { id: "slack:T0HARBOR:U0ADA", name: "Ada Marin", email: "ada@harbor.example", timeZone: "Europe/Berlin" },
    });
    expect(given.slack.callsTo("users.info")).toHaveLength(1);
  });

  it.each([
    ["a guest", "U0GUS", FINOPS],
    ["anybody in a shared channel", "U0ADA", "C0SHARED"],
  ])("is not %s by command either", async (_, user, channel) => {
    const script = answering("no");
    const given = await world(script.handle, { slack: { manifestScopes: ["chat:write", "users:read", "channels:read"] } });

    await given.http.send(given.slack.gestures.command({ command: "/costs", user, channel }));
    await given.settle();

    expect(script.asked).toEqual([]);
    expect(own(given, channel)).toEqual([]);
    expect(given.slack.callsTo("response_url")).toHaveLength(1);
  });
});

describe("a request", () => {
  it.each([
    ["good", 200],
    ["wrong", 401],
    ["missing", 401],
    ["stale", 401],
    ["future", 401],
    ["old version", 401],
  ] as const)("with a %s signature is answered %i", async (signature, status) => {
    const script = answering("yes");
    const given = await world(script.handle);

    const ack = await given.http.send(given.slack.gestures.mention(ASK), { signature });
    await given.settle();

    expect(ack.status).toBe(status);
    expect(script.asked).toHaveLength(status === 200 ? 1 : 0);
  });

  it("that is replayed is told yes and does nothing", async () => {
    let pressed = 0;
    const given = await world(answering("yes").handle, { channel: { onFeedback: async () => void pressed++ } });
    const { ts } = (await ask(given)) ?? { ts: "" };

    const ack = await given.http.send(given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "firstmate_feedback" }));
    const again = await given.http.replay(ack);
    await given.settle();

    expect([ack.status, again.status, pressed]).toEqual([200, 200, 1]);
  });

  it("that is huge, damaged or no JSON is refused, and the next one is answered", async () => {
    const given = await world(answering("yes").handle);
    const gesture = given.slack.gestures.mention(ASK);

    expect((await given.http.send(gesture, { pad: 5_000_000 })).status).toBe(413);
    expect((await given.http.send(gesture, { cut: { at: 100, how: "signed whole" } })).status).toBe(401);
    expect((await given.http.send(gesture, { cut: { at: 100, how: "signed cut" } })).status).toBe(400);
    expect((await given.http.send(gesture, { cut: { at: 100, how: "connection dies" } })).status).toBe(0);
    expect((await given.http.send(gesture)).status).toBe(200);
    await given.stop();

    expect(own(given)).toHaveLength(1);
  });

  it.each([["event.user"], ["event.ts"], ["event.channel"], ["event.text"], ["event"], ["authorizations"], ["api_app_id"], ["team_id"]])(
    "without %s does no harm",
    async (path) => {
      const given = await world(answering("yes").handle);

      const ack = await given.http.send(given.slack.gestures.mention(ASK), { without: [path] });
      await given.settle();

      expect(ack.status).toBe(200);
    },
  );

  it.each([["user_id"], ["channel_id"], ["trigger_id"], ["text"], ["response_url"], ["team_id"]])(
    "of a command without %s does no harm",
    async (path) => {
      const given = await world(answering("yes").handle);
      const command = given.slack.gestures.command({ command: "/costs", text: "now", user: "U0ADA", channel: FINOPS });

      const ack = await given.http.send(command, { without: [path] });
      await given.settle();

      expect(ack.status).toBe(200);
    },
  );

  it("to shake hands is answered, and lets nothing else in", async () => {
    const given = await world(answering("yes").handle);

    expect(JSON.parse((await given.http.send(given.slack.gestures.urlVerification("abc"))).body)).toEqual({ challenge: "abc" });
    expect((await given.http.send(given.slack.gestures.sslCheck())).status).toBe(200);
    expect((await given.http.send(given.slack.gestures.mention(ASK), { signature: "missing" })).status).toBe(401);
    await given.settle();
  });

  it("of a kind we do not know is acknowledged and left alone", async () => {
    const given = await world(answering("yes").handle);

    const event = await given.http.send(given.slack.gestures.event({ type: "reaction_added", user: "U0ADA" }));
    const context = await given.http.send(given.slack.gestures.contextChanged("U0ADA", []));
    await given.settle();

    expect([event.status, context.status]).toEqual([200, 200]);
    expect(given.ignored).toEqual(["event reaction_added", "event app_context_changed"]);
  });
});

it.each(["app_uninstalled", "tokens_revoked"])("tells the owner of %s", async (type) => {
  const given = await world(answering("yes").handle);

  const ack = await given.http.send(given.slack.gestures.event({ type }));
  await given.stop();

  expect(ack.status).toBe(200);
  expect(given.faults).toHaveLength(1);
});

async function ask(given: SlackWorld) {
  await given.http.send(given.slack.gestures.mention(ASK));
  await expect.poll(() => own(given).length).toBe(1);
  return own(given)[0];
}

describe("stopping", () => {
  it("waits for the answers under way, and lets Slack deliver the rest again", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      await hold.opened;
      yield final("Done.", message);
    });
    const given = await world(script.handle);
    await given.http.send(given.slack.gestures.mention(ASK));

    const stopping = given.channel.stop();
    const late = await given.http.send(given.slack.gestures.mention(ASK));
    hold.open();
    await stopping;

    expect(late.status).toBe(503);
    expect(own(given)).toHaveLength(1);
    await given.settle();
  });
});

describe("the acknowledgement", () => {
  it("comes once the turn is kept, and not before", async () => {
    const hold = gate();
    let acknowledged = false;
    const given = await world(async function* (message) {
      await hold.opened;
      yield { text: "", final: false };
      yield final("Done.", message);
    });

    const sending = given.http.send(given.slack.gestures.mention(ASK)).then((ack) => {
      acknowledged = true;
      return ack;
    });
    await given.slack.called("auth.test");
    for (let i = 0; i < 50; i++) await new Promise((done) => setImmediate(done));
    expect(acknowledged).toBe(false);
    hold.open();

    expect((await sending).status).toBe(200);
    await given.settle();
  });

  it("is refused when the turn cannot be kept, and the next delivery is answered", async () => {
    let calls = 0;
    const given = await world(async function* (message) {
      if (++calls === 1) throw new Error("the database is gone");
      yield final("Done.", message);
    });
    const gesture = given.slack.gestures.mention(ASK);

    const first = await given.http.send(gesture);
    const second = await given.http.send(gesture, { retry: { num: 1, reason: "http_error" } });
    await given.stop();

    expect([first.status, second.status]).toEqual([500, 200]);
    expect(given.faults.map(String)).toEqual(["Error: the database is gone"]);
    expect(own(given)).toHaveLength(1);
  });

  it("does not wait for answers: a hundred at once", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      await hold.opened;
      yield final("Done.", message);
    });
    const given = await world(script.handle, { slack: { limits: { "chat.postMessage": 0 } } });
    const burst = Array.from({ length: 100 }, (_, i) => given.slack.gestures.mention({ ...ASK, text: `question ${i}` }));

    const acks = await given.http.sendAll(burst, "together");

    expect(new Set(acks.map((ack) => ack.status))).toEqual(new Set([200]));
    expect(own(given)).toEqual([]);
    hold.open();
    await given.settle();
    expect(own(given)).toHaveLength(100);
  });
});
