import { cut } from "../core/text.ts";
import { dropNul } from "../storage/bind.ts";

/** Characters (code points). */
const TITLE_LENGTH = 80;

/** A conversation's name: its first question on one line, cut at a word. */
export function titleOf(question: string): string {
  return cut(dropNul(question).replace(/\s+/g, " ").trim(), TITLE_LENGTH);
}
