import { z } from "zod";
import type { Tool } from "../../core/tool.ts";

/** Fields every tool shares are filled elsewhere, from what they mean. */
const SHARED = new Set(["dataset", "feed", "measure", "by", "filter", "period", "compare", "grain", "top", "order"]);
/** "OPS-31", "acme/web#12" */
export const KEY = /\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b|\b[\w.-]+\/[\w.-]+#\d{1,7}\b/;

/**
 * A tool's own fields, from the words of a question: a choice whose words were said ("open", "four keys"), a dimension's name when one
 * of its values was said, `key` for an id like OPS-31 or acme/web#12, `query` for a search in the person's own words.
 */
export function fillOwnFields(tool: Tool, text: string, filter: Readonly<Record<string, readonly string[]>>): Record<string, unknown> {
  const said = wordsOf(text);
  const found: Record<string, unknown> = {};
  const choices = Object.entries(tool.input.shape).flatMap(([name, type]) =>
    SHARED.has(name) ? [] : [[name, choiceIn(type as z.ZodType, said)] as const],
  );
  // "open" is the state where there is such a choice, not also a status of that name somewhere else.
  const chosen = new Set(choices.flatMap(([, choice]) => choice ?? []));
  const filtered = (name: string) => filter[name]?.find((value) => !chosen.has(value.toLowerCase()));
  for (const [name, type] of Object.entries(tool.input.shape)) {
    if (SHARED.has(name)) continue;
    const value =
      name === "key" || name === "item"
        ? KEY.exec(text)?.[0]
        : name === "query"
          ? queryIn(text, type as z.ZodType)
          : (choiceIn(type as z.ZodType, said) ?? filtered(name) ?? amountAfter(name, text));
    // "sprint 42" names one.
    const named = typeof value === "number" && !(type as z.ZodType).safeParse(value).success ? `${name} ${value}` : value;
    if (named !== undefined && (type as z.ZodType).safeParse(named).success) found[name] = named;
  }
  return found;
}

const TIMES: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6 };

/** "a budget of 50,000", "growth cap 5": the amount said right after the field's name. */
export function amountAfter(name: string, text: string): number | undefined {
  const pattern = new RegExp(
    `\\b${name.replaceAll("_", " ")}(?: of| is|:| at)?\\s*[$€£]?\\s*(\\d[\\d,]*(?:\\.\\d+)?)\\s*(k|m|thousand|million)?\\b`,
    "i",
  );
  const [, digits, times = ""] = pattern.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", "")) * (TIMES[times.toLowerCase()] ?? 1);
}

const SEARCHES = /\b(?:find|search|searches|look|looking|seek|about|mention|mentions|mentioning|containing|called|titled|named)\b/i;
const SOUGHT = /\b(?:about|mention(?:s|ing)?|containing|called|titled|named|search(?: \w+)? for|look(?:ing)? for)\s+(.+?)\s*[?.!]*$/i;

/** A tool that must have words is given the question; one that may have them only what is plainly sought. */
function queryIn(text: string, type: z.ZodType): string | undefined {
  if (!(type instanceof z.ZodOptional)) return text.trim();
  return soughtIn(text);
}

/** "scanners" of "find tickets about scanners". */
export function soughtIn(text: string): string | undefined {
  return SEARCHES.test(text) ? SOUGHT.exec(text)?.[1]?.replace(/^["“]|["”]$/g, "") : undefined;
}

/** What people say for a choice. */
const SAID_FOR: Readonly<Record<string, readonly string[]>> = {
  done: ["close", "closed", "resolve", "resolved", "finish", "finished", "complete", "completed", "fix", "fixed"],
  overdue: ["late", "past due", "missed their date"],
};

/** The longest choice whose words stand in the question one after the other. */
function choiceIn(type: z.ZodType, said: readonly string[]): string | undefined {
  const inner = type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
  if (!(inner instanceof z.ZodEnum)) return undefined;
  const line = ` ${said.join(" ")} `;
  const isSaid = (words: string) => line.includes(` ${wordsOf(words.replaceAll("_", " ")).join(" ")} `);
  const choices = inner.options.map(String).filter((choice) => isSaid(choice) || SAID_FOR[choice]?.some(isSaid));
  return choices.sort((a, b) => b.length - a.length)[0];
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
