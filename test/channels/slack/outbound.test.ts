import { afterEach, describe, expect, it, vi } from "vitest";
import type { Reply } from "../../../src/core/reply.ts";
import { chart, prose, table } from "../../kit/golden/pieces.ts";
import { FAULTS, type Fault } from "../../kit/slack/index.ts";
import { answering, final, gate, openSlack, type SlackWorld, scripted } from "./world.ts";

const FINOPS = "C0FINOPS";
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(...given: Parameters<typeof openSlack>): Promise<SlackWorld> {
  const made = await openSlack(...given);
  open.push(made);
  return made;
}

function own({ slack }: SlackWorld, channel: string) {
  return slack.transcript(channel).filter((message) => message.own);
}

const direct = ({ slack, http }: SlackWorld) => http.send(slack.gestures.direct({ user: "U0ADA", text: "costs" }));
const mention = ({ slack, http }: SlackWorld, channel = FINOPS) =>
  http.send(slack.gestures.mention({ user: "U0ADA", channel, text: "costs" }));
const WITH_HISTORY = ["chat:write", "files:write", "assistant:write", "im:history", "channels:history"];

/** Grows by steps; the test is called before each. */
function growing(steps: readonly string[], before: (step: number) => unknown = () => {}) {
  return scripted(async function* (message) {
    let text = "";
    for (const [i, step] of steps.entries()) {
      await before(i);
      text += step;
      yield { text, final: false };
    }
    await before(steps.length);
    yield final(text, message, { suggestions: ["and by region?"] });
  });
}

const STEPS = [`${prose(300)} one. `, `${prose(300)} two. `, `${prose(300)} three.`] as const;
const WHOLE = STEPS.join("");

