import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FAULTS, type FakeSlack, IDS } from "./index.ts";
import { outcomeOf, startClient, type TestClock } from "./rig.ts";

let slack: FakeSlack;
let client: WebClient;
let clock: TestClock;
let where: { channel: string; thread_ts: string; recipient_team_id: string; recipient_user_id: string };

beforeEach(async () => {
  ({ slack, client, clock } = await startClient());
  const { ts } = slack.gestures.direct({ user: "U0ADA", text: "what moved?" });
  where = { channel: "D0ADA", thread_ts: ts, recipient_team_id: IDS.team, recipient_user_id: "U0ADA" };
});
afterEach(() => slack.close());

const answer = () => slack.transcript("D0ADA", where.thread_ts).at(-1);
const open = async () => {
  const { ts = "" } = await client.chat.startStream({ ...where, chunks: [{ type: "markdown_text", text: "Costs " }] });
  return { channel: "D0ADA", ts };
};
const more = (text: string) => ({ chunks: [{ type: "markdown_text" as const, text }] });

test("puts a stream together: text, tasks, blocks at the end", async () => {
  const stream = client.chatStream({ ...where, buffer_size: 1 });
  await stream.append({ chunks: [{ type: "task_update", id: "1", title: "Read costs", status: "in_progress", details: "a" }] });
  await stream.append({ chunks: [{ type: "task_update", id: "1", title: "Read costs", status: "complete", details: "b" }] });
  await stream.append({ markdown_text: "Costs rose " });
  expect(answer()).toMatchObject({ streaming: "live", text: "Costs rose " });
  await stream.stop({ markdown_text: "by 4 %.", blocks: [{ type: "divider" }], session_status: "active" });

  expect(answer()).toMatchObject({
    streaming: "complete",
    text: "Costs rose by 4 %.",
    blocks: [{ type: "divider" }],
    tasks: [{ status: "complete", details: "ab" }],
  });
  expect(slack.workspace.sessions.at(-1)?.status).toBe("active");
  slack.assertNoViolations();
});

test("lets a stream die after five minutes, broken until it is edited", async () => {
  const place = await open();
  clock.advance(299_999);
  expect(await outcomeOf(client.chat.appendStream({ ...place, ...more("rose") }))).toBe("ok");
  clock.advance(1);

  expect(await outcomeOf(client.chat.appendStream({ ...place, ...more(" more") }))).toBe("message_not_in_streaming_state");
  expect(await outcomeOf(client.chat.stopStream(place))).toBe("message_not_in_streaming_state");
  expect(answer()?.streaming).toBe("broken");
  expect(() => slack.assertNoViolations()).toThrow(/expired and was left broken/);
  await client.chat.update({ ...place, text: "Costs rose more" });
  expect(answer()).toMatchObject({ shown: "Costs rose more", edited: true });
  expect(answer()?.streaming).toBeUndefined();
  slack.assertNoViolations();
});

test("refuses an edit of a live stream and complains of one left open", async () => {
  const place = await open();

  expect(await outcomeOf(client.chat.update({ ...place, text: "x" }))).toBe("streaming_state_conflict");
  expect(() => slack.assertNoViolations()).toThrow(/left open/);
  await client.chat.stopStream(place);
  expect(await outcomeOf(client.chat.stopStream(place))).toBe("message_not_in_streaming_state");
  slack.assertNoViolations();
});

test("tells the app when the person pressed Stop", async () => {
  const place = await open();
  const { payload } = slack.gestures.sessionStopped("D0ADA", where.thread_ts, "U0ADA");

  expect(payload.event).toMatchObject({ type: "agent_session_stopped", streaming_message_ts: [place.ts] });
  expect(await outcomeOf(client.chat.appendStream({ ...place, ...more("x") }))).toBe("stopped_by_user");
  expect(await outcomeOf(client.chat.stopStream(place))).toBe("stopped_by_user");
  expect(answer()?.streaming).toBe("stopped");
  slack.assertNoViolations();
});

test("sees two streams that un-awaited appends open", async () => {
  const stream = client.chatStream({ ...where, buffer_size: 1 });
  await Promise.all([stream.append({ markdown_text: "one" }), stream.append({ markdown_text: "two" })]);

  expect(slack.transcript("D0ADA").filter((m) => m.streaming === "live")).toHaveLength(2);
  slack.takeViolations(/second stream in the same thread/);
});

test("sees markup that was split over the pieces", async () => {
  const place = await open();
  await client.chat.appendStream({ ...place, ...more("<!chan") });
  await client.chat.stopStream({ ...place, ...more("nel>") });

  expect(() => slack.assertNoViolations()).toThrow(/raw broadcast markup <!channel> in the streamed message/);
});

test("limits starts to twenty a minute", async () => {
  for (let i = 0; i < 20; i += 1) await client.chat.stopStream(await open());

  expect(await outcomeOf(open())).toBe("WebAPIRateLimitedError");
});

test("keeps the stream live when a stop was lost before it was accepted, and ends it when after", async () => {
  const place = await open();
  slack.faults.inject("chat.stopStream", FAULTS.serverError);
  slack.faults.inject("chat.stopStream", FAULTS.serverErrorAfter);

  expect(await outcomeOf(client.chat.stopStream(place))).toBe("WebAPIHTTPError");
  expect(answer()?.streaming).toBe("live");
  expect(await outcomeOf(client.chat.stopStream(place))).toBe("WebAPIHTTPError");
  expect(answer()?.streaming).toBe("complete");
  slack.assertNoViolations();
});

test.each<[string, RegExp, Record<string, unknown>]>([
  ["missing_recipient_user_id", /without recipient_user_id/, { recipient_user_id: undefined }],
  ["missing_recipient_team_id", /without recipient_team_id/, { recipient_team_id: undefined }],
  ["user_not_found", /is nobody/, { recipient_user_id: "U0NOBODY" }],
  ["invalid_arguments", /without thread_ts/, { thread_ts: undefined }],
  ["invalid_arguments", /task_display_mode/, { task_display_mode: "grid" }],
  ["invalid_chunks", /status done/, { chunks: [{ type: "task_update", id: "1", title: "t", status: "done" }] }],
  ["invalid_chunks", /type html/, { chunks: [{ type: "html" }] }],
  ["invalid_blocks", /unsupported type/, { chunks: [{ type: "blocks", blocks: [{ type: "marquee" }] }] }],
  ["msg_too_long", /12001 characters/, { chunks: [{ type: "markdown_text", text: "x".repeat(12_001) }] }],
])("refuses to start with %s: %s", async (code, rule, change) => {
  expect(await outcomeOf(client.apiCall("chat.startStream", { ...where, ...change }))).toBe(code);
  slack.takeViolations(rule);
});

test("refuses what was never a stream", async () => {
  expect(await outcomeOf(client.chat.appendStream({ channel: "D0ADA", ts: where.thread_ts, markdown_text: "x" }))).toBe(
    "message_not_in_streaming_state",
  );
});
