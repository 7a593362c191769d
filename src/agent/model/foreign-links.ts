/** With a scheme and slashes of either kind, without a scheme, a share of a network, or a scheme that does without slashes. */
const LINK =
  /(?:\b[a-z][a-z0-9+.-]{1,20}:[/\\]+|(?<![\w@])(?:\/\/|\\\\)(?=[\w-]+\.)|\bwww\.|\b(?:mailto|javascript|data|vbscript|tel):)[^\s<>"'`)\]|]+/gi;
const IMAGE = /!(?=\[)/g;
/** What a terminal obeys and a reader does not see; joiners stay, scripts and emoji are written with them. */
const UNSEEN = /[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;
const TAIL = /[.,;:!?*_]+$/;

/** Addresses of the web in a text, as they stand. */
export function linksIn(text: string): string[] {
  return [...text.matchAll(LINK)].map(([link]) => link.replace(TAIL, "")).filter((link) => /^https?:/i.test(link));
}

/**
 * A model's words without what may carry data away: addresses that no source gave, pictures, and characters nobody sees.
 * Byte for byte: an address that differs from a known one by its query is another address.
 */
export function withoutForeignLinks(text: string, known: ReadonlySet<string>): string {
  return text
    .replace(UNSEEN, (one) => (one === "\n" || one === "\t" ? one : ""))
    .replace(IMAGE, "")
    .replace(LINK, (link) => (known.has(link.replace(TAIL, "")) ? link : `(link removed)${TAIL.exec(link)?.[0] ?? ""}`));
}
