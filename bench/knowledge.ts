import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chunkDocument, searchText } from "../src/knowledge/chunk.ts";
import { createHashedEmbedder } from "../src/knowledge/embed.ts";
import { loadMarkdown } from "../src/knowledge/load-markdown.ts";
import { createSearcher } from "../src/knowledge/search.ts";
import type { IndexedDocument } from "../src/knowledge/store.ts";
import { openVectors, type Vectors } from "../src/knowledge/vectors.ts";
import { type Row, rowOf, WrongAnswer } from "./report.ts";
import { spreadOf } from "./statistics.ts";

/** P8 and P9: the nearest vectors, and a whole search, over up to 20,000 passages of the documents that the installed packages bring. */

const PASSAGES = 20_000;
const QUESTIONS = 60;
const NEAREST = 10;
const LEAST_RECALL = 0.95;
const { signal } = new AbortController();

export async function measureKnowledge(_: string, rounds: number): Promise<Row[]> {
  const documents = await readDocuments();
  const embedder = createHashedEmbedder();
  const passages = documents.flatMap((d) => d.passages.map((p) => ({ label: p.label, text: searchText(d.title, p) })));
  const made = await embedder.documents(
    passages.map((p) => p.text),
    signal,
  );
  const dimension = made[0]?.length ?? 1;
  const [near, every] = [await openVectors({ dimension }), await openVectors({ dimension, exact: true })];
  for (const [i, vector] of made.entries()) for (const vectors of [near, every]) vectors.add(passages[i]?.label ?? i, vector);
  const questions = Array.from({ length: QUESTIONS }, (_, i) => questionFrom(passages[(i * 7_919) % passages.length]?.text ?? ""));
  const asked = await embedder.documents(questions, signal);
  checkRecall(asked, near, every);
  const searcher = createSearcher({ documents, vectors: near }, embedder);
  const timed = { near: [] as number[], every: [] as number[], search: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const taken = {
      near: await median(asked, async (v) => void near.search(v, NEAREST)),
      every: await median(asked, async (v) => void every.search(v, NEAREST)),
      search: await median(questions, async (query) => void (await searcher.search({ query }, signal))),
    };
    // The first warms up.
    if (round > 0) for (const key of ["near", "every", "search"] as const) timed[key].push(taken[key]);
  }
  const peer = { name: "every vector", values: timed.every };
  const size = `${passages.length} passages`;
  return [
    rowOf({ id: "P8", what: `the ten nearest vectors of ${size}`, unit: "ms", ours: timed.near, peer, goal: 1, ratioGoal: 0.5 }),
    rowOf({ id: "P9", what: "… a whole search, by words and vectors", unit: "ms", ours: timed.search, peer, goal: 3 }),
  ];
}

async function median<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
  const taken: number[] = [];
  for (const item of items) {
    const began = performance.now();
    await work(item);
    taken.push(performance.now() - began);
  }
  return spreadOf(taken).median;
}

function checkRecall(asked: readonly Float32Array[], near: Vectors, every: Vectors): void {
  const found = asked.map((vector) => {
    const exact = new Set(every.search(vector, NEAREST).map((n) => n.label));
    return near.search(vector, NEAREST).filter((n) => exact.has(n.label)).length;
  });
  const recall = found.reduce((sum, n) => sum + n, 0) / (NEAREST * asked.length);
  if (recall < LEAST_RECALL) throw new WrongAnswer(`only ${(100 * recall).toFixed(1)}% of the nearest vectors were found`);
}

/** A few words out of the middle of a passage, as somebody who half remembers it would ask. */
function questionFrom(text: string): string {
  const words = text.split(/[^A-Za-z]+/).filter((word) => word.length > 3);
  const from = Math.floor(words.length / 3);
  return `how do I ${words.slice(from, from + 6).join(" ")}?`;
}

async function readDocuments(): Promise<IndexedDocument[]> {
  const root = fileURLToPath(new URL("../node_modules", import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => /\.md$/i.test(name));
  const documents: IndexedDocument[] = [];
  const seen = new Set<string>();
  for (const name of names.sort()) {
    if (seen.size >= PASSAGES) break;
    const path = join(root, name);
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > 300_000) continue;
    const loaded = loadMarkdown(readFileSync(path, "utf8"), name);
    const fresh = (await chunkDocument(loaded)).filter(({ hash }) => seen.size < PASSAGES && !seen.has(hash) && seen.add(hash));
    const first = seen.size - fresh.length;
    const passages = fresh.map((chunk, i) => ({ ...chunk, label: first + i }));
    documents.push({ key: name, part: "packages", document: name, stamp: "", title: loaded.title, passages });
  }
  return documents;
}
