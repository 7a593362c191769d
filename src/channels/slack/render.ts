import type { AnyBlock, KnownBlock, TableBlock as SlackTable } from "@slack/types";
import type { Receipt } from "../../core/fact.ts";
import { formatInstant, formatNumber, formatPercent, formatValue } from "../../core/format.ts";
import type { Block, Cell, ChartBlock, Column, Reply, TableBlock, TurnTrace } from "../../core/reply.ts";
import { cleanMarkdown, escapeText, pieces, within } from "./text.ts";

/**
 * A final reply as Slack messages: the first is the answer, the rest its further tables, in the same thread. Each is within the
 * limits of Block Kit; what does not fit is counted, never cut in a word.
 */
export interface SlackMessage {
  /** Fallback for notifications and screen readers. */
  text: string;
  blocks: AnyBlock[];
}

export const LIMITS = {
  blocks: 50,
  markdown: 12_000,
  section: 3_000,
  rows: 100,
  columns: 20,
  cell: 200,
  buttons: 5,
  button: 75,
  value: 2_000,
  alt: 2_000,
  title: 150,
  foldItems: 10,
} as const;
export const ACTIONS = { suggest: "firstmate_suggest", feedback: "firstmate_feedback" } as const;

/** `files` maps a chart's place among the blocks to the id of its uploaded picture; a chart without one is told in words. */
export function renderReply(reply: Reply, files: ReadonlyMap<number, string>): SlackMessage[] {
  const receipts = reply.receipts ?? [];
  const body: KnownBlock[] = markdownBlocks(reply.text, receipts);
  const more: SlackMessage[] = [];
  let tables = 0;
  for (const [index, block] of (reply.blocks ?? []).entries()) {
    if (block.type === "table" && tables++ > 0)
      more.push({ text: within(block.title ?? "Table", LIMITS.title), blocks: renderTable(block) });
    else body.push(...renderBlock(block, files.get(index), receipts));
  }
  const foot = [...fold(receipts, reply.turn), ...notice(reply.notice), ...suggestions(reply.suggestions ?? []), ...feedback(reply.turn)];
  const room = LIMITS.blocks - foot.length;
  const shown =
    body.length > room ? [...body.slice(0, room - 1), context(`${body.length - room + 1} more parts are in the console.`)] : body;
  return [{ text: within(escapeText(plain(reply.text)), LIMITS.section) || "Answer", blocks: [...shown, ...foot] }, ...more];
}

/** The text as markdown blocks; Slack counts them together. */
export function markdownBlocks(markdown: string, receipts: readonly Receipt[]): KnownBlock[] {
  const text = cleanMarkdown(markdown, receipts);
  if (!text.trim()) return [];
  const [first = "", ...rest] = pieces(text, LIMITS.markdown - 200);
  return [{ type: "markdown", text: first }, ...(rest.length ? [context("The rest of this answer is in the console.")] : [])];
}

function renderBlock(block: Block, file: string | undefined, receipts: readonly Receipt[]): KnownBlock[] {
  switch (block.type) {
    case "markdown":
      return markdownBlocks(block.text, receipts);
    case "table":
      return renderTable(block);
    case "chart":
      return renderChart(block, file);
    case "kpis":
      return [
        {
          type: "section",
          fields: block.items.slice(0, 10).map((k) => ({
            type: "mrkdwn",
            text: within(`*${escapeText(k.label)}*\n${escapeText(k.value)}${k.change ? ` (${escapeText(k.change)})` : ""}`, 2_000),
          })),
        },
      ];
    case "progress":
      return [context(`${block.label}: ${block.done}${block.total ? ` of ${block.total}` : ""}`)];
    case "approval":
      return [
        {
          type: "section",
          text: {
            type: "mrkdwn",
            text: within([`*${escapeText(block.title)}*`, ...block.lines.map(escapeText)].join("\n"), LIMITS.section),
          },
        },
      ];
  }
}

/** A picture by its file id: Slack never fetches an address for it. Without a picture the alt text says the finding. */
function renderChart({ alt }: ChartBlock, file: string | undefined): KnownBlock[] {
  return file ? [{ type: "image", slack_file: { id: file }, alt_text: within(alt, LIMITS.alt) }] : [context(alt)];
}

