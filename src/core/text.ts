/** The candidate nearest to `word` by edits, ignoring case; undefined when none is within `limit` (default: a third of the length). */
export function closest<T extends string>(
  word: string,
  candidates: readonly T[],
  limit = Math.max(1, Math.floor(word.length / 3)),
): T | undefined {
  return nearest(word, candidates, limit)[0];
}

/** All candidates within `limit` edits of `word`, nearest first. */
export function nearest<T extends string>(word: string, candidates: readonly T[], limit = Math.max(1, Math.floor(word.length / 3))): T[] {
  const lower = word.toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, edits: editDistance(lower, candidate.toLowerCase(), limit) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits)
    .map(({ candidate }) => candidate);
}

/** "a, b and c"; at most `limit` of them, then "and 4 more". */
export function listWords(words: readonly string[], limit = 8): string {
  if (words.length > limit) return `${words.slice(0, limit).join(", ")} and ${words.length - limit} more`;
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Cut at a word, with an ellipsis; never longer than `limit` characters, never inside a surrogate pair. */
export function cut(text: string, limit: number): string {
  const points = [...text];
  if (points.length <= limit) return text;
  const head = points.slice(0, limit - 1).join("");
  const atWord = head.replace(/\s+\S*$/, "");
  return `${atWord.length > limit / 2 ? atWord : head}…`;
}

/**
 * Edits between two words: insertion, deletion, substitution, or two neighbours swapped (optimal string alignment).
 * Gives `limit + 1` for any number above `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? limit + 1, limit + 1);
}

/** Foreign words inside markdown: they stay words, and no link or picture comes of them. */
export function plainWords(text: string): string {
  return text
    .replaceAll("](", "] (")
    .replaceAll("]:", "] :")
    .replace(/[\r\n\u2028\u2029]+/g, " ")
    .replace(
      /\b([a-z][a-z0-9+.-]{0,20}):(?=[/\\])|\b(mailto|javascript|vbscript|data|tel|sms):/gi,
      (_, path?: string, bare?: string) => `${path ?? bare}\u2236`,
    );
}
