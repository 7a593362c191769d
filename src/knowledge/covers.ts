import type { KnowledgeAnswer, Passage } from "../core/knowledge.ts";
import type { Bm25 } from "./bm25.ts";
import { compoundsIn, wordsIn } from "./words.ts";

/**
 * What one passage must have of a question to answer it. Three shares of the question's telling words, weighed by how telling they are, are
 * added: those it has at all, those that stand together, and those in its headings. Words scattered over several passages, or over one,
 * are no answer. Found on the questions of test/knowledge/questions.ts, and held on those written after it.
 */
const COVERED = 0.97;
/** As many words as stand together. */
const TOGETHER = 15;

/** Nothing covers a question without a telling word. `words` are stems; `coverage` is the best passage's share of them, from 0 to 1. */
export function judge(words: readonly string[], passages: readonly Passage[], bm25: Bm25): Pick<KnowledgeAnswer, "coverage" | "covered"> {
  const asked = [...new Set(words)];
  const weight = (has: ReadonlySet<string>) => asked.reduce((sum, word) => (has.has(word) ? sum + bm25.idf(word) : sum), 0);
  const total = Math.max(weight(new Set(asked)), 1e-9);
  const shares = passages.map((passage) => {
    const { heads, text, all } = wordsOf(passage);
    const together = Math.max(0, ...windows(text).map((some) => weight(new Set([...some, ...heads]))));
    return { all: weight(all) / total, together: together / total, heads: weight(heads) / total };
  });
  // Of two telling words one alone is another question: "machine learning" is not about machines.
  const isHalf = asked.length === 2 && asked.some((word) => !bm25.has(word));
  return {
    coverage: Math.max(0, ...shares.map((s) => s.all)),
    covered: !isHalf && shares.some((s) => s.all + s.together + s.heads >= COVERED),
  };
}

function wordsOf({ title, headings, text }: Passage) {
  const above = [title, ...headings].join("\n");
  const heads = new Set([...wordsIn(above), ...compoundsIn(above)]);
  const inText = wordsIn(text);
  return { heads, text: inText, all: new Set([...heads, ...inText, ...compoundsIn(text)]) };
}

function windows(words: readonly string[]): string[][] {
  return Array.from({ length: Math.max(1, words.length - TOGETHER + 1) }, (_, i) => words.slice(i, i + TOGETHER));
}
