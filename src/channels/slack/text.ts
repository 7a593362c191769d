import type { Receipt } from "../../core/fact.ts";

/** Text on its way to Slack. Everything that may hold someone else's words goes through here. */

/** For mrkdwn and for markdown alike: `<!channel>`, `<@U1>` and `<url>` stay text. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const IMAGE = /!\[([^\]]*)\]\([^)]*\)/g;
const LINK = /\[([^\]]*)\]\(([^)\s]+)[^)]*\)/g;
const REFERENCE = /^\s*\[[^\]]+\]:\s*\S+.*$/gm;
const BARE = /\b[a-z][a-z0-9+.-]*:\/\/[^\s<>()]+|\bmailto:\S+|\bwww\.[^\s<>()]+/gi;

/** Links that no receipt gave are taken out, images always: a link preview or a click must not carry data away. */
export function cleanMarkdown(text: string, receipts: readonly Receipt[] = []): string {
  const allowed = new Set(receipts.flatMap((r) => (r.url ? [r.url] : [])));
  const cleaned = text
    .replace(IMAGE, "$1")
    .replace(REFERENCE, "")
    .replace(LINK, (whole, label: string, url: string) => (allowed.has(url) ? whole : label))
    .replace(BARE, (url) => (allowed.has(url.replace(/[.,;:!?]+$/, "")) ? url : "(link removed)"));
  return escapeText(cleaned);
}

/** As much of a growing text as cleaning will not change any more: whole words, and no link that is still being written. */
export function settledPart(text: string): string {
  const words = text.slice(0, text.search(/\S*$/));
  const open = /!?\[[^\]\n]*(?:\](?:\([^)\n]*)?)?$/.exec(words.trimEnd());
  return open ? words.slice(0, open.index) : words;
}

/** Someone's words inside markdown: nothing in them is bold, a link or code. */
export function literal(text: string): string {
  return text
    .replace(/[*_~`|[\]#\\]/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Where `text` may be cut so that at most `limit` characters stay: between words, else inside a long one, never inside a character or an entity. */
export function cutPoint(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  const space = text.slice(0, limit + 1).search(/\s+\S*$/);
  if (space > limit / 3) return space;
  const entity = text.slice(0, limit).search(/&[a-z]{0,4}$/);
  const at = entity > 0 ? entity : limit;
  return /[\uD800-\uDBFF]/.test(text[at - 1] ?? "") ? at - 1 : at;
}

/** At most `limit` characters, cut at a word. */
export function within(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, cutPoint(text, limit - 1)).trimEnd()}…`;
}

/** Escaped, and then at most `limit` characters. */
export function escapedWithin(text: string, limit: number): string {
  return within(escapeText(text), limit);
}
