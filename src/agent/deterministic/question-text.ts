import { wordsOf } from "../../core/value-names.ts";
import { isPlain } from "./everyday.ts";
import { KNOWN_WORDS } from "./lexicon.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The words of a question, marks of time and placeholders included; hyphens split where both halves are words of ours. */
export function splitWords(text: string, vocabulary: Vocabulary): string[] {
  const tokens = text.match(/⟨\w+⟩|\{\w+\}|[\p{L}\p{N}$€£][\p{L}\p{N}._%/&-]*/gu)?.map((w) => w.replace(/[._/&-]+$/, "")) ?? [];
  return tokens.flatMap((token) => {
    const parts = token.split(/[-/&]/).filter(Boolean);
    const splits =
      parts.length > 1 &&
      !/^\d/.test(token) &&
      parts.every((part) => KNOWN_WORDS.has(part) || vocabulary.dimensions.has(part) || vocabulary.measures.has(part));
    return splits && !vocabulary.values.has(wordsOf(token).join("")) ? parts : [token];
  });
}

/** Short forms of time units and counts stuck to words, as people type them. */
const SHORT_FORMS: readonly [RegExp, string][] = [
  [/\$\$+|€€+/g, " money "],
  [/\b(\d+|\p{L}+\s)\s*(?:mths?|mos)\b/gu, "$1 months"],
  [/\b(\d+|\p{L}+\s)\s*wks?\b/gu, "$1 weeks"],
  [/\b(\d+|\p{L}+\s)\s*yrs?\b/gu, "$1 years"],
  [/\b(\d+|\p{L}+\s)\s*qtrs?\b/gu, "$1 quarter"],
  [/\b(top|bottom|last|past|first)(\d+)/g, "$1 $2"],
  [/\b(last|this|past|previous|current)-(day|week|month|quarter|year)/g, "$1 $2"],
  [/\b(\d+)-(day|week|month|quarter|year)/g, "$1 $2"],
  [/\b(to)-(date)\b/g, "$1 $2"],
  [/\bw\/o\b/g, "without"],
  [/\bw\//g, "with "],
  [/\b(?:past|last) half(?: a)? year\b/g, "last 6 months"],
  [/\bsev(?:erity)?[ -]?1s?\b/g, "critical"],
  [/\bi'(?:d|m|ll|ve)\b/g, "i"],
];

/** Lower case, one kind of quotation mark, no possessives, short forms written out. */
export function normalise(text: string): string {
  return SHORT_FORMS.reduce((out, [pattern, replacement]) => out.replace(pattern, replacement), unify(text)).replace(
    /(\p{L})'(\p{L})/gu,
    "$1$2",
  );
}

function unify(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[‘’`´]/g, "'")
    .replace(/(\p{L})'s\b/gu, "$1")
    .replace(/[“”"«»]/g, " ")
    .replace(/(\d) (%)/g, "$1$2");
}

const NO_PROJECT_NAME: ReadonlySet<string> = new Set(
  "a an the our my your their this that these those each every any all which what whose no by per of in for new one other same current next last first whole big small is are and or to show list".split(
    " ",
  ),
);

/** "project Atlas", "the payments project": one mark. A word of ours is a name when `text` writes it so; a project that is data here stays a value. */
export function markProjects(words: readonly string[], text: string, isValue: (word: string) => boolean): string[] {
  const capital = new Set(
    [...text.matchAll(/\bproject (\p{Lu}[\w-]*)|(\p{Lu}[\w-]*) project\b/gu)].map(([, a, b]) => (a ?? b ?? "").toLowerCase()),
  );
  const spanAt = (at: number) => (words[at] === "project" ? nameSpan(words, at, capital, isValue) : undefined);
  const span = words.flatMap((_, at) => spanAt(at) ?? [])[0];
  return span ? [...words.slice(0, span.from), "⟨project⟩", ...words.slice(span.to)] : [...words];
}

function nameSpan(
  words: readonly string[],
  at: number,
  capital: ReadonlySet<string>,
  isValue: (word: string) => boolean,
): { from: number; to: number } | undefined {
  const isName = (word: string | undefined): word is string =>
    word !== undefined &&
    /^\p{L}[\p{L}\p{N}-]+$/u.test(word) &&
    !NO_PROJECT_NAME.has(word) &&
    !isValue(word) &&
    (capital.has(word) || !(KNOWN_WORDS.has(word) || isPlain(word)));
  if (isName(words[at + 1]) && !["by", "per", "each"].includes(words[at - 1] ?? "")) return { from: at, to: at + 2 };
  const before = words[at - 1];
  if (before === undefined || NO_PROJECT_NAME.has(before) || isValue(before) || !/^\p{L}/u.test(before)) return undefined;
  const pointed = ["the", "our", "my"].includes(words[at - 2] ?? "");
  return isName(before) || pointed ? { from: at - 1, to: at + 1 } : undefined;
}
