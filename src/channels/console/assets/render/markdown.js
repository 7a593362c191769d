import { parseInline } from "./inline.js";

/**
 * The small markdown of answers, read into a tree: paragraphs, headings, lists, quotes, code, rules, simple tables.
 * No HTML, no images, no reference links. Whatever is not understood is text.
 *
 * @import { Inline } from "./inline.js"
 * @typedef {"start" | "center" | "end" | null} Alignment
 * @typedef {{ type: "paragraph", children: Inline[] }
 *   | { type: "heading", level: number, children: Inline[] }
 *   | { type: "code", text: string }
 *   | { type: "rule" }
 *   | { type: "quote", children: Node[] }
 *   | { type: "list", ordered: boolean, start: number, items: Node[][] }
 *   | { type: "table", align: Alignment[], head: Inline[][], rows: Inline[][][] }} Node
 */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^( {0,3})([-*+•]|\d{1,9}[.)])(\s+)(?=\S)/;
const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const DEEPEST = 6;

/**
 * @param {string} text
 * @returns {Node[]}
 */
export function parseMarkdown(text) {
  return parseBlocks(text.replace(/\r\n?/g, "\n").replaceAll("\t", "    ").split("\n"), 0);
}

/**
 * @param {readonly string[]} lines
 * @param {number} depth
 * @returns {Node[]}
 */
function parseBlocks(lines, depth) {
  /** @type {Node[]} */
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at]?.trim()) {
      at += 1;
      continue;
    }
    const { node, next } = blockAt(lines, at, depth);
    nodes.push(node);
    at = next;
  }
  return nodes;
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {{ node: Node, next: number }}
 */
function blockAt(lines, at, depth) {
  const line = lines[at] ?? "";
  const fence = FENCE.exec(line)?.[1];
  if (fence) return fencedCode(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) return { node: { type: "heading", level: heading[1]?.length ?? 1, children: parseInline(heading[2] ?? "") }, next: at + 1 };
  if (RULE.test(line)) return { node: { type: "rule" }, next: at + 1 };
  if (startsTable(lines, at)) return table(lines, at);
  if (depth < DEEPEST && /^ {0,3}>/.test(line)) return quote(lines, at, depth);
  if (depth < DEEPEST && ITEM.test(line)) return list(lines, at, depth);
  return paragraph(lines, at);
}

/**
 * An unclosed fence runs to the end: that is how a streamed code block looks while it grows.
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {string} fence
 * @returns {{ node: Node, next: number }}
 */
function fencedCode(lines, at, fence) {
  let end = at + 1;
  while (end < lines.length && !(lines[end] ?? "").trimStart().startsWith(fence)) end += 1;
  return { node: { type: "code", text: lines.slice(at + 1, end).join("\n") }, next: end + 1 };
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {{ node: Node, next: number }}
 */
function quote(lines, at, depth) {
  let end = at;
  while (end < lines.length && /^ {0,3}>/.test(lines[end] ?? "")) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^ {0,3}> ?/, ""));
  return { node: { type: "quote", children: parseBlocks(inner, depth + 1) }, next: end };
}

/**
 * Items of one kind in a row. Lines indented below an item belong to it; a blank line ends the list
 * unless another item or such a line follows.
 * @param {readonly string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {{ node: Node, next: number }}
 */
function list(lines, at, depth) {
  const first = ITEM.exec(lines[at] ?? "");
  const ordered = /\d/.test(first?.[2] ?? "");
  /** @type {Node[][]} */
  const items = [];
  let next = at;
  for (;;) {
    const marker = ITEM.exec(lines[next] ?? "");
    if (!marker || /\d/.test(marker[2] ?? "") !== ordered || RULE.test(lines[next] ?? "")) break;
    const indent = marker[0].length;
    const own = [(lines[next] ?? "").slice(indent)];
    next += 1;
    while (next < lines.length && belongsToItem(lines, next)) {
      own.push((lines[next] ?? "").replace(new RegExp(`^ {0,${indent}}`), ""));
      next += 1;
    }
    items.push(parseBlocks(own, depth + 1));
    const after = skipBlank(lines, next);
    if (ITEM.test(lines[after] ?? "")) next = after;
  }
  return { node: { type: "list", ordered, start: ordered ? Number.parseInt(first?.[2] ?? "1", 10) : 1, items }, next };
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 */
function belongsToItem(lines, at) {
  const line = lines[at] ?? "";
  if (line.trim()) return /^ {2,}\S/.test(line) || !(ITEM.test(line) || startsOther(lines, at));
  return /^ {2,}\S/.test(lines[skipBlank(lines, at)] ?? "");
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 */
function skipBlank(lines, at) {
  let next = at;
  while (next < lines.length && !lines[next]?.trim()) next += 1;
  return next;
}

/**
 * Line ends inside a paragraph are kept: answers are written line by line, as in chat.
 * @param {readonly string[]} lines
 * @param {number} at
 * @returns {{ node: Node, next: number }}
 */
function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end]?.trim() && !ITEM.test(lines[end] ?? "") && !startsOther(lines, end)) end += 1;
  const text = lines.slice(at, end).map((line) => line.trim());
  return { node: { type: "paragraph", children: parseInline(text.join("\n")) }, next: end };
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 */
function startsOther(lines, at) {
  const line = lines[at] ?? "";
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || /^ {0,3}>/.test(line) || startsTable(lines, at);
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 */
function startsTable(lines, at) {
  const delimiter = lines[at + 1] ?? "";
  return (lines[at] ?? "").includes("|") && delimiter.includes("|") && DELIMITER.test(delimiter);
}

/**
 * @param {readonly string[]} lines
 * @param {number} at
 * @returns {{ node: Node, next: number }}
 */
function table(lines, at) {
  const head = cells(lines[at] ?? "");
  const align = cells(lines[at + 1] ?? "").map(alignment);
  let end = at + 2;
  while (end < lines.length && lines[end]?.includes("|")) end += 1;
  const rows = lines.slice(at + 2, end).map((line) => {
    const row = cells(line);
    return head.map((_, column) => parseInline(row[column] ?? ""));
  });
  return { node: { type: "table", align, head: head.map((cell) => parseInline(cell)), rows }, next: end };
}

/** @param {string} line */
function cells(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/**
 * @param {string} cell
 * @returns {Alignment}
 */
function alignment(cell) {
  if (cell.endsWith(":")) return cell.startsWith(":") ? "center" : "end";
  return cell.startsWith(":") ? "start" : null;
}
