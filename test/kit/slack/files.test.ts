import type { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FakeSlack } from "./index.ts";
import { outcomeOf, QUIET_POST, startClient, type TestClock } from "./rig.ts";

const PNG = Buffer.from("89504e470d0a1a0a0000", "hex");
let slack: FakeSlack;
let client: WebClient;
let clock: TestClock;

beforeEach(async () => {
  ({ slack, client, clock } = await startClient({ fileRefusals: 2, manifestScopes: ["chat:write", "files:write", "files:read"] }));
});
afterEach(() => slack.close());

async function upload(): Promise<string> {
  const answer = await client.filesUploadV2({ file: PNG, filename: "chart.png", alt_text: "Costs rose", title: "Costs" });
  return answer.files[0]?.files?.[0]?.id ?? "";
}

const show = (id: string) =>
  client.chat.postMessage({
    channel: "C0FINOPS",
    text: "chart",
    blocks: [{ type: "image", slack_file: { id }, alt_text: "Costs rose" }],
    ...QUIET_POST,
  });

test("takes an upload in three steps and refuses to show it at once", async () => {
  const id = await upload();

  expect(slack.workspace.files.get(id)).toMatchObject({
    name: "chart.png",
    title: "Costs",
    altText: "Costs rose",
    bytes: PNG,
    complete: true,
  });
  const refused = await show(id).catch((error: { data: unknown }) => error.data);
  expect(refused).toMatchObject({
    error: "invalid_blocks",
    response_metadata: { messages: [expect.stringMatching(/invalid slack file/)] },
  });
  expect(await outcomeOf(show(id))).toBe("invalid_blocks");
  expect(await outcomeOf(show(id))).toBe("ok");
  expect(slack.transcript("C0FINOPS").map((m) => m.shown)).toEqual(["[image: Costs rose]"]);
  slack.assertNoViolations();
});

test("tells by files.info when a file is ready", async () => {
  const id = await upload();
  const typeOf = async () => (await client.files.info({ file: id })).file?.mimetype;

  expect([await typeOf(), await typeOf(), await typeOf()]).toEqual(["", "", "image/png"]);
  expect(await outcomeOf(show(id))).toBe("ok");
});

test("compares the bytes with the length that was announced", async () => {
  const { upload_url = "", file_id = "" } = await client.files.getUploadURLExternal({ filename: "a.png", length: 99 });
  const answer = await fetch(upload_url, { method: "POST", body: new Uint8Array(PNG) });

  expect(answer.status).toBe(400);
  slack.takeViolations(/10 bytes came .* 99 were announced/);
  expect(await outcomeOf(client.files.completeUploadExternal({ files: [{ id: file_id }] }))).toBe("file_not_found");
  slack.takeViolations(/before its bytes came/);
});

test("refuses files that were never uploaded, and uploads that Slack would share by itself", async () => {
  expect(await outcomeOf(show("F0NONE"))).toBe("invalid_blocks");
  slack.takeViolations(/never uploaded/);
  clock.advance(1_000);
  expect(await outcomeOf(client.filesUploadV2({ file: PNG, filename: "a.png", channel_id: "C0FINOPS" }))).toBe("invalid_arguments");
  slack.takeViolations(/no unfurl flags/);
});
