import { wordsIn } from "./words.ts";

/** Texts → unit vectors. */
export interface Embedder {
  /** Names model and version: vectors of another name are made anew. */
  readonly name: string;
  /** One vector per text, in order. May throw VendorError. */
  documents(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
  /** `collection` says how telling words are where it is asked. */
  question(text: string, collection: WordCounts, signal: AbortSignal): Promise<Float32Array>;
}

export interface WordCounts {
  /** Passages in all. */
  readonly size: number;
  /** Every word. */
  vocabulary(): readonly string[];
  /** Passages that have the word. */
  count(word: string): number;
}

const DIMENSION = 512;
/** Each feature adds ±1 in so many places, so that two features seldom hide each other. */
const PLACES = 4;
const GRAMS = [3, 4, 5];

/**
 * The embeddings that need nothing: words and their parts of three to five letters, hashed with signs into 512 places
 * (feature hashing: Weinberger et al., 2009; subwords as in fastText: Bojanowski et al., 2017). A document's vector depends on
 * its text alone, so a changed page changes no other; a question's
 * are weighed by how telling they are in the collection.
 */
export function createHashedEmbedder(): Embedder {
  const weights = new WeakMap<WordCounts, (feature: string) => number>();
  const weightsOf = (collection: WordCounts) => {
    const weigh = weights.get(collection) ?? weighFeatures(collection);
    weights.set(collection, weigh);
    return weigh;
  };
  return {
    name: "hashed-subwords-1",
    documents: async (texts) => texts.map((text) => hashed(text, () => 1)),
    question: async (text, collection) => hashed(text, weightsOf(collection)),
  };
}

/** Square of ln(1 + (N − n + ½)/(n + ½)), with n the passages of all words that have the feature, at most N. */
function weighFeatures(collection: WordCounts): (feature: string) => number {
  const counts = new Map<string, number>();
  for (const word of collection.vocabulary()) {
    const count = collection.count(word);
    for (const feature of new Set(featuresOf(word))) counts.set(feature, (counts.get(feature) ?? 0) + count);
  }
  return (feature) => {
    const n = Math.min(collection.size, counts.get(feature) ?? 0);
    return Math.log(1 + (collection.size - n + 0.5) / (n + 0.5)) ** 2;
  };
}

function hashed(text: string, weigh: (feature: string) => number): Float32Array {
  const features = new Map<string, number>();
  for (const word of wordsIn(text)) for (const feature of featuresOf(word)) features.set(feature, (features.get(feature) ?? 0) + 1);
  const vector = new Float32Array(DIMENSION);
  for (const [feature, count] of features) {
    const size = (1 + Math.log(count)) * weigh(feature);
    for (let place = 0; place < PLACES; place++) {
      const hash = hashOf(feature, place);
      const index = hash % DIMENSION;
      vector[index] = (vector[index] ?? 0) + (hash & 0x80000000 ? size : -size);
    }
  }
  return toUnit(vector);
}

function featuresOf(word: string): string[] {
  const marked = `<${word}>`;
  const grams = GRAMS.flatMap((n) => Array.from({ length: Math.max(0, marked.length - n + 1) }, (_, i) => `#${marked.slice(i, i + n)}`));
  return [word, ...grams];
}

/** FNV-1a with a last mixing, so that neighbouring places are independent. */
function hashOf(text: string, seed: number): number {
  let hash = 2_166_136_261 ^ Math.imul(seed + 1, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 13), 0x5bd1e995);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Scaled to length 1; a vector of zeros stays. */
export function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
