import { afterEach, describe, expect, it } from "vitest";
import { chatLimits } from "../../src/app/chat-limits.ts";
import type { Message } from "../../src/core/message.ts";
import { createLimits } from "../../src/identity/rate-limit.ts";
import { aUser } from "../kit/conversation.ts";
import { openWorld, type World } from "../router/world.ts";

let world: World;
afterEach(() => world.close());

async function open(user: number, channel: number) {
  const clock = { now: new Date("2026-11-21T09:00:10Z") };
  const met: string[] = [];
  const most = { USER_REQUESTS_PER_MINUTE: user, CHANNEL_REQUESTS_PER_MINUTE: channel };
  const limits = createLimits(() => clock.now);
  world = await openWorld({ refuse: chatLimits(limits, most, (limit) => met.push(limit)) });
  const say = async (name: string, fields: Partial<Message> = {}) => {
    const user = { ...aUser(), id: `slack:T1:${name}` };
    const replies = await world.ask("/help", { channel: "slack", conversation: `slack:T1:C1:${name}`, user, ...fields });
    return replies.at(-1)?.text ?? "nothing";
  };
  return { say, clock, met };
}

describe("limits in chats", () => {
  it("stop one person for the rest of the minute, wherever they ask, and nobody else", async () => {
    const { say, clock, met } = await open(2, 100);

    for (const place of ["slack:T1:C1:1", "slack:T1:D9:2"]) expect(await say("ada", { conversation: place })).not.toContain("in a minute");
    expect(await say("ada", { conversation: "slack:T1:C7:3" })).toBe(
      "You ask more than 2 questions in a minute. Please ask again in 50 seconds.",
    );
    expect(await say("ben")).not.toContain("in a minute");
    clock.now = new Date("2026-11-21T09:01:00Z");
    expect(await say("ada")).not.toContain("in a minute");
    expect(met).toEqual(["user"]);
  });

  it("stop a channel with all its threads, and no other one", async () => {
    const { say } = await open(100, 2);

    for (const name of ["ada", "ben"]) await say(name);
    expect(await say("eve")).toContain("This channel asks more than 2 questions in a minute.");
    expect(await say("eve", { conversation: "slack:T1:C2:1" })).not.toContain("in a minute");
  });

  it("count a message once, however often it is delivered, and not what came over HTTP", async () => {
    const { say } = await open(1, 100);

    expect(await say("ada", { id: "same" })).not.toContain("in a minute");
    expect(await say("ada", { id: "same" })).toBe("nothing");
    for (let i = 0; i < 5; i++) expect(await say("eve", { channel: "api", conversation: "c1" })).not.toContain("in a minute");
  });
});
