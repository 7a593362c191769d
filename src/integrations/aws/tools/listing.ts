import type { Receipt } from "../../../core/fact.ts";
import { formatMoney, formatNumber } from "../../../core/format.ts";
import type { Cell, Column, TableBlock } from "../../../core/reply.ts";
import { cut, plainWords } from "../../../core/text.ts";
import type { Finding } from "../../../core/tool.ts";

export interface Section {
  title: string;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  /** Rows shown; the rest is counted. */
  top?: number | undefined;
  /** How they are ordered, for the line about those left out. */
  order: string;
}

export interface Listed {
  /** The answer in words; safe markdown. */
  text: string;
  sections: readonly Section[];
  receipts: readonly Receipt[];
  data: unknown;
  suggestions?: readonly string[];
}

const SHOWN = 25;
const FOR_MODEL = 7_600;

/** Words, then tables. Notes of the receipts that a reader must know stand below the words. */
export function listed({ text, sections, receipts, data, suggestions }: Listed): Finding {
  const filled = sections.filter(({ rows }) => rows.length > 0);
  const left = filled.flatMap(({ title, rows, top = SHOWN, order }) =>
    rows.length > top ? [`${title}: ${formatNumber(rows.length - top)} more are not shown (${order}).`] : [],
  );
  const words = [text, ...[...left, ...notesOf(receipts)].map((note) => `_${note}_`)].join("\n\n");
  const tables = filled.map(
    ({ title, columns, rows, top = SHOWN }): TableBlock => ({
      ...{ type: "table", title, columns },
      rows: rows.slice(0, top).map((row) => row.map((cell) => (typeof cell === "string" ? plain(cell) : cell))),
    }),
  );
  return {
    content: contentOf(words, tables),
    data,
    blocks: [{ type: "markdown", text: words }, ...tables],
    receipts,
    ...(suggestions ? { suggestions } : {}),
  };
}

function notesOf(receipts: readonly Receipt[]): string[] {
  const cutOff = receipts.flatMap(({ truncated }) => (truncated ? [`Not all was read: ${plainWords(truncated)}.`] : []));
  const stale = receipts.flatMap(({ status, notes = [] }) => (status === "stale" ? notes.slice(0, 1) : []));
  return [...new Set([...cutOff, ...stale.map(plainWords)])];
}

function contentOf(words: string, tables: readonly TableBlock[]): string {
  const parts = [cut(words, FOR_MODEL / 2)];
  let left = FOR_MODEL - (parts[0] ?? "").length;
  for (const [i, { title = "", columns, rows }] of tables.entries()) {
    const lines = [`${title}:`, `| ${columns.map(({ label }) => label).join(" | ")} |`, `|${columns.map(() => "---").join("|")}|`];
    let budget = Math.floor(left / (tables.length - i)) - lines.join("\n").length;
    let written = 0;
    for (const row of rows) {
      const line = `| ${row.map((cell, at) => cellText(cell, columns[at])).join(" | ")} |`;
      budget -= line.length + 1;
      if (budget < 20) break;
      lines.push(line);
      written += 1;
    }
    if (written < rows.length) lines.push(`… and ${rows.length - written} more rows`);
    left -= lines.join("\n").length + 2;
    parts.push(lines.join("\n"));
  }
  return parts.join("\n\n");
}

function cellText(cell: Cell, column: Column | undefined): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cut(cell.replaceAll("|", "/").replaceAll("`", "'"), 120);
  return column?.type === "money" && column.unit ? formatMoney(cell, column.unit) : formatNumber(cell);
}

/** Somebody's words in one line, without control characters; no link comes of them. */
function plain(text: string): string {
  return plainWords(text)
    .replace(/\p{C}+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
}
