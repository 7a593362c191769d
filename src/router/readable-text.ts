import { formatNumber } from "../core/format.ts";
import { cut } from "../core/text.ts";

/** Longest question, in characters. */
const LONGEST_QUESTION = 4_000;

/** What is kept of a text that is no question, in characters. */
const KEPT = 200;

const EXAMPLE = "Ask something like “How much did we spend last month?”, or “help”.";
/** Control, private, unassigned, and halves of a pair: what only broken or binary input holds. */
const ODD = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}\uFFFD]/gu;
/** Marks of direction and tags, unseen by the reader. The joiners stay: Persian, Hindi and emoji are written with them. */
const UNSEEN = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/** The question cleaned of control and hidden characters; with `problem`, why it cannot be read as one, and `text` is a short part of it. */
export function readableText(raw: string): { text: string; problem?: string } {
  if (raw.length > LONGEST_QUESTION)
    return {
      text: cut(clean(raw.slice(0, 2 * KEPT)), KEPT),
      problem: `That is ${formatNumber(raw.length)} characters; I read at most ${formatNumber(LONGEST_QUESTION)}. Please ask in a few sentences, and put data into a dataset instead.`,
    };
  const text = clean(raw);
  const odd = raw.match(ODD)?.filter((c) => !/[\t\n\r]/.test(c)).length ?? 0;
  if (odd > 0 && odd * 10 > raw.length) return { text: cut(text, KEPT), problem: `That does not look like text. ${EXAMPLE}` };
  if (text === "") return { text, problem: `There was no question in that. ${EXAMPLE}` };
  if (!/[\p{L}\p{N}]/u.test(text)) return { text: cut(text, KEPT), problem: `I need words to go on. ${EXAMPLE}` };
  return { text };
}

function clean(raw: string): string {
  return raw.replace(ODD, " ").replace(UNSEEN, "").trim();
}