export function renderTable(table: TableBlock): KnownBlock[] {
  const columns = table.columns.slice(0, LIMITS.columns);
  const rows = table.rows.slice(0, LIMITS.rows - 1);
  const cell = (content: string) => ({ type: "raw_text" as const, text: within(content, LIMITS.cell) || " " });
  const block: SlackTable = {
    type: "table",
    column_settings: columns.map((column) => ({
      align: column.type === "text" || column.type === "date" ? "left" : "right",
      is_wrapped: column.type === "text",
    })),
    rows: [columns.map((c) => cell(c.label)), ...rows.map((row) => columns.map((column, i) => cell(cellText(row[i] ?? null, column))))],
  };
  const left = [
    ...(table.rows.length > rows.length ? [`${formatNumber(table.rows.length - rows.length)} more rows`] : []),
    ...(table.columns.length > columns.length ? [`${table.columns.length - columns.length} more columns`] : []),
  ];
  const title: KnownBlock[] = table.title
    ? [{ type: "section", text: { type: "mrkdwn", text: `*${within(escapeText(table.title), LIMITS.title)}*` } }]
    : [];
  return [...title, block, ...(left.length ? [context(`${left.join(" and ")} in the console.`)] : [])];
}

function cellText(cell: Cell, column: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column.type === "percent") return formatPercent(cell);
  return column.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}

/** "Show the maths", folded: where each figure comes from, and which tools were called. */
function fold(receipts: readonly Receipt[], turn: TurnTrace | undefined): KnownBlock[] {
  if (receipts.length === 0) return [];
  const lines = receipts.map(
    (r) =>
      `*${escapeText(r.source)}* · ${r.status}${r.provisional ? `, provisional ${escapeText(r.provisional)}` : ""}${r.truncated ? `, ${escapeText(r.truncated)}` : ""}\n${escapeText(r.query)}\nread ${formatInstant(r.fetchedAt)}${r.notes?.length ? `, ${escapeText(r.notes.join(", "))}` : ""}`,
  );
  const calls = (turn?.tools ?? []).map((call) => `${call.name} ${escapeText(JSON.stringify(call.input))}`);
  const shown = lines.slice(0, LIMITS.foldItems - 2).map((line) => section(line));
  const rest = lines.length > shown.length ? [section(`and ${lines.length - shown.length} more receipts in the console`)] : [];
  const called = calls.length ? [section(`Asked with: ${calls.join("; ")}`)] : [];
  return [
    {
      type: "container",
      title: { type: "plain_text", text: `Show the maths (${receipts.length})` },
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: [...shown, ...rest, ...called],
    } as KnownBlock,
  ];
}

function notice(text: string | undefined): KnownBlock[] {
  return text ? [context(text)] : [];
}

function suggestions(questions: readonly string[]): KnownBlock[] {
  const buttons = questions.slice(0, LIMITS.buttons).map((question, i) => ({
    type: "button" as const,
    action_id: `${ACTIONS.suggest}:${i}`,
    text: { type: "plain_text" as const, text: within(question, LIMITS.button) },
    value: within(question, LIMITS.value),
  }));
  return buttons.length ? [{ type: "actions", elements: buttons }] : [];
}

function feedback(turn: TurnTrace | undefined): KnownBlock[] {
  if (!turn) return [];
  const button = (label: string, verdict: string) => ({
    text: { type: "plain_text" as const, text: label },
    value: `${verdict}:${turn.id}`,
  });
  return [
    {
      type: "context_actions",
      elements: [
        {
          type: "feedback_buttons",
          action_id: ACTIONS.feedback,
          positive_button: button("Helpful", "good"),
          negative_button: button("Not helpful", "bad"),
        },
      ],
    },
  ];
}

function section(content: string): KnownBlock {
  return { type: "section", text: { type: "mrkdwn", text: within(content, LIMITS.section) } };
}

function context(content: string): KnownBlock {
  return { type: "context", elements: [{ type: "mrkdwn", text: within(escapeText(content), LIMITS.section) }] };
}

function plain(markdown: string): string {
  return markdown
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/(?<![\w*])_(.+?)_(?!\w)/g, "$1")
    .replace(/`([^`]+)`/g, "$1");
}
