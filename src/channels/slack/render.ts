import type { AnyBlock, KnownBlock } from "@slack/types";
import type { Reply } from "../../core/reply.ts";
import { measureMarkdown, splitMarkdown } from "./markdown.ts";
import { isNativeChart } from "./native-chart.ts";
import { type Drawing, renderBlock } from "./render-blocks.ts";
import { isMathsButton, mathsButton, renderFoot } from "./render-foot.ts";
import { context } from "./render-text.ts";
import { cleanMarkdown, within } from "./text.ts";

/**
 * A final reply as Slack messages: the first is the answer with its receipts and buttons, the others hold what one message may not,
 * in the same thread. Each is within the limits of Block Kit; what does not fit is counted, never cut in a word.
 */
export interface SlackMessage {
  /** Fallback for notifications and screen readers. */
  text: string;
  /** The words of the answer: the first of the blocks, as markdown. Absent when there are none. */
  lead?: string;
  blocks: AnyBlock[];
}

/** Below Slack's own 13,200 characters, 12,000 of markdown and 50 blocks, which are counted differently here and there. */
const ROOM = { characters: 12_800, markdown: 11_800, drawn: 46, tables: 1 } as const;
const MOST_MESSAGES = 5;
const FALLBACK = 2_800;

/** `drawings` says by a chart's place among the blocks how it is drawn; a chart without one is told in words. */
export function renderReply(reply: Reply, drawings: ReadonlyMap<number, Drawing> = new Map()): SlackMessage[] {
  const receipts = reply.receipts ?? [];
  const [lead, ...rest] = splitMarkdown(cleanMarkdown(reply.text, receipts));
  const parts = [
    ...rest.map(markdownPart),
    ...(reply.blocks ?? []).flatMap((block, i) =>
      block.type === "markdown"
        ? splitMarkdown(cleanMarkdown(block.text, receipts)).map(markdownPart)
        : renderBlock(block, drawings.get(i)).map((blocks) => partOf(blocks)),
    ),
  ];
  const foot = renderFoot(reply);
  const first = lead === undefined ? [] : markdownPart(lead).blocks;
  const [answer = [], ...more] = pack(first, foot, parts);
  const text = fallbackText(lead ?? "") || within(titleOf(reply), FALLBACK) || "Answer";
  return [
    { text, ...(lead === undefined ? {} : { lead }), blocks: [...answer, ...foot] },
    ...more.map((blocks) => ({ text: within(`More of: ${text}`, FALLBACK), blocks })),
  ];
}

/** Blocks that stay together, and what they cost. */
interface Part extends Cost {
  blocks: KnownBlock[];
}

interface Cost {
  characters: number;
  markdown: number;
  drawn: number;
  tables: number;
}

/** Parts in their order, each in the first message that has room; the table of a text does not wait for the parts after it. */
function pack(first: KnownBlock[], foot: readonly KnownBlock[], parts: readonly Part[]): KnownBlock[][] {
  const messages = [{ blocks: [...first], cost: costOf([...first, ...foot]) }];
  let left = 0;
  for (const part of parts) {
    const last = messages.at(-1);
    const place = part.tables > 0 || !last ? messages.find(({ cost }) => fits(cost, part)) : fits(last.cost, part) ? last : undefined;
    if (place) {
      place.blocks.push(...part.blocks);
      place.cost = plus(place.cost, part);
    } else if (messages.length < MOST_MESSAGES) messages.push({ blocks: [...part.blocks], cost: part });
    else left += 1;
  }
  if (left > 0) messages.at(-1)?.blocks.push(context(`${left} more ${left === 1 ? "part is" : "parts are"} in the console.`));
  return messages.map(({ blocks }) => blocks);
}

function fits(a: Cost, b: Cost): boolean {
  const { characters, markdown, drawn, tables } = plus(a, b);
  return characters <= ROOM.characters && markdown <= ROOM.markdown && drawn <= ROOM.drawn && tables <= ROOM.tables;
}

function plus(a: Cost, b: Cost): Cost {
  return {
    characters: a.characters + b.characters,
    markdown: a.markdown + b.markdown,
    drawn: a.drawn + b.drawn,
    tables: a.tables + b.tables,
  };
}

function markdownPart(text: string): Part {
  const { characters, drawn, tables } = measureMarkdown(text);
  return { blocks: [{ type: "markdown", text }], characters, markdown: text.length, drawn, tables };
}

function partOf(blocks: KnownBlock[]): Part {
  return { blocks, ...costOf(blocks) };
}

function costOf(blocks: readonly KnownBlock[]): Cost {
  return blocks.map(costOfBlock).reduce(plus, { characters: 0, markdown: 0, drawn: 0, tables: 0 });
}

function costOfBlock(block: KnownBlock): Cost {
  if (block.type === "markdown") return markdownPart(block.text);
  if (block.type === "table") return { characters: 0, markdown: 0, drawn: 1, tables: 1 };
  return { characters: lettersIn(block), markdown: 0, drawn: 1, tables: 0 };
}

/** What a reader sees of it: values and addresses of buttons do not count. */
function lettersIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, item]) => sum + (typeof item === "string" ? (VISIBLE.test(name) ? item.length : 0) : lettersIn(item)),
    0,
  );
}

const VISIBLE = /^(?:(?:alt_)?text|title|label|name)$/;

/** Of the first block that has one. */
function titleOf({ blocks = [] }: Reply): string {
  for (const block of blocks) if ("title" in block && block.title) return block.title;
  return "";
}

function fallbackText(markdown: string): string {
  const words = markdown
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/(?<![\w*])_(.+?)_(?!\w)/g, "$1")
    .replace(/`([^`]+)`/g, "$1");
  return within(words.trim(), FALLBACK);
}

/**
 * Ever plainer forms of a message, for when Slack finds a block wrong: without pictures, charts and folds, the words alone, and text
 * without blocks. What the receipts say stays a press of a button away as long as there are blocks.
 */
export function* plainerForms(message: SlackMessage): Generator<SlackMessage> {
  yield message;
  const bare = message.blocks.flatMap(barely);
  if (message.blocks.some(isElaborate)) yield { ...message, blocks: bare };
  const words = bare.filter((block) => ["markdown", "context"].includes(block.type) || isMathsButton(block));
  if (words.length > 0 && words.length < message.blocks.length) yield { ...message, blocks: words };
  yield { text: message.text, blocks: [] };
}

function isElaborate(block: AnyBlock): boolean {
  return isNativeChart(block) || "alt_text" in block || (block.type as string) === "container";
}

/** Below a chart of Slack's own stands already what it shows. */
function barely(block: AnyBlock): AnyBlock[] {
  if (isNativeChart(block)) return [];
  if ("alt_text" in block) return [context(String(block.alt_text))];
  return (block.type as string) === "container" ? mathsButton(block) : [block];
}
