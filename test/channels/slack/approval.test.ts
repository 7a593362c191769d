import { expect, it, onTestFinished } from "vitest";
import type { Reply } from "../../../src/core/reply.ts";
import { APPROVAL } from "../../kit/approval.ts";
import { answering, openSlack } from "./world.ts";

const FINOPS = "C0FINOPS";
const manifestScopes = ["chat:write", "users:read", "files:write", "im:history", "assistant:write"];

/** Ada asks in a channel, and Ben sees what is posted there. */
async function asking(text: string, reply: Partial<Reply>) {
  const script = answering(text, reply);
  const world = await openSlack(script.handle, { slack: { manifestScopes } });
  onTestFinished(world.close);
  const { slack, http, settle } = world;
  await http.send(slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "file a bug" }));
  const posts = () => slack.transcript(FINOPS).filter((message) => message.own);
  await expect.poll(() => posts().some(({ shown }) => shown.includes(text))).toBe(true);
  const { ts = "" } = posts().find(({ shown }) => shown.includes(text)) ?? {};
  const press = () => slack.gestures.press({ user: "U0BEN", channel: FINOPS, ts, button: "Approve" });
  return { asked: script.asked, http, settle, posts, press, card: () => posts().find((message) => message.ts === ts)?.shown };
}

it("the buttons of an approval say it in the conversation of the card, as the person who pressed, once", async () => {
  const { asked, http, settle, press, card } = await asking("Shall I?", { blocks: [APPROVAL] });

  const pressed = press();
  await http.sendAll([pressed, pressed], "together");
  await settle();

  expect(card()).toContain("Summary: Till");
  expect(asked.map(({ text, user }) => [text, user.name])).toEqual([
    ["file a bug", "Ada Marin"],
    ["approve 7f3a1c", "Ben Okafor"],
  ]);
  expect(new Set(asked.map(({ conversation }) => conversation)).size).toBe(1);
});

it("a card whose approval is over says how it ended, and has nothing left to press", async () => {
  const over = { ...APPROVAL, expiresAt: new Date(0) };
  const settled = { ...over, outcome: "Approved by Ben Okafor, and done." };
  const { http, settle, posts, press, card } = await asking("Well.", { blocks: [over], settled });
  expect(posts()).toHaveLength(1);

  await http.send(press());
  await settle();

  expect(card()).toContain("Summary: Till");
  expect(card()).toContain("Approved by Ben Okafor, and done.");
  expect(press).toThrow();
  expect(posts()).toHaveLength(2);
});
