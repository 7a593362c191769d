import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAULTS, type FakeSlack, findMentions, IDS } from "./index.ts";
import { outcomeOf, plainClient, QUIET_POST, startClient, type TestClock } from "./rig.ts";

const FINOPS = "C0FINOPS";
let slack: FakeSlack;
let client: WebClient;
let clock: TestClock;

beforeEach(async () => {
  ({ slack, client, clock } = await startClient());
});
afterEach(() => slack.close());

const post = (text: string, more = {}) => client.chat.postMessage({ channel: FINOPS, text, ...QUIET_POST, ...more });

test("answers auth.test with the bot's own ids", async () => {
  expect(await client.auth.test()).toMatchObject({ ok: true, team_id: IDS.team, user_id: IDS.bot, bot_id: IDS.botId });
  slack.assertNoViolations();
});

test("keeps posts, edits and deletions as a reader sees them", async () => {
  const { ts } = await post("first");
  clock.advance(1_000);
  await post("reply", { thread_ts: ts, blocks: [{ type: "header", text: { type: "plain_text", text: "In a header" } }] });
  await client.chat.update({ channel: FINOPS, ts: ts ?? "", text: "first, mended" });
  clock.advance(1_000);
  const gone = await post("gone");
  await client.chat.delete({ channel: FINOPS, ts: gone.ts ?? "" });

  expect(slack.transcript(FINOPS).map(({ shown, edited, own }) => ({ shown, edited, own }))).toEqual([
    { shown: "first, mended", edited: true, own: true },
    { shown: "In a header", edited: false, own: true },
  ]);
  expect(slack.transcript(FINOPS, ts)).toHaveLength(2);
  slack.assertNoViolations();
});

test("shows an ephemeral message to one person only", async () => {
  await client.chat.postEphemeral({ channel: FINOPS, user: "U0GUS", text: "only you" });

  expect(slack.transcript(FINOPS)).toEqual([]);
  expect(slack.transcript(FINOPS, undefined, { as: "U0GUS" }).map((m) => m.shown)).toEqual(["only you"]);
  expect(await outcomeOf(client.chat.postEphemeral({ channel: FINOPS, user: "U0SID", text: "x" }))).toBe("user_not_in_channel");
});

test.each([
  ["C0QUIET", "not_in_channel"],
  ["C0OLD", "is_archived"],
  ["C0NOWHERE", "channel_not_found"],
])("refuses a post to %s with %s, which is nobody's fault", async (channel, code) => {
  expect(await outcomeOf(client.chat.postMessage({ channel, text: "x", ...QUIET_POST }))).toBe(code);
  slack.assertNoViolations();
});

test("grants the manifest's scopes and names what is missing", async () => {
  const refused = await client.users.info({ user: "U0ADA" }).catch((error: { data: unknown }) => error.data);

  expect(refused).toMatchObject({ error: "missing_scope", needed: "users:read", provided: expect.stringContaining("chat:write") });
  expect(await outcomeOf(client.conversations.history({ channel: FINOPS }))).toBe("missing_scope");
  expect(await outcomeOf(client.conversations.history({ channel: "D0ADA" }))).toBe("ok");
  slack.assertNoViolations();
});

test("tells guests, strangers and shared channels when the scopes allow it", async () => {
  await slack.close();
  ({ slack, client } = await startClient({ manifestScopes: ["users:read", "users:read.email", "channels:read"] }));

  expect((await client.users.info({ user: "U0GUS" })).user).toMatchObject({ is_restricted: true, tz: "Europe/Lisbon" });
  expect((await client.users.info({ user: "U0SID" })).user).toMatchObject({ is_stranger: true, team_id: IDS.otherTeam });
  expect((await client.users.info({ user: "U0ADA" })).user).toMatchObject({ tz_offset: 3600, profile: { email: "ada@harbor.example" } });
  expect((await client.conversations.info({ channel: "C0SHARED" })).channel).toMatchObject({ is_ext_shared: true, is_member: true });
  expect(await client.conversations.members({ channel: FINOPS, limit: 2 })).toMatchObject({
    members: ["U0ADA", "U0BEN"],
    response_metadata: { next_cursor: "next:2" },
  });
  slack.assertNoViolations();
});

test("lets an app find its own post again by metadata", async () => {
  await slack.close();
  ({ slack, client, clock } = await startClient({ manifestScopes: ["chat:write", "channels:history"] }));
  slack.faults.inject("chat.postMessage", FAULTS.serverErrorAfter);
  const metadata = { event_type: "digest", event_payload: { slot: "abc" } };

  expect(await outcomeOf(post("digest", { metadata }))).toBe("WebAPIHTTPError");
  const seen = await client.conversations.history({ channel: FINOPS, include_all_metadata: true });
  const blind = await client.conversations.history({ channel: FINOPS });

  expect(seen.messages?.map((m) => m.metadata)).toEqual([metadata]);
  expect(blind.messages?.[0]?.metadata).toBeUndefined();
  slack.assertNoViolations();
});

