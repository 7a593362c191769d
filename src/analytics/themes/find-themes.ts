import { averageLink } from "./average-link.ts";
import { cohesion, modularity } from "./modularity.ts";
import { addRow, dot, type Grouping, sphericalKMeans } from "./spherical-k-means.ts";
import { tellingTerms } from "./telling-terms.ts";
import { termVectors } from "./term-vectors.ts";

/** Texts about the same thing. */
export interface Theme {
  /** Its most telling words and phrases. */
  words: readonly string[];
  /** Positions in the list of texts, the most typical first. */
  members: readonly number[];
  /** Mean cosine between two of its texts, 0 to 1. */
  cohesion: number;
}

export interface Themes {
  /** The largest first. */
  themes: readonly Theme[];
  /** Texts too unlike any others, in groups too small to speak of, or without a word that another text has. */
  other: readonly number[];
  /** Of the grouping that was chosen, the largest there is on the way. */
  modularity: number;
}

/** Fewest texts that topics are looked for in. */
export const LEAST_TEXTS = 30;
/** Small groups to begin with, at most; then one per five texts. */
const MOST_SMALL_GROUPS = 60;
/** A theme is at least so many texts, and this share of all. */
const LEAST_IN_THEME = 3;
const LEAST_SHARE = 0.01;

/**
 * Topics of short texts, without a language model: TF-IDF of words and phrases, spherical k-means into many small groups, which are joined by
 * average link; of all groupings on the way the one of largest modularity, so the number of topics follows from the texts. Nothing is left to
 * chance: the same texts in the same order give the same topics. undefined for fewer than `LEAST_TEXTS` texts that share words with others.
 */
export function findThemes(texts: readonly string[]): Themes | undefined {
  const vectors = termVectors(texts);
  const filled = texts.filter((_, r) => (vectors.starts[r + 1] ?? 0) > (vectors.starts[r] ?? 0)).length;
  if (filled < LEAST_TEXTS) return undefined;
  const small = sphericalKMeans(vectors, Math.min(MOST_SMALL_GROUPS, Math.floor(filled / 5)));
  let chosen: Grouping = small;
  let best = Number.NEGATIVE_INFINITY;
  for (const grouping of averageLink(vectors, small)) {
    const value = modularity(vectors, grouping);
    if (value > best + 1e-12) [chosen, best] = [grouping, value];
  }
  const least = Math.max(LEAST_IN_THEME, Math.ceil(LEAST_SHARE * texts.length));
  const themes: Theme[] = [];
  const other: number[] = [...texts.keys()].filter((r) => (chosen.groups[r] ?? -1) < 0);
  for (let g = 0; g < chosen.k; g++) {
    const rows = [...texts.keys()].filter((r) => chosen.groups[r] === g);
    if (rows.length < least) {
      other.push(...rows);
      continue;
    }
    const sum = new Float64Array(vectors.terms.length);
    for (const r of rows) addRow(sum, vectors, r);
    const typical = new Map(rows.map((r) => [r, dot(vectors, r, sum)]));
    const members = rows.sort((a, b) => (typical.get(b) ?? 0) - (typical.get(a) ?? 0) || a - b);
    themes.push({ words: tellingTerms(vectors, chosen.groups, g), members, cohesion: cohesion(vectors, members) });
  }
  themes.sort((a, b) => b.members.length - a.members.length || (a.members[0] ?? 0) - (b.members[0] ?? 0));
  return { themes, other: other.sort((a, b) => a - b), modularity: best };
}
