import type { Activity } from "botbuilder";
import type { Receipt } from "../../core/fact.ts";
import { formatInstant, formatNumber, formatPercent, formatValue } from "../../core/format.ts";
import type { Block, Cell, Column, Reply, TableBlock } from "../../core/reply.ts";

/**
 * A final reply as Teams messages: the words first, with label, citations and feedback; then one card with charts, tables and the
 * receipts. Teams splits text and attachment of one message and gives no id for them, so they go apart.
 */
export const LIMITS = {
  text: 20_000,
  cardBytes: 25_000,
  imageBytes: 60_000,
  rows: 40,
  columns: 8,
  cell: 120,
  citations: 20,
  name: 80,
  abstract: 160,
  suggestions: 3,
} as const;

type Element = Readonly<Record<string, unknown>>;

export function renderWords(reply: Reply): Partial<Activity> {
  const receipts = reply.receipts ?? [];
  const notes = reply.notice ? `\n\n_${escapeText(reply.notice)}_` : "";
  const marks = receipts.slice(0, LIMITS.citations).map((_, i) => ` [${i + 1}]`);
  const entity = {
    type: "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "@id": "",
    additionalType: reply.turn?.agent === "model" ? ["AIGeneratedContent"] : [],
    citation: receipts.slice(0, LIMITS.citations).map(citation),
  };
  const suggestions = (reply.suggestions ?? [])
    .slice(0, LIMITS.suggestions)
    .map((question) => ({ type: "imBack", title: within(question, LIMITS.name), value: question }));
  return {
    type: "message",
    textFormat: "markdown",
    text: `${within(cleanMarkdown(reply.text, receipts), LIMITS.text)}${marks.join("")}${notes}`,
    entities: [entity],
    channelData: { feedbackLoop: { type: "default" } },
    ...(suggestions.length ? { suggestedActions: { to: [], actions: suggestions } } : {}),
  } as Partial<Activity>;
}

function citation(receipt: Receipt, index: number): Element {
  const about = `${receipt.status}${receipt.provisional ? `, provisional ${receipt.provisional}` : ""}: ${receipt.query}`;
  return {
    "@type": "Claim",
    position: index + 1,
    appearance: {
      "@type": "DigitalDocument",
      name: within(receipt.source, LIMITS.name),
      abstract: within(about, LIMITS.abstract),
      ...(receipt.url ? { url: receipt.url } : {}),
    },
  };
}

/** The card, or undefined when the words are all. `pictures` holds the PNG of a chart by its place among the blocks. */
export function renderCard(reply: Reply, pictures: ReadonlyMap<number, Buffer>): Partial<Activity> | undefined {
  const blocks = reply.blocks ?? [];
  const body = blocks.flatMap((block, index) => renderBlock(block, pictures.get(index)));
  if (body.length === 0 && !reply.receipts?.length) return undefined;
  return card([...body, ...maths(reply)]);
}

/** Within the size Teams takes: what is longest goes first, and what went is said. */
function card(elements: readonly Element[]): Partial<Activity> {
  let body = [...elements];
  const content = () => ({
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: "1.5",
    msteams: { width: "Full" },
    body,
  });
  while (sizeOf(content()) > LIMITS.cardBytes && body.length > 1) {
    const sizes = body.map((e) => sizeOf({ ...e, url: undefined }));
    const largest = sizes.indexOf(Math.max(...sizes));
    body = [
      ...body.slice(0, largest),
      note("A part of this answer is too large for Teams; the console shows it."),
      ...body.slice(largest + 1),
    ];
    if (Math.max(...sizes) < 400) break;
  }
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: content() }] };
}

/** Pictures travel beside the card's own limit. */
function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value, (key, v) => (key === "url" && typeof v === "string" && v.startsWith("data:") ? "" : v)));
}

function renderBlock(block: Block, picture: Buffer | undefined): Element[] {
  switch (block.type) {
    case "markdown":
      return [textBlock(block.text)];
    case "chart":
      return [
        picture && picture.length * 1.4 <= LIMITS.imageBytes
          ? { type: "Image", url: `data:image/png;base64,${picture.toString("base64")}`, altText: block.alt, size: "Stretch" }
          : note(block.alt),
      ];
    case "table":
      return renderTable(block);
    case "kpis":
      return [
        { type: "FactSet", facts: block.items.map((k) => ({ title: k.label, value: `${k.value}${k.change ? ` (${k.change})` : ""}` })) },
      ];
    case "progress":
      return [note(`${block.label}: ${block.done}${block.total ? ` of ${block.total}` : ""}`)];
    case "approval":
      return [textBlock(`**${escapeText(block.title)}**`), ...block.lines.map((line) => textBlock(escapeText(line)))];
  }
}

