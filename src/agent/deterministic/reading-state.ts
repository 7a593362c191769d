import { wordsOf } from "../../core/value-names.ts";
import type { ForeignWord, Slots } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What the readers share while a question is read from left to right. */
export interface State {
  words: readonly string[];
  vocabulary: Vocabulary;
  slots: Slots;
  features: string[];
  foreign: ForeignWord[];
  /** Words the tools' examples use. */
  exampleWords: ReadonlySet<string>;
  /** Dimension mentions: where, which, and whether a word such as "by" asked for the split. */
  dimensionsSeen: { index: number; names: string[] }[];
}

/** Each looks at the words from `index` and says how many it took; 0 for none. The first that takes any wins. */
export type Reader = (state: State, index: number) => number;

/** The longest entry that begins at `index`. */
export function phraseIn<T>(
  map: ReadonlyMap<string, T>,
  words: readonly string[],
  index: number,
  most: number,
): { found: T; length: number } | undefined {
  for (let length = Math.min(most, words.length - index); length > 0; length--) {
    const found = map.get(
      words
        .slice(index, index + length)
        .flatMap(wordsOf)
        .join(" "),
    );
    if (found) return { found, length };
  }
  return undefined;
}
