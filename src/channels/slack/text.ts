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

/** At most `limit` characters, cut at a word, never inside a character. */
export function within(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = [...text.slice(0, limit - 1)].filter((c, i, all) => i < all.length - 1 || c.isWellFormed()).join("");
  const atWord = head.replace(/\s+\S*$/, "");
  return `${atWord.length > limit / 2 ? atWord : head}…`;
}

/** Text in pieces of at most `limit` characters, broken between paragraphs, else lines, else words. */
export function pieces(text: string, limit: number): string[] {
  const out: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const window = rest.slice(0, limit);
    const at = [window.lastIndexOf("\n\n"), window.lastIndexOf("\n"), window.lastIndexOf(" ")].find((i) => i > limit / 3) ?? limit;
    out.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest ? [...out, rest] : out;
}
