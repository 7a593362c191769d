import { plainWords } from "../../core/text.ts";
import { decoded } from "./entities.ts";

/**
 * Confluence's storage format as compact markdown: headings, lists, tables, code, emphasis. Words stay words: links keep their
 * text only, pictures and what macros would compute are left out, and no markup comes of what somebody wrote.
 */
export function markdownOf(storage: string): string {
  const writer = createWriter();
  for (const token of storage.matchAll(TOKENS)) {
    const { cdata, close, name, attributes = "", text } = token.groups ?? {};
    if (cdata !== undefined) writer.verbatim(cdata);
    else if (text !== undefined) writer.text(decoded(text));
    else if (name !== undefined) writer.tag(name.toLowerCase(), close === "/", /\/\s*$/.test(attributes), attributes);
  }
  return writer.end();
}

/** Comments, character data, tags with their attributes, and the text between them. A lone < is text. */
const TOKENS =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[(?<cdata>[\s\S]*?)(?:\]\]>|$)|<(?<close>\/?)(?<name>[a-zA-Z][\w:-]*)(?<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>|(?<text>[^<]+|<)/g;

const HEADING = /^h([1-6])$/;
const BLOCKS = new Set(["p", "div", "blockquote", "ac:rich-text-body", "ac:layout-section", "ac:layout-cell", "ac:task", "hr"]);
/** What stands in them is settings or code, not words. */
const SILENT = new Set(["ac:parameter", "script", "style", "ac:placeholder", "ac:task-id", "ac:task-status", "ac:task-uuid"]);
const MARKS: Readonly<Record<string, string>> = { strong: "**", b: "**", em: "_", i: "_" };
const CONTROL = /(?:(?!\n)\p{C})+/gu;

function createWriter() {
  const lines: string[] = [];
  const lists: { ordered: boolean; n: number }[] = [];
  let line = "";
  let prefix = "";
  let silent = 0;
  let cells: string[] | undefined;
  let rows = 0;
  let isCode = false;

  function flush(): void {
    const words = line
      .replace(/\s+/g, " ")
      .trim()
      .replace(/\*\*\s*\*\*|(?<!\w)__(?!\w)/g, "");
    line = "";
    if (words !== "") lines.push(`${prefix}${prefix === "" ? harmless(words) : words}`);
    if (prefix !== "" && words !== "") prefix = lists.length > 0 ? "  ".repeat(lists.length) : "";
  }

  function block(): void {
    if (cells) {
      line += " ";
      return;
    }
    flush();
    if (lists.length === 0 && lines.at(-1) !== "") lines.push("");
  }

  function list(name: string, isEnd: boolean): void {
    flush();
    if (isEnd) lists.pop();
    else lists.push({ ordered: name === "ol", n: 0 });
    prefix = "";
    if (lists.length === 0) lines.push("");
  }

  function item(isEnd: boolean): void {
    flush();
    const own = lists.at(-1);
    if (isEnd || !own) return;
    own.n += 1;
    prefix = `${"  ".repeat(lists.length - 1)}${own.ordered ? `${own.n}.` : "-"} `;
  }

  function cell(isEnd: boolean): void {
    if (isEnd && cells) cells.push(line.replace(/\s+/g, " ").trim().replaceAll("|", "/"));
    line = "";
  }

  function row(isEnd: boolean): void {
    if (!isEnd) {
      flush();
      cells = [];
      return;
    }
    if (cells && cells.length > 0) lines.push(`| ${cells.join(" | ")} |`, ...(rows === 0 ? [`|${cells.map(() => "---").join("|")}|`] : []));
    rows += 1;
    cells = undefined;
  }

  function table(): void {
    flush();
    rows = 0;
    if (lines.at(-1) !== "") lines.push("");
  }

  function heading(level: number, isEnd: boolean): void {
    block();
    // The page's own title is the first level.
    prefix = isEnd ? "" : `${"#".repeat(Math.min(6, level + 1))} `;
  }

  function structure(name: string, isEnd: boolean): boolean {
    const level = Number(HEADING.exec(name)?.[1] ?? 0);
    if (level > 0) heading(level, isEnd);
    else if (name === "ul" || name === "ol") list(name, isEnd);
    else if (name === "li") item(isEnd);
    else if (name === "table") table();
    else if (name === "tr") row(isEnd);
    else if (name === "td" || name === "th") cell(isEnd);
    else if (BLOCKS.has(name)) block();
    else return false;
    return true;
  }

  /** Tags within a line. */
  function inline(name: string, isEnd: boolean, attributes: string): void {
    if (name === "br" && cells) line += " ";
    else if (name === "br") flush();
    else if (name === "pre") isCode = !isEnd;
    else if (name === "code" && !isCode) line += "`";
    // A link without words of its own shows the title it leads to.
    else if (name === "ri:page") line += plainWords(decoded(/ri:content-title="([^"]*)"/.exec(attributes)?.[1] ?? ""));
    else if (!prefix.startsWith("#")) line += MARKS[name] ?? "";
  }

  return {
    tag(name: string, isEnd: boolean, isEmpty: boolean, attributes: string): void {
      if (!SILENT.has(name)) {
        if (silent === 0 && !structure(name, isEnd)) inline(name, isEnd, attributes);
      } else if (!isEmpty) silent = Math.max(0, silent + (isEnd ? -1 : 1));
    },
    text(words: string): void {
      if (silent > 0) return;
      if (isCode) this.verbatim(words);
      else line += plainWords(words.replace(CONTROL, " ")).replaceAll("`", "'");
    },
    /** Code keeps its lines; the label of a link comes this way too. */
    verbatim(words: string): void {
      if (silent > 0) return;
      const kept = words.replace(CONTROL, " ").replaceAll("```", "'''");
      if (!kept.trim().includes("\n")) {
        line += plainWords(kept);
        return;
      }
      block();
      lines.push("```", ...kept.split("\n").map((code) => plainWords(code).trimEnd()), "```", "");
    },
    end(): string {
      block();
      return lines
        .join("\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
    },
  };
}

/** What begins like a heading, a list or a quotation was written as words. */
function harmless(words: string): string {
  return words.replace(/^(#{1,6}|>|[-+*]|\d+\.)(?=\s)/, "\\$1");
}
