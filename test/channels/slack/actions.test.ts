import { afterEach, describe, expect, it } from "vitest";
import type { ChannelOptions } from "../../../src/channels/index.ts";
import { MATHS_TITLE } from "../../../src/channels/slack/render-foot.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { aReceipt } from "../../kit/conversation.ts";
import { REPLIES } from "../../kit/golden/index.ts";
import { prose } from "../../kit/golden/pieces.ts";
import { wordsOf } from "../../kit/slack/blocks/words.ts";
import type { Fields } from "../../kit/slack/index.ts";
import { answering, openSlack, type SlackWorld } from "./world.ts";

const FINOPS = "C0FINOPS";
const MEMBER_SCOPES = ["chat:write", "users:read", "files:write", "im:history", "assistant:write"];
const open: SlackWorld[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const own = ({ slack }: SlackWorld, channel = FINOPS) => slack.transcript(channel).filter((message) => message.own);
/** What only this person was told. */
const alone = ({ slack }: SlackWorld, user = "U0ADA", channel = FINOPS) =>
  slack.transcript(channel, undefined, { as: user }).filter((message) => message.onlyFor === user);

/** An answer to a mention, whose buttons can be pressed. */
async function answered(fields: Partial<Reply> = {}, channel: Partial<ChannelOptions> = {}) {
  const script = answering("Done.", fields);
  const given = await openSlack(script.handle, { slack: { manifestScopes: MEMBER_SCOPES, limits: { "chat.postMessage": 0 } }, channel });
  open.push(given);
  await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
  await expect.poll(() => own(given).length).toBeGreaterThan(0);
  const { ts, threadTs } = own(given)[0] ?? { ts: "" };
  const press = (button: string, user = "U0ADA") => given.slack.gestures.press({ user, channel: FINOPS, ts, button });
  return { given, script, ts, threadTs, press };
}

describe("feedback", () => {
  it.each([
    ["positive", "noted as helpful"],
    ["negative", "Show the maths"],
  ] as const)("that is %s is acknowledged to its giver alone, in the thread", async (verdict, words) => {
    const { given, ts, threadTs } = await answered();

    await given.http.send(given.slack.gestures.press({ user: "U0BEN", channel: FINOPS, ts, button: "firstmate_feedback", verdict }));
    await given.settle();

    expect(given.feedback).toMatchObject([{ user: "slack:T0HARBOR:U0BEN" }]);
    expect(alone(given, "U0BEN")).toMatchObject([{ threadTs, shown: expect.stringContaining(words) }]);
    expect(own(given)).toHaveLength(1);
  });

  it("that cannot be kept is delivered again, and nobody is thanked for it", async () => {
    let times = 0;
    const onFeedback = async () => {
      times += 1;
      if (times === 1) throw new Error("the database is gone");
    };
    const { given, press } = await answered({}, { onFeedback });
    const gesture = press("firstmate_feedback");

    const first = await given.http.send(gesture);
    expect([first.status, alone(given).length]).toEqual([500, 0]);
    const second = await given.http.send(gesture, { retry: { num: 1, reason: "http_error" } });
    await given.stop();

    expect(second.status).toBe(200);
    expect(alone(given)).toHaveLength(1);
  });
});

describe("“Show the maths”", () => {
  const receipts = Array.from({ length: 60 }, (_, i) =>
    aReceipt({ id: `r${i}`, source: `bill ${i}`, query: `${prose(700)} end ${i}`, notes: [`note ${i}`], url: `https://bill.example/${i}` }),
  );
  const turn = { id: "t1", conversation: "c", agent: "deterministic" as const, tools: [{ name: "get_costs", input: { by: "service" } }] };
  const modal = (given: SlackWorld) => given.slack.workspace.modals.at(-1)?.view.blocks as readonly Fields[];

  it("shows a few receipts folded, and all sixty whole in a window", async () => {
    const reply: Reply = { text: "Done.", final: true, receipts, turn };
    const { given, press } = await answered({ receipts, turn }, { answerOf: async (id) => (id === "t1" ? reply : null) });

    await given.http.send(press("Show all of it"));
    await given.settle();

    const words = wordsOf(modal(given));
    for (const { source, query, notes } of receipts) for (const part of [source, query, ...(notes ?? [])]) expect(words).toContain(part);
    expect(words).toContain("get_costs");
    expect(own(given)[0]?.shown).toContain("and 54 more receipts");
  });

  it("splits what is too long for one block between words", async () => {
    const query = prose(8_000);
    const long = { receipts: [aReceipt({ query })], turn };
    const { given, press } = await answered(long, { answerOf: async () => ({ text: "", final: true, ...long }) });

    await given.http.send(press("Show all of it"));
    await given.settle();

    const words = wordsOf(modal(given)).split(/\s+/);
    expect(words.join(" ")).toContain(query.split(/\s+/).join(" "));
    expect(modal(given).length).toBeGreaterThan(3);
  });

  it("says how many a window cannot hold", async () => {
    const many = Array.from({ length: 300 }, (_, i) => aReceipt({ id: `r${i}` }));
    const { given, press } = await answered(
      { receipts: many, turn },
      { answerOf: async () => ({ text: "", final: true, receipts: many }) },
    );

    await given.http.send(press("Show all of it"));
    await given.settle();

    expect(wordsOf(modal(given))).toMatch(/\d+ more receipts are in the console/);
  });

  it("needs no window where the fold holds everything", async () => {
    const { press } = await answered({ receipts: [aReceipt()], turn });

    expect(() => press("Show all of it")).toThrow(/no button/);
  });

  it.each([
    ["is gone", {}, "no longer have"],
    ["comes too late", { answerOf: async () => ({ text: "", final: true as const, receipts }) }, "press it again"],
  ])("of an answer that %s says so to who pressed", async (why, channel, words) => {
    const { given, press } = await answered({ receipts, turn }, channel);
    const gesture = press("Show all of it");
    if (why === "comes too late") given.clock.advance(4_000);

    await given.http.send(gesture);
    await given.settle();

    expect(alone(given)).toMatchObject([{ shown: expect.stringContaining(words) }]);
  });

  it("stays a button where Slack takes no folds", async () => {
    const script = answering("Done.", { receipts, turn });
    const given = await openSlack(script.handle, { channel: { answerOf: async () => REPLIES["60 receipts"] ?? null } });
    open.push(given);
    given.slack.faults.inject("chat.postMessage", { kind: "error", code: "invalid_blocks" });
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    await expect.poll(() => own(given).length).toBe(1);

    await given.http.send(given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts: own(given)[0]?.ts ?? "", button: MATHS_TITLE }));
    await given.stop();

    expect(modal(given).length).toBeGreaterThan(50);
  });

  it("is not for guests", async () => {
    const { given, press } = await answered({ receipts, turn }, { answerOf: async () => ({ text: "", final: true, receipts }) });

    await given.http.send(press("Show all of it", "U0GUS"));
    await given.settle();

    expect(given.slack.workspace.modals).toEqual([]);
  });
});

