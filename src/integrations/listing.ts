import type { Receipt } from "../core/fact.ts";
import { formatNumber } from "../core/format.ts";
import type { Cell, Column } from "../core/reply.ts";
import { cut, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { inOneLine } from "./words.ts";

/** Lists of a vendor's things as findings. */

export interface Listed {
  /** The answer in words, with links; safe markdown. */
  text: string;
  tables: readonly Listing[];
  receipts: readonly Receipt[];
  suggestions?: readonly string[];
  data: unknown;
}

export interface Listing {
  title: string;
  columns: readonly Column[];
  rows: readonly Row[];
  /** Rows shown; the rest is counted. */
  top?: number | undefined;
  /** For the line about those left out: "the oldest come first". */
  order: string;
}

export interface Row {
  cells: readonly Cell[];
  /** Page of the first cell's thing. */
  url?: string | undefined;
}

const SHOWN = 20;
const FOR_MODEL = 7_600;
const CELL = 120;

/** Words, then tables. The model's tables have the links in them; a person's cells are plain. */
export function listed({ text, tables, receipts, suggestions, data }: Listed): Finding {
  const shown = tables.map((table) => ({ ...table, rows: table.rows.slice(0, table.top ?? SHOWN) }));
  const more = tables.flatMap(({ rows, order }, i) => {
    const left = rows.length - (shown[i]?.rows.length ?? 0);
    return left > 0 ? [`${formatNumber(left)} more are not shown (${order}).`] : [];
  });
  const words = [text, ...[...more, ...notesOf(receipts)].map((note) => `_${note}_`)].join("\n\n");
  return {
    content: listForModel(words, shown),
    data,
    blocks: [
      { type: "markdown", text: words },
      ...shown
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, columns, rows }) => ({ type: "table" as const, title, columns, rows: rows.map(({ cells }) => cells) })),
    ],
    receipts,
    ...(suggestions ? { suggestions } : {}),
  };
}

/** Columns by their labels; those among `numbers` hold numbers. */
export function columnsOf(labels: readonly string[], numbers: readonly string[] = []): Column[] {
  return labels.map((label) => ({ label, type: numbers.includes(label) ? "number" : "text" }));
}

/** Words and tables as a model reads them: as many rows as there is room for, the rest counted. */
export function listForModel(words: string, tables: readonly Pick<Listing, "columns" | "rows">[]): string {
  const lines = [cut(words, FOR_MODEL / 2)];
  let left = FOR_MODEL - (lines[0] ?? "").length;
  for (const { columns, rows } of tables) {
    if (rows.length === 0) continue;
    lines.push("", `| ${columns.map(({ label }) => label).join(" | ")} |`, `|${columns.map(() => "---").join("|")}|`);
    let written = 0;
    for (const line of rows.map(rowText)) {
      left -= line.length + 1;
      if (left < 0) break;
      lines.push(line);
      written += 1;
    }
    if (written < rows.length) lines.push(`… and ${rows.length - written} more rows`);
  }
  return lines.join("\n");
}

/** What a reader must know of the sources: what is missing, and how old it is. */
function notesOf(receipts: readonly Receipt[]): string[] {
  const cutOff = receipts.flatMap(({ truncated }) => (truncated ? [`Not all was read: ${plainWords(truncated)}.`] : []));
  return [...new Set([...cutOff, ...receipts.flatMap(({ notes = [] }) => notes.map(plainWords))])];
}

function rowText({ cells, url }: Row): string {
  const [first = "", ...others] = cells.map(cellText);
  return `| ${[url ? `[${first.replace(/[[\]]/g, "")}](${url})` : first, ...others].join(" | ")} |`;
}

function cellText(cell: Cell): string {
  if (cell === null) return "–";
  if (typeof cell === "number") return formatNumber(cell);
  return cut(inOneLine(cell).replaceAll("|", "/").replaceAll("`", "'"), CELL);
}
