import { figureLines } from "../../core/figure-words.ts";
import { formatInstant, formatNumber, formatPercent, formatValue } from "../../core/format.ts";
import type { Block, Cell, Column, Reply, TableBlock } from "../../core/reply.ts";
import { plainWords } from "../../core/text.ts";
import { usageWords } from "../../core/usage-words.ts";

const MOST_ROWS = 30;
const MOST_WIDTH = 48;

/** A final reply as plain text for a terminal. */
export function renderText(reply: Reply, options: { receipts: boolean }): string {
  const parts = [plain(reply.text), ...(reply.blocks ?? []).map(renderBlock)];
  if (options.receipts && reply.receipts?.length) parts.push(renderReceipts(reply));
  if (reply.notice) parts.push(`(${reply.notice})`);
  if (reply.suggestions?.length) parts.push(`Next: ${reply.suggestions.map((s) => `“${s}”`).join("  ")}`);
  return printable(parts.filter(Boolean).join("\n\n"));
}

/** Without the control characters a terminal would obey, and the marks that turn a line around. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, "");
}

/** Markdown's marks for bold, italics and code taken off. */
function plain(markdown: string): string {
  return markdown
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/(?<![\w*])_(.+?)_(?!\w)/g, "$1")
    .replace(/`([^`]+)`/g, "$1");
}

function renderBlock(block: Block): string {
  if (block.type === "markdown") return plain(block.text);
  if (block.type === "table") return renderTable(block);
  if (block.type === "chart") return `[chart] ${plainWords(block.alt)}`;
  if (block.type === "kpis") return block.items.map((k) => `${k.label}: ${k.value}${k.change ? ` (${k.change})` : ""}`).join("\n");
  if (block.type === "progress") return `${block.label}: ${block.done}${block.total ? ` of ${block.total}` : ""}`;
  return [block.title, ...block.lines].join("\n");
}

export function renderTable(table: TableBlock): string {
  const shown = table.rows.slice(0, MOST_ROWS).map((row) => row.map((cell, i) => cellText(cell, table.columns[i])));
  const widths = table.columns.map((column, i) =>
    Math.min(MOST_WIDTH, Math.max(column.label.length, ...shown.map((row) => row[i]?.length ?? 0))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0, table.columns[i]?.type !== "text" && table.columns[i]?.type !== "date"))
      .join("  ")
      .trimEnd();
  const rest = table.rows.length - shown.length;
  return [
    line(table.columns.map((c) => c.label)),
    widths.map((w) => "─".repeat(w)).join("  "),
    ...shown.map(line),
    ...(rest > 0 ? [`… and ${rest} more rows`] : []),
  ].join("\n");
}

export function cellText(cell: Cell, column: Column | undefined): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column?.type === "percent") return formatPercent(cell);
  return column?.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}

function pad(text: string, width: number, right: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return right ? cut.padStart(width) : cut.padEnd(width);
}

function renderReceipts(reply: Reply): string {
  const lines = (reply.receipts ?? []).map((r) => {
    const extra = [r.status, r.provisional ? `provisional ${r.provisional}` : "", r.truncated ?? "", ...(r.notes ?? [])]
      .filter(Boolean)
      .join(", ");
    return `  ${r.source}: ${r.query} (${extra}; read ${formatInstant(r.fetchedAt)})`;
  });
  const calls = (reply.turn?.tools ?? []).map(
    (call) => `  ${call.name} ${plainWords(JSON.stringify(call.input)).replace(/\bwww\./gi, "www ")}`,
  );
  const usage = reply.turn?.usage ? [`  Worded by ${usageWords(reply.turn.usage)}.`] : [];
  const figures = figureLines(reply).map((line) => `  ${plainWords(line)}`);
  return ["The maths:", ...figures, ...lines, ...calls, ...usage].join("\n");
}
