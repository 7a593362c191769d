/**
 * Emphasis, code and links inside one block of markdown.
 *
 * @typedef {{ type: "text", text: string }
 *   | { type: "code", text: string }
 *   | { type: "break" }
 *   | { type: "strong" | "em", children: Inline[] }
 *   | { type: "link", href: string, children: Inline[] }} Inline
 */

/** A block longer than this is shown as it is written: reading it would not be worth the time. */
const LONGEST = 20_000;
const DEEPEST = 8;
const WORD = /[\p{L}\p{N}]/u;

/**
 * @param {string} text
 * @returns {Inline[]}
 */
export function parseInline(text) {
  return text.length > LONGEST ? [{ type: "text", text }] : scan(text, { depth: 0, inLink: false });
}

/**
 * The address if a link may point there, else null. Only the web: no scripts, no files, no other applications.
 * @param {string} href
 * @returns {string | null}
 */
export function safeHref(href) {
  if (!/^https?:\/\//i.test(href)) return null;
  try {
    const url = new URL(href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * `unclosed` holds the markers that close nowhere in the rest of this text: each is looked for once.
 * @typedef {{ depth: number, inLink: boolean, unclosed: Set<string> }} Place
 */

/**
 * @param {string} text
 * @param {{ depth: number, inLink: boolean }} within
 * @returns {Inline[]}
 */
function scan(text, within) {
  const place = { ...within, unclosed: new Set() };
  /** @type {Inline[]} */
  const out = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) out.push({ type: "text", text: plain });
    plain = "";
  };
  while (at < text.length) {
    const found = place.depth < DEEPEST ? spanAt(text, at, place) : null;
    if (!found) {
      plain += text[at];
      at += 1;
    } else if (typeof found.node === "string") {
      plain += found.node;
      at = found.end;
    } else {
      flush();
      out.push(found.node);
      at = found.end;
    }
  }
  flush();
  return out;
}

/**
 * @typedef {{ node: Inline | string, end: number } | null} Span a string is plain text
 * @param {string} text
 * @param {number} at
 * @param {Place} place
 * @returns {Span}
 */
function spanAt(text, at, place) {
  switch (text[at]) {
    case "\n":
      return { node: { type: "break" }, end: at + 1 };
    case "\\":
      return /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "") ? { node: text[at + 1] ?? "", end: at + 2 } : null;
    case "`":
      return codeSpan(text, at);
    case "!":
      return text[at + 1] === "[" ? image(text, at) : null;
    case "[":
      return place.inLink ? null : link(text, at, place);
    case "*":
    case "_":
      return emphasis(text, at, place);
    case "h":
      return place.inLink ? null : bareLink(text, at);
    default:
      return null;
  }
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {Span}
 */
function codeSpan(text, at) {
  const ticks = /^`+/.exec(text.slice(at, at + 10))?.[0] ?? "`";
  const close = text.indexOf(ticks, at + ticks.length);
  if (close < 0) return { node: ticks, end: at + ticks.length };
  return { node: { type: "code", text: text.slice(at + ticks.length, close).trim() }, end: close + ticks.length };
}

/**
 * @param {string} text
 * @param {number} at
 * @param {Place} place
 * @returns {Span}
 */
function emphasis(text, at, { depth, inLink, unclosed }) {
  const sign = text[at] ?? "*";
  const marker = text[at + 1] === sign ? sign + sign : sign;
  const start = at + marker.length;
  const opens = !unclosed.has(marker) && !/\s/.test(text[start] ?? " ") && !(sign === "_" && WORD.test(text[at - 1] ?? ""));
  if (!opens) return { node: marker, end: start };
  const close = closing(text, start, marker);
  if (close < 0) {
    unclosed.add(marker);
    return { node: marker, end: start };
  }
  const children = scan(text.slice(start, close), { depth: depth + 1, inLink });
  return { node: { type: marker.length === 2 ? "strong" : "em", children }, end: close + marker.length };
}

/**
 * Where `marker` closes what began before `from`: after a letter, not before one when it is an underscore
 * (snake_case stays as it is), and a single sign is never half of a double one.
 * @param {string} text
 * @param {number} from
 * @param {string} marker
 */
function closing(text, from, marker) {
  const sign = marker[0] ?? "*";
  let at = text.indexOf(marker, from);
  while (at >= 0) {
    const after = text[at + marker.length] ?? "";
    const doubled = marker.length === 1 && (after === sign || text[at - 1] === sign);
    const spaced = at === from || /\s/.test(text[at - 1] ?? "");
    if (!doubled && !spaced && !(sign === "_" && WORD.test(after))) return at;
    at = text.indexOf(marker, at + marker.length);
  }
  return -1;
}

const LINK =
  /\[((?:[^[\]\\\n]|\\.|\[[^[\]\n]{0,200}\]){0,500})\]\(\s*<?([^\s<>()]{0,2000}(?:\([^\s<>()]{0,500}\)[^\s<>()]{0,500})?)>?(?:\s+"[^"\n]{0,300}")?\s*\)/y;

/**
 * A link that may not be followed leaves its label behind as plain text.
 * @param {string} text
 * @param {number} at
 * @param {Place} place
 * @returns {Span}
 */
function link(text, at, { depth }) {
  LINK.lastIndex = at;
  const match = LINK.exec(text);
  if (!match) return null;
  const end = at + match[0].length;
  const href = safeHref(match[2] ?? "");
  const label = match[1] ?? "";
  if (!href) return { node: label, end };
  return { node: { type: "link", href, children: scan(label || href, { depth: depth + 1, inLink: true }) }, end };
}

/**
 * Pictures are never shown, as they would call another server: what remains is their description.
 * @param {string} text
 * @param {number} at
 * @returns {Span}
 */
function image(text, at) {
  LINK.lastIndex = at + 1;
  const match = LINK.exec(text);
  return match ? { node: match[1] ?? "", end: at + 1 + match[0].length } : null;
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {Span}
 */
function bareLink(text, at) {
  if (WORD.test(text[at - 1] ?? "")) return null;
  const raw = /^https?:\/\/[^\s<>"'`*|]{1,2000}/.exec(text.slice(at, at + 2100))?.[0];
  if (!raw) return null;
  const trimmed = raw.replace(/[.,;:!?)\]}…]+$/, "");
  const href = safeHref(trimmed);
  return href ? { node: { type: "link", href, children: [{ type: "text", text: trimmed }] }, end: at + trimmed.length } : null;
}
