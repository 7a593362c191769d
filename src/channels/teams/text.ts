import type { Receipt } from "../../core/fact.ts";
import { tableStart } from "./markdown-tables.ts";

/** Text on its way to Teams. Everything that may hold someone else's words goes through here. */

/** Markdown's and HTML's own signs in foreign words stay words; an address stays no link. */
export function escapeText(text: string): string {
  return text
    .replace(/\p{Cc}+|[\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replace(/([\\`*_[\]])/g, "\\$1")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/([a-z][a-z0-9+.-]*):\/\//gi, "$1\u2236//")
    .replace(/\b(mailto|tel|sip|msteams|javascript|data):/gi, "$1\u2236")
    .replace(/\bwww\./gi, "www\u2024");
}

/** Foreign words where nothing is read as markdown, as in a chart: no line ends, no direction marks, and an address stays no link. */
export function harmless(text: string): string {
  return text
    .replace(/\p{Cc}+|[\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replaceAll("<", "\u2039")
    .replaceAll(">", "\u203a")
    .replaceAll("](", "] (")
    .replaceAll("*", "\u2217")
    .replace(/([a-z][a-z0-9+.-]*):\/\//gi, "$1\u2236//")
    .replace(/\b(mailto|tel|sip|msteams|javascript|data):/gi, "$1\u2236")
    .replace(/\bwww\./gi, "www\u2024")
    .replace(/\s+/g, " ")
    .trim();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out; tabs and line ends stay
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202d\u202e]/g;
const IMAGE = /!\[([^\]]*)\]\([^)]*\)/g;
const LINK = /\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g;
const REFERENCE = /^\s*\[[^\]]+\]:\s*\S+.*$/gm;
const BARE = /\b[a-z][a-z0-9+.-]*:\/\/[^\s<>()]+|\bmailto:\S+|\bwww\.[^\s<>()]+/gi;

/** Links that no receipt gave are taken out, images always: a preview or a click must not carry data away. */
export function cleanMarkdown(markdown: string, receipts: readonly Receipt[]): string {
  const allowed = new Set(receipts.flatMap((r) => (r.url ? [r.url] : [])));
  return markdown
    .replace(CONTROL, "")
    .replace(IMAGE, "$1")
    .replace(REFERENCE, "")
    .replace(LINK, (whole, label: string, url: string) => (allowed.has(url) ? whole : label))
    .replace(BARE, (url) => (allowed.has(url.replace(/[.,;:!?]+$/, "")) ? url : "(link removed)"))
    .replaceAll("<", "&lt;");
}

const UNSETTLED = /!?\[[^\]]*(?:$|\][(:])|\b[a-z][a-z0-9+.-]*:\/\/|\bmailto:|\bwww\./i;

/** As much of a growing text as the finished one is sure to begin with: whole words, up to the first link or table. */
export function settledText(growing: string): string {
  const words = growing.slice(0, growing.search(/\S*$/));
  const ends = [words.search(UNSETTLED), tableStart(words)].filter((at) => at >= 0);
  const sure = words.slice(0, Math.min(words.length, ...ends));
  return cleanMarkdown(sure, []).trimEnd();
}

/** At most `limit` UTF-16 units, cut at a word, never inside a character. */
export function within(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "");
  const atWord = /^\s/.test(text.slice(limit - 1)) ? head : head.replace(/\s+\S*$/, "");
  return `${(atWord.length > limit / 2 ? atWord : head).trimEnd()}…`;
}

/** Bytes of a value as JSON. */
export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
