import { escapeText } from "./text.ts";

/** A piece of an Adaptive Card. */
export type Element = Readonly<Record<string, unknown>>;

/** Markdown as cards know it: bold, italic, links, lists. */
export function paragraph(markdown: string): Element {
  return { type: "TextBlock", text: markdown, wrap: true };
}

export function heading(words: string): Element {
  return { type: "TextBlock", text: escapeText(words), wrap: true, weight: "Bolder" };
}

export function note(words: string): Element {
  return { type: "TextBlock", text: escapeText(words), wrap: true, isSubtle: true, size: "Small" };
}
