import type { Period, Receipt } from "../../../core/fact.ts";
import { formatNumber } from "../../../core/format.ts";
import { formatPeriod } from "../../../core/period.ts";
import type { Cell, Column } from "../../../core/reply.ts";
import { cut, plainWords } from "../../../core/text.ts";
import type { Finding } from "../../../core/tool.ts";

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
  /** Number columns are named in `numbers`. */
  columns: readonly string[];
  numbers?: readonly string[];
  rows: readonly { cells: readonly Cell[]; url?: string | undefined }[];
  top?: number | undefined;
  /** For the line about those left out: "the oldest come first". */
  order: string;
}

export const DAY_MS = 86_400_000;
const SHOWN = 20;
const FOR_MODEL = 7_600;

/** Lists as a finding: words, then tables. The model's tables have the links in them; a person's cells are plain. */
export function listed({ text, tables, receipts, suggestions, data }: Listed): Finding {
  const shown = tables.map((table) => ({ ...table, rows: table.rows.slice(0, table.top ?? SHOWN) }));
  const more = tables.flatMap(({ rows, order }, i) => {
    const left = rows.length - (shown[i]?.rows.length ?? 0);
    return left > 0 ? [`${formatNumber(left)} more are not shown (${order}).`] : [];
  });
  const words = [text, ...[...more, ...notesOf(receipts)].map((note) => `_${note}_`)].join("\n\n");
  return {
    content: contentOf(words, shown),
    data,
    blocks: [
      { type: "markdown", text: words },
      ...shown
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, columns, numbers, rows }) => ({
          ...{ type: "table" as const, title, columns: columns.map((label) => columnOf(label, numbers)) },
          rows: rows.map(({ cells }) => cells),
        })),
    ],
    receipts,
    ...(suggestions ? { suggestions } : {}),
  };
}

function columnOf(label: string, numbers: readonly string[] = []): Column {
  return { label, type: numbers.includes(label) ? "number" : "text" };
}

/** What a reader must know of the sources: what is missing, and how old it is. */
function notesOf(receipts: readonly Receipt[]): string[] {
  const cutOff = receipts.flatMap(({ truncated }) => (truncated ? [`Not all was read: ${plainWords(truncated)}.`] : []));
  return [...new Set([...cutOff, ...receipts.flatMap(({ notes = [] }) => notes.map(plainWords))])];
}

function contentOf(words: string, tables: readonly Listing[]): string {
  const lines = [cut(words, FOR_MODEL / 2)];
  let left = FOR_MODEL - words.length;
  for (const { columns, rows } of tables) {
    if (rows.length === 0) continue;
    lines.push("", `| ${columns.join(" | ")} |`, `|${columns.map(() => "---").join("|")}|`);
    const written = rows.map(rowText).filter((line) => {
      left -= line.length + 1;
      return left >= 0;
    });
    lines.push(...written, ...(written.length < rows.length ? [`… and ${rows.length - written.length} more rows`] : []));
  }
  return lines.join("\n");
}

function rowText({ cells, url }: Listing["rows"][number]): string {
  const [first = "", ...others] = cells.map(cellText);
  return `| ${[url ? `[${first.replace(/[[\]]/g, "")}](${url})` : first, ...others].join(" | ")} |`;
}

function cellText(cell: Cell): string {
  if (cell === null) return "–";
  return typeof cell === "number" ? formatNumber(cell) : cut(plainWords(cell).replaceAll("|", "/").replaceAll("`", "'"), 120);
}

/** A person's words inside a sentence of ours: one line, no markup, at most so long. */
export function said(text: string, limit = 80): string {
  return cut(
    plainWords(text)
      .replace(/[|`*_<>[\]]/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
    limit,
  );
}

/** "[GATE-12](https://…)", or the key alone. */
export function linked(name: string, url: string | undefined): string {
  return url ? `[${said(name)}](${url})` : said(name);
}

/** "3 h", "2 days", "9 weeks": in the largest unit that says enough. */
export function span(ms: number): string {
  const hours = Math.max(0, ms) / 3_600_000;
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  if (hours < 48) return `${Math.round(hours)} h`;
  const days = Math.floor(hours / 24);
  return days < 60 ? `${days} days` : `${Math.floor(days / 7)} weeks`;
}

/** "on 20 November 2026", "in October 2026" */
export function when(period: Period): string {
  return `${period.from === period.to ? "on" : "in"} ${formatPeriod(period)}`;
}

/** "1 issue", "1,204 issues" */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}
