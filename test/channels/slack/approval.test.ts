import { afterEach, expect, it } from "vitest";
import { answering, openSlack, type SlackWorld } from "./world.ts";

const FINOPS = "C0FINOPS";
const open: SlackWorld[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

it("the buttons of an approval say it in the conversation of the card, as the person who pressed, once", async () => {
  const card = {
    type: "approval" as const,
    id: "7f3a1c",
    title: "Create a Bug in WEB",
    lines: ["Summary: Till"],
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  };
  const script = answering("Shall I?", { blocks: [card] });
  const given = await openSlack(script.handle, {
    slack: { manifestScopes: ["chat:write", "users:read", "files:write", "im:history", "assistant:write"] },
  });
  open.push(given);
  await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "file a bug" }));
  const shown = () => given.slack.transcript(FINOPS).find((message) => message.own && message.shown.includes("Shall I?"));
  await expect.poll(shown).toBeTruthy();

  const press = given.slack.gestures.press({ user: "U0BEN", channel: FINOPS, ts: shown()?.ts ?? "", button: "Approve" });
  await given.http.sendAll([press, press], "together");
  await given.settle();

  expect(shown()?.shown).toContain("Summary: Till");
  expect(script.asked.map(({ text, user }) => [text, user.name])).toEqual([
    ["file a bug", "Ada Marin"],
    ["approve 7f3a1c", "Ben Okafor"],
  ]);
  expect(new Set(script.asked.map(({ conversation }) => conversation)).size).toBe(1);
});

it("a card whose approval is over says how it ended, and has nothing left to press", async () => {
  const card = { type: "approval" as const, id: "7f3a1c", title: "Create a Bug in WEB", lines: ["Summary: Till"], expiresAt: new Date(0) };
  const settled = { ...card, outcome: "Approved by Ben Okafor, and done." };
  const script = answering("Well.", { blocks: [card], settled });
  const given = await openSlack(script.handle, {
    slack: { manifestScopes: ["chat:write", "users:read", "files:write", "im:history", "assistant:write"] },
  });
  open.push(given);
  await given.http.send(given.slack.gestures.mention({ user: "U0ADA", channel: FINOPS, text: "file a bug" }));
  const posts = () => given.slack.transcript(FINOPS).filter((message) => message.own);
  await expect.poll(() => posts().length).toBe(1);
  const { ts = "" } = posts()[0] ?? {};

  await given.http.send(given.slack.gestures.press({ user: "U0BEN", channel: FINOPS, ts, button: "Approve" }));
  await given.settle();

  const first = posts().find((message) => message.ts === ts);
  expect(first?.shown).toContain("Summary: Till");
  expect(first?.shown).toContain("Approved by Ben Okafor, and done.");
  expect(() => given.slack.gestures.press({ user: "U0BEN", channel: FINOPS, ts, button: "Approve" })).toThrow();
  expect(posts()).toHaveLength(2);
});
