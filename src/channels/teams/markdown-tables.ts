import type { MarkdownBlock, TableBlock } from "../../core/reply.ts";

const FENCE = /^ {0,3}(?:```|~~~)/;
/** The line below a table's head: "| --- | ---: |". */
const RULE = /^ {0,3}\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?$/;
const BEGUN_RULE = /^[ |:-]*$/;

/** Markdown in the order of its parts: words, and the tables between them (GitHub's form, https://github.github.com/gfm/#tables-extension-). */
export function splitTables(markdown: string): (MarkdownBlock | TableBlock)[] {
  const lines = markdown.split("\n");
  const parts: (MarkdownBlock | TableBlock)[] = [];
  let words: string[] = [];
  const endWords = () => {
    const text = words.join("\n").trim();
    if (text !== "") parts.push({ type: "markdown", text });
    words = [];
  };
  let fenced = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (FENCE.test(line)) fenced = !fenced;
    if (fenced || !beginsTable(line, lines[at + 1])) {
      words.push(line);
      continue;
    }
    endWords();
    const end = endOfTable(lines, at + 2);
    parts.push(tableOf(line, lines[at + 1] ?? "", lines.slice(at + 2, end)));
    at = end - 1;
  }
  endWords();
  return parts;
}

/** Where the first table of markdown begins, or may begin in what is still growing; -1 when there is none. */
export function tableStart(growing: string): number {
  let offset = 0;
  let fenced = false;
  const lines = growing.split("\n");
  for (const [at, line] of lines.entries()) {
    if (FENCE.test(line)) fenced = !fenced;
    const next = lines[at + 1];
    const mayBecome = next === undefined || (at + 2 === lines.length && BEGUN_RULE.test(next));
    if (!fenced && line.includes("|") && (mayBecome || RULE.test(next))) return offset;
    offset += line.length + 1;
  }
  return -1;
}

function beginsTable(line: string, next: string | undefined): boolean {
  return line.includes("|") && next !== undefined && RULE.test(next) && cellsOf(line).length === cellsOf(next).length;
}

function endOfTable(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length && lines[end]?.includes("|")) end++;
  return end;
}

function tableOf(head: string, rule: string, rows: readonly string[]): TableBlock {
  const right = cellsOf(rule).map((cell) => cell.endsWith(":") && !cell.startsWith(":"));
  const columns = cellsOf(head).map((label, i) => ({ label: plain(label), type: right[i] ? ("number" as const) : ("text" as const) }));
  return { type: "table", columns, rows: rows.map((row) => columns.map((_, i) => plain(cellsOf(row)[i] ?? ""))) };
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** A cell of a card shows markup as it is written. */
function plain(cell: string): string {
  return cell
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__)(.+?)\1/g, "$2")
    .replace(/`([^`]*)`/g, "$1");
}
