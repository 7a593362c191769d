import { VendorError } from "../errors.ts";
import { chunkDocument, searchText } from "./chunk.ts";
import type { Embedder } from "./embed.ts";
import { type DocumentSource, type Listed, Unreadable } from "./sources.ts";
import type { IndexedDocument, IndexedPassage } from "./store.ts";
import { openVectors, type Vectors } from "./vectors.ts";

/** What is known, ready to be searched. */
export interface Collection {
  documents: readonly IndexedDocument[];
  vectors: Vectors;
}

export interface Progress {
  done: number;
  total: number;
  /** What is counted: the document just read, or "passages". */
  document: string;
}

export interface Changes {
  listed: readonly { listed: Listed; source: DocumentSource }[];
  /** Documents of sources that could not be listed: they stay as they were. */
  kept: readonly IndexedDocument[];
}

interface ReindexOptions {
  embedder: Embedder;
  signal: AbortSignal;
  exact?: boolean;
  /** Told of each document that is read, then of the passages whose vectors are made. */
  onProgress?: (progress: Progress) => void;
}

const BATCH = 64;
/** Documents read at the same time: waiting for a wiki is most of it, and a large PDF takes memory. */
const AT_ONCE = 4;

/** Whether anything differs from what is indexed, vectors that are still to be made included. */
export function hasChanged(documents: readonly IndexedDocument[], { listed, kept }: Changes): boolean {
  const known = new Map(documents.map((d) => [d.key, d]));
  if (listed.length + kept.length !== documents.length) return true;
  return listed.some(({ listed: { key, stamp } }) => known.get(key)?.stamp !== stamp) || documents.some(isPending);
}

function isPending(document: IndexedDocument): boolean {
  return document.passages.some((p) => p.pending);
}

/**
 * The next collection. Only documents whose stamp changed are read; a passage whose words did not change keeps its vector.
 * `before.vectors` are changed: hand in a copy. A document that cannot be read stays in the list with its problem.
 */
export async function reindex(
  before: Collection | undefined,
  changes: Changes,
  options: ReindexOptions,
): Promise<Collection & { failure?: VendorError }> {
  const { signal, onProgress } = options;
  const known = new Map(before?.documents.map((d) => [d.key, d]));
  const labels = nextLabels(before?.documents ?? []);
  const documents: IndexedDocument[] = [...changes.kept];
  for (let i = 0; i < changes.listed.length; i += AT_ONCE) {
    signal.throwIfAborted();
    const some = changes.listed.slice(i, i + AT_ONCE);
    const read = await Promise.all(some.map((one) => readOne(one, known.get(one.listed.key), signal)));
    for (const [j, label] of read.entries()) {
      documents.push(label(labels));
      onProgress?.({ done: i + j + 1, total: changes.listed.length, document: some[j]?.listed.document ?? "" });
    }
  }
  const wanted = new Set(documents.flatMap((d) => d.passages.map((p) => p.label)));
  const gone = (before?.documents ?? []).flatMap((d) => d.passages.map((p) => p.label)).filter((label) => !wanted.has(label));
  const kept = before && (await without(gone, before.vectors, wanted));
  const { failure, missing, vectors } = await addVectors(documents, kept, options);
  return { documents: withPending(documents, missing), vectors, ...(failure ? { failure } : {}) };
}

/** Up to so many vectors a new index is made of those that stay: hnswlib only marks what is deleted. */
const COPIED = 5_000;

async function without(gone: readonly number[], vectors: Vectors, wanted: ReadonlySet<number>): Promise<Vectors> {
  for (const label of gone) vectors.remove(label);
  if (gone.length === 0 || vectors.kind === "exact" || vectors.size > COPIED) return vectors;
  const copy = await openVectors({ dimension: vectors.dimension });
  for (const label of wanted) {
    const vector = vectors.get(label);
    if (vector) copy.add(label, vector);
    if (copy.size % BATCH === 0) await breathe();
  }
  return copy;
}

/** Adding blocks: others get their turn. */
function breathe(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

function nextLabels(documents: readonly IndexedDocument[]): () => number {
  let last = documents.reduce((most, d) => d.passages.reduce((m, p) => Math.max(m, p.label), most), -1);
  return () => {
    last += 1;
    return last;
  };
}

/** One document as it is now; its new passages get their labels when it is its turn, so that the same documents give the same labels. */
async function readOne(
  { listed, source }: Changes["listed"][number],
  old: IndexedDocument | undefined,
  signal: AbortSignal,
): Promise<(nextLabel: () => number) => IndexedDocument> {
  if (old?.stamp === listed.stamp) return () => ({ ...old, ...listed });
  try {
    const { title, ...loaded } = await source.read(listed, signal);
    const chunks = await chunkDocument({ title, ...loaded });
    return (nextLabel) => {
      const spare = Map.groupBy(old?.passages ?? [], (p) => p.hash);
      const passages = chunks.map((chunk): IndexedPassage => ({ ...chunk, label: spare.get(chunk.hash)?.shift()?.label ?? nextLabel() }));
      return { ...listed, title, passages, ...(passages.length === 0 ? { problem: "it is empty" } : {}) };
    };
  } catch (error) {
    const failed = { ...listed, title: listed.document, passages: [] };
    // A page that could not be fetched now is read again the next time: its stamp stays the old one.
    if (error instanceof VendorError) return () => old ?? { ...failed, stamp: "", problem: error.message };
    if (!(error instanceof Unreadable)) throw error;
    return () => ({ ...failed, problem: error.message });
  }
}

/** Makes what is missing. A service of embeddings that fails leaves the rest for later: words are searched all the same. */
async function addVectors(
  documents: readonly IndexedDocument[],
  before: Vectors | undefined,
  { embedder, signal, exact = false, onProgress }: ReindexOptions,
) {
  // Without a vector inside, it may have been opened before anyone knew how long they are.
  let vectors = before && before.size > 0 ? before : undefined;
  const todo = documents.flatMap((d) =>
    d.passages.filter((p) => !vectors?.get(p.label)).map((p) => ({ label: p.label, text: searchText(d.title, p) })),
  );
  const missing = new Set(todo.map((t) => t.label));
  let failure: VendorError | undefined;
  for (let i = 0; i < todo.length && !failure; i += BATCH) {
    signal.throwIfAborted();
    const batch = todo.slice(i, i + BATCH);
    const made = await embedder
      .documents(
        batch.map((t) => t.text),
        signal,
      )
      .catch((error: unknown) => {
        if (!(error instanceof VendorError)) throw error;
        failure = error;
        return [];
      });
    for (const [j, vector] of made.entries()) {
      const label = batch[j]?.label;
      if (label === undefined) continue;
      vectors ??= await openVectors({ dimension: vector.length, exact });
      vectors.add(label, vector);
      missing.delete(label);
    }
    if (todo.length > BATCH) onProgress?.({ done: Math.min(i + BATCH, todo.length), total: todo.length, document: "passages" });
    await breathe();
  }
  vectors ??= await openVectors({ dimension: 1, exact: true });
  return { missing, vectors, ...(failure ? { failure } : {}) };
}

function withPending(documents: readonly IndexedDocument[], missing: ReadonlySet<number>): IndexedDocument[] {
  return documents.map((d) => ({
    ...d,
    passages: d.passages.map(({ pending: _, ...p }) => (missing.has(p.label) ? { ...p, pending: true as const } : p)),
  }));
}
