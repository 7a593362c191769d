/**
 * Okapi BM25 (Robertson and Zaragoza, 2009) over words and pairs of neighbouring words.
 * idf = ln(1 + (N − n + ½)/(n + ½)), each term of the question once.
 */
const K1 = 1.2;
const B = 0.75;

export interface Bm25 {
  /** By position; 0 where no term is. `terms` each once. */
  score(terms: readonly string[], allowed?: (position: number) => boolean): Float64Array;
  /** How telling a term is: from near 0 (everywhere) up to ln(2N + 2) (nowhere). */
  idf(term: string): number;
  has(term: string): boolean;
  /** Documents that have the term. */
  count(term: string): number;
  /** Documents in all. */
  readonly size: number;
  /** Every single word. */
  vocabulary(): readonly string[];
}

export function createBm25(documents: readonly (readonly string[])[]): Bm25 {
  const postings = new Map<string, { positions: number[]; counts: number[] }>();
  const lengths = documents.map((terms) => terms.length);
  const average = lengths.reduce((sum, n) => sum + n, 0) / Math.max(1, documents.length);
  const saturation = Float64Array.from(lengths, (length) => K1 * (1 - B + (B * length) / average));
  for (const [position, terms] of documents.entries()) {
    for (const term of terms) {
      const entry = postings.get(term) ?? { positions: [], counts: [] };
      postings.set(term, entry);
      const last = entry.positions.length - 1;
      if (entry.positions[last] === position) entry.counts[last] = (entry.counts[last] ?? 0) + 1;
      else {
        entry.positions.push(position);
        entry.counts.push(1);
      }
    }
  }
  const idf = (term: string) => {
    const n = postings.get(term)?.positions.length ?? 0;
    return Math.log(1 + (documents.length - n + 0.5) / (n + 0.5));
  };
  let words: readonly string[] | undefined;
  return {
    idf,
    has: (term) => postings.has(term),
    count: (term) => postings.get(term)?.positions.length ?? 0,
    size: documents.length,
    vocabulary() {
      words ??= [...postings.keys()].filter((term) => !term.includes(" "));
      return words;
    },
    score(terms, allowed) {
      const scores = new Float64Array(documents.length);
      for (const term of terms) {
        const entry = postings.get(term);
        if (!entry) continue;
        const weight = idf(term) * (K1 + 1);
        const { positions, counts } = entry;
        for (let i = 0; i < positions.length; i += 1) {
          const position = positions[i] ?? 0;
          const count = counts[i] ?? 0;
          scores[position] = (scores[position] ?? 0) + (weight * count) / (count + (saturation[position] ?? 0));
        }
      }
      return allowed ? scores.map((score, position) => (score > 0 && allowed(position) ? score : 0)) : scores;
    },
  };
}
