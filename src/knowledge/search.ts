import type { KnowledgeAnswer, KnowledgeQuestion, Passage } from "../core/knowledge.ts";
import { closest } from "../core/text.ts";
import { VendorError } from "../errors.ts";
import { type Bm25, createBm25 } from "./bm25.ts";
import { searchText } from "./chunk.ts";
import { judge } from "./covers.ts";
import type { Embedder } from "./embed.ts";
import type { Collection } from "./reindex.ts";
import { similarityOf } from "./vectors.ts";
import { compoundsIn, questionWordsIn, stem, termsOf, wordsIn } from "./words.ts";

/** Weight of the vectors beside the words, both scaled to a best of 1; found on half of the retrieval set, held on the other. */
const VECTOR_WEIGHT = 0.5;
const NEAREST = 50;
/** So many of the best by words are compared by their vectors too, when they are not among the nearest anyway: each costs 30 µs. */
const COMPARED = 20;
/** Passages far behind the best one are about something else. */
const FAR_BEHIND = 0.3;
const DEFAULT_LIMIT = 3;
/**
 * Words of the asking, and of the kind of answer that is wanted: they tell nothing where other words do. "Best practice for waves" is
 * answered by a page about waves that never says "best practice". As people write them: "good" is here, "goods" is not.
 */
const ASKING = new Set(
  (
    "use uses used using need needs want wants mean means meaning happen happens may tell know thing things say says said advice advise " +
    "advisable approach approaches basics best better checklist common commonly describe example examples explain give good guidance guide " +
    "guideline guidelines help hint hints ideal introduction manner overview practice practices procedure procedures proper properly " +
    "recommend recommendation recommendations recommended right show standard suggest suggested suggestion suggestions tcode tcodes tip tips tutorial " +
    "typical typically usual usually way ways"
  ).split(" "),
);
/** "What does the handbook say about …": who is asked, not what. */
const ADDRESS = /^\s*what do(?:es)?\s+(?:(?:the|our|your)\s+)?[\p{L}-]+\s+says?\s+(?:about|on)\s+(?=\S)/iu;

export interface Searcher {
  /** `failure` says why it went by words alone. */
  search(
    question: KnowledgeQuestion,
    signal: AbortSignal,
  ): Promise<Omit<KnowledgeAnswer, "notes"> & { scores: readonly number[]; failure?: string }>;
  readonly parts: readonly string[];
}

interface Entry {
  passage: Passage;
  label: number;
}

/** Searches by words and by vectors at once: BM25 finds the exact term, the vectors the variant of it. */
export function createSearcher({ documents, vectors }: Collection, embedder: Embedder): Searcher {
  const entries: Entry[] = [];
  const terms: string[][] = [];
  for (const document of documents) {
    for (const passage of document.passages) {
      const text = searchText(document.title, passage);
      terms.push([...termsOf(wordsIn(text)), ...compoundsIn(text)]);
      entries.push({ passage: passageOf(document, passage), label: passage.label });
    }
  }
  const bm25 = createBm25(terms);
  const byInitial = Map.groupBy(bm25.vocabulary(), (word) => word[0]);
  const byLabel = new Map(entries.map((entry, i) => [entry.label, i]));
  const partOf = (position: number) => entries[position]?.passage.part;

  return {
    parts: [...new Set(entries.map((e) => e.passage.part))].sort(),
    async search({ query, part, limit = DEFAULT_LIMIT }, signal) {
      const plain = questionWordsIn(query.replace(ADDRESS, ""));
      const { words: said, mended } = mend(plain, bm25, byInitial);
      const nothingTells = plain.every((word) => ASKING.has(word));
      const tells = (_: string, i: number) => nothingTells || !ASKING.has(plain[i] ?? "");
      const words = said.filter(tells);
      const allowed = part === undefined ? undefined : (position: number) => partOf(position) === part;
      const lexical = bm25.score([...new Set(termsOf(words))], allowed);
      let failure: string | undefined;
      const similar = await similarities(words.join(" "), lexical, allowed, signal).catch((error: unknown) => {
        if (!(error instanceof VendorError)) throw error;
        failure = `searched by words alone: ${error.message}`;
        return new Map<number, number>();
      });
      const all = fuse(lexical, similar);
      const ranked = all.filter(({ score }) => score >= FAR_BEHIND * (all[0]?.score ?? 0)).slice(0, limit);
      const passages = ranked.flatMap(({ position }) => entries[position] ?? []);
      return {
        passages: passages.map((e) => e.passage),
        scores: ranked.map((r) => r.score),
        mended,
        ...judge(
          nothingTells ? [] : words,
          passages.map((e) => e.passage),
          bm25,
        ),
        unknown: [...new Set(plain.filter((word, i) => tells(word, i) && !bm25.has(said[i] ?? "")))],
        ...(failure ? { failure } : {}),
      };
    },
  };

  async function similarities(
    text: string,
    lexical: Float64Array,
    allowed: ((position: number) => boolean) | undefined,
    signal: AbortSignal,
  ) {
    const found = new Map<number, number>();
    if (vectors.size === 0 || text === "") return found;
    const vector = await embedder.question(text, bm25, signal);
    const isAllowed = allowed && ((label: number) => allowed(byLabel.get(label) ?? -1));
    const near = vectors.search(vector, NEAREST, isAllowed);
    for (const { label, similarity } of near) found.set(byLabel.get(label) ?? -1, similarity);
    for (const position of best(lexical, COMPARED)) {
      const own = found.has(position) ? undefined : vectors.get(entries[position]?.label ?? -1);
      if (own) found.set(position, similarityOf(vector, own));
    }
    return found;
  }
}