test("refuses a second post to a channel within a second, with Retry-After", async () => {
  await post("one");

  await expect(post("two")).rejects.toMatchObject({ name: "WebAPIRateLimitedError", retryAfter: 1 });
  expect(await outcomeOf(client.chat.postMessage({ channel: "D0ADA", text: "elsewhere", ...QUIET_POST }))).toBe("ok");
  clock.advance(1_000);
  expect(await outcomeOf(post("two"))).toBe("ok");
  slack.assertNoViolations();
});

test("refuses the fifty-first edit in a minute", async () => {
  const { ts = "" } = await post("draft");
  const edit = () => outcomeOf(client.chat.update({ channel: FINOPS, ts, text: "draft" }));
  for (let i = 0; i < 50; i += 1) expect(await edit()).toBe("ok");

  expect(await edit()).toBe("WebAPIRateLimitedError");
  clock.advance(60_000);
  expect(await edit()).toBe("ok");
});

test.each([
  ["serverError", "WebAPIHTTPError", 0],
  ["serverErrorAfter", "WebAPIHTTPError", 1],
  ["reset", "WebAPIRequestError", 0],
  ["resetAfter", "WebAPIRequestError", 1],
  ["garbage", "<html>maintenance</html>", 0],
] as const)("injects %s", async (name, outcome, posted) => {
  slack.faults.inject("chat.postMessage", FAULTS[name]);

  expect(await outcomeOf(post("x"))).toBe(outcome);
  expect(slack.transcript(FINOPS)).toHaveLength(posted);
  slack.assertNoViolations();
});

test("hangs until the client gives up, with the work done or not", async () => {
  slack.faults.inject("chat.postMessage", FAULTS.hangAfter);
  const hasty = plainClient(slack, slack.botToken, 50);

  expect(await outcomeOf(hasty.chat.postMessage({ channel: FINOPS, text: "x", ...QUIET_POST }))).toBe("WebAPIRequestError");
  expect(slack.transcript(FINOPS)).toHaveLength(1);
});

test("storms with 429 as long as it is told, and holds an answer back", async () => {
  slack.faults.inject("chat.postMessage", { kind: "ratelimited", retryAfter: 30 }, { times: 2 });
  let release = () => {};
  slack.faults.inject("chat.postMessage", { kind: "late", until: new Promise<void>((resolve) => (release = resolve)) });

  for (const _ of [1, 2]) await expect(post("x")).rejects.toMatchObject({ retryAfter: 30 });
  const late = post("late");
  await slack.called("chat.postMessage", 3);
  expect(slack.transcript(FINOPS)).toHaveLength(1);
  release();
  await expect(late).resolves.toMatchObject({ ok: true });
  slack.assertNoViolations();
});

test("refuses everything once the app is switched off", async () => {
  slack.switchOff("account_inactive");

  expect(await outcomeOf(post("x"))).toBe("account_inactive");
  slack.assertNoViolations();
});

test("complains of a scripted fault that never came to use", () => {
  slack.faults.inject("chat.update", { kind: "error", code: "channel_not_found" });

  expect(() => slack.assertNoViolations()).toThrow(/a scripted error for chat.update never came to use/);
});

test("sets prompts, statuses and sessions with their times, and forgets a status after two minutes", async () => {
  const { ts } = slack.gestures.direct({ user: "U0ADA", text: "hello" });
  const place = { channel_id: "D0ADA", thread_ts: ts };
  await client.assistant.threads.setSuggestedPrompts({
    channel_id: "D0ADA",
    title: "Try",
    prompts: [{ title: "Costs", message: "costs" }],
  });
  await client.assistant.threads.setStatus({ ...place, status: "reading costs", loading_messages: ["one", "two"] });
  await client.agents.sessions.setStatus({ ...place, status: "processing" });

  expect(slack.workspace.prompts).toMatchObject([{ channel: "D0ADA", title: "Try", at: clock.now() }]);
  expect(slack.workspace.sessions).toMatchObject([{ status: "processing", thread: ts }]);
  expect(slack.workspace.statusShown("D0ADA", ts)).toBe("reading costs");
  clock.advance(120_000);
  expect(slack.workspace.statusShown("D0ADA", ts)).toBe("");
  await client.assistant.threads.setStatus({ ...place, status: "still reading" });
  await client.chat.postMessage({ channel: "D0ADA", thread_ts: ts, text: "done", ...QUIET_POST });
  expect(slack.workspace.statusShown("D0ADA", ts)).toBe("");
  slack.assertNoViolations();
});

test("publishes home tabs and opens modals on a fresh trigger only", async () => {
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "Home" } }];
  await client.views.publish({ user_id: "U0ADA", view: { type: "home", blocks } });
  const trigger_id = String(slack.gestures.command({ command: "/ask", user: "U0ADA", channel: FINOPS }).payload.trigger_id);
  const view = { type: "modal", title: { type: "plain_text", text: "Edit" }, blocks } as const;

  expect(slack.workspace.homes.get("U0ADA")?.view.blocks).toEqual(blocks);
  expect(await outcomeOf(client.views.open({ trigger_id, view }))).toBe("ok");
  slack.assertNoViolations();
  expect(await outcomeOf(client.views.open({ trigger_id, view }))).toBe("exchanged_trigger_id");
  slack.takeViolations(/exchanged/);
  const old = String(slack.gestures.command({ command: "/ask", user: "U0ADA", channel: FINOPS }).payload.trigger_id);
  clock.advance(4_000);
  expect(await outcomeOf(client.views.open({ trigger_id: old, view }))).toBe("expired_trigger_id");
});

