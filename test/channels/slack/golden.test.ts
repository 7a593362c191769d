import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Reply } from "../../../src/core/reply.ts";
import { REPLIES } from "../../kit/golden/index.ts";
import { openSlack, type SlackWorld, scripted } from "./world.ts";

/** Every reply, sent each way an answer goes, to a Slack that refuses whatever is wrong. */

const FINOPS = "C0FINOPS";
let given: SlackWorld;
let reply: Reply;
let delivered = 0;

beforeAll(async () => {
  const script = scripted(function* () {
    const half = reply.text.slice(0, reply.text.length / 2);
    for (const end of [50, 400, 5_000, half.length]) yield { text: half.slice(0, end), final: false };
    yield reply;
  });
  const limits = Object.fromEntries(
    ["chat.startStream", "chat.stopStream", "chat.appendStream", "chat.update"].map((name) => [name, 10_000]),
  );
  const channel = { onDelivered: async () => void delivered++ };
  given = await openSlack(script.handle, { slack: { limits }, channel });
});
afterAll(() => given.close());

describe.each(Object.entries(REPLIES))("a reply with %s", (_, golden) => {
  it.each([
    ["a stream", "D0ADA", () => given.slack.gestures.direct({ user: "U0ADA", text: "costs" })],
    ["a post", FINOPS, () => given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "costs" })],
    ["an edit", FINOPS, () => given.slack.gestures.command({ command: "/costs", user: "U0ADA", channel: FINOPS })],
    [
      "a private answer",
      FINOPS,
      () => given.slack.gestures.command({ command: "/costs", text: "--private", user: "U0ADA", channel: FINOPS }),
    ],
  ])("arrives as %s", async (how, channel, gesture) => {
    reply = golden;
    const messages = () => given.slack.transcript(channel, undefined, { as: "U0ADA" }).filter((message) => message.own);
    const [before, done] = [messages().length, delivered];

    await given.http.send(gesture());
    await expect.poll(() => delivered).toBe(done + 1);

    expect(messages().length).toBeGreaterThan(before);
    if (how === "an edit") expect(messages()[before]?.edited).toBe(true);
    expect(messages()[before]?.shown.trim()).not.toBe("");
    expect(given.slack.violations).toEqual([]);
    expect(given.faults).toEqual([]);
  });
});

it("breaks no rule of Slack on the way", () => given.settle());
