import { editDistance } from "../../core/text.ts";
import { KNOWN_WORDS, MENDABLE_STOP_WORDS, STOP_WORDS } from "./lexicon.ts";

/**
 * Mends words one or two slips away from a known one. Short words only for swapped neighbours ("lats" → "last"): "rent" is
 * not "went". Nothing is mended into a word that would then be passed over in silence.
 */
export function mendSpelling(text: string, names: ReadonlySet<string>, examples: ReadonlySet<string>): string {
  return text.replace(/(?<![\p{L}\p{N}_{⟨.-])\p{L}{4,}(?![\p{L}\p{N}_}⟩.-])/gu, (word) => {
    if (KNOWN_WORDS.has(word) || names.has(word) || examples.has(word)) return word;
    return remembered(word, names, () => nearestOf(word, [KNOWN_WORDS, names, examples]) ?? word);
  });
}

const MOST_REMEMBERED = 2_000;
const memory = new WeakMap<ReadonlySet<string>, Map<string, string>>();

/** The same word beside the same names is mended alike; looking it up among thousands is the dear part. */
function remembered(word: string, names: ReadonlySet<string>, mend: () => string): string {
  const known = memory.get(names) ?? new Map<string, string>();
  if (known.size > MOST_REMEMBERED) known.clear();
  memory.set(names, known);
  const mended = known.get(word) ?? mend();
  known.set(word, mended);
  return mended;
}

function nearestOf(word: string, sets: readonly ReadonlySet<string>[]): string | undefined {
  let best: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  const consider = (candidate: string, limit: number, fits = plausible) => {
    if (candidate.length < 4 || Math.abs(candidate.length - word.length) > limit) return;
    const edits = editDistance(word, candidate, limit);
    if (edits > limit || edits >= fewest || !fits(word, candidate, edits)) return;
    best = candidate;
    fewest = edits;
  };
  const [known, names, examples] = sets;
  const usual = word.length >= 8 ? 2 : 1;
  for (const candidate of MENDABLE_STOP_WORDS) consider(candidate, 1, (a, b) => a[0] === b[0]);
  for (const candidate of [...(known ?? []), ...(examples ?? [])]) if (!STOP_WORDS.has(candidate)) consider(candidate, usual);
  // A name of someone's data must not swallow an ordinary word: "starting" is not "staging".
  for (const candidate of names ?? []) consider(candidate, word.length >= 10 ? 2 : 1);
  return best;
}

/** People rarely miss the first letter, and a short word changed or shortened by one letter is mostly another word. */
function plausible(word: string, candidate: string, edits: number): boolean {
  const swapped = word.length === candidate.length && [...word].sort().join("") === [...candidate].sort().join("");
  if (swapped) return true;
  const lost = candidate.length === word.length + 1;
  const doubled = word.length === candidate.length + 1 && /(.)\1/.test(word) && word.replace(/(.)\1/, "$1") === candidate;
  if (word.length <= 5) return word[0] === candidate[0] && (doubled || (lost && candidate.length >= 5));
  return word[0] === candidate[0] || (edits === 1 && word.length >= 7);
}