describe("a stream", () => {
  it("grows before the reader's eyes, after a status that goes, and ends once and whole", async () => {
    const seen: string[] = [];
    const given: SlackWorld = await world(
      scripted(async function* (message) {
        yield { status: "reading costs …", text: "", final: false };
        await given.slack.called("assistant.threads.setStatus");
        let text = "";
        for (const [i, step] of STEPS.entries()) {
          text += step;
          yield { text, final: false };
          await given.slack.called(i === 0 ? "chat.startStream" : "chat.appendStream", Math.max(1, i));
          await expect.poll(() => own(given, "D0ADA")[0]?.text.length ?? 0).toBeGreaterThan(seen.at(-1)?.length ?? 0);
          seen.push(own(given, "D0ADA")[0]?.text ?? "");
        }
        yield final(text, message, { suggestions: ["and by region?"] });
      }).handle,
    );

    await direct(given);
    await given.settle();

    const [answer, ...more] = own(given, "D0ADA");
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ text: WHOLE, streaming: "complete", edited: false });
    expect(answer?.shown).toContain("and by region?");
    expect(seen.every((text) => WHOLE.startsWith(text))).toBe(true);
    expect(given.slack.workspace.statuses.map((status) => status.status)).toEqual(["reading costs …", "", ""]);
  });

  it("that began otherwise than it ended is put right by an edit", async () => {
    const given = await world(
      scripted(function* (message) {
        yield { text: "It cost ten dollars. And more.", final: false };
        yield final("It cost twelve dollars.", message);
      }).handle,
    );

    await direct(given);
    await given.settle();

    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining("It cost twelve dollars.")]);
  });

  it("never carries a link, nor half of one", async () => {
    const url = "https://bill.example/october";
    const text = `See [the bill](${url}) and ![a](https://evil.example/x.png) or https://evil.example/y now.`;
    const given = await world(
      scripted(function* (message) {
        for (let i = 5; i < text.length; i += 3) yield { text: text.slice(0, i), final: false };
        yield final(text, message, { receipts: [{ id: "r", source: "bill", query: "q", fetchedAt: new Date(0), status: "live", url }] });
      }).handle,
    );

    await direct(given);
    await given.settle();

    expect(own(given, "D0ADA")).toMatchObject([{ streaming: "complete" }]);
    expect(own(given, "D0ADA")[0]?.text).not.toMatch(/https?:|\]\(/);
  });

  it.each(["unknown_method", "feature_not_enabled", "method_deprecated"])(
    "that Slack does not have (%s) is a post instead",
    async (code) => {
      const given = await world(growing(STEPS).handle);
      given.slack.faults.inject("chat.startStream", { kind: "error", code });

      await direct(given);
      await given.settle();

      expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining(WHOLE)]);
    },
  );

  it("goes over to edits before Slack forgets it", async () => {
    const steps = [STEPS[0], `${prose(600)} two. `, STEPS[2]];
    const given: SlackWorld = await world(
      growing(steps, async (step) => {
        if (step === 1) await given.slack.called("chat.startStream");
        if (step === 1) given.clock.advance(290_000);
        if (step === 2) await given.slack.called("chat.update");
      }).handle,
    );

    await direct(given);
    await given.settle();

    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining(steps.join(""))]);
    expect(given.slack.callsTo("chat.appendStream")).toEqual([]);
  });

  it("that died while nobody wrote is made whole by an edit", async () => {
    const given: SlackWorld = await world(
      growing([STEPS[0]], async (step) => {
        if (step === 0) return;
        await given.slack.called("chat.startStream");
        given.clock.advance(310_000);
      }).handle,
    );

    await direct(given);
    await given.settle();

    expect(own(given, "D0ADA")).toMatchObject([{ edited: true, shown: expect.stringContaining(STEPS[0].trim()) }]);
  });

  it("stopped by its reader is not answered a second time", async () => {
    const given: SlackWorld = await world(
      growing(STEPS, async (step) => {
        if (step === 1) await given.slack.called("chat.startStream");
      }).handle,
    );
    given.slack.faults.inject("chat.appendStream", { kind: "error", code: "stopped_by_user" });

    await direct(given);
    await given.stop();

    expect(own(given, "D0ADA")).toHaveLength(1);
    expect(given.slack.callsTo("chat.update")).toEqual([]);
    expect(given.faults).toEqual([]);
  });

  const troubles: [string, string, Fault][] = [
    ["chat.startStream", "500", FAULTS.serverError],
    ["chat.startStream", "500 after the work", FAULTS.serverErrorAfter],
    ["chat.startStream", "a cut connection", FAULTS.reset],
    ["chat.startStream", "a cut connection after the work", FAULTS.resetAfter],
    ["chat.startStream", "429", { kind: "ratelimited", retryAfter: 30 }],
    ["chat.appendStream", "500", FAULTS.serverError],
    ["chat.appendStream", "500 after the work", FAULTS.serverErrorAfter],
    ["chat.appendStream", "429", { kind: "ratelimited", retryAfter: 3 }],
    ["chat.appendStream", "an expired stream", { kind: "error", code: "message_not_in_streaming_state" }],
    ["chat.stopStream", "500", FAULTS.serverError],
    ["chat.stopStream", "500 after the work", FAULTS.serverErrorAfter],
    ["chat.stopStream", "429", { kind: "ratelimited", retryAfter: 3 }],
    ["chat.stopStream", "a refused block", { kind: "error", code: "invalid_blocks" }],
    ["chat.stopStream", "garbage", FAULTS.garbage],
  ];

  it.each(troubles)("that meets at %s %s ends as one whole answer", async (method, _, fault) => {
    const given: SlackWorld = await world(
      growing(STEPS, async (step) => {
        if (step > 0) await given.slack.called("chat.startStream");
        if (step === 2 && method === "chat.appendStream") await given.slack.called("chat.appendStream");
      }).handle,
    );
    given.slack.faults.inject(method, fault);

    await direct(given);
    await given.stop();

    given.slack.assertNoViolations();
    const answers = own(given, "D0ADA");
    expect(answers).toHaveLength(1);
    expect((answers[0]?.shown.split(WHOLE) ?? []).length).toBe(2);
  });

  it("that meets an edit while it is live stops first", async () => {
    const given = await world(
      scripted(function* (message) {
        yield { text: "It cost ten dollars. And more.", final: false };
        yield final("It cost twelve dollars.", message);
      }).handle,
    );
    given.slack.faults.inject("chat.stopStream", FAULTS.serverError);

    await direct(given);
    await given.settle();

    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining("twelve")]);
  });

  it("of thirty people at once reaches each of them, though Slack allows twenty", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      yield { text: STEPS[0], final: false };
      await hold.opened;
      yield final(WHOLE, message);
    });
    const given = await world(script.handle);
    for (let i = 0; i < 30; i++) await direct(given);

    await given.slack.called("chat.startStream", 30);
    hold.open();
    await given.settle();

    expect(own(given, "D0ADA").filter((message) => message.shown.includes(WHOLE))).toHaveLength(30);
  });
});

