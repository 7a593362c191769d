import type { Activity } from "botbuilder";
import { formatInstant, formatNumber } from "../../core/format.ts";
import type { Block, ChartBlock, Reply } from "../../core/reply.ts";
import { type Element, heading, note, paragraph } from "./elements.ts";
import { renderMaths } from "./maths.ts";
import { nativeChart } from "./native-chart.ts";
import { renderTable, TABLE_LIMITS } from "./table.ts";
import { bytesOf, cleanMarkdown, escapeText, within } from "./text.ts";

/** Of the card's JSON, everything in it counted. Staff name 28 KB, others met 25. */
export const CARD_BYTES = 25_000;

const QUESTIONS = 3;
const QUESTION_LENGTH = 80;
const ALT_LENGTH = 1_500;
/** Of an image's own alt text; the whole of it stands below as words. */
const IMAGE_ALT_LENGTH = 300;
const PARAGRAPH_LENGTH = 6_000;
const CALL_LENGTH = 400;
const TOO_LARGE = "A part of this answer is too large for Teams; the console shows it.";
const NO_PICTURE = " (Without its picture here; the console shows it.)";

/** Where a chart's picture is: a message of its own above the card, or an address to show inside it. */
export type Picture = "above" | { url: string };

export interface CardOptions {
  /** By their chart's place among the blocks. */
  pictures: ReadonlyMap<number, Picture>;
  /** Suggestions are buttons of the card where Teams shows no others. */
  personal: boolean;
  /** Of the first card. Default: all that Teams takes. */
  bytes?: number;
  /** Charts in words only, for a Teams that refuses them. */
  plain?: true;
}

/** Tables, charts and "Show the maths", within what Teams takes. The first card has it all but what is left of the maths; none when the words are all there is. */
export function renderCards(reply: Reply, options: CardOptions): Partial<Activity>[] {
  const [first = [], ...rest] = renderMaths(reply);
  const questions = options.personal ? [] : (reply.suggestions ?? []).slice(0, QUESTIONS);
  const said = buttonsOf((reply.actions ?? []).map(({ label, say }) => ({ label, question: say })));
  const body = fittingBody(reply, [...first, ...said, ...buttons(questions)], options);
  return [
    ...(body.length > 0 ? [message(body)] : []),
    ...rest.map((part) => message([note("More of the maths of this answer."), ...part])),
  ];
}

/** Words, blocks and buttons as one card: one message, which can be changed as a whole. */
export function renderWholeCard(reply: Reply, options: CardOptions): Partial<Activity> {
  const words = reply.text
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== "")
    .map((part) => paragraph(within(withoutHeadings(cleanMarkdown(part, reply.receipts ?? [])), PARAGRAPH_LENGTH)));
  const said = (reply.actions ?? []).map(({ label, say }) => ({ label, question: say }));
  const asked = (reply.suggestions ?? []).slice(0, QUESTIONS).map((question) => ({ label: question, question }));
  const [maths = []] = renderMaths(reply);
  const most = (options.bytes ?? CARD_BYTES) - bytesOf(content(words));
  const blocks = fittingBody(reply, [...maths, ...buttonsOf([...said, ...asked])], { ...options, bytes: most });
  return message([...words, ...blocks]);
}

/** With as many rows as there is room for. */
function fittingBody(reply: Reply, end: readonly Element[], options: CardOptions): Element[] {
  const most = options.bytes ?? CARD_BYTES;
  const partsWith = (rows: number) => (reply.blocks ?? []).map((block, index) => renderBlock(block, index, { ...options, reply, rows }));
  for (const rows of [TABLE_LIMITS.rows, 25, 15, 10, 5]) {
    const body = [...partsWith(rows).flat(), ...end];
    if (body.length === 0 || bytesOf(content(body)) <= most) return body;
  }
  return fitted(partsWith(5), end, most);
}

