import type { Tool } from "../../core/tool.ts";
import { wordsOf } from "../../core/value-names.ts";

/** Words of any question; they tell no tool from another. */
const EMPTY = new Set(
  "a an the of for in on at to from by per and or with as is are was were be do does did we our us you me my it this that these those there what which who how much many can could would please show give tell get use when last next before after now then again same any all more most other about between compare versus vs where why if so than into over up down not no yes ok hello hi hey thanks thank month week year day today".split(
    " ",
  ),
);
const K1 = 1.2;
const B = 0.75;
/** Tools that a word may stand in and still tell them from the others. */
const RARE = 2;

/**
 * Tools by how much of what they say of themselves a question holds, the best first; those with none of it are left out. `clear`: by two
 * words, or by one of its name or that hardly another tool has; one common word may stand there by chance.
 */
export type Ranking = (question: string) => { tool: Tool; score: number; clear: boolean }[];

/** Okapi BM25 (Robertson and Zaragoza, 2009, k1 = 1.2, b = 0.75) over name, title, description and examples. */
export function rankTools(tools: readonly Tool[]): Ranking {
  const documents = tools.map((tool) => {
    const terms = termsOf([tool.name, tool.title, tool.title, tool.description, ...tool.examples].join(" "));
    const named = new Set(termsOf(`${tool.name} ${tool.title}`));
    return { tool, named, counts: Map.groupBy(terms, (term) => term), length: terms.length };
  });
  const average = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(1, documents.length);
  const rarity = (term: string) => {
    const holding = documents.filter(({ counts }) => counts.has(term)).length;
    return { weight: Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5)), rare: holding <= RARE };
  };
  return (question) => {
    const terms = [...new Set(termsOf(question))].map((term) => ({ term, ...rarity(term) }));
    return documents
      .map(({ tool, named, counts, length }) => {
        const norm = K1 * (1 - B + (B * length) / average);
        const score = terms.reduce((sum, { term, weight }) => {
          const count = counts.get(term)?.length ?? 0;
          return sum + (weight * count * (K1 + 1)) / (count + norm);
        }, 0);
        const found = terms.filter(({ term }) => counts.has(term));
        return { tool, score, clear: found.length > 1 || found.some(({ term, rare }) => rare || named.has(term)) };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1));
  };
}

/** Without plurals and the like: as far as English endings go. */
function termsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => word.length > 1 && !EMPTY.has(word))
    .map((word) => (word.length > 4 ? word.replace(/(?:ies|es|s|ing|ed)$/, "").replace(/(.)\1$/, "$1") : word.replace(/s$/, "")));
}
