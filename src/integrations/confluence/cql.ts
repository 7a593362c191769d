/** A value inside CQL: always quoted, so that it stays a value whatever it says. */
export function quoted(value: string): string {
  return `"${value.replace(/\p{C}+/gu, " ").replace(/[\\"]/g, "\\$&")}"`;
}

/** Letters and digits only: the rest would be operators of the text search. undefined when there is no word. */
export function wordsIn(spoken: string): string | undefined {
  const words = spoken.match(/[\p{L}\p{N}]+/gu)?.slice(0, 12) ?? [];
  return words.length > 0 ? words.join(" ") : undefined;
}
