import { afterEach, expect, it } from "vitest";
import { openSlack, type SlackWorld } from "./world.ts";

/** A post nobody asked for, tried again by a process that comes long after the first. */

const FINOPS = "slack:T0HARBOR:C0FINOPS";
const REPLY = { text: "The digest.", final: true } as const;
const WITH_HISTORY = { slack: { manifestScopes: ["chat:write", "channels:history"] } };
let world: SlackWorld;
afterEach(() => world.close());

const standing = () => world.slack.transcript("C0FINOPS").filter(({ own, shown }) => own && shown.includes("The digest."));

it("finds what stands since the first try, hours and hundreds of messages later", async () => {
  world = await openSlack(undefined, WITH_HISTORY);
  const { channel, clock, slack } = world;
  const firstTried = clock.now();
  const first = await channel.send(FINOPS, REPLY, "digest:1");
  for (let i = 0; i < 450; i++) slack.gestures.message({ user: "U0BEN", channel: "C0FINOPS", text: `chatter ${i}` });
  clock.advance(3 * 3_600_000);

  expect(await channel.send(FINOPS, REPLY, "digest:1", firstTried)).toEqual(first);
  expect(standing()).toHaveLength(1);
  await world.settle();
});

it("posts what never arrived", async () => {
  world = await openSlack(undefined, WITH_HISTORY);
  const firstTried = world.clock.now();
  world.clock.advance(3_600_000);

  expect(await world.channel.send(FINOPS, REPLY, "digest:1", firstTried)).toMatchObject({ state: "sent" });
  expect(standing()).toHaveLength(1);
  await world.settle();
});

it("posts nothing where it may not look", async () => {
  world = await openSlack(undefined, { slack: { manifestScopes: ["chat:write"] } });

  expect(await world.channel.send(FINOPS, REPLY, "digest:1", world.clock.now())).toMatchObject({ state: "ambiguous" });
  expect(standing()).toEqual([]);
});
