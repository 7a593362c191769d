import type { Stray } from "./stray.ts";

/** Stands after what no source has. */
export const MARK = " (unverified)";

/** The sentence with a mark after each thing that could not be traced. */
export function markStrays(sentence: string, strays: readonly Stray[]): string {
  let marked = sentence;
  for (const { end } of strays.toSorted((a, b) => b.end - a.end)) {
    // Behind the signs that close what is bold or code.
    const close = /^[*_`]*/.exec(marked.slice(end))?.[0].length ?? 0;
    const at = end + close;
    if (!marked.startsWith(MARK, at)) marked = `${marked.slice(0, at)}${MARK}${marked.slice(at)}`;
  }
  return marked;
}

const SHOWN = 8;

/** For the person: what in the answer no source has. */
export function noticeOf(strays: readonly Stray[]): string {
  const names = [...new Set(strays.map(({ text }) => text.trim()))];
  const list = names.slice(0, SHOWN).join(", ");
  return `Not found in any source: ${list}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ""}. Marked “unverified” in the text; check before you rely on it.`;
}

/** For the model: what to mend, and what already stands. */
export function correctionOf(strays: readonly Stray[], released: string): string {
  const rest =
    released === ""
      ? "Write the answer again"
      : `The person has been shown this much, which stands: “${released.slice(-TAIL)}”. Write only what comes after it`;
  return `From Firstmate, not from the person: these could not be traced to a tool result of this conversation.\n${reasonsOf(strays)}\n${rest}, with figures, dates and names exactly as the results have them. Leave out what they do not have. Do not mention this check.`;
}

const TAIL = 400;

/** For the model: what to mend in words that it wants written elsewhere. */
export function correctionOfWriting(strays: readonly Stray[]): string {
  return `Nothing has been proposed yet: these could not be traced to the question or to a tool result of this conversation.\n${reasonsOf(strays)}\nCall again with figures, dates and names exactly as the results have them, or without them. What still cannot be traced is then marked as unverified.`;
}

function reasonsOf(strays: readonly Stray[]): string {
  return [...new Map(strays.map((stray) => [stray.text, stray])).values()]
    .slice(0, SHOWN)
    .map(({ text, reason }) => `- “${text}”: ${reason}`)
    .join("\n");
}