/** From the first block on as many as there is room for; a block is whole or not there, and that is said. */
function fitted(parts: readonly Element[][], end: readonly Element[], most: number): Element[] {
  const body: Element[] = [];
  let missing = false;
  for (const part of parts) {
    const fits = bytesOf(content([...body, ...part, note(TOO_LARGE), ...end])) <= most;
    if (fits) body.push(...part);
    else missing = true;
  }
  return [...body, ...(missing ? [note(TOO_LARGE)] : []), ...end];
}

function content(body: readonly Element[]): Element {
  return {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: "1.5",
    msteams: { width: "Full" },
    body,
  };
}

function message(body: readonly Element[]): Partial<Activity> {
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: content(body) }] };
}

interface BlockOptions extends CardOptions {
  reply: Reply;
  rows: number;
}

function renderBlock(block: Block, index: number, options: BlockOptions): Element[] {
  switch (block.type) {
    case "markdown":
      return [paragraph(within(withoutHeadings(cleanMarkdown(block.text, options.reply.receipts ?? [])), PARAGRAPH_LENGTH))];
    case "chart":
      return renderChart(block, options.pictures.get(index), options.plain ? undefined : nativeChart(block));
    case "table":
      return renderTable(block, options.rows);
    case "kpis":
      return [{ type: "FactSet", facts: block.items.slice(0, 20).map(({ label, value, change }) => fact(label, value, change)) }];
    case "progress":
      return [note(`${within(block.label, 200)}: ${formatNumber(block.done)}${block.total ? ` of ${formatNumber(block.total)}` : ""}`)];
    case "approval":
      return [
        heading(within(block.title, 200)),
        ...block.lines.map((line) => paragraph(escapeText(within(line, CALL_LENGTH)))),
        ...(block.outcome === undefined
          ? [
              note(`Open until ${formatInstant(block.expiresAt)}.`),
              { type: "ActionSet", actions: [submit("Approve", `approve ${block.id}`), submit("Reject", `reject ${block.id}`)] },
            ]
          : [note(block.outcome)]),
      ];
  }
}

/** The finding in words is always there, whatever is drawn above it. A picture has its title in it. */
function renderChart({ title, alt }: ChartBlock, picture: Picture | undefined, native: Element | undefined): Element[] {
  if (typeof picture === "object") {
    const altText = escapeText(within(alt || title, IMAGE_ALT_LENGTH)) || "chart";
    const image = { type: "Image", url: picture.url, altText, size: "Stretch", msteams: { allowExpand: true } };
    return [image, note(within(alt || title, ALT_LENGTH))];
  }
  const head = heading(within(title, 200));
  const words = within(withoutTitle(alt, title), ALT_LENGTH);
  const below = words ? [note(words)] : [];
  if (picture === "above") return [head, ...below];
  return native ? [head, native, ...below] : [head, note(`${words}${NO_PICTURE}`)];
}

/** Most findings begin with the title, which stands above them already. */
function withoutTitle(alt: string, title: string): string {
  const rest = alt.startsWith(title) ? alt.slice(title.length).replace(/^[\s.:–—-]+/, "") : alt;
  return rest || alt;
}

function fact(label: string, value: string, change: string | undefined): Element {
  return { title: escapeText(within(label, 80)), value: escapeText(within(`${value}${change ? ` (${change})` : ""}`, 120)) };
}

/** Cards know no headings. */
function withoutHeadings(markdown: string): string {
  return markdown.replace(/^#{1,6}\s+(.+)$/gm, "**$1**");
}

/** A click comes back as a message with the question in its value. */
function buttons(questions: readonly string[]): Element[] {
  return buttonsOf(questions.map((question) => ({ label: question, question })));
}

function buttonsOf(asked: readonly { label: string; question: string }[]): Element[] {
  if (asked.length === 0) return [];
  return [{ type: "ActionSet", actions: asked.map(({ label, question }) => submit(within(label, QUESTION_LENGTH), question)) }];
}

function submit(title: string, question: string): Element {
  return { type: "Action.Submit", title, data: { question } };
}
