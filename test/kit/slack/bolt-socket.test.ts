import type { App } from "@slack/bolt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type FakeSlack, startFakeSlack } from "./index.ts";
import { QUIET_POST, startBoltSocket } from "./rig.ts";

let slack: FakeSlack;
let app: App;
let stop: () => Promise<unknown>;
let retries: unknown[];

beforeEach(async () => {
  slack = await startFakeSlack({ limits: { "chat.postMessage": 0 } });
  ({ app, stop } = await startBoltSocket(slack));
  retries = [];
  app.use(async ({ context, next }) => {
    retries.push(context.retryNum);
    await next();
  });
  app.event("app_mention", async ({ event, say }) => {
    await say({ text: "aye", thread_ts: event.ts, ...QUIET_POST });
  });
});
afterEach(async () => {
  await stop().catch(() => {});
  await slack.close();
});

const mention = () => slack.gestures.mention({ user: "U0ADA", channel: "C0FINOPS", text: "costs" });

test("opens a connection, says hello, delivers and takes the acknowledgement", async () => {
  await app.start();
  const gesture = mention();

  const ack = await slack.socket.send(gesture);
  await slack.called("chat.postMessage");

  expect(ack.status).toBe(200);
  expect(slack.socket.open).toBe(1);
  expect(slack.transcript("C0FINOPS", gesture.ts).at(-1)?.shown).toBe("aye");
  slack.assertNoViolations();
});

test("carries commands with an answer in the acknowledgement, and retries", async () => {
  app.command("/costs", async ({ ack }) => ack({ text: "4 EUR" }));
  await app.start();

  const ack = await slack.socket.send(slack.gestures.command({ command: "/costs", user: "U0ADA", channel: "C0FINOPS" }));
  await slack.socket.send(mention(), { retry: { num: 2, reason: "timeout" } });

  expect(JSON.parse(ack.body)).toMatchObject({ text: "4 EUR" });
  expect(slack.transcript("C0FINOPS", undefined, { as: "U0ADA" }).map((m) => m.shown)).toContain("4 EUR");
  expect(retries.at(-1)).toBe(2);
  slack.assertNoViolations();
});

test("delivers what waited for a connection once there is one", async () => {
  const pending = slack.socket.send(mention());
  expect(slack.socket.unacknowledged).toBe(1);

  await app.start();

  expect((await pending).status).toBe(200);
  slack.assertNoViolations();
});

test("asks for a new connection and meets the client there", async () => {
  await app.start();

  slack.socket.disconnect("refresh_requested");
  await slack.socket.connected(2, { ever: true });

  expect((await slack.socket.send(mention())).status).toBe(200);
  expect(slack.callsTo("apps.connections.open")).toHaveLength(2);
  slack.assertNoViolations();
});

test("sends again what nobody acknowledged: on demand, and when the connection is lost", async () => {
  const url = async () => {
    const response = await fetch(`${slack.apiUrl}apps.connections.open`, {
      method: "POST",
      headers: { authorization: `Bearer ${slack.appToken}` },
    });
    return ((await response.json()) as { url: string }).url;
  };
  const got: { envelope_id?: string; type: string; retry_attempt?: number; retry_reason?: string; payload?: { event_id: string } }[] = [];
  const connect = async () => {
    const socket = new WebSocket(await url());
    socket.on("message", (data) => got.push(JSON.parse(String(data))));
    return socket;
  };
  const first = await connect();
  await slack.socket.connected();
  const pending = slack.socket.send(mention());
  slack.socket.redeliver();
  slack.socket.drop();
  const second = await connect();
  await expect.poll(() => got.filter((m) => m.type === "events_api").length).toBe(3);
  second.send(JSON.stringify({ envelope_id: got.at(-1)?.envelope_id }));

  expect((await pending).status).toBe(200);
  const tries = got.filter((m) => m.type === "events_api");
  expect(tries.map((m) => [m.retry_attempt, m.retry_reason])).toEqual([
    [0, ""],
    [1, "timeout"],
    [2, "timeout"],
  ]);
  expect(new Set(tries.map((m) => m.envelope_id)).size).toBe(3);
  expect(new Set(tries.map((m) => m.payload?.event_id)).size).toBe(1);
  slack.assertNoViolations();

  second.send(JSON.stringify({ envelope_id: tries[2]?.envelope_id }));
  second.send(JSON.stringify({ envelope_id: "envelope-none" }));
  await expect.poll(() => slack.violations.length).toBe(2);
  expect(() => slack.assertNoViolations()).toThrow(/acknowledged twice[\s\S]*unknown envelope envelope-none/);
  first.terminate();
  second.terminate();
});

test("lets nobody in without a ticket of its own", async () => {
  const stranger = new WebSocket(`${slack.apiUrl.replace("http", "ws").replace("/api/", "/link/")}?ticket=none`);

  await expect(new Promise((resolve, reject) => stranger.on("open", resolve).on("error", reject))).rejects.toThrow(/401/);
  slack.takeViolations(/unknown ticket/);
});
