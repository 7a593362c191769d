import { addRow } from "./spherical-k-means.ts";
import type { TermVectors } from "./term-vectors.ts";

/** Least contrast, beside the best, that a further term of a name must have. */
const WORTH_NAMING = 0.35;
/** A phrase stands for its words when it has at least this share of their contrast. */
const PHRASE = 0.6;

/**
 * Terms that tell a group apart, the most telling first: mean weight in the group minus mean weight outside. A phrase is preferred to its
 * words where it is nearly as telling, and no word is said twice.
 */
export function tellingTerms(vectors: TermVectors, groups: Int32Array, group: number, most = 3): string[] {
  const { terms, written } = vectors;
  const contrast = contrastOf(vectors, groups, group);
  const phraseOf = phrases(terms, contrast);
  const order = [...terms.keys()].filter((t) => (contrast[t] ?? 0) > 0).sort((a, b) => (contrast[b] ?? 0) - (contrast[a] ?? 0) || a - b);
  const least = WORTH_NAMING * (contrast[order[0] ?? 0] ?? 0);
  const said = new Set<string>();
  const found: string[] = [];
  for (const t of order) {
    if (found.length >= most || (contrast[t] ?? 0) < least) break;
    const chosen = phraseOf.get(t) ?? t;
    const parts = (terms[chosen] ?? "").split(" ");
    if (parts.some((part) => said.has(part))) continue;
    for (const part of parts) said.add(part);
    found.push(written[chosen] ?? "");
  }
  return found;
}

function contrastOf(vectors: TermVectors, groups: Int32Array, group: number): Float64Array {
  const inside = new Float64Array(vectors.terms.length);
  const outside = new Float64Array(vectors.terms.length);
  const n = groups.reduce((sum, g) => sum + (g === group ? 1 : 0), 0);
  for (let r = 0; r < vectors.rows; r++) addRow(groups[r] === group ? inside : outside, vectors, r);
  return inside.map((value, t) => value / Math.max(1, n) - (outside[t] ?? 0) / Math.max(1, vectors.rows - n));
}

/** The most telling phrase that may stand for a word, by the word's position. */
function phrases(terms: readonly string[], contrast: Float64Array): Map<number, number> {
  const indexOf = new Map(terms.map((term, t) => [term, t]));
  const found = new Map<number, number>();
  for (const [t, term] of terms.entries()) {
    const parts = term.split(" ");
    if (parts.length < 2) continue;
    for (const single of parts.flatMap((part) => indexOf.get(part) ?? [])) {
      const known = contrast[found.get(single) ?? -1] ?? 0;
      if ((contrast[t] ?? 0) >= PHRASE * (contrast[single] ?? 0) && (contrast[t] ?? 0) > known) found.set(single, t);
    }
  }
  return found;
}
