import { afterEach, describe, expect, it } from "vitest";
import { answering, final, gate, openSlack, realRouter, type SlackWorld, scripted } from "./world.ts";

const FINOPS = "C0FINOPS";
const COMMAND = { command: "/costs", text: "by service in October 2026", user: "U0ADA", channel: FINOPS };
const MEMBER_SCOPES = ["chat:write", "users:read", "files:write", "im:history", "assistant:write"];
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(...given: Parameters<typeof openSlack>): Promise<SlackWorld> {
  const made = await openSlack(...given);
  open.push(made);
  return made;
}

function own({ slack }: SlackWorld, channel = FINOPS) {
  return slack.transcript(channel).filter((message) => message.own);
}

async function answered(given: SlackWorld, words: string | RegExp, channel = FINOPS): Promise<string> {
  const find = () => own(given, channel).find((message) => message.shown.match(words));
  await expect.poll(find).toBeTruthy();
  return find()?.ts ?? "";
}

describe("a slash command", () => {
  it("becomes one message for all that says who asked what, and its thread goes on, also after a restart", async () => {
    const router = await realRouter();
    open.push(router);
    const given = await world(router.handle, { slack: { manifestScopes: MEMBER_SCOPES }, channel: router.places });

    const ack = await given.http.send(given.slack.gestures.command(COMMAND));
    const ts = await answered(given, "\\$");
    await given.http.send(given.slack.gestures.mention({ user: "U0BEN", channel: FINOPS, text: "and by region?", threadTs: ts }));
    await given.restart(router.handle);
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "and by account?", threadTs: ts }));
    await given.settle();

    expect(ack).toMatchObject({ status: 200, body: "" });
    const [answer, ...replies] = own(given);
    expect(answer).toMatchObject({ ts, edited: true });
    expect(answer?.shown).toMatch(/Ada Marin asked: \/costs by service/);
    expect(replies.map((message) => message.threadTs)).toEqual(replies.map(() => ts));
    expect(replies.map((message) => message.shown).join("\n")).toMatch(/eu-west-1[\s\S]*production/);
    const conversations = await router.database.kysely.selectFrom("turns").select("conversation_id").execute();
    expect(new Set(conversations.map((row) => row.conversation_id)).size).toBe(1);
    expect(router.faults).toEqual([]);
  });

  it("can be followed by a post of ours in its thread", async () => {
    const script = answering("Done.");
    const given = await world(script.handle);
    await given.http.send(given.slack.gestures.command(COMMAND));
    const ts = await answered(given, "Done.");

    const sent = await given.channel.send(script.asked[0]?.conversation ?? "", { text: "And today.", final: true }, "k1");
    await given.settle();

    expect(sent).toMatchObject({ state: "sent" });
    expect(own(given).at(-1)).toMatchObject({ threadTs: ts, shown: "And today." });
  });

  it("pressed twice is two questions, delivered twice is one", async () => {
    const script = answering("Done.");
    const given = await world(script.handle, { slack: { limits: { "chat.postMessage": 0 } } });
    const command = given.slack.gestures.command(COMMAND);

    await given.http.sendAll([command, command, given.slack.gestures.command(COMMAND)], "together");
    await given.settle();

    expect(script.asked).toHaveLength(2);
    expect(own(given)).toHaveLength(2);
  });

  it("with --private is answered to the asker alone", async () => {
    const script = answering("Ten dollars.", { suggestions: ["and by region?"] });
    const given = await world(script.handle);

    await given.http.send(given.slack.gestures.command({ ...COMMAND, command: "/firstmate", text: "costs today --private" }));
    await given.settle();

    expect(script.asked[0]).toMatchObject({ text: "/costs today", audience: "direct" });
    expect(own(given)).toEqual([]);
    expect(given.slack.transcript(FINOPS, undefined, { as: "U0ADA" }).map((m) => m.shown)).toEqual([
      expect.stringContaining("Ten dollars."),
    ]);
  });

  it.each([
    ["C0QUIET", "invite me with /invite"],
    ["C0OLD", "archived"],
  ])("in %s, where we may not post, says what to do", async (channel, words) => {
    const given = await world(answering("Done.").handle);

    await given.http.send(given.slack.gestures.command({ ...COMMAND, channel }));
    await given.settle();

    expect(given.slack.transcript(channel, undefined, { as: "U0ADA" }).map((m) => m.shown)).toEqual([expect.stringContaining(words)]);
  });

  it("shows what was asked without its markup", async () => {
    const given = await world(answering("Done.").handle);

    await given.http.send(given.slack.gestures.command({ ...COMMAND, text: "*<!channel>* [x](https://evil.example) `y`" }));
    await given.settle();

    expect(own(given)[0]?.shown).not.toMatch(/evil|<!|`/);
  });
});

describe("a button", () => {
  const SUGGESTING = { suggestions: ["and by region?"] };

  it("with a suggestion asks it in the same conversation, as the person who pressed", async () => {
    const script = answering("Done.", SUGGESTING);
    const given = await world(script.handle, { slack: { manifestScopes: MEMBER_SCOPES } });
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    const ts = await answered(given, "Done.");

    const press = given.slack.gestures.press({ user: "U0BEN", channel: FINOPS, ts, button: "and by region?" });
    await given.http.sendAll([press, press], "together");
    await given.settle();

    expect(script.asked.map(({ text, user }) => [text, user.name])).toEqual([
      ["costs", "Ada Marin"],
      ["and by region?", "Ben Okafor"],
    ]);
    expect(new Set(script.asked.map((message) => message.conversation)).size).toBe(1);
    expect(own(given).at(-1)?.shown).toContain("Ben Okafor asked: and by region?");
  });

  it("pressed under a command's answer goes on with the command", async () => {
    const script = answering("Done.", SUGGESTING);
    const given = await world(script.handle);
    await given.http.send(given.slack.gestures.command(COMMAND));
    const ts = await answered(given, "Done.");

    await given.http.send(given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "and by region?" }));
    await given.settle();

    expect(new Set(script.asked.map((message) => message.conversation)).size).toBe(1);
    expect(own(given).map((message) => message.threadTs)).toEqual([undefined, ts]);
  });

  it("is not for guests", async () => {
    const script = answering("Done.", SUGGESTING);
    const given = await world(script.handle, { slack: { manifestScopes: MEMBER_SCOPES } });
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    const ts = await answered(given, "Done.");

    await given.http.send(given.slack.gestures.press({ user: "U0GUS", channel: FINOPS, ts, button: "and by region?" }));
    await given.http.send(given.slack.gestures.press({ user: "U0GUS", channel: FINOPS, ts, button: "firstmate_feedback" }));
    await given.settle();

    expect(script.asked).toHaveLength(1);
    expect(given.feedback).toEqual([]);
  });

  it("in a channel that is shared by now is not answered", async () => {
    const script = answering("Done.", SUGGESTING);
    const given = await world(script.handle, { slack: { manifestScopes: [...MEMBER_SCOPES, "channels:read"] } });
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    const ts = await answered(given, "Done.");
    const room = given.slack.workspace.rooms.get(FINOPS);
    if (room) room.extShared = true;

    await given.http.send(given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "and by region?" }));
    await given.settle();

    expect(script.asked).toHaveLength(1);
  });

  it("of feedback keeps what each person thinks", async () => {
    const given = await world(answering("Done.").handle);
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    const ts = await answered(given, "Done.");
    const press = (user: string, verdict: "positive" | "negative") =>
      given.http.send(given.slack.gestures.press({ user, channel: FINOPS, ts, button: "firstmate_feedback", verdict }));

    await press("U0ADA", "positive");
    await press("U0ADA", "negative");
    await press("U0BEN", "positive");
    await given.settle();

    expect(given.feedback).toEqual([
      { turn: "t1", user: "slack:T0HARBOR:U0ADA", verdict: "good" },
      { turn: "t1", user: "slack:T0HARBOR:U0ADA", verdict: "bad" },
      { turn: "t1", user: "slack:T0HARBOR:U0BEN", verdict: "good" },
    ]);
  });

  it("we do not know does nothing", async () => {
    const script = answering("Done.");
    const given = await world(script.handle);
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    const ts = await answered(given, "Done.");
    const press = given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "firstmate_feedback" });
    const strange = { ...press, payload: { ...press.payload, actions: [{ action_id: "launch", value: "missiles" }] } };

    const ack = await given.http.send(strange);
    const empty = await given.http.send({ ...press, payload: { type: "block_actions" } });
    await given.settle();

    expect([ack.status, empty.status]).toEqual([200, 200]);
    expect(given.ignored).toEqual(["action launch", "fields missing"]);
    expect(script.asked).toHaveLength(1);
  });
});

describe("the stop button", () => {
  it.each([
    ["before anything was said", ""],
    ["in the middle of an answer", "The first half is this. "],
  ])("%s aborts the work, and nothing is added", async (_, half) => {
    const begun = gate();
    const script = scripted(async function* (message, signal) {
      yield { status: "reading costs …", text: half, final: false };
      begun.open();
      await new Promise((stop) => signal.addEventListener("abort", stop, { once: true }));
      yield final(`${half}Stopped before the answer was complete.`, message);
    });
    const given = await world(script.handle);
    const gesture = given.slack.gestures.direct({ user: "U0ADA", text: "costs" });
    await given.http.send(gesture);
    await begun.opened;
    if (half) await given.slack.called("chat.startStream");
    const before = own(given, "D0ADA").length;

    await given.http.send(given.slack.gestures.sessionStopped("D0ADA", gesture.ts, "U0ADA"));
    await given.settle();

    expect(script.signals[0]?.aborted).toBe(true);
    const after = own(given, "D0ADA");
    expect(after).toHaveLength(before);
    expect(after.map((message) => message.text).join()).not.toContain("Stopped before");
    expect(given.slack.workspace.statusShown("D0ADA", gesture.ts)).toBe("");
    expect(given.slack.workspace.sessions.map(({ status }) => status)).toEqual(["processing", "active"]);
  });

  it("of somebody else, or in another thread, stops nothing", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      await hold.opened;
      yield final("Done.", message);
    });
    const given = await world(script.handle);
    const gesture = given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" });
    await given.http.send(gesture);

    await given.http.send(given.slack.gestures.sessionStopped(FINOPS, gesture.ts, "U0BEN"));
    await given.http.send(given.slack.gestures.sessionStopped(FINOPS, "1700000000.000001", "U0ADA"));
    hold.open();
    await given.settle();

    expect(script.signals[0]?.aborted).toBe(false);
    expect(own(given)).toHaveLength(1);
  });
});

describe("the home tab", () => {
  const home = async (user: string) => ({
    title: "Good morning",
    lines: [`Connected for ${user}: bill <!channel>`, ""],
    suggestions: ["What did we spend yesterday?", "b", "c", "d", "e", "f"],
  });

  it("shows what is connected and what to ask; its buttons are answered directly", async () => {
    const script = answering("Done.");
    const given = await world(script.handle, { slack: { manifestScopes: MEMBER_SCOPES }, channel: { home } });

    await given.http.send(given.slack.gestures.homeOpened("U0ADA", "home"));
    await expect.poll(() => given.slack.workspace.homes.size).toBe(1);
    await given.http.send(given.slack.gestures.press({ user: "U0ADA", button: "What did we spend yesterday?" }));
    await given.settle();

    const view = JSON.stringify(given.slack.workspace.homes.get("U0ADA")?.view);
    expect(view).toContain("Connected for slack:T0HARBOR:U0ADA: bill &lt;!channel&gt;");
    expect(script.asked[0]).toMatchObject({ text: "What did we spend yesterday?", audience: "direct" });
    expect(own(given, "D0ADA")[0]?.shown).toMatch(/Ada Marin asked: What did we spend yesterday\?[\s\S]*Done\./);
  });

  it("offers prompts where messages begin, for no thread", async () => {
    const given = await world(answering("Done.").handle, { channel: { home } });

    await given.http.send(given.slack.gestures.homeOpened("U0ADA", "messages"));
    await given.settle();

    expect(given.slack.workspace.prompts).toMatchObject([{ channel: "D0ADA", title: "Good morning", prompts: { length: 4 } }]);
  });

  it("has words of its own, and none of ours for guests", async () => {
    const given = await world(answering("Done.").handle, { slack: { manifestScopes: MEMBER_SCOPES } });

    await given.http.send(given.slack.gestures.homeOpened("U0ADA", "home"));
    await given.http.send(given.slack.gestures.homeOpened("U0GUS", "home"));
    await given.http.send(given.slack.gestures.homeOpened("U0GUS", "messages"));
    await given.settle();

    expect(JSON.stringify(given.slack.workspace.homes.get("U0ADA")?.view)).toContain("Every figure comes with where it is from");
    expect(JSON.stringify(given.slack.workspace.homes.get("U0GUS")?.view)).toContain("full members");
    expect(given.slack.workspace.prompts).toEqual([]);
  });
});
