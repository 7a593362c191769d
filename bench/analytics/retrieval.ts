import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createBm25 } from "../../src/knowledge/bm25.ts";
import { searchText } from "../../src/knowledge/chunk.ts";
import { createHashedEmbedder } from "../../src/knowledge/embed.ts";
import { createSearcher } from "../../src/knowledge/search.ts";
import { openVectors } from "../../src/knowledge/vectors.ts";
import { plainWordsIn, stem, termsOf, wordsIn } from "../../src/knowledge/words.ts";
import type { Score } from "./score.ts";

interface Chunk {
  chunk_link: string;
  chunk_heading: string;
  text: string;
}

interface Question {
  id: string;
  question: string;
  correct_chunks: string[];
}

const K = 3;
const TEN = 10;
/** Embeddings with summaries and a re-ranking model, as published with the set for its 100 questions, in per cent. */
const PUBLISHED = { who: "embeddings + re-rank", precision: 43.7, recall: 69.3, mrr: 86.5 };

/**
 * Retrieval over a documentation set: precision, recall and reciprocal rank of the first three, nDCG of the first ten.
 * The weight of the vectors was chosen on the questions at even places; those at odd places were held back.
 */
export async function measureRetrieval(folder: string): Promise<readonly Score[] | undefined> {
  const files = ["docs_chunks.json", "docs_questions.json"].map((name) => join(folder, "retrieval", name));
  if (!files.every((file) => existsSync(file))) return undefined;
  const [chunks = [], questions = []] = files.map((file) => JSON.parse(readFileSync(file, "utf8"))) as [Chunk[], Question[]];
  const fused = await rankAll(chunks, questions);
  const words = rankByWords(chunks, questions);
  const held = questions.filter((_, i) => i % 2 === 1);
  const sets: [string, readonly Question[]][] = [
    ["all questions", questions],
    ["held-out half", held],
  ];
  return sets.flatMap(([name, some]) => {
    const [ours, plain] = [average(some, fused), average(some, words)];
    const line = (metric: "precision" | "recall" | "mrr", goal: number): Score => ({
      name: `documentation set, ${name}`,
      metric: `${metric}@${K}`,
      ours: ours[metric],
      goal,
      published: { who: PUBLISHED.who, value: PUBLISHED[metric] / 100 },
      naive: { who: "BM25 + bigrams", value: plain[metric] },
    });
    const ndcg: Score = {
      name: `documentation set, ${name}`,
      metric: `ndcg@${TEN}`,
      ours: ours.ndcg,
      goal: 0.764,
      naive: { who: "BM25 + bigrams", value: plain.ndcg },
    };
    return [line("precision", 0.433), line("recall", 0.694), line("mrr", 0.862), ndcg];
  });
}

type Ranked = ReadonlyMap<string, readonly string[]>;

async function rankAll(chunks: readonly Chunk[], questions: readonly Question[]): Promise<Ranked> {
  const embedder = createHashedEmbedder();
  const { signal } = new AbortController();
  const passages = chunks.map(({ chunk_heading, text }, label) => ({ headings: [chunk_heading], text, hash: "", label }));
  const made = await embedder.documents(
    passages.map((p) => searchText("", p)),
    signal,
  );
  const vectors = await openVectors({ dimension: made[0]?.length ?? 1 });
  for (const [label, vector] of made.entries()) vectors.add(label, vector);
  const document = { key: "set", part: "set", document: "set", stamp: "", title: "", passages };
  const searcher = createSearcher({ documents: [document], vectors }, embedder);
  const ranked = new Map<string, string[]>();
  for (const { id, question } of questions) {
    const { passages: found } = await searcher.search({ query: question, limit: TEN }, signal);
    ranked.set(
      id,
      found.map((p) => chunks[Number(p.id.slice(1))]?.chunk_link ?? ""),
    );
  }
  return ranked;
}

function rankByWords(chunks: readonly Chunk[], questions: readonly Question[]): Ranked {
  const texts = chunks.map(({ chunk_heading, text }) => searchText("", { headings: [chunk_heading], text }));
  const bm25 = createBm25(texts.map((text) => termsOf(wordsIn(text))));
  return new Map(
    questions.map(({ id, question }) => {
      const scores = bm25.score([...new Set(termsOf(plainWordsIn(question).map(stem)))], () => true);
      const best = [...scores.entries()]
        .filter(([, score]) => score > 0)
        .sort((a, b) => b[1] - a[1] || a[0] - b[0])
        .slice(0, TEN);
      return [id, best.map(([position]) => chunks[position]?.chunk_link ?? "")];
    }),
  );
}

function average(questions: readonly Question[], ranked: Ranked) {
  const all = questions.map(({ id, correct_chunks }) => scoreOne([...new Set(ranked.get(id) ?? [])], new Set(correct_chunks)));
  const mean = (metric: keyof ReturnType<typeof scoreOne>) => all.reduce((sum, one) => sum + one[metric], 0) / all.length;
  return { precision: mean("precision"), recall: mean("recall"), mrr: mean("mrr"), ndcg: mean("ndcg") };
}

function scoreOne(found: readonly string[], correct: ReadonlySet<string>) {
  const hits = found.slice(0, K).filter((link) => correct.has(link)).length;
  const rank = found.slice(0, K).findIndex((link) => correct.has(link)) + 1;
  const discount = (i: number) => 1 / Math.log2(i + 2);
  const gain = found.slice(0, TEN).reduce((sum, link, i) => sum + (correct.has(link) ? discount(i) : 0), 0);
  const ideal = Array.from({ length: Math.min(TEN, correct.size) }, (_, i) => discount(i)).reduce((a, b) => a + b, 0);
  return { precision: hits / K, recall: hits / correct.size, mrr: rank ? 1 / rank : 0, ndcg: gain / ideal };
}
