/** Characters nobody sees: zero width, direction marks, tags, and what draws nothing; they hide words from readers and searches. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}\u115f\u1160\u3164\uffa0]/gu;

/** A document's text as it is kept: no control or unseen characters, one kind of line end, no long runs of empty lines. */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(UNSEEN, "")
    .replace(/[^\P{Cc}\n\t]/gu, " ")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .toWellFormed()
    .trim();
}