describe("the status", () => {
  afterEach(() => void vi.useRealTimers());

  /** A world whose timers the test turns; everything else goes its way. */
  async function slowly(steps: readonly Reply[], channel: "direct" | "mention") {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const hold = gate();
    const script = scripted(async function* (message) {
      for (const step of steps) yield step;
      await hold.opened;
      yield final("Done it is.", message);
    });
    const given = await world(script.handle);
    await (channel === "direct" ? direct(given) : mention(given));
    await given.slack.called("assistant.threads.setStatus");
    const later = async (ms: number) => {
      given.clock.advance(ms);
      vi.advanceTimersByTime(ms);
    };
    const place = channel === "direct" ? "D0ADA" : FINOPS;
    const shown = () => given.slack.workspace.statusShown(place, given.slack.transcript(place)[0]?.ts ?? "");
    return { given, hold, later, shown };
  }

  const READING: Reply = { status: "reading costs …", text: "", final: false };

  it.each(["direct", "mention"] as const)(
    "stays for as long as the work takes, though Slack forgets it after two minutes: %s",
    async (kind) => {
      const { given, hold, later, shown } = await slowly([READING], kind);

      for (let minute = 0; minute < 10; minute++) {
        const sent = given.slack.callsTo("assistant.threads.setStatus").length;
        await later(30_000);
        await later(30_000);
        if (minute % 3 !== 0) await given.slack.called("assistant.threads.setStatus", sent + 1);
        expect(shown()).toBe("reading costs …");
      }
      hold.open();
      await given.settle();

      expect(shown()).toBe("");
      const after = given.slack.callsTo("assistant.threads.setStatus").length;
      await later(300_000);
      expect(given.slack.callsTo("assistant.threads.setStatus")).toHaveLength(after);
    },
  );

  it("does not come back under a text that is seen to grow", async () => {
    const { given, hold, later, shown } = await slowly([READING, { text: "It cost ten dollars so far. And", final: false }], "direct");
    await given.slack.called("chat.startStream");

    await later(200_000);
    hold.open();
    await given.settle();

    expect(shown()).toBe("");
    expect(given.slack.callsTo("assistant.threads.setStatus").filter(({ args }) => args.status !== "")).toHaveLength(1);
  });
});

