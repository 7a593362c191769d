const BLOCKS = new Set([
  "paragraph",
  "heading",
  "listItem",
  "codeBlock",
  "blockquote",
  "tableRow",
  "rule",
  "panel",
  "taskItem",
  "decisionItem",
]);
const DEEPEST = 40;

/** The words of an Atlassian document, line by line; of plain text, the text. Markup, links and control characters stay behind. */
export function textOf(body: unknown): string {
  const raw = typeof body === "string" ? body : flatten(body, 0);
  return raw
    .replace(/(?:(?!\n)\p{C})+/gu, " ")
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function flatten(node: unknown, depth: number): string {
  if (typeof node !== "object" || node === null || depth > DEEPEST) return "";
  const { type, text, attrs, content } = node as { type?: unknown; text?: unknown; attrs?: { text?: unknown }; content?: unknown };
  if (type === "text" && typeof text === "string") return text;
  if (type === "hardBreak") return "\n";
  if ((type === "mention" || type === "emoji" || type === "status") && typeof attrs?.text === "string") return attrs.text;
  const inside = Array.isArray(content) ? content.map((child) => flatten(child, depth + 1)).join("") : "";
  if (type === "tableCell" || type === "tableHeader") return `${inside.replace(/\n+/g, " ")} `;
  if (type === "listItem") return `- ${inside.trim()}\n`;
  return BLOCKS.has(String(type)) ? `${inside}\n` : inside;
}

/** Plain text as an Atlassian document: a paragraph for each part between blank lines. It stays text: no markup, link or mention comes of it. */
export function documentOf(text: string): object {
  const paragraphs = text.split(/\n{2,}/).map((part) => part.trim());
  const content = paragraphs.filter(Boolean).map((paragraph) => ({
    type: "paragraph",
    content: paragraph
      .split("\n")
      .flatMap((line, i) => [...(i > 0 ? [{ type: "hardBreak" }] : []), ...(line ? [{ type: "text", text: line }] : [])]),
  }));
  return { type: "doc", version: 1, content };
}
