import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { FAULTS } from "../../kit/slack/index.ts";
import { answering, final, gate, openSlack, realRouter, type SlackWorld, scripted } from "./world.ts";

const FINOPS = "C0FINOPS";
const ASK = { user: "U0ADA", channel: FINOPS, text: "how much did we spend last month?" };
const open: { close(): Promise<void> }[] = [];
const rejections: unknown[] = [];
const note = (reason: unknown) => void rejections.push(reason);

beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => {
  process.off("unhandledRejection", note);
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await new Promise((done) => setImmediate(done));
  expect(rejections).toEqual([]);
});

async function world(handle: Parameters<typeof openSlack>[0], options: Parameters<typeof openSlack>[1] = {}): Promise<SlackWorld> {
  const made = await openSlack(handle, { socket: true, ...options });
  open.push(made);
  if (handle) await made.slack.socket.connected();
  return made;
}

function own({ slack }: SlackWorld, channel = FINOPS) {
  return slack.transcript(channel).filter((message) => message.own);
}

it("answers mentions, direct messages, commands and buttons", async () => {
  const script = answering("Done.", { suggestions: ["and by region?"] });
  const given = await world(script.handle, { slack: { limits: { "chat.postMessage": 0 } } });
  const { gestures, socket } = given.slack;

  await socket.send(gestures.mention(ASK));
  await socket.send(gestures.direct({ user: "U0ADA", text: "costs" }));
  await socket.send(gestures.command({ command: "/costs", user: "U0ADA", channel: FINOPS }));
  await expect.poll(() => own(given).filter((message) => message.shown.includes("Done.")).length).toBe(2);
  const ts = own(given)[0]?.ts ?? "";
  await socket.send(gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "and by region?" }));
  await socket.send(gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "firstmate_feedback" }));
  await socket.send(gestures.homeOpened("U0ADA", "home"));
  await given.settle();

  expect(script.asked).toHaveLength(4);
  expect(given.feedback).toHaveLength(1);
  expect(given.slack.workspace.homes.size).toBe(1);
});

it.each(["forward", "backward", "together"] as const)("takes each kind of duplicate, %s, as one turn", async (order) => {
  const { handle, turns, close } = await realRouter();
  open.push({ close });
  const given = await world(handle);
  const { mention, twin, surfacedAgain, forOtherApp } = given.slack.gestures;
  const original = mention(ASK);

  await given.slack.socket.sendAll([original, original, twin(original), surfacedAgain(original), forOtherApp(original)], order);
  await given.settle();

  expect(await turns()).toBe(1);
  expect(own(given)).toHaveLength(1);
});

it("acknowledges once the turn is kept; what cannot be kept comes again", async () => {
  let calls = 0;
  const given = await world(async function* (message) {
    if (++calls === 1) throw new Error("the database is gone");
    yield final("Done.", message);
  });

  const sending = given.slack.socket.send(given.slack.gestures.mention(ASK));
  await expect.poll(() => given.faults.length).toBe(1);
  expect(given.slack.socket.unacknowledged).toBe(1);
  given.slack.socket.redeliver();
  await sending;
  await given.stop();

  expect(calls).toBe(2);
  expect(own(given)).toHaveLength(1);
});

it.each([
  ["Slack's farewell", (given: SlackWorld) => given.slack.socket.disconnect()],
  ["a cut connection", (given: SlackWorld) => given.slack.socket.drop()],
])("comes back after %s, and answers what was on its way once", async (_, cut) => {
  const hold = gate();
  const script = scripted(async function* (message) {
    await hold.opened;
    yield final("Done.", message);
  });
  const given = await world(script.handle);
  await given.slack.socket.send(given.slack.gestures.mention(ASK));

  cut(given);
  await given.slack.socket.connected(2, { ever: true });
  await given.slack.socket.send(given.slack.gestures.direct({ user: "U0ADA", text: "still there?" }));
  hold.open();
  await given.settle();

  expect(own(given)).toHaveLength(1);
  expect(own(given, "D0ADA")).toHaveLength(1);
});

it("keeps trying while Slack is away, at the start and later", async () => {
  const given = await world(undefined);
  given.slack.faults.inject("apps.connections.open", FAULTS.serverError, { times: 3 });

  await given.channel.start(answering("Done.").handle);
  await given.slack.socket.connected();
  await given.slack.socket.send(given.slack.gestures.mention(ASK));
  await given.stop();

  given.slack.assertNoViolations();
  expect(given.waits.filter((ms) => ms >= 1_000)).toEqual([2_000, 4_000, 8_000]);
  expect(own(given)).toHaveLength(1);
});

it("says at the start which setting Slack refuses", async () => {
  const given = await world(undefined);
  given.slack.switchOff("invalid_auth");

  await expect(given.channel.start(answering("Done.").handle)).rejects.toThrow(ConfigError);
  given.slack.switchOff(undefined);
});

it("stops in the middle of connecting", async () => {
  const given = await world(undefined);
  const hold = gate();
  given.slack.faults.inject("apps.connections.open", { kind: "late", until: hold.opened });

  const starting = given.channel.start(answering("Done.").handle);
  await given.slack.called("apps.connections.open");
  const stopping = given.channel.stop();
  hold.open();
  await Promise.all([starting, stopping]);

  await expect.poll(() => given.slack.socket.open).toBe(0);
});

it("stops only when the answers under way are delivered", async () => {
  const hold = gate();
  const script = scripted(async function* (message) {
    await hold.opened;
    yield final("Done.", message);
  });
  const given = await world(script.handle);
  await given.slack.socket.send(given.slack.gestures.mention(ASK));

  const stopping = given.channel.stop();
  hold.open();
  await stopping;

  expect(own(given)).toHaveLength(1);
});