const PERSON = { user: "U0ADA", channel: FINOPS, text: "hi" };

test.each<[string, RegExp, () => Promise<unknown>]>([
  ["ok", /without unfurl_links/, () => client.chat.postMessage({ channel: FINOPS, text: "x", unfurl_links: false })],
  ["no_text", /without text/, () => client.apiCall("chat.postMessage", { channel: FINOPS, blocks: [{ type: "divider" }], ...QUIET_POST })],
  ["invalid_auth", /a wrong token/, () => plainClient(slack, "xoxb-other").auth.test()],
  ["invalid_auth", /no token/, () => plainClient(slack, "").auth.test()],
  ["not_allowed_token_type", /the bot token/, () => client.apps.connections.open({})],
  ["unknown_method", /unknown method chat.whisper/, () => client.apiCall("chat.whisper", {})],
  ["invalid_arguments", /missing channel/, () => client.apiCall("chat.postMessage", { text: "x" })],
  ["ok", /no argument treadts/, () => client.apiCall("chat.postMessage", { channel: FINOPS, text: "x", treadts: "1", ...QUIET_POST })],
  ["thread_not_found", /names no message/, () => post("x", { thread_ts: "1700000000.000001" })],
  ["invalid_thread_ts", /is no message's/, () => post("x", { thread_ts: "command-7" })],
  ["ok", /raw broadcast markup <!channel>/, () => post("look <!channel>")],
  ["ok", /raw user markup <@U0ADA>/, () => post("x", { blocks: [{ type: "section", text: { type: "mrkdwn", text: "by <@U0ADA>" } }] })],
  ["ok", /raw link markup/, () => post("x", { blocks: [{ type: "markdown", text: "see <https://evil.example|here>" }] })],
  ["ok", /raw image markup/, () => post("x", { blocks: [{ type: "markdown", text: "![chart](https://evil.example/a.png)" }] })],
  [
    "ok",
    /raw image markup https/,
    () => post("x", { blocks: [{ type: "image", image_url: "https://evil.example/a.png", alt_text: "a" }] }),
  ],
  [
    "msg_too_long",
    /text of 4001/,
    async () => client.chat.update({ channel: FINOPS, ts: (await post("x")).ts ?? "", text: "x".repeat(4_001) }),
  ],
  ["cant_update_message", /not the app's/, () => client.chat.update({ channel: FINOPS, ts: slack.gestures.mention(PERSON).ts, text: "x" })],
  [
    "invalid_metadata_format",
    /metadata is not/,
    () => client.apiCall("chat.postMessage", { channel: FINOPS, text: "x", metadata: { slot: 1 }, ...QUIET_POST }),
  ],
  [
    "invalid_arguments",
    /5 prompts/,
    () =>
      client.assistant.threads.setSuggestedPrompts({
        channel_id: "D0ADA",
        prompts: Array.from({ length: 5 }, () => ({ title: "t", message: "m" })),
      }),
  ],
  [
    "ok",
    /agent view shows none/,
    () =>
      client.assistant.threads.setSuggestedPrompts({
        channel_id: "D0ADA",
        thread_ts: "1700000000.000001",
        prompts: [{ title: "t", message: "m" }],
      }),
  ],
  [
    "invalid_arguments",
    /11 loading_messages/,
    () =>
      client.assistant.threads.setStatus({
        channel_id: FINOPS,
        thread_ts: slack.gestures.mention(PERSON).ts,
        status: "x",
        loading_messages: Array(11).fill("m"),
      }),
  ],
])("answers %s and notes a broken rule: %s", async (code, rule, act) => {
  expect(await outcomeOf(act())).toBe(code);

  expect(() => slack.assertNoViolations()).toThrow(rule);
  slack.takeViolations(rule);
  slack.assertNoViolations();
});

test("notes what is not a part of Slack, and closes twice", async () => {
  expect((await fetch(slack.apiUrl.replace("/api/", "/elsewhere"))).status).toBe(404);

  expect(() => slack.assertNoViolations()).toThrow(/unexpected GET \/elsewhere/);
  await slack.close();
});

test("finds live markup and leaves dead text alone", () => {
  const blocks = [
    { type: "section", text: { type: "plain_text", text: "<!here>" } },
    { type: "table", rows: [[{ type: "raw_text", text: "<@U1>" }]] },
    { type: "context", elements: [{ type: "mrkdwn", text: "&lt;!here&gt; <#C0FINOPS|finops>" }] },
  ];

  expect(findMentions({ args: { text: "a < b", blocks } })).toEqual([{ raw: "<#C0FINOPS|finops>", kind: "channel", where: "blocks" }]);
});