describe("a post", () => {
  it("keeps the pace of Slack, and waits as long as it says", async () => {
    const given = await world(answering("Three.", { blocks: [table(2, 2), table(2, 2), table(2, 2)] }).handle);
    given.slack.faults.inject("chat.postMessage", { kind: "ratelimited", retryAfter: 30 }, { times: 2 });

    await mention(given);
    await given.settle();

    expect(own(given, FINOPS)).toHaveLength(3);
    expect(given.waits.slice(0, 2)).toEqual([30_000, 30_000]);
  });

  const unclear = [
    ["500", FAULTS.serverError],
    ["500 after the work", FAULTS.serverErrorAfter],
    ["a cut connection", FAULTS.reset],
    ["a cut connection after the work", FAULTS.resetAfter],
    ["garbage", FAULTS.garbage],
  ] as const;

  it.each(unclear)("that meets %s is there once: it looks before it posts again", async (_, fault) => {
    const given = await world(answering("Ten dollars.").handle, { slack: { manifestScopes: WITH_HISTORY } });
    given.slack.faults.inject("chat.postMessage", fault);

    await mention(given);
    await given.settle();

    expect(own(given, FINOPS)).toHaveLength(1);
    expect(JSON.stringify(own(given, FINOPS)[0]?.metadata)).toMatch(
      /^\{"event_type":"firstmate_answer","event_payload":\{"slot":"[0-9a-f]{32}"\}\}$/,
    );
  });

  it.each(unclear)("that meets %s where we may not look is never there twice, and the fault is told", async (_, fault) => {
    const given = await world(answering("Ten dollars.").handle, { slack: { manifestScopes: ["chat:write"] } });
    given.slack.faults.inject("chat.postMessage", fault);

    await mention(given);
    await given.stop();

    given.slack.assertNoViolations();
    expect(own(given, FINOPS).length).toBeLessThanOrEqual(1);
    expect(given.slack.callsTo("chat.postMessage")).toHaveLength(1);
    expect(given.faults).toHaveLength(1);
  });

  it("waits for its pictures", async () => {
    const given = await world(answering("Chart.", { blocks: [chart] }).handle, { slack: { fileRefusals: 3 } });

    await mention(given);
    await given.settle();

    expect(own(given, FINOPS)[0]?.shown).toContain("[image: Cost rose");
  });

  it.each([["files.getUploadURLExternal"], ["upload"], ["files.completeUploadExternal"]])(
    "whose picture fails at %s tells it in words",
    async (method) => {
      const given = await world(answering("Chart.", { blocks: [chart] }).handle);
      given.slack.faults.inject(method, FAULTS.serverError);

      await mention(given);
      await given.stop();

      given.slack.assertNoViolations();
      expect(own(given, FINOPS)[0]?.shown).toContain("Cost rose from $10 to $20.");
      expect(given.faults).toHaveLength(1);
    },
  );

  it("whose picture is never ready comes without it", async () => {
    const given = await world(answering("Chart.", { blocks: [chart] }).handle, { slack: { fileRefusals: 1_000 } });

    await mention(given);
    await given.stop();

    given.slack.assertNoViolations();
    expect(own(given, FINOPS)[0]?.shown).toMatch(/Chart\.[\s\S]*Cost rose from \$10 to \$20\./);
  });

  it.each([["invalid_blocks"], ["invalid_attachments"], ["msg_blocks_too_long"], ["invalid_blocks_format"]])(
    "refused for its blocks (%s) comes in plainer forms",
    async (code) => {
      const given = await world(answering("Ten dollars.", { blocks: [table(2, 2)], suggestions: ["more?"] }).handle);
      given.slack.faults.inject("chat.postMessage", { kind: "error", code }, { times: 2 });

      await mention(given);
      await given.stop();

      given.slack.assertNoViolations();
      expect(own(given, FINOPS).map((message) => message.shown)).toEqual(["Ten dollars."]);
    },
  );

  it.each([
    ["C0OLD", "archived"],
    ["C0QUIET", "invite me"],
  ])("into %s, which takes none, is explained to the asker alone", async (channel, words) => {
    const given = await world(answering("Ten dollars.").handle);

    await mention(given, channel);
    await given.settle();

    expect(own(given, channel)).toEqual([]);
    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining(words)]);
  });

  it("into a channel that was deleted meanwhile is explained to the asker alone", async () => {
    const hold = gate();
    const script = scripted(async function* (message) {
      await hold.opened;
      yield final("Ten dollars.", message);
    });
    const given = await world(script.handle);
    await mention(given);

    given.slack.workspace.rooms.delete(FINOPS);
    hold.open();
    await given.settle();

    expect(own(given, "D0ADA").map((message) => message.shown)).toEqual([expect.stringContaining("invite me")]);
  });

  it("comes through a storm of limits: each method says no thrice", async () => {
    const given = await world(growing(STEPS).handle);
    const methods = ["chat.postMessage", "chat.startStream", "chat.stopStream", "chat.update", "assistant.threads.setStatus"];
    for (const method of [...methods, "agents.sessions.setStatus"])
      given.slack.faults.inject(method, { kind: "ratelimited", retryAfter: 20 }, { times: 3 });

    await direct(given);
    await mention(given);
    await given.http.send(given.slack.gestures.command({ command: "/costs", user: "U0ADA", channel: FINOPS }));
    await given.stop();

    expect(own(given, "D0ADA").filter(({ shown }) => shown.includes(WHOLE))).toHaveLength(1);
    expect(own(given, FINOPS).filter(({ shown }) => shown.includes(WHOLE))).toHaveLength(2);
    expect(own(given, FINOPS)).toHaveLength(2);
    expect(given.slack.violations).toEqual([]);
  });

  it("of an agent that breaks off says so, and the fault is told", async () => {
    const script = scripted(async function* () {
      yield { text: "The first half is this. And", final: false };
      throw new Error("secret path /srv/x.ts:3");
    });
    const given = await world(script.handle);

    await direct(given);
    await mention(given);
    await given.stop();

    given.slack.assertNoViolations();
    for (const channel of ["D0ADA", FINOPS])
      expect(own(given, channel).map((message) => message.shown)).toEqual([
        expect.stringMatching(/The first half[\s\S]*went wrong on our side/),
      ]);
    expect(JSON.stringify(own(given, "D0ADA"))).not.toContain("secret");
  });

  it("in a revoked workspace is a fault, and nothing else breaks", async () => {
    const given = await world(growing(STEPS).handle);
    given.slack.switchOff("token_revoked");

    await direct(given);
    await mention(given);
    await given.stop();

    expect(given.faults.length).toBeGreaterThan(0);
    given.slack.switchOff(undefined);
  });
});

