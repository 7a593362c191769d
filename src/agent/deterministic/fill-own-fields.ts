import { z } from "zod";
import type { Tool } from "../../core/tool.ts";

/** Fields every tool shares are filled elsewhere, from what they mean. */
const SHARED = new Set(["dataset", "feed", "measure", "by", "filter", "period", "compare", "grain", "top", "order"]);
const KEY = /\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b|\b[\w.-]+\/[\w.-]+#\d{1,7}\b/;

/**
 * A tool's own fields, from the words of a question: a choice whose words were said ("open", "four keys"), a dimension's name when one
 * of its values was said, `key` for an id like OPS-31 or acme/web#12, `query` for a search in the person's own words.
 */
export function fillOwnFields(tool: Tool, text: string, filter: Readonly<Record<string, readonly string[]>>): Record<string, unknown> {
  const said = wordsOf(text);
  const found: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(tool.input.shape)) {
    if (SHARED.has(name)) continue;
    const value =
      name === "key" ? KEY.exec(text)?.[0] : name === "query" ? text.trim() : (filter[name]?.[0] ?? choiceIn(type as z.ZodType, said));
    if (value !== undefined && (type as z.ZodType).safeParse(value).success) found[name] = value;
  }
  return found;
}

/** The longest choice whose words stand in the question one after the other. */
function choiceIn(type: z.ZodType, said: readonly string[]): string | undefined {
  const inner = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
  if (!(inner instanceof z.ZodEnum)) return undefined;
  const line = ` ${said.join(" ")} `;
  const choices = inner.options.map(String).filter((choice) => line.includes(` ${wordsOf(choice.replaceAll("_", " ")).join(" ")} `));
  return choices.sort((a, b) => b.length - a.length)[0];
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
