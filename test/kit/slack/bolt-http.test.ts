import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeSlack, type Gesture, IDS, startFakeSlack } from "./index.ts";
import { type BoltRig, createClock, QUIET_POST, startBoltHttp } from "./rig.ts";

const FINOPS = "C0FINOPS";
const ASK = { user: "U0ADA", channel: FINOPS, text: "costs in #finops, please & thanks" };
let slack: FakeSlack;
let bolt: BoltRig;
let seen: Record<string, unknown>[];

beforeEach(async () => {
  const clock = createClock();
  slack = await startFakeSlack({ now: clock.now, limits: { "chat.postMessage": 0 } });
  bolt = await startBoltHttp(slack);
  seen = [];
  bolt.app.use(async ({ body, context, next }) => {
    seen.push({ ...body, retry: context.retryNum });
    await next();
  });
  const echo = async ({ event, say }: { event: { ts: string; text?: string }; say: (m: object) => Promise<unknown> }) => {
    await say({ text: `echo: ${event.text?.replace(/<[^>]*>/g, "").trim()}`, thread_ts: event.ts, ...QUIET_POST });
  };
  bolt.app.event("app_mention", echo as never);
  bolt.app.event("message", echo as never);
});
afterEach(async () => {
  await bolt.stop();
  await slack.close();
});

test("delivers a mention and sees the reply in its thread", async () => {
  const gesture = slack.gestures.mention(ASK);

  const ack = await slack.http(bolt.url).send(gesture);
  await slack.called("chat.postMessage");

  expect(ack).toMatchObject({ status: 200, ms: expect.any(Number) });
  expect(seen[0]).toMatchObject({
    type: "event_callback",
    api_app_id: IDS.app,
    is_ext_shared_channel: false,
    event: { type: "app_mention", text: "<@U0FIRSTMATE> costs in <#C0FINOPS|finops>, please &amp; thanks", channel: FINOPS },
  });
  expect(slack.transcript(FINOPS, gesture.ts).map((m) => m.shown)).toEqual([
    expect.stringContaining("<@U0FIRSTMATE>"),
    "echo: costs in , please &amp; thanks",
  ]);
  slack.assertNoViolations();
});

test("delivers direct messages, edits and deletions", async () => {
  const http = slack.http(bolt.url);
  const first = slack.gestures.direct({ user: "U0ADA", text: "hello" });
  await http.send(first);
  await slack.called("chat.postMessage");
  bolt.app.error(async () => {});

  await http.send(slack.gestures.edit("D0ADA", first.ts, "hello again"));
  await http.send(slack.gestures.remove("D0ADA", first.ts));

  expect(seen.map((body) => body.event)).toMatchObject([
    { type: "message", channel_type: "im", user: "U0ADA" },
    { subtype: "message_changed", message: { text: "hello again" }, previous_message: { text: "hello" } },
    { subtype: "message_deleted", deleted_ts: first.ts },
  ]);
  expect(slack.transcript("D0ADA").some((m) => m.ts === first.ts)).toBe(false);
});

test("tells strangers and shared channels in the envelope", async () => {
  await slack.http(bolt.url).send(slack.gestures.mention({ user: "U0SID", channel: "C0SHARED", text: "costs" }));

  expect(seen[0]).toMatchObject({
    is_ext_shared_channel: true,
    authorizations: [{ team_id: IDS.team }],
    event: { user_team: IDS.otherTeam },
  });
});

test.each<["forward" | "backward" | "together"]>([["forward"], ["backward"], ["together"]])(
  "sends each kind of duplicate %s",
  async (order) => {
    const http = slack.http(bolt.url);
    const { mention, twin, surfacedAgain, forOtherApp } = slack.gestures;
    const original = mention(ASK);
    const kinds: [Gesture, string[]][] = [
      [twin(original), ["ts", "client_msg_id"]],
      [surfacedAgain(original), ["client_msg_id"]],
      [forOtherApp(original), ["event_id", "ts", "client_msg_id"]],
    ];

    for (const [duplicate, same] of kinds) {
      const acks = await http.sendAll([original, duplicate], order);
      const ids = ({ payload }: Gesture) => ({ event_id: payload.event_id, ...(payload.event as { ts: string; client_msg_id: string }) });
      const shared = (["event_id", "ts", "client_msg_id"] as const).filter((name) => ids(original)[name] === ids(duplicate)[name]);

      expect(acks.map((ack) => ack.status)).toEqual([200, 200]);
      expect(shared.sort()).toEqual(same.sort());
    }
    const retry = await http.send(original, { retry: { num: 1, reason: "http_timeout" } });
    expect(retry.status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ retry: 1, event_id: original.payload.event_id });
    await slack.called("chat.postMessage", 7);
  },
);

test.each([
  ["good", 200],
  ["wrong", 401],
  ["missing", 401],
  ["stale", 401],
  ["old version", 401],
  ["future", 200],
] as const)("signs: %s gives %i", async (signature, status) => {
  expect((await slack.http(bolt.url).send(slack.gestures.homeOpened("U0ADA", "home"), { signature })).status).toBe(status);
});

test("replays the very same bytes", async () => {
  const http = slack.http(bolt.url);
  const first = await http.send(slack.gestures.homeOpened("U0ADA", "messages"));

  const second = await http.replay(first);

  expect([first.status, second.status]).toEqual([200, 200]);
  expect(seen[1]?.event_id).toBe(seen[0]?.event_id);
});

