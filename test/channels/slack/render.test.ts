import { describe, expect, it } from "vitest";
import { nativeCharts } from "../../../src/channels/slack/native-chart.ts";
import { plainerForms, renderReply } from "../../../src/channels/slack/render.ts";
import type { Drawing } from "../../../src/channels/slack/render-blocks.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { REPLIES } from "../../kit/golden/index.ts";
import { chart, prose, table } from "../../kit/golden/pieces.ts";
import { findBlockFault } from "../../kit/slack/blocks/payload.ts";
import { wordsOf } from "../../kit/slack/blocks/words.ts";
import { findMentions } from "../../kit/slack/index.ts";

/** Every chart with a picture, then none. */
const FILES = new Map(Array.from({ length: 12 }, (_, i) => [i, { file: `F${i}` }]));
type Fields = Readonly<Record<string, unknown>>;
const blocksOf = (message: { blocks: unknown }) => message.blocks as Fields[];
const shown = (reply: Reply) =>
  renderReply(reply)
    .map((message) => wordsOf(blocksOf(message)))
    .join("\n");

describe.each(Object.entries(REPLIES))("a reply with %s", (_, reply) => {
  it.each([
    ["pictures", FILES],
    ["no pictures", new Map<number, Drawing>()],
    ["charts of Slack's own", new Map<number, Drawing>([...nativeCharts(reply)].map((native) => [native, { native }]))],
  ])("is within the limits of Slack, with %s and in each plainer form", (_, drawings) => {
    for (const message of renderReply(reply, drawings))
      for (const form of plainerForms(message)) {
        expect(findBlockFault(form.blocks, "message")).toBeUndefined();
        expect(form.text.trim()).not.toBe("");
        expect(form.text.length).toBeLessThanOrEqual(4_000);
        expect(findMentions({ args: { text: form.text, blocks: form.blocks } })).toEqual([]);
      }
  });
});

it("loses no word of a long text, and cuts none", () => {
  const text = prose(40_000);

  const words = renderReply({ text, final: true })
    .flatMap(blocksOf)
    .map((block) => String(block.text))
    .join(" ");

  expect(words.split(/\s+/)).toEqual(text.split(/\s+/));
});

it("counts what even five messages cannot hold", () => {
  expect(shown({ text: prose(120_000), final: true })).toMatch(/\d+ more parts are in the console/);
  expect(shown({ text: "Long.", blocks: [table(500, 6)], final: true })).toContain("401 more rows in the console");
});

it("gives each table a message of its own, with the words under them in order", () => {
  const messages = renderReply({ text: "Three.", blocks: [table(3, 3), table(4, 3), chart], final: true });

  expect(messages.map((m) => m.blocks.filter((b) => b.type === "table").length)).toEqual([1, 1]);
});

it("repeats the head of a table and the mark of a fence that go on in the next message", () => {
  const rows = renderReply(REPLIES["500 rows of markdown"] as Reply)
    .flatMap(blocksOf)
    .filter((b) => b.type === "markdown");
  const code = renderReply(REPLIES.code as Reply)
    .flatMap(blocksOf)
    .filter((b) => b.type === "markdown");

  expect(rows.length).toBeGreaterThan(1);
  for (const { text } of rows) expect(text).toMatch(/^\| service \| cost \|\n\| --- \| --- \|\n\| The/);
  expect(code.length).toBeGreaterThan(1);
  for (const { text } of code) expect(String(text).match(/^```/gm)?.length).toBe(2);
});

it("lets links through only when a receipt gave them, and puts receipts behind buttons", () => {
  const url = "https://bill.example/october";
  const receipt = { id: "r", source: "bill", query: "sum", fetchedAt: new Date(0), status: "live" as const, url };
  const text = `[ours](${url}) [theirs](https://evil.example) https://evil.example/raw www.evil.example`;

  const json = JSON.stringify(renderReply({ text, receipts: [receipt], final: true }));

  expect(json).toContain(`[ours](${url})`);
  expect(json).toContain(`"url":"${url}"`);
  expect(json).not.toContain("evil");
});
