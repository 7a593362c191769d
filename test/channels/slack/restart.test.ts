import { afterEach, describe, expect, it } from "vitest";
import type { Handler } from "../../../src/core/channel.ts";
import type { Message } from "../../../src/core/message.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { answering, gate, openSlack, type SlackWorld, scripted, type WorldOptions } from "./world.ts";

const FINOPS = "C0FINOPS";
const SORRY: Reply = {
  text: "I was restarted while I worked on “costs”. Please ask again.",
  suggestions: ["costs"],
  final: true,
};
const open: SlackWorld[] = [];
const never = gate();

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A process that dies in the middle of an answer, and the next one on the same records. */
async function dying(first: readonly Reply[], options: WorldOptions = {}) {
  const begun = gate();
  const script = scripted(async function* () {
    yield* first;
    begun.open();
    await never.opened;
  });
  const given = await openSlack(script.handle, options);
  open.push(given);
  return {
    given,
    asked: () => script.asked[0] as Message,
    async die(after: () => unknown) {
      await begun.opened;
      await after();
      await given.crash(answering("Answered.").handle);
    },
    apologise: async () => {
      const { conversation, id } = script.asked[0] as Message;
      return given.channel.send(conversation, SORRY, `interrupted:${id}`);
    },
  };
}

const own = ({ slack }: SlackWorld, channel = FINOPS, as?: string) =>
  slack.transcript(channel, undefined, as ? { as } : {}).filter((message) => message.own);
const noted = ({ places }: SlackWorld, id: string) => places.get(`slack:answer:${id}`)?.reference as { ts?: string } | undefined;

