import { tokenise } from "./tokens.ts";

/** Texts as sparse rows of unit length: `terms[t]` weighs `weights[i]` in the row that holds position i. */
export interface TermVectors {
  /** Keys: a stem, or two stems with a space between. */
  terms: readonly string[];
  /** How a term is mostly written. */
  written: readonly string[];
  /** Row r is at positions `starts[r]` … `starts[r + 1] − 1`. */
  starts: Uint32Array;
  columns: Uint32Array;
  weights: Float64Array;
  rows: number;
}

export interface TermOptions {
  /** A term of fewer texts is left out. Default 2. */
  leastTexts?: number;
  /** A term of a larger share of the texts is left out: it tells nothing apart. Default 0.5. */
  mostShare?: number;
  /** At most so many terms, those of the most texts first. Default 20,000. */
  mostTerms?: number;
}

/**
 * TF-IDF of words and of two neighbouring words: (1 + ln tf) · (ln((1 + n) / (1 + df)) + 1), each row divided by its length (G. Salton and
 * C. Buckley, Term-weighting approaches in automatic text retrieval, 1988; the smoothed form). A text without a known term is a row of none.
 */
export function termVectors(texts: readonly string[], options: TermOptions = {}): TermVectors {
  const { leastTexts = 2, mostShare = 0.5, mostTerms = 20_000 } = options;
  const forms = new Map<string, Map<string, number>>();
  const counted = texts.map((text) => countTerms(text, forms));
  const textsWith = new Map<string, number>();
  for (const counts of counted) for (const key of counts.keys()) textsWith.set(key, (textsWith.get(key) ?? 0) + 1);
  const most = Math.max(leastTexts, mostShare * texts.length);
  const kept = [...textsWith].filter(([, df]) => df >= leastTexts && df <= most);
  kept.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const terms = kept.slice(0, mostTerms).map(([key]) => key);
  const indexOf = new Map(terms.map((key, t) => [key, t]));
  const idf = Float64Array.from(terms, (key) => Math.log((1 + texts.length) / (1 + (textsWith.get(key) ?? 0))) + 1);
  const starts = new Uint32Array(texts.length + 1);
  const columns: number[] = [];
  const weights: number[] = [];
  for (const [r, counts] of counted.entries()) {
    const row = [...counts].flatMap(([key, tf]) => {
      const t = indexOf.get(key);
      return t === undefined ? [] : [{ t, w: (1 + Math.log(tf)) * (idf[t] ?? 0) }];
    });
    const length = Math.hypot(...row.map(({ w }) => w));
    for (const { t, w } of row.sort((a, b) => a.t - b.t)) {
      columns.push(t);
      weights.push(w / length);
    }
    starts[r + 1] = columns.length;
  }
  return {
    terms,
    written: terms.map((key) => commonest(forms.get(key))),
    starts,
    columns: Uint32Array.from(columns),
    weights: Float64Array.from(weights),
    rows: texts.length,
  };
}

function countTerms(text: string, forms: Map<string, Map<string, number>>): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string, word: string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const seen = forms.get(key) ?? new Map<string, number>();
    forms.set(key, seen.set(word, (seen.get(word) ?? 0) + 1));
  };
  for (const clause of tokenise(text))
    for (const [i, token] of clause.entries()) {
      if (!token) continue;
      add(token.key, token.word);
      const next = clause[i + 1];
      if (next && next.key !== token.key) add(`${token.key} ${next.key}`, `${token.word} ${next.word}`);
    }
  return counts;
}

function commonest(forms: ReadonlyMap<string, number> = new Map()): string {
  return [...forms].sort((a, b) => b[1] - a[1] || a[0].length - b[0].length || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? "";
}
