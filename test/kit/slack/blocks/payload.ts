import { type Fields, fieldsOf, isFields, stringOf } from "../shapes.ts";
import { checkBlock, type Surface } from "./layout.ts";
import { type RenderedMarkdown, renderMarkdown } from "./markdown.ts";
import { Report } from "./report.ts";
import { walk, wordsOfBlock } from "./words.ts";

/** What is wrong with the blocks of one payload. `code` is Slack's error; `messages` go into response_metadata. */
export interface BlockFault {
  code: "invalid_blocks" | "invalid_blocks_format" | "msg_blocks_too_long" | "invalid_attachments";
  messages: readonly string[];
}

/** Those that are sent, and those that markdown is rendered into. */
const BLOCKS = 50;
const MARKDOWN = 12_000;
/** Characters of all text outside tables, plus a toll for each heading of markdown: measured by others, not documented. */
const CHARACTERS = 13_200;
const HEADING_TOLL = 100;
const CHARTS = 2;

/** Shape and limits; undefined when all is well. Whether a file is ready is not looked at here. */
export function findBlockFault(value: unknown, surface: Surface, at = "/blocks"): BlockFault | undefined {
  if (!Array.isArray(value)) return { code: "invalid_blocks_format", messages: [`must be an array [json-pointer:${at}]`] };
  const report = new Report();
  report.list(value, at, { min: 0, max: surface === "message" ? BLOCKS : 100 });
  for (const [i, block] of value.entries()) checkBlock(report, block, `${at}/${i}`, surface);
  const blocks = value.filter(isFields);
  checkIds(report, blocks, at);
  checkTotals(report, blocks, at);
  if (report.messages.length > 0) return { code: "invalid_blocks", messages: report.messages };
  if (countTables(blocks) > 1) return { code: "invalid_attachments", messages: [`only_one_table_allowed [json-pointer:${at}]`] };
  if (surface === "message" && isTooLong(blocks)) return { code: "msg_blocks_too_long", messages: [] };
  return undefined;
}

function checkIds(report: Report, blocks: readonly Fields[], at: string): void {
  const seen = new Set<unknown>();
  for (const [i, { block_id }] of blocks.entries()) {
    if (block_id !== undefined && seen.has(block_id)) report.add(`block_id already exists: ${String(block_id)}`, `${at}/${i}/block_id`);
    seen.add(block_id);
  }
}

function checkTotals(report: Report, blocks: readonly Fields[], at: string): void {
  const markdown = blocks.reduce((sum, b) => sum + (b.type === "markdown" ? stringOf(b.text).length : 0), 0);
  if (markdown > MARKDOWN) report.add(`markdown blocks must hold less than ${MARKDOWN + 1} characters together`, at);
  if (blocks.filter((b) => b.type === "data_visualization").length > CHARTS)
    report.add(`no more than ${CHARTS} data_visualization blocks allowed`, at);
}

/** One table a message: `table`, `data_table`, those in containers, and those that markdown draws. */
function countTables(blocks: readonly Fields[]): number {
  const native = [...walk(blocks)].filter((b) => b.type === "table" || b.type === "data_table").length;
  return native + sum(markdownIn(blocks), ({ tables }) => tables);
}

function isTooLong(blocks: readonly Fields[]): boolean {
  const counted = blocks.filter((b) => b.type !== "table" && b.type !== "data_table");
  const markdown = markdownIn(blocks);
  const drawn = blocks.length - markdown.length + sum(markdown, (m) => m.blocks);
  return drawn > BLOCKS || sum(counted, (b) => wordsOfBlock(b).length) + sum(markdown, (m) => m.headings) * HEADING_TOLL > CHARACTERS;
}

function markdownIn(blocks: readonly Fields[]): RenderedMarkdown[] {
  return blocks.filter((b) => b.type === "markdown").map((b) => renderMarkdown(stringOf(b.text)));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/** Ids of the uploaded files that blocks show. */
export function filesIn(blocks: unknown): { id: string; at: string }[] {
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((block, i) =>
    [...walk(block)].flatMap((part) => {
      const id = stringOf(fieldsOf(part.slack_file).id);
      return id ? [{ id, at: `/blocks/${i}/slack_file.id/slack_file` }] : [];
    }),
  );
}