function passageOf(
  document: Collection["documents"][number],
  { label, hash: _, pending: __, ...passage }: Collection["documents"][number]["passages"][number],
): Passage {
  const { part, document: name, title, url, demo } = document;
  return { id: `k${label}`, part, document: name, title, ...(url ? { url } : {}), ...(demo ? { demo } : {}), ...passage };
}

/** The positions of the highest scores, highest first; of equal ones the earlier position. One pass: a collection may be large. */
function best(scores: Float64Array, count: number): number[] {
  const top: number[] = [];
  let least = 0;
  for (let position = 0; position < scores.length; position += 1) {
    const score = scores[position] ?? 0;
    if (score <= least) continue;
    let place = top.length;
    while (place > 0 && (scores[top[place - 1] ?? 0] ?? 0) < score) place -= 1;
    top.splice(place, 0, position);
    if (top.length > count) top.pop();
    if (top.length === count) least = scores[top[count - 1] ?? 0] ?? 0;
  }
  return top;
}

function fuse(lexical: Float64Array, similar: ReadonlyMap<number, number>): { position: number; score: number }[] {
  const nearest = best(lexical, NEAREST);
  const l = Math.max(1e-9, lexical[nearest[0] ?? 0] ?? 0);
  const s = Math.max(1e-9, ...similar.values());
  return [...new Set([...nearest, ...similar.keys()])]
    .map((position) => ({ position, score: (lexical[position] ?? 0) / l + (VECTOR_WEIGHT * (similar.get(position) ?? 0)) / s }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.position - b.position);
}

const SHORTEST_MENDED = 5;

/**
 * Words nobody wrote become the one they were meant to be, when two letters changed places or one is missing or too many. Nobody slips at
 * the beginning: "iphone" is no "phone".
 */
function mend(
  plain: readonly string[],
  bm25: Bm25,
  byInitial: ReadonlyMap<string | undefined, readonly string[]>,
): { words: string[]; mended: { from: string; to: string }[] } {
  const mended: { from: string; to: string }[] = [];
  const words = plain.map((word) => {
    const known = stem(word);
    if (bm25.has(known) || known.length < SHORTEST_MENDED || /\d/.test(known)) return known;
    const near = closest(known, byInitial.get(known[0]) ?? [], 1);
    if (near === undefined || isAnother(near, known)) return known;
    mended.push({ from: word, to: near });
    return near;
  });
  return { words, mended };
}

/** One letter for another makes other words: "patent" is no "parent". */
function isAnother(near: string, known: string): boolean {
  return near.length === known.length && lettersOf(near) !== lettersOf(known);
}

function lettersOf(word: string): string {
  return [...word].sort().join("");
}
