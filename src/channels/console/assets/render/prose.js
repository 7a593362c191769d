import { el } from "./dom.js";
import { parseMarkdown } from "./markdown.js";

/**
 * @import { Inline } from "./inline.js"
 * @import { Node as MarkdownNode } from "./markdown.js"
 */

/**
 * Markdown as elements. Headings start at h3: the conversation is the h1, each question an h2.
 * @param {string} text
 * @returns {HTMLElement}
 */
export function prose(text) {
  return el("div", { class: "prose", dir: "auto" }, ...parseMarkdown(text).map(block));
}

/**
 * @param {MarkdownNode} node
 * @returns {HTMLElement}
 */
function block(node) {
  switch (node.type) {
    case "paragraph":
      return el("p", {}, ...node.children.map(inline));
    case "heading":
      return el(HEADINGS[node.level] ?? "h6", {}, ...node.children.map(inline));
    case "code":
      return el("pre", { tabindex: 0, dir: "ltr" }, el("code", {}, node.text));
    case "rule":
      return el("hr");
    case "quote":
      return el("blockquote", {}, ...node.children.map(block));
    case "list":
      return el(
        node.ordered ? "ol" : "ul",
        node.start === 1 ? {} : { start: node.start },
        ...node.items.map((item) => el("li", {}, ...listItem(item))),
      );
    case "table":
      return table(node);
  }
}

/** @type {Record<number, "h3" | "h4" | "h5">} */
const HEADINGS = { 1: "h3", 2: "h3", 3: "h3", 4: "h4", 5: "h5" };

/**
 * The first paragraph of an item stands in it without a paragraph's margins.
 * @param {readonly MarkdownNode[]} item
 * @returns {(Node | string)[]}
 */
function listItem([first, ...rest]) {
  if (!first) return [];
  const head = first.type === "paragraph" ? first.children.map(inline) : [block(first)];
  return [...head, ...rest.map(block)];
}

/** @param {Extract<MarkdownNode, { type: "table" }>} node */
function table({ align, head, rows }) {
  /** @param {number} column */
  const style = (column) => (align[column] === "end" ? { class: "number" } : align[column] === "center" ? { class: "center" } : {});
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table" },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, ...head.map((cell, column) => el("th", { scope: "col", ...style(column) }, ...cell.map(inline))))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell, column) => el("td", style(column), ...cell.map(inline)))))),
    ),
  );
}

/**
 * @param {Inline} node
 * @returns {Node | string}
 */
function inline(node) {
  switch (node.type) {
    case "text":
      return node.text;
    case "break":
      return el("br");
    case "code":
      return el("code", { dir: "ltr" }, node.text);
    case "link":
      return el("a", { href: node.href, target: "_blank", rel: "noopener noreferrer" }, ...node.children.map(inline));
    default:
      return el(node.type, {}, ...node.children.map(inline));
  }
}
