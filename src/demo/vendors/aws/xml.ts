/** XML as AWS writes it: lists repeat their tag, undefined is left out. */
export type Xml = string | number | boolean | undefined | readonly Xml[] | { readonly [tag: string]: Xml };

export function xml(tag: string, content: Xml, namespace?: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(tag, content, namespace)}`;
}

function element(tag: string, content: Xml, namespace?: string): string {
  if (content === undefined) return "";
  if (Array.isArray(content)) return content.map((item: Xml) => element(tag, item)).join("");
  const inner =
    typeof content === "object"
      ? Object.entries(content)
          .map(([name, value]) => element(name, value))
          .join("")
      : escaped(String(content));
  return `<${tag}${namespace ? ` xmlns="${namespace}"` : ""}>${inner}</${tag}>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
