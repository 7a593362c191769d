import { isPlain } from "./everyday.ts";
import { conceptAt, STOP_WORDS } from "./lexicon.ts";
import { stem } from "./stem.ts";

/** How alike a question and an example are, by the words they share; rare words count more. */

export interface Corpus<T> {
  /** Examples by the terms they have. */
  byTerm: ReadonlyMap<string, readonly Entry<T>[]>;
  /** Squared weight of a term; of one nobody wrote too. */
  weight(term: string): number;
}

interface Entry<T> {
  item: T;
  norm: number;
}

/** What an unknown word counts for, beside words of the examples: it may be a name, or the point of the question. */
const UNKNOWN = 0.5;
/** Pairs of words tell "how long" from "how many"; the words in them count already, as do those a concept stands for. */
const PAIR = 0.5;
const CONCEPT = 0.5;

/** "gate-api", "acme/web", "v2": what a thing is called tells no question from another. */
const NAME = /\d|\w[-./]\w/;

/** Words without times, figures and names of things, pairs of neighbours, and the concepts the words stand for, each once. */
export function termsOf(words: readonly string[]): string[] {
  const plain = words
    .map((word) => (word === "⟨project⟩" ? "project" : /^[⟨{]/.test(word) ? "" : word))
    .map((word) => (NAME.test(word) ? "" : stem(word)));
  const single = words.flatMap((word, i) => (STOP_WORDS.has(word) ? [] : [plain[i] ?? ""]));
  const pairs = plain.slice(1).map((word, i) => (word && plain[i] ? `${plain[i]} ${word}` : ""));
  // Also of words that name data here: "deployments" is a measure in one house and none in the next.
  const concepts = words.flatMap((_, i) => conceptAt(words, i)?.concept.split("+") ?? []).map((concept) => `#${concept}`);
  return [...new Set([...single, ...pairs, ...concepts])].filter((term) => term !== "");
}

/** One word ("changed") is like many examples. */
export function saysEnough(terms: readonly string[]): boolean {
  return terms.filter((term) => !/[ #]/.test(term)).length > 1;
}

/** Weights by inverse document frequency: ln(1 + n / df). */
export function learnCorpus<T>(examples: readonly { item: T; terms: readonly string[] }[]): Corpus<T> {
  const seen = new Map<string, number>();
  for (const { terms } of examples) for (const term of terms) seen.set(term, (seen.get(term) ?? 0) + 1);
  const n = examples.length;
  const squares = new Map([...seen].map(([term, df]) => [term, (partOf(term) * Math.log(1 + n / df)) ** 2]));
  const unknown = (UNKNOWN * Math.log(1 + n)) ** 2;
  // A pair nobody wrote says nothing, nor does an everyday word.
  const weight = (term: string) => squares.get(term) ?? (partOf(term) === 1 && !isPlain(term) ? unknown : 0);
  const byTerm = new Map<string, Entry<T>[]>();
  for (const { item, terms } of examples) {
    const entry = { item, norm: Math.sqrt(sum(terms.map(weight))) };
    for (const term of terms) byTerm.set(term, [...(byTerm.get(term) ?? []), entry]);
  }
  return { byTerm, weight };
}

/** Cosine of the question with the nearest example of each item, 0 to 1. `names` are words for things: they count only where examples have them. */
export function likenesses<T>({ byTerm, weight }: Corpus<T>, all: readonly string[], names: ReadonlySet<string>): Map<T, number> {
  const terms = all.filter((term) => !names.has(term) || byTerm.has(term));
  const norm = Math.sqrt(sum(terms.map(weight)));
  const shared = new Map<Entry<T>, number>();
  for (const term of terms) for (const entry of byTerm.get(term) ?? []) shared.set(entry, (shared.get(entry) ?? 0) + weight(term));
  const best = new Map<T, number>();
  for (const [{ item, norm: own }, value] of shared) best.set(item, Math.max(best.get(item) ?? 0, value / (norm * own)));
  return best;
}

function partOf(term: string): number {
  return term.startsWith("#") ? CONCEPT : term.includes(" ") ? PAIR : 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
