import { cutPoint } from "./text.ts";

/** What Slack makes of markdown. Its limits are on what is drawn, so text is measured and split before it is sent. */
export interface Measure {
  /** Slack's count: each heading costs as much as a hundred characters. */
  characters: number;
  /** A header per heading, one block per fence, table and rule, one per run of other text. */
  drawn: number;
  tables: number;
}

const HEADING_TOLL = 100;

type Kind = "heading" | "rule" | "fence" | "table" | "text" | "blank";

interface Line {
  text: string;
  kind: Kind;
  /** Begins a new drawn block. */
  begins: boolean;
}

const TABLE_RULE = /^ {0,3}\|?[ :-]*-[ :-]*\|[ :|-]*$/;
const FENCE = /^ {0,3}(```|~~~)/;

export function measureMarkdown(markdown: string): Measure {
  const lines = readLines(markdown);
  const headings = lines.filter(({ kind }) => kind === "heading").length;
  return {
    characters: markdown.length + headings * HEADING_TOLL,
    drawn: lines.filter(({ begins }) => begins).length,
    tables: lines.filter(({ kind, begins }) => kind === "table" && begins).length,
  };
}

function readLines(markdown: string): Line[] {
  const raw = markdown.split("\n");
  const lines: Line[] = [];
  let before: Kind = "blank";
  let fenced = false;
  for (const [i, text] of raw.entries()) {
    const mark = FENCE.test(text);
    const kind: Kind = fenced || mark ? "fence" : kindOf(text, raw[i + 1] ?? "", before);
    const begins = kind !== "blank" && (kind === "heading" || kind === "rule" || (kind === "fence" ? mark && !fenced : kind !== before));
    lines.push({ text, kind, begins });
    if (mark) fenced = !fenced;
    // A blank line ends a table, and not a run of text.
    if (kind !== "blank" || before === "table") before = kind;
  }
  return lines;
}

function kindOf(line: string, next: string, before: Kind): Kind {
  if (line.trim() === "") return "blank";
  if (/^ {0,3}#{1,6} /.test(line)) return "heading";
  if (/^ {0,3}([-*_])( *\1){2,} *$/.test(line)) return "rule";
  const inTable = before === "table" && line.includes("|");
  return inTable || (line.includes("|") && TABLE_RULE.test(next)) ? "table" : "text";
}

/** Of one message's first text; leaves room for what stands below it. */
export const PIECE = { characters: 9_000, drawn: 30, tables: 1 } as const;

/**
 * Markdown in pieces that each fit one message, broken between lines, else between words. A table or a fence that goes on in the next
 * piece gets its head again. While a text grows, the pieces before its last one do not change.
 */
export function splitMarkdown(markdown: string, limit: Measure = PIECE): string[] {
  const pieces: string[] = [];
  let piece = "";
  let head = "";
  const fence = { mark: "" };
  const close = () => {
    if (piece.trim() && piece !== head) pieces.push(piece.trimEnd() + (fence.mark ? "\n```" : ""));
    head = fence.mark ? `${fence.mark}\n` : tableHead(piece);
    piece = head;
  };
  for (const { text, kind, begins } of readLines(markdown)) {
    for (const line of breakLine(text, limit.characters / 2)) {
      if (begins && kind === "table" && measureMarkdown(piece).tables >= limit.tables) {
        close();
        piece = head = "";
      } else if (isFull(`${piece}${line}`, limit)) {
        close();
        if (kind !== "table" && kind !== "fence") piece = head = "";
      }
      piece += `${line}\n`;
    }
    if (FENCE.test(text)) fence.mark = fence.mark ? "" : text;
  }
  if (piece.trim() && piece !== head) pieces.push(piece.trimEnd());
  return pieces;
}

function isFull(piece: string, limit: Measure): boolean {
  const { characters, drawn } = measureMarkdown(piece);
  // The mark that closes a fence comes on top.
  return characters + 4 > limit.characters || drawn > limit.drawn;
}

function breakLine(line: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = line;
  while (rest.length > limit) {
    const at = cutPoint(rest, limit);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).trimStart();
  }
  return [...parts, rest];
}

/** The first two lines of the table the piece ends in. */
function tableHead(piece: string): string {
  const lines = readLines(piece.trimEnd());
  if (lines.at(-1)?.kind !== "table") return "";
  const start = lines.findLastIndex(({ kind, begins }) => kind === "table" && begins);
  return `${lines
    .slice(start, start + 2)
    .map(({ text }) => text)
    .join("\n")}\n`;
}
