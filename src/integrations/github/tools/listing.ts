import type { Period, Receipt } from "../../../core/fact.ts";
import { formatNumber } from "../../../core/format.ts";
import { formatPeriod } from "../../../core/period.ts";
import type { Cell, Column } from "../../../core/reply.ts";
import { cut, plainWords } from "../../../core/text.ts";
import type { Finding } from "../../../core/tool.ts";

export interface Listed {
  /** The answer in words, with links; safe markdown. */
  text: string;
  title: string;
  columns: readonly Column[];
  rows: readonly Row[];
  top?: number | undefined;
  /** How the rows are ordered, for the line about those left out: "oldest first". */
  order: string;
  receipts: readonly Receipt[];
  suggestions?: readonly string[];
  data: unknown;
}

export interface Row {
  cells: readonly Cell[];
  /** Page of the first cell's thing. */
  url?: string | undefined;
}

const SHOWN = 20;
const FOR_MODEL = 7_600;

/** A list as a finding: words, then a table. The model's table has the links in it; a person's cells are plain. */
export function listed({ text, title, columns, rows, top = SHOWN, order, receipts, suggestions, data }: Listed): Finding {
  const shown = rows.slice(0, top);
  const left = rows.length - shown.length;
  const notes = notesOf(receipts);
  const more = left > 0 ? [`${formatNumber(left)} more are not shown (${order}).`] : [];
  const words = [text, ...[...more, ...notes].map((note) => `_${note}_`)].join("\n\n");
  const table = { type: "table" as const, title, columns, rows: shown.map(({ cells }) => cells) };
  return {
    content: contentOf(words, columns, shown),
    data,
    blocks: [{ type: "markdown", text: words }, ...(shown.length > 0 ? [table] : [])],
    receipts,
    ...(suggestions ? { suggestions } : {}),
  };
}

/** What a reader must know of the sources: what is missing, and how old it is. */
function notesOf(receipts: readonly Receipt[]): string[] {
  const cutOff = receipts.flatMap(({ truncated }) => (truncated ? [`Not all was read: ${plainWords(truncated)}.`] : []));
  const said = receipts.flatMap(({ notes = [] }) => notes.map((note) => plainWords(note)));
  return [...new Set([...cutOff, ...said])];
}

function contentOf(words: string, columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [cut(words, FOR_MODEL / 2)];
  if (rows.length > 0) lines.push("", `| ${columns.map(({ label }) => label).join(" | ")} |`, `|${columns.map(() => "---").join("|")}|`);
  let left = FOR_MODEL - lines.join("\n").length;
  let written = 0;
  for (const { cells, url } of rows) {
    const [first = "", ...others] = cells.map(cellText);
    const line = `| ${[url ? `[${first.replace(/[[\]]/g, "")}](${url})` : first, ...others].join(" | ")} |`;
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
    written += 1;
  }
  if (written < rows.length) lines.push(`… and ${rows.length - written} more rows`);
  return lines.join("\n");
}

function cellText(cell: Cell): string {
  if (cell === null) return "–";
  return typeof cell === "number" ? formatNumber(cell) : plainWords(cell).replaceAll("|", "/").replaceAll("`", "'");
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

/** "[gate-api#12](https://…)", or the name alone. */
export function linked(name: string, url: string | undefined): string {
  return url ? `[${said(name)}](${url})` : said(name);
}

/** "3 h", "2 days", "5 weeks": how long ago, in the largest unit that says enough. */
export function ageWords(ms: number): string {
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

/** "1 pull request", "1,204 pull requests" */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatNumber(n)} ${n === 1 ? one : many}`;
}
