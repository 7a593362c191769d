import type { Receipt } from "../../core/fact.ts";
import { formatNumber, formatPercent, formatValue } from "../../core/format.ts";
import type { Cell, Column } from "../../core/reply.ts";

/** Text on its way into a mail. Everything that may hold someone else's words goes through here. */

const IMAGE = /!\[([^\]]*)\]\([^)]*\)/g;
const LINK = /\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g;
const REFERENCE = /^\s*\[[^\]]+\]:\s*\S+.*$/gm;
const BARE = /\b[a-z][a-z0-9+.-]{0,20}:[/\\][^\s<>()]+|\b(?:mailto|javascript|data|tel):\S+|\bwww\.[^\s<>()]+/gi;
/** Also the marks that turn a line around. */
const CONTROL = /[^\P{Cc}\n\t]|[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** Links that no receipt gave are taken out, images always: a mail program would fetch them, or make them pressable. */
export function cleanMarkdown(text: string, receipts: readonly Receipt[]): string {
  const allowed = new Set(receipts.flatMap((r) => (r.url ? [r.url] : [])));
  return text
    .replace(CONTROL, "")
    .replace(IMAGE, "$1")
    .replace(REFERENCE, "")
    .replace(LINK, (whole, label: string, url: string) => (allowed.has(url) ? whole : label))
    .replace(BARE, (url) => (allowed.has(url.replace(/[.,;:!?]+$/, "")) ? url : "(link removed)"));
}

/** Foreign words that are no markdown: nothing in them becomes a link. */
export function harmless(text: string): string {
  return text.replace(CONTROL, "").replace(/\s+/g, " ").replace(BARE, "(link removed)").trim();
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Markdown's marks within a line, of cleaned text: bold, italics, code, and links that were left. */
export function inlineHtml(cleaned: string): string {
  return escapeHtml(cleaned)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*\*(.+?)\*\*/g, "<b>$1</b>")
    .replace(/(?<![\w*])_([^_]+)_(?!\w)/g, "<i>$1</i>")
    .replace(/\[([^\]]*)\]\((https:\/\/[^)\s]+)\)/g, '<a href="$2">$1</a>');
}

/** The same marks taken off. */
export function plainText(cleaned: string): string {
  return cleaned
    .replace(/\*\*(.+?)\*\*/g, "$1")
    .replace(/(?<![\w*])_([^_]+)_(?!\w)/g, "$1")
    .replace(/`([^`]+)`/g, "$1")
    .replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, "$1 ($2)");
}

/** A missing cell is a dash, never a zero. */
export function cellText(cell: Cell, column: Column | undefined): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return harmless(cell);
  if (column?.type === "percent") return formatPercent(cell);
  return column?.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}

export function isNumber({ type }: Column): boolean {
  return type !== "text" && type !== "date";
}