describe("a post nobody asked for", () => {
  const reply: Reply = { text: "Disk is full.", blocks: [chart, table(2, 2), table(2, 2)], final: true };

  it("goes to the channel or the thread, whole, and once per key", async () => {
    const given = await world(answering("x").handle, { slack: { manifestScopes: WITH_HISTORY } });
    const { ts } = given.slack.gestures.message({ user: "U0ADA", channel: FINOPS, text: "hello" });

    const first = await given.channel.send("slack:T0HARBOR:C0FINOPS", reply, "k1");
    const again = await given.channel.send("slack:T0HARBOR:C0FINOPS", reply, "k1");
    const threaded = await given.channel.send(`slack:T0HARBOR:C0FINOPS:${ts}`, reply, "k2");
    await given.settle();

    expect(first).toMatchObject({ state: "sent" });
    expect(again).toEqual(first);
    expect(threaded).toMatchObject({ state: "sent" });
    expect(own(given, FINOPS).map((message) => message.threadTs)).toEqual([undefined, undefined, ts, ts]);
    expect(own(given, FINOPS)[0]?.shown).toContain("[image: Cost rose");
  });

  it.each<[string, Fault, object]>([
    [
      "not_in_channel",
      { kind: "error", code: "not_in_channel" },
      { state: "refused", reason: "the bot is not in that channel: invite it with /invite (not_in_channel)" },
    ],
    ["a code of its own", { kind: "error", code: "team_added_to_org" }, { state: "refused", reason: "team_added_to_org" }],
    [
      "a long limit",
      { kind: "ratelimited", retryAfter: 900 },
      { state: "refused", reason: "Slack limits our posts", retryAfterMs: 900_000 },
    ],
    ["500", FAULTS.serverErrorAfter, { state: "ambiguous" }],
  ])("says what became of it: %s", async (_, fault, outcome) => {
    const given = await world(answering("x").handle);
    given.slack.faults.inject("chat.postMessage", fault);

    expect(await given.channel.send("slack:T0HARBOR:C0FINOPS", { text: "Disk is full.", final: true }, "k1")).toMatchObject(outcome);
    await given.settle();
  });
});
