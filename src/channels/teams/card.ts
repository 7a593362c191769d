import type { Activity } from "botbuilder";
import type { Receipt } from "../../core/fact.ts";
import { formatInstant, formatNumber } from "../../core/format.ts";
import type { Block, Reply } from "../../core/reply.ts";
import { type Element, heading, note, paragraph } from "./elements.ts";
import { renderTable, TABLE_LIMITS } from "./table.ts";
import { bytesOf, cleanMarkdown, escapeText, within } from "./text.ts";

/** Of the card's JSON, everything in it counted. Staff name 28 KB, others met 25. */
export const CARD_BYTES = 25_000;

const SOURCES = 20;
const QUESTIONS = 3;
const QUESTION_LENGTH = 80;
const ALT_LENGTH = 1_500;
const PARAGRAPH_LENGTH = 6_000;
const CALL_LENGTH = 400;
const MATHS_BYTES = 7_000;
const CALLS_BYTES = 2_000;
const TOO_LARGE = "A part of this answer is too large for Teams; the console shows it.";

export interface CardOptions {
  /** Places, among the blocks, of the charts whose picture was sent. */
  pictured: ReadonlySet<number>;
  /** Suggestions are buttons of the card where Teams shows no others. */
  personal: boolean;
}

/** Tables, charts in words and "Show the maths", within what Teams takes; undefined when the words are all there is. */
export function renderCard(reply: Reply, options: CardOptions): Partial<Activity> | undefined {
  const questions = options.personal ? [] : (reply.suggestions ?? []).slice(0, QUESTIONS);
  const end = [...maths(reply), ...buttons(questions)];
  for (const rows of [TABLE_LIMITS.rows, 25, 15, 10, 5]) {
    const parts = (reply.blocks ?? []).map((block, index) => renderBlock(block, { reply, rows, pictured: options.pictured.has(index) }));
    if (parts.length === 0 && end.length === 0) return undefined;
    if (bytesOf(content([...parts.flat(), ...end])) <= CARD_BYTES) return message([...parts.flat(), ...end]);
    if (rows === 5) return message(fitted(parts, end));
  }
  return undefined;
}

/** From the first block on as many as there is room for; a block is whole or not there, and that is said. */
function fitted(parts: readonly Element[][], end: readonly Element[]): Element[] {
  const body: Element[] = [];
  let missing = false;
  for (const part of parts) {
    const fits = bytesOf(content([...body, ...part, note(TOO_LARGE), ...end])) <= CARD_BYTES;
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

function renderBlock(block: Block, { reply, rows, pictured }: { reply: Reply; rows: number; pictured: boolean }): Element[] {
  switch (block.type) {
    case "markdown":
      return [paragraph(within(withoutHeadings(cleanMarkdown(block.text, reply.receipts ?? [])), PARAGRAPH_LENGTH))];
    case "chart":
      return [
        heading(within(block.title, 200)),
        note(`${within(block.alt, ALT_LENGTH)}${pictured ? "" : " (Without its picture here; the console shows it.)"}`),
      ];
    case "table":
      return renderTable(block, rows);
    case "kpis":
      return [{ type: "FactSet", facts: block.items.slice(0, 20).map(({ label, value, change }) => fact(label, value, change)) }];
    case "progress":
      return [note(`${within(block.label, 200)}: ${formatNumber(block.done)}${block.total ? ` of ${formatNumber(block.total)}` : ""}`)];
    case "approval":
      return [
        heading(within(block.title, 200)),
        ...block.lines.map((line) => paragraph(escapeText(within(line, CALL_LENGTH)))),
        note(`Open until ${formatInstant(block.expiresAt)}.`),
      ];
  }
}

function fact(label: string, value: string, change: string | undefined): Element {
  return { title: escapeText(within(label, 80)), value: escapeText(within(`${value}${change ? ` (${change})` : ""}`, 120)) };
}

/** Cards know no headings. */
function withoutHeadings(markdown: string): string {
  return markdown.replace(/^#{1,6}\s+(.+)$/gm, "**$1**");
}

/** Hidden until asked for. The first sources and calls, as many as there is room for. */
function maths(reply: Reply): Element[] {
  const receipts = reply.receipts ?? [];
  if (receipts.length === 0) return [];
  const sources = whileRoom(receipts.slice(0, SOURCES).map(sourceLine), MATHS_BYTES);
  const more = receipts.length - sources.length;
  const calls = (reply.turn?.tools ?? []).map((call) => within(`${call.name} ${JSON.stringify(call.input)}`, CALL_LENGTH));
  const items = [
    ...sources,
    ...(more > 0 ? [note(`${formatNumber(more)} more sources in the console.`)] : []),
    ...whileRoom(
      calls.map((call) => paragraph(escapeText(call))),
      CALLS_BYTES,
    ),
  ];
  return [
    { type: "Container", id: "maths", isVisible: false, items },
    { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", title: "Show the maths", targetElements: ["maths"] }] },
  ];
}

function sourceLine(r: Receipt, index: number): Element {
  const state = [r.status, r.provisional ? `provisional ${r.provisional}` : "", r.truncated ?? "", ...(r.notes ?? [])].filter(Boolean);
  const words = within(`${r.source}: ${r.query} (${state.join(", ")}; read ${formatInstant(r.fetchedAt)})`, CALL_LENGTH);
  return paragraph(escapeText(`[${index + 1}] ${words}`));
}

function whileRoom(elements: readonly Element[], bytes: number): Element[] {
  let used = 0;
  return elements.filter((element) => {
    used += bytesOf(element);
    return used <= bytes;
  });
}

/** A click comes back as a message with the question in its value. */
function buttons(questions: readonly string[]): Element[] {
  if (questions.length === 0) return [];
  const actions = questions.map((question) => ({ type: "Action.Submit", title: within(question, QUESTION_LENGTH), data: { question } }));
  return [{ type: "ActionSet", actions }];
}
