import type { Knowledge, KnowledgeState } from "../core/knowledge.ts";
import { untilAborted } from "../core/until-aborted.ts";
import { UserError, VendorError } from "../errors.ts";
import { createHashedEmbedder, type Embedder } from "./embed.ts";
import { type Changes, type Collection, hasChanged, type Progress, reindex } from "./reindex.ts";
import type { Searcher } from "./search.ts";
import { type DocumentSource, Unreadable } from "./sources.ts";
import { currentGeneration, dropOlder, type IndexedDocument, readCurrent, type SavedIndex, writeGeneration } from "./store.ts";
import { openVectors } from "./vectors.ts";

export type { Embedder } from "./embed.ts";
export { folderSource } from "./folder.ts";
export { type WikiPages, wikiSource } from "./pages.ts";
export type { DocumentSource } from "./sources.ts";

export interface KnowledgeOptions {
  sources: readonly DocumentSource[];
  /** Where the index lives; made when missing. */
  folder: string;
  embedder?: Embedder;
  /** Milliseconds between two looks for changes. Default 10 s. */
  lookEveryMs?: number;
  now(): Date;
  /** Never use hnswlib. */
  exact?: boolean;
}

interface Open {
  collection: Collection;
  searcher: Searcher;
  generation: string;
  problems: readonly string[];
}

const LOOK_MS = 10_000;

/** What the documents of some sources say. Nothing is read before the first use; readers at once wait for one re-index. */
export function createKnowledge(options: KnowledgeOptions): Knowledge {
  const { folder, now, embedder = createHashedEmbedder(), lookEveryMs = LOOK_MS } = options;
  let open: Open | undefined;
  let lookedAt: number | undefined;
  let underWay: Promise<Open> | undefined;

  async function current(signal: AbortSignal, force: boolean, onProgress?: (p: Progress) => void): Promise<Open> {
    signal.throwIfAborted();
    if (open && !force && lookedAt !== undefined && now().getTime() - lookedAt < lookEveryMs) return open;
    // Whoever asks first does the work; one who leaves does not stop it for the others.
    underWay ??= update(AbortSignal.timeout(UPDATE_MS), onProgress).finally(() => {
      underWay = undefined;
    });
    return untilAborted(underWay, signal);
  }

  async function update(signal: AbortSignal, onProgress?: (p: Progress) => void): Promise<Open> {
    const known = await load();
    const { changes, problems } = await look(options.sources, known?.collection.documents ?? [], signal);
    lookedAt = now().getTime();
    if (known && !hasChanged(known.collection.documents, changes)) return keep({ ...known, problems });
    // The vectors in use are not touched: the next generation grows from what is on disk.
    const before = (await readSaved())?.opened;
    const { failure, ...next } = await reindex(before, changes, {
      embedder,
      signal,
      exact: options.exact ?? false,
      ...(onProgress ? { onProgress } : {}),
    });
    const generation = await writeGeneration(folder, next.vectors, {
      embedder: embedder.name,
      dimension: next.vectors.dimension,
      documents: next.documents,
    });
    return keep({ ...(await searchable(next)), generation, problems: failure ? [...problems, failure.message] : problems });
  }

  function keep(next: Open): Open {
    open = next;
    return next;
  }

  /** What is in memory, or the newer generation another process wrote. */
  async function load(): Promise<Open | undefined> {
    if (open && (await currentGeneration(folder)) === open.generation) return open;
    const saved = await readSaved();
    if (saved) await dropOlder(folder, saved.generation);
    return saved ? { ...(await searchable(saved.opened)), generation: saved.generation, problems: [] } : undefined;
  }

  function readSaved() {
    return readCurrent(folder, (saved, at) => openSaved(saved, at, embedder));
  }

  async function searchable(collection: Collection) {
    const { createSearcher } = await import("./search.ts");
    return { collection, searcher: createSearcher(collection, embedder) };
  }

  return {
    async search(question, signal) {
      const { searcher, collection, problems } = await current(signal, false);
      if (searcher.parts.length === 0) throw nothingYet(collection.documents);
      if (question.part !== undefined && !searcher.parts.includes(question.part))
        throw new UserError(`There is no part “${question.part}” in the knowledge. There is ${searcher.parts.join(", ")}.`, {
          path: "part",
        });
      const { scores: _, failure, ...answer } = await searcher.search(question, signal);
      return { ...answer, notes: [...problems, ...(failure ? [failure] : []), ...unreadable(collection.documents)] };
    },
    async refresh(signal, onProgress) {
      const { collection, problems } = await current(signal, true, onProgress);
      return stateOf(collection, [...problems, ...remarksOf(options.sources, collection.documents, problems)], embedder);
    },
  };
}

const UPDATE_MS = 30 * 60_000;

/** Throws when vectors and index do not belong together: then all is made anew. */
async function openSaved(saved: SavedIndex, at: string, embedder: Embedder): Promise<Collection> {
  if (saved.embedder !== embedder.name) throw new Error("the saved vectors are of other embeddings");
  const vectors = await openVectors({
    dimension: saved.dimension,
    saved: { folder: at, kind: saved.vectors, labels: saved.labels },
    exact: saved.vectors === "exact",
  });
  return { documents: saved.documents, vectors };
}

/** What each source has now. One that cannot be asked keeps what is known of it, and is told as a problem. */
async function look(sources: readonly DocumentSource[], known: readonly IndexedDocument[], signal: AbortSignal) {
  const problems: string[] = [];
  const changes: { listed: Changes["listed"][number][]; kept: IndexedDocument[] } = { listed: [], kept: [] };
  for (const source of sources) {
    try {
      for (const listed of await source.list(signal)) changes.listed.push({ listed, source });
    } catch (error) {
      if (!(error instanceof VendorError || error instanceof Unreadable)) throw error;
      problems.push(`${source.name} could not be read: ${error.message}`);
      changes.kept.push(...known.filter((d) => d.key.startsWith(`${source.name}:`)));
    }
  }
  return { changes, problems };
}

/** For those who look after the documents, not for those who ask. */
function remarksOf(sources: readonly DocumentSource[], documents: readonly IndexedDocument[], problems: readonly string[]): string[] {
  return sources.flatMap((source) => {
    if (problems.some((problem) => problem.startsWith(`${source.name} `))) return [];
    const own = documents.filter(({ key }) => key.startsWith(`${source.name}:`)).length;
    return source.remark?.(own) ?? [];
  });
}

function unreadable(documents: readonly IndexedDocument[]): string[] {
  const bad = documents.filter((d) => d.problem);
  const [first] = bad;
  if (!first) return [];
  return [
    bad.length === 1
      ? `${first.document} is not searched: ${first.problem}.`
      : `${bad.length} documents are not searched; “firstmate knowledge index” lists them.`,
  ];
}

function nothingYet(documents: readonly IndexedDocument[]): UserError {
  const why = documents.length === 0 ? "There are no documents" : `None of the ${documents.length} documents could be read`;
  return new UserError(
    `${why}. Put markdown, text, PDF or Word files into the folder that KNOWLEDGE_DIR names, then run “firstmate knowledge index”.`,
  );
}

function stateOf({ documents, vectors }: Collection, problems: readonly string[], embedder: Embedder): KnowledgeState {
  return {
    documents: documents.map(({ part, document, title, passages, problem }) => ({
      part,
      document,
      title,
      passages: passages.length,
      ...(problem ? { problem } : {}),
    })),
    passages: documents.reduce((sum, d) => sum + d.passages.length, 0),
    embeddings: embedder.name,
    vectors: vectors.kind,
    problems,
  };
}
