import { formatNumber } from "../core/format.ts";

/** Longest question, in characters. */
export const LONGEST_QUESTION = 4_000;

/** The question cleaned of control characters, or why it cannot be read as one. */
export function readableText(raw: string): { text: string } | { problem: string } {
  if (raw.length > LONGEST_QUESTION)
    return {
      problem: `That is ${formatNumber(raw.length)} characters; I read at most ${formatNumber(LONGEST_QUESTION)}. Please ask in a few sentences, and put data into a dataset instead.`,
    };
  const odd = raw.match(/[\p{Cc}\p{Co}\p{Cn}\uFFFD]/gu)?.filter((c) => !/[\t\n\r]/.test(c)).length ?? 0;
  if (odd > 0 && odd * 10 > raw.length) return { problem: "That does not look like text. Please ask in words." };
  const text = raw
    .replace(/[\p{Cc}\p{Co}\p{Cn}\uFFFD]/gu, " ")
    .replace(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, "")
    .trim();
  if (text === "") return { problem: "There was no question in that. Ask something like “How much did we spend last month?”, or “help”." };
  if (!/[\p{L}\p{N}]/u.test(text))
    return { problem: "I need words to go on. Ask something like “How much did we spend last month?”, or “help”." };
  return { text };
}
