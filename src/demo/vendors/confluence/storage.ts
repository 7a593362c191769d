/** The company's markdown as Confluence stores pages: paragraphs, headings, lists, code, bold. */
export function storageOf(markdown: string): string {
  return markdown
    .split(/\n{2,}/)
    .map((block) => blockOf(block))
    .join("");
}

function blockOf(block: string): string {
  const [first = "", ...rest] = block.split("\n");
  const [, marks, title = ""] = /^(#{1,6}) (.*)$/.exec(first) ?? [];
  if (marks) {
    // The page's title is the first level there.
    const level = Math.max(1, marks.length - 1);
    return `<h${level}>${inline(title)}</h${level}>${rest.length > 0 ? blockOf(rest.join("\n")) : ""}`;
  }
  if (first.startsWith("```"))
    return `<ac:structured-macro ac:name="code" ac:schema-version="1"><ac:parameter ac:name="language">text</ac:parameter><ac:plain-text-body><![CDATA[${rest.filter((line) => !line.startsWith("```")).join("\n")}]]></ac:plain-text-body></ac:structured-macro>`;
  const at = [first, ...rest].findIndex((line) => /^(?:- |\d+\. )/.test(line));
  if (at < 0) return `<p>${[first, ...rest].map(inline).join("<br />")}</p>`;
  const lines = [first, ...rest];
  const name = /^- /.test(lines[at] ?? "") ? "ul" : "ol";
  const items = lines.slice(at).map((line) => `<li><p>${inline(line.replace(/^(?:- |\d+\. )/, ""))}</p></li>`);
  return `${at > 0 ? blockOf(lines.slice(0, at).join("\n")) : ""}<${name}>${items.join("")}</${name}>`;
}

function inline(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replace(/\*([^*]+)\*/g, "<em>$1</em>")
    .replace(/`([^`]+)`/g, "<code>$1</code>");
}