describe("a turn whose process died is apologised for", () => {
  it("in its stream, whose half becomes the apology, once, and nobody seems to work on it any more", async () => {
    const { given, asked, die, apologise } = await dying([
      { status: "reading costs …", text: "", final: false },
      { text: "The first half of it is this. And", final: false },
    ]);
    await given.http.send(given.slack.gestures.direct({ user: "U0ADA", text: "costs" }));
    await die(() => expect.poll(() => noted(given, asked().id)?.ts).toBeTruthy());

    const first = await apologise();
    const again = await apologise();
    await given.settle();

    expect(first).toMatchObject({ state: "sent", id: own(given, "D0ADA")[0]?.ts });
    expect(again).toEqual(first);
    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringMatching(/^I was restarted[\s\S]*costs$/)]);
    const { ts } = given.slack.transcript("D0ADA")[0] ?? { ts: "" };
    expect(given.slack.workspace.statusShown("D0ADA", ts)).toBe("");
    expect(given.slack.workspace.sessions.at(-1)).toMatchObject({ thread: ts, status: "active" });
  });

  it("also when the stream has expired meanwhile", async () => {
    const { given, asked, die, apologise } = await dying([{ text: "The first half of it is this. And", final: false }]);
    await given.http.send(given.slack.gestures.direct({ user: "U0ADA", text: "costs" }));
    await die(() => expect.poll(() => noted(given, asked().id)?.ts).toBeTruthy());
    given.clock.advance(3_600_000);

    await apologise();
    await given.settle();

    expect(own(given, "D0ADA")).toMatchObject([{ edited: true, shown: expect.stringContaining("I was restarted") }]);
  });

  it("in the placeholder of its command, and the button under it asks again in the same thread", async () => {
    const { given, asked, die, apologise } = await dying([{ status: "reading costs …", text: "", final: false }]);
    await given.http.send(given.slack.gestures.command({ command: "/costs", user: "U0ADA", channel: FINOPS }));
    await die(() => given.slack.called("assistant.threads.setStatus"));

    await apologise();
    const [apology] = own(given);
    await given.http.send(given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts: apology?.ts ?? "", button: "costs" }));
    await given.settle();

    expect(asked().text).toBe("/costs");
    expect(own(given).map(({ edited, threadTs, shown }) => [edited, threadTs, shown.split("\n").at(0)])).toEqual([
      [true, undefined, SORRY.text],
      [false, apology?.ts, "_costs_"],
    ]);
    expect(given.slack.workspace.statusShown(FINOPS, apology?.ts ?? "")).toBe("");
  });

  it("in the thread of its mention, where nothing stood yet, once", async () => {
    const scopes = ["chat:write", "files:write", "assistant:write", "im:history", "channels:history"];
    const { given, die, apologise } = await dying([{ status: "reading costs …", text: "", final: false }], {
      slack: { manifestScopes: scopes },
    });
    const gesture = given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" });
    await given.http.send(gesture);
    await die(() => given.slack.called("assistant.threads.setStatus"));

    await apologise();
    given.places.clear();
    await apologise();
    await given.settle();

    expect(own(given)).toMatchObject([{ threadTs: gesture.ts, shown: expect.stringContaining("I was restarted") }]);
    expect(given.slack.workspace.statusShown(FINOPS, gesture.ts)).toBe("");
  });

  it("to the asker alone, when it was private", async () => {
    const { given, asked, die, apologise } = await dying([]);
    await given.http.send(given.slack.gestures.command({ command: "/costs", text: "--private", user: "U0ADA", channel: FINOPS }));
    await die(() => expect.poll(() => noted(given, asked().id)).toBeTruthy());

    expect(await apologise()).toMatchObject({ state: "sent" });
    await given.settle();

    expect(own(given, FINOPS, "U0ADA")).toEqual([]);
    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining("I was restarted")]);
  });

  it("nowhere rather than in front of all, when it is not known who may read it", async () => {
    const { given, die, apologise } = await dying([]);
    await given.http.send(given.slack.gestures.command({ command: "/costs", text: "--private", user: "U0ADA", channel: FINOPS }));
    await die(() => {});
    given.places.clear();

    expect(await apologise()).toMatchObject({ state: "refused" });
    await given.settle();

    expect(own(given, FINOPS, "U0ADA")).toEqual([]);
  });

  it("in the thread, when what stood there was deleted", async () => {
    const { given, asked, die, apologise } = await dying([{ text: "The first half of it is this. And", final: false }]);
    const gesture = given.slack.gestures.direct({ user: "U0ADA", text: "costs" });
    await given.http.send(gesture);
    await die(() => expect.poll(() => noted(given, asked().id)?.ts).toBeTruthy());
    given.slack.gestures.remove("D0ADA", noted(given, asked().id)?.ts ?? "");
    given.clock.advance(400_000);

    expect(await apologise()).toMatchObject({ state: "sent" });
    await given.settle();

    expect(own(given, "D0ADA")).toMatchObject([{ threadTs: gesture.ts, edited: false, shown: expect.stringContaining("I was restarted") }]);
  });

  it("says so when Slack does not take it", async () => {
    const { given, asked, die, apologise } = await dying([{ text: "The first half of it is this. And", final: false }]);
    await given.http.send(given.slack.gestures.direct({ user: "U0ADA", text: "costs" }));
    await die(() => expect.poll(() => noted(given, asked().id)?.ts).toBeTruthy());
    given.slack.switchOff("token_revoked");

    expect(await apologise()).toMatchObject({ state: "refused", reason: expect.stringContaining("install the app again") });
    given.slack.switchOff(undefined);
    expect(await apologise()).toMatchObject({ state: "sent" });
  });
});

describe("what is kept to find an answer again", () => {
  it("may all be forgotten after a time: an answer's place after a week, a thread's after more than a year", async () => {
    const handle: Handler = answering("Done.").handle;
    const given = await openSlack(handle);
    open.push(given);

    await given.http.send(given.slack.gestures.command({ command: "/costs", user: "U0ADA", channel: FINOPS }));
    await given.settle();

    const days = [...given.places.values()].map(({ until }) =>
      Math.floor(((until?.getTime() ?? 0) - given.clock.now().getTime()) / 86_400_000),
    );
    expect(days.toSorted((a, b) => a - b)).toEqual([expect.closeTo(7, -1), expect.closeTo(400, -1), expect.closeTo(400, -1)]);
  });

  it("tells which answers have arrived, and which not", async () => {
    const delivered: string[] = [];
    const hold = gate();
    const script = scripted(async function* (message) {
      if (message.text === "slow") await hold.opened;
      yield { text: "Done.", final: true };
    });
    const given = await openSlack(script.handle, { channel: { onDelivered: async (id) => void delivered.push(id) } });
    open.push(given);

    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "slow" }));
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "fast" }));
    await expect.poll(() => delivered).toEqual([script.asked[1]?.id]);
    expect(own(given)).toHaveLength(1);
    hold.open();
    await given.settle();

    expect(delivered).toEqual([script.asked[1]?.id, script.asked[0]?.id]);
  });
});
