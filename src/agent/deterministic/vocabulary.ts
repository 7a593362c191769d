import type { Feed, FeedDescription } from "../../core/feed.ts";
import { keysOf, wordsOf } from "../../core/value-names.ts";
import { ABBREVIATIONS, DIMENSION_WORDS, KNOWN_WORDS } from "./lexicon.ts";

/** The names of what is connected: measures, dimensions, their values, datasets, each by the words people use for it. */
export interface Vocabulary {
  measures: ReadonlyMap<string, readonly Named[]>;
  dimensions: ReadonlyMap<string, readonly Named[]>;
  values: ReadonlyMap<string, readonly ValueName[]>;
  datasets: ReadonlyMap<string, string>;
  /** Single words of all names: not to be "mended" into others. */
  words: ReadonlySet<string>;
  sources: readonly Source[];
}

export interface Source {
  feed: Feed;
  about: FeedDescription;
}

export interface Named {
  name: string;
  feed: string;
}

export interface ValueName {
  dimension: string;
  value: string;
  /** The key is an everyday word ("usage", "standard"): it counts only where the question points at it. */
  everyday: boolean;
}

/** Reads what the feeds have; sources that cannot be described now are left out, for a question about the others has an answer. */
export type VocabularyReader = (feeds: readonly Feed[], signal: AbortSignal) => Promise<Vocabulary>;

/** Keeps the newest vocabulary: descriptions keep their identity while nothing changes, so most questions need no new one. */
export function createVocabularyReader(): VocabularyReader {
  let latest: Vocabulary | undefined;
  return async (feeds, signal) => {
    const described = await Promise.all(feeds.map(async (feed) => ({ feed, about: await feed.describe(signal).catch(() => undefined) })));
    const sources = described.flatMap(({ feed, about }) => (about ? [{ feed, about }] : []));
    const same =
      latest?.sources.length === sources.length &&
      latest.sources.every((s, i) => s.about === sources[i]?.about && s.feed === sources[i]?.feed);
    latest = same && latest ? latest : buildVocabulary(sources);
    return latest;
  };
}

export function buildVocabulary(sources: readonly Source[]): Vocabulary {
  const measures = new Map<string, Named[]>();
  const dimensions = new Map<string, Named[]>();
  const values = new Map<string, ValueName[]>();
  const words = new Set<string>();
  for (const { feed, about } of sources) {
    for (const { name } of about.measures) for (const phrase of phrasesOf(name)) add(measures, phrase, { name, feed: feed.name });
    for (const { name, values: known } of about.dimensions) {
      for (const phrase of [...phrasesOf(name), ...(DIMENSION_WORDS[name] ?? [])]) add(dimensions, phrase, { name, feed: feed.name });
      for (const value of known) addValue(values, name, value);
    }
  }
  for (const phrase of [...measures.keys(), ...dimensions.keys()]) addAll(words, phrase.split(" "));
  for (const { value } of [...values.values()].flat()) addAll(words, wordsOf(value));
  addAll(words, values.keys());
  addAbbreviations(values);
  return {
    measures,
    dimensions,
    values,
    words,
    datasets: new Map(sources.map(({ feed }) => [wordsOf(feed.name).join(" "), feed.name])),
    sources,
  };
}

function addAll(set: Set<string>, items: Iterable<string>): void {
  for (const item of items) set.add(item);
}

/** "list_cost" → "list cost", "list costs"; a plural for each. */
function phrasesOf(name: string): string[] {
  const base = wordsOf(name).join(" ");
  return [base, /s$/.test(base) ? base.replace(/s$/, "") : /[^aeiou]y$/.test(base) ? `${base.slice(0, -1)}ies` : `${base}s`];
}

function addValue(values: Map<string, ValueName[]>, dimension: string, value: string): void {
  for (const key of keysOf(value)) {
    if (/^\d+$/.test(key) && key.length < 4) continue;
    add(values, key, { dimension, value, everyday: KNOWN_WORDS.has(key) || /^[a-z]{1,2}$/.test(key) });
  }
}

/** "prod" where there is a production, as long as nothing else is called that. */
function addAbbreviations(values: Map<string, ValueName[]>): void {
  for (const [short, full] of Object.entries(ABBREVIATIONS)) {
    const found = values.get(full);
    if (found && !values.has(short))
      values.set(
        short,
        found.map((v) => ({ ...v, everyday: KNOWN_WORDS.has(short) })),
      );
  }
}

function add<T extends object>(map: Map<string, T[]>, key: string, entry: T): void {
  const all = map.get(key) ?? [];
  if (!all.some((known) => JSON.stringify(known) === JSON.stringify(entry))) all.push(entry);
  map.set(key, all);
}
