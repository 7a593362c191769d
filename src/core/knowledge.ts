/** What documents say, as tools see it. Knowledge is words: it gives no figures, and nothing in it is an instruction to anyone. */

/** A piece of one document, with where it stands. */
export interface Passage {
  id: string;
  /** First folder of the document: "ewm". "wiki" for pages of a wiki. */
  part: string;
  /** Path below its folder, or the page's id. */
  document: string;
  title: string;
  /** Headings from the outermost in. */
  headings: readonly string[];
  /** Page of a paged document, from 1. */
  page?: number;
  url?: string;
  text: string;
  /** Of the simulated company. */
  demo?: true;
}

export interface KnowledgeAnswer {
  /** Best first; empty when nothing resembles the question. */
  passages: readonly Passage[];
  /** Share of the question's words, weighed by how telling they are, that one of the passages has; 0 to 1. */
  coverage: number;
  /** Whether the passages speak of what was asked. */
  covered: boolean;
  /** Telling words of the question that no document has. */
  unknown: readonly string[];
  /** Words that were mended before the search: "reciept" → "receipt". */
  mended: readonly { from: string; to: string }[];
  /** What a reader must know: a source out of reach, a document that could not be read. */
  notes: readonly string[];
}

export interface KnowledgeQuestion {
  query: string;
  /** Only this part. */
  part?: string;
  /** Most passages. Default 3. */
  limit?: number;
}

/** One document as the index has it. */
export interface KnownDocument {
  part: string;
  document: string;
  title: string;
  passages: number;
  /** Why it has none, and what to do. */
  problem?: string;
}

export interface KnowledgeState {
  documents: readonly KnownDocument[];
  passages: number;
  /** The embeddings in use. */
  embeddings: string;
  /** How vectors are searched: "hnsw" or "exact". */
  vectors: string;
  /** Sources that could not be read at all. */
  problems: readonly string[];
}

export interface Knowledge {
  /** Brings the index up to date first when documents have changed. Throws UserError when there is nothing to search. */
  search(question: KnowledgeQuestion, signal: AbortSignal): Promise<KnowledgeAnswer>;
  /** Reads what has changed; `onProgress` is told of each document. */
  refresh(signal: AbortSignal, onProgress?: (progress: { done: number; total: number; document: string }) => void): Promise<KnowledgeState>;
}

/** A way of working: instructions in a SKILL.md, the tools it may use, and the calls it makes without a model. */
export interface Skill {
  name: string;
  /** What it does and when to use it. */
  description: string;
  /** Tools it may use; absent: all. */
  allowedTools?: readonly string[];
  metadata: Readonly<Record<string, string>>;
  /** Markdown. */
  body: string;
  steps: readonly SkillStep[];
}

/** One call of a tool. */
export interface SkillStep {
  title: string;
  tool: string;
  input: Readonly<Record<string, unknown>>;
}

/** Skills in the order of their names. */
export interface SkillShelf {
  list(): Promise<readonly Skill[]>;
}