export function renderTable(table: TableBlock): Element[] {
  const columns = table.columns.slice(0, LIMITS.columns);
  const rows = table.rows.slice(0, LIMITS.rows);
  const cell = (content: string, column: Column, bold: boolean): Element => ({
    type: "TableCell",
    items: [
      {
        type: "TextBlock",
        text: escapeText(within(content, LIMITS.cell)) || " ",
        wrap: true,
        ...(bold ? { weight: "Bolder" } : {}),
        ...(isLeft(column) ? {} : { horizontalAlignment: "Right" }),
      },
    ],
  });
  const left = table.rows.length - rows.length;
  return [
    ...(table.title ? [textBlock(`**${escapeText(table.title)}**`)] : []),
    {
      type: "Table",
      firstRowAsHeaders: true,
      showGridLines: false,
      columns: columns.map((c) => ({ width: c.type === "text" ? 2 : 1 })),
      rows: [
        { type: "TableRow", cells: columns.map((c) => cell(c.label, c, true)) },
        ...rows.map((row) => ({ type: "TableRow", cells: columns.map((c, i) => cell(cellText(row[i] ?? null, c), c, false)) })),
      ],
    },
    ...(left > 0 ? [note(`${formatNumber(left)} more rows in the console.`)] : []),
  ];
}

function cellText(cell: Cell, column: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column.type === "percent") return formatPercent(cell);
  return column.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}

/** "Show the maths": hidden until asked for. */
function maths(reply: Reply): Element[] {
  const receipts = reply.receipts ?? [];
  if (receipts.length === 0) return [];
  const lines = receipts
    .slice(0, LIMITS.citations)
    .map((r, i) =>
      textBlock(
        escapeText(
          `[${i + 1}] ${r.source}: ${r.query} (${[r.status, r.provisional ? `provisional ${r.provisional}` : "", r.truncated ?? "", ...(r.notes ?? [])].filter(Boolean).join(", ")}; read ${formatInstant(r.fetchedAt)})`,
        ),
      ),
    );
  const calls = (reply.turn?.tools ?? []).map((call) => textBlock(escapeText(`${call.name} ${JSON.stringify(call.input)}`)));
  return [
    { type: "Container", id: "maths", isVisible: false, items: [...lines, ...calls] },
    { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", title: "Show the maths", targetElements: ["maths"] }] },
  ];
}

function isLeft(column: Column): boolean {
  return column.type === "text" || column.type === "date";
}

function textBlock(content: string): Element {
  return { type: "TextBlock", text: content, wrap: true };
}

function note(content: string): Element {
  return { type: "TextBlock", text: escapeText(content), wrap: true, isSubtle: true, size: "Small" };
}

/** Markdown's and HTML's own signs in foreign words stay words; an address stays no link. */
export function escapeText(text: string): string {
  return text
    .replace(/([\\`*_[\]])/g, "\\$1")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/(https?|mailto|ftp):/gi, "$1\u2236");
}

const LINK = /!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g;
const BARE = /\b[a-z][a-z0-9+.-]*:\/\/[^\s<>()]+|\bwww\.[^\s<>()]+/gi;

/** Links that no receipt gave are taken out, images always. */
export function cleanMarkdown(markdown: string, receipts: readonly Receipt[]): string {
  const allowed = new Set(receipts.flatMap((r) => (r.url ? [r.url] : [])));
  return markdown
    .replace(LINK, (whole, label: string, url: string) => (!whole.startsWith("!") && allowed.has(url) ? whole : label))
    .replace(BARE, (url) => (allowed.has(url.replace(/[.,;:!?]+$/, "")) ? url : "(link removed)"))
    .replaceAll("<", "&lt;");
}

function within(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1).toWellFormed();
  const atWord = head.replace(/\s+\S*$/, "");
  return `${atWord.length > limit / 2 ? atWord : head}…`;
}