describe("a button with a question", () => {
  const SUGGESTING = { suggestions: ["and by region?"] };

  it("that is clicked twice is asked once; later it may be asked again, and by others at once", async () => {
    const { given, script, press } = await answered(SUGGESTING);

    await given.http.sendAll([press("and by region?"), press("and by region?"), press("and by region?", "U0BEN")], "forward");
    given.clock.advance(60_000);
    await given.http.send(press("and by region?"));
    await given.settle();

    expect(script.asked.map(({ text, user }) => `${user.name}: ${text}`)).toEqual([
      "Ada Marin: costs",
      "Ada Marin: and by region?",
      "Ben Okafor: and by region?",
      "Ada Marin: and by region?",
    ]);
    expect(given.ignored).toEqual(["a double click"]);
  });

  it("is asked when Slack delivers the press again, because the first was not kept", async () => {
    let times = 0;
    const script = answering("Done.", SUGGESTING);
    const given = await openSlack(async function* (message, signal) {
      times += 1;
      if (times === 2) throw new Error("the database is gone");
      yield* script.handle(message, signal);
    });
    open.push(given);
    await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" }));
    await expect.poll(() => own(given).length).toBe(1);
    const gesture = given.slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts: own(given)[0]?.ts ?? "", button: "and by region?" });

    const first = await given.http.send(gesture);
    const second = await given.http.send(gesture, { retry: { num: 1, reason: "http_error" } });
    await given.stop();

    expect([first.status, second.status]).toEqual([500, 200]);
    expect(script.asked.map(({ text }) => text)).toEqual(["costs", "and by region?"]);
  });

  it.each([
    ["user.id"],
    ["trigger_id"],
    ["channel"],
    ["container"],
    ["message"],
    ["team"],
    ["response_url"],
    ["actions"],
    ["actions.0.action_id"],
    ["actions.0.value"],
  ])("whose payload lacks %s does no harm", async (path) => {
    const { given, press } = await answered(SUGGESTING);

    const ack = await given.http.send(press("and by region?"), { without: [path] });
    await given.settle();

    expect(ack.status).toBe(200);
  });
});
