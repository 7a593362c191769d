import { stem } from "./stem.ts";
import { STOP_WORDS } from "./stop-words.ts";

/** A word of a text as it stands there, in lower case, and the key its forms share. */
export interface Token {
  word: string;
  key: string;
}

/** Letters and marks, with an apostrophe inside. Numbers name things, not topics. */
const WORD = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)?/gu;
/** Links, addresses, and names with a digit in them: "OPS-31", "e4f0a9". */
const NOISE = /\b(?:https?:\/\/|www\.)\S+|\S+@\S+\.\S+|\S*\d\S*/gu;
/** Scripts that put no space between words. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;
const LONGEST = 40;
/** A sentence's end: no phrase goes across. */
const CLAUSE = /[.!?:;,()[\]{}"“”„\n\r|/\\]+/u;

/** The words of a text in its clauses, stop words as null so that a phrase knows what stood between. */
export function tokenise(text: string): (Token | null)[][] {
  const clean = text.normalize("NFKC").replace(NOISE, " , ").toLowerCase();
  return clean
    .split(CLAUSE)
    .map((clause) => wordsOf(clause).map(tokenOf))
    .filter((tokens) => tokens.some((token) => token !== null));
}

function tokenOf(word: string): Token | null {
  const plain = word.replaceAll("’", "'");
  if (STOP_WORDS.has(plain)) return null;
  const bare = plain.replace(/'s?$|'(?:ll|re|ve|d|m|t)$/, "");
  const short = bare.length < 3 && !UNSPACED.test(bare);
  return short || bare.length > LONGEST || STOP_WORDS.has(bare) ? null : { word: bare, key: stem(bare) };
}

function wordsOf(clause: string): string[] {
  if (!UNSPACED.test(clause)) return clause.match(WORD) ?? [];
  const segmenter = new Intl.Segmenter("und", { granularity: "word" });
  return [...segmenter.segment(clause)].flatMap(({ segment, isWordLike }) => (isWordLike && /\p{L}/u.test(segment) ? [segment] : []));
}
