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
