/** What Slack makes of a markdown block: measured by others, not documented. */
export interface RenderedMarkdown {
  /** A header per heading, one block per fence, table and rule, one per run of other text. */
  blocks: number;
  headings: number;
  tables: number;
}

type Line = "heading" | "fence" | "table" | "rule" | "text" | "blank";

const TABLE_RULE = /^ {0,3}\|?[ :-]*-[ :-]*\|[ :|-]*$/;

export function renderMarkdown(text: string): RenderedMarkdown {
  const rendered = { blocks: 0, headings: 0, tables: 0 };
  const lines = text.split("\n");
  let before: Line = "blank";
  let fenced = false;
  for (const [i, line] of lines.entries()) {
    const mark = /^ {0,3}(```|~~~)/.test(line);
    const kind: Line = fenced || mark ? "fence" : kindOf(line, lines[i + 1] ?? "", before);
    if (startsBlock(kind, before, mark && !fenced)) rendered.blocks += 1;
    if (kind === "heading") rendered.headings += 1;
    if (kind === "table" && before !== "table") rendered.tables += 1;
    if (mark) fenced = !fenced;
    // A blank line ends a table, and not a run of text.
    if (kind !== "blank" || before === "table") before = kind;
  }
  return rendered;
}

function kindOf(line: string, next: string, before: Line): Line {
  if (line.trim() === "") return "blank";
  if (/^ {0,3}#{1,6} /.test(line)) return "heading";
  if (/^ {0,3}([-*_])( *\1){2,} *$/.test(line)) return "rule";
  const inTable = before === "table" && line.includes("|");
  return inTable || (line.includes("|") && TABLE_RULE.test(next)) ? "table" : "text";
}

function startsBlock(kind: Line, before: Line, opensFence: boolean): boolean {
  if (kind === "blank") return false;
  if (kind === "heading" || kind === "rule") return true;
  return kind === "fence" ? opensFence : kind !== before;
}
