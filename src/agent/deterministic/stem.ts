/** A word without its common English endings: "waits", "waiting" and "waited" are one. Short words stay as they are. */
export function stem(word: string): string {
  if (word.length < 5) return word.replace(/(?<=[a-z]{3})s$/, "");
  return word
    .replace(/(?:ings?|ied|ies|ed|es|y|s)$/, "")
    .replace(/(?<=[a-z]{3})e$/, "")
    .replace(/([bdfgmnprt])\1$/, "$1");
}
