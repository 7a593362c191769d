import { editDistance } from "../../core/text.ts";
import { KNOWN_WORDS, STOP_WORDS } from "./lexicon.ts";

/**
 * Mends words one or two slips away from a known one. Short words only for swapped neighbours ("lats" → "last"): "rent" is
 * not "went". Nothing is mended into a word that would then be passed over in silence.
 */
export function mendSpelling(text: string, names: ReadonlySet<string>, examples: ReadonlySet<string>): string {
  return text.replace(/(?<![\p{L}\p{N}_{⟨.-])\p{L}{4,}(?![\p{L}\p{N}_}⟩.-])/gu, (word) => {
    if (KNOWN_WORDS.has(word) || names.has(word) || examples.has(word)) return word;
    return nearestOf(word, [KNOWN_WORDS, names, examples]) ?? word;
  });
}

function nearestOf(word: string, sets: readonly ReadonlySet<string>[]): string | undefined {
  const limit = word.length >= 8 ? 2 : 1;
  let best: string | undefined;
  let fewest = limit + 1;
  for (const set of sets) {
    for (const candidate of set) {
      if (candidate.length < 4 || STOP_WORDS.has(candidate) || Math.abs(candidate.length - word.length) > limit) continue;
      const edits = editDistance(word, candidate, limit);
      if (edits >= fewest || !plausible(word, candidate, edits)) continue;
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** People rarely miss the first letter, and a short word changed by one letter is mostly another word. */
function plausible(word: string, candidate: string, edits: number): boolean {
  const swapped = word.length === candidate.length && [...word].sort().join("") === [...candidate].sort().join("");
  if (word.length <= 4) return swapped;
  if (word.length === 5 && word.length === candidate.length && !swapped) return false;
  return swapped || word[0] === candidate[0] || (edits === 1 && word.length >= 6);
}