test("sends huge, damaged and incomplete bodies", async () => {
  const http = slack.http(bolt.url);
  const gesture = slack.gestures.homeOpened("U0ADA", "home");

  expect((await http.send(gesture, { pad: 5_000_000 })).status).toBe(413);
  expect((await http.send(gesture, { cut: { at: 100, how: "signed whole" } })).status).toBe(401);
  expect((await http.send(gesture, { cut: { at: 100, how: "signed cut" } })).status).toBe(400);
  expect((await http.send(gesture, { cut: { at: 100, how: "connection dies" } })).status).toBe(0);
  expect((await http.send(gesture, { without: ["event.user"] })).status).toBe(200);
  expect(seen.at(-1)?.event).not.toHaveProperty("user");
  await expect(http.send(gesture, { without: ["event.nothing"] })).rejects.toThrow(/no event.nothing/);
});

test("shakes hands: the challenge and the certificate check", async () => {
  const http = slack.http(bolt.url);

  expect(JSON.parse((await http.send(slack.gestures.urlVerification("abc"))).body)).toEqual({ challenge: "abc" });
  expect((await http.send(slack.gestures.sslCheck())).status).toBe(200);
});

test("delivers a slash command and takes five answers on its response_url", async () => {
  let answers: string[] = [];
  bolt.app.command("/costs", async ({ ack, respond }) => {
    await ack();
    const results = [];
    for (let i = 1; i <= 6; i += 1)
      results.push(
        await respond({ text: `answer ${i}` }).then(
          () => "ok",
          () => "refused",
        ),
      );
    answers = results;
  });

  const ack = await slack
    .http(bolt.url)
    .send(slack.gestures.command({ command: "/costs", text: "by service for @ben in #finops", user: "U0ADA", channel: FINOPS }));
  await slack.called("response_url", 6);
  await expect.poll(() => answers.length).toBe(6);

  expect(ack.status).toBe(200);
  expect(seen[0]).toMatchObject({ command: "/costs", text: "by service for <@U0BEN|ben> in <#C0FINOPS|finops>", user_id: "U0ADA" });
  expect(answers).toEqual(["ok", "ok", "ok", "ok", "ok", "refused"]);
  expect(slack.transcript(FINOPS, undefined, { as: "U0ADA" }).map((m) => m.shown)).toEqual([1, 2, 3, 4, 5].map((i) => `answer ${i}`));
  expect(slack.transcript(FINOPS)).toEqual([]);
  slack.takeViolations(/used up/);
  slack.assertNoViolations();
});

test("presses the buttons that are there, and no others", async () => {
  const blocks = [
    { type: "actions", elements: [{ type: "button", action_id: "more", text: { type: "plain_text", text: "More" }, value: "costs" }] },
    {
      type: "context_actions",
      elements: [
        {
          type: "feedback_buttons",
          action_id: "rate",
          positive_button: { text: { type: "plain_text", text: "Yes" }, value: "good" },
          negative_button: { text: { type: "plain_text", text: "No" }, value: "bad" },
        },
      ],
    },
  ];
  const { ts = "" } = await bolt.app.client.chat.postMessage({ channel: FINOPS, text: "x", blocks, ...QUIET_POST });
  bolt.app.action("more", async ({ ack, respond }) => {
    await ack();
    await respond({ text: "replaced", blocks: [], replace_original: true });
  });
  bolt.app.action("rate", async ({ ack }) => ack());
  const http = slack.http(bolt.url);

  expect(() => slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "Less" })).toThrow(/no button "Less".*more "More"/);
  expect((await http.send(slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "rate", verdict: "negative" }))).status).toBe(
    200,
  );
  expect((await http.send(slack.gestures.press({ user: "U0ADA", channel: FINOPS, ts, button: "More" }))).status).toBe(200);
  await slack.called("response_url");

  expect(seen.map((body) => (body.actions as object[])[0])).toMatchObject([
    { action_id: "rate", value: "bad" },
    { action_id: "more", value: "costs" },
  ]);
  expect(slack.transcript(FINOPS).map((m) => m.shown)).toEqual(["replaced"]);
  slack.assertNoViolations();
});

test("opens a modal and submits it", async () => {
  bolt.app.command("/edit", async ({ ack, client, body }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: "modal",
        callback_id: "edit",
        title: { type: "plain_text", text: "Edit" },
        submit: { type: "plain_text", text: "Save" },
        blocks: [
          {
            type: "input",
            block_id: "n",
            label: { type: "plain_text", text: "Name" },
            element: { type: "plain_text_input", action_id: "name" },
          },
        ],
      },
    });
  });
  bolt.app.view("edit", async ({ ack }) => ack({ response_action: "clear" }));
  const http = slack.http(bolt.url);
  await http.send(slack.gestures.command({ command: "/edit", user: "U0ADA", channel: FINOPS }));
  await expect.poll(() => slack.workspace.modals.length).toBe(1);

  const ack = await http.send(
    slack.gestures.submit({ user: "U0ADA", values: { n: { name: { type: "plain_text_input", value: "Harbor" } } } }),
  );

  expect(JSON.parse(ack.body)).toEqual({ response_action: "clear" });
  expect(slack.workspace.modals).toEqual([]);
  expect(seen.at(-1)).toMatchObject({
    type: "view_submission",
    view: { callback_id: "edit", state: { values: { n: { name: { value: "Harbor" } } } } },
  });
  slack.assertNoViolations();
});

test("says when the app does not acknowledge", async () => {
  bolt.app.command("/never", async () => {});
  const gesture = slack.gestures.command({ command: "/never", user: "U0ADA", channel: FINOPS });
  const pending = slack.http(bolt.url).send(gesture);
  await expect.poll(() => seen.length).toBe(1);

  await bolt.stop();

  expect((await pending).status).toBe(0);
});
