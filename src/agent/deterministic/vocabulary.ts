import type { Feed, FeedDescription } from "../../core/feed.ts";
import { keysOf, wordsOf } from "../../core/value-names.ts";
import { isForeseen } from "../../errors.ts";
import { ABBREVIATIONS, DIMENSION_WORDS, KNOWN_WORDS, REGION_PLACES } from "./lexicon.ts";

/** The names of what is connected: measures, dimensions, their values, datasets, each by the words people use for it. */
export interface Vocabulary {
  measures: ReadonlyMap<string, readonly Named[]>;
  dimensions: ReadonlyMap<string, readonly Named[]>;
  values: ReadonlyMap<string, readonly ValueName[]>;
  datasets: ReadonlyMap<string, string>;
  /** Single words of all names: not to be "mended" into others. */
  words: ReadonlySet<string>;
  sources: readonly Source[];
  /** Sources whose names are not known now: they did not answer. */
  silent: readonly Feed[];
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

export interface VocabularyOptions {
  /** Resolves after so many milliseconds, or as soon as `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
  /** Told of a source that failed in a way nobody foresaw. */
  onFault?(error: unknown): void;
}

/** How long a question waits for a source that was never described, and for news of one that was. */
const FIRST_LOOK_MS = 25_000;
const NEXT_LOOK_MS = 250;
/** A look outlives the question that began it, so that the next one need not wait. */
const LOOK_MS = 60_000;

/**
 * Keeps the newest vocabulary: descriptions keep their identity while nothing changes, so most questions need no new one. A slow
 * source is taken as it was last described, and one that was never described does without for this question.
 */
export function createVocabularyReader({ wait, onFault }: VocabularyOptions): VocabularyReader {
  const known = new WeakMap<Feed, FeedDescription>();
  const looks = new Map<Feed, Promise<void>>();
  let latest: Vocabulary | undefined;

  function look(feed: Feed): Promise<void> {
    const under = looks.get(feed);
    if (under) return under;
    const begun = feed
      .describe(AbortSignal.timeout(LOOK_MS))
      .then((about) => void known.set(feed, about))
      .catch((error: unknown) => {
        if (!isForeseen(error)) onFault?.(error);
      })
      .finally(() => looks.delete(feed));
    looks.set(feed, begun);
    return begun;
  }

  /** Resolves when each has been looked at, or was given the time for it, or the question is gone. */
  async function looked(feeds: readonly Feed[], signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const enough = { first: wait(FIRST_LOOK_MS, either), next: wait(NEXT_LOOK_MS, either) };
    await Promise.all(feeds.map((feed) => Promise.race([look(feed), known.has(feed) ? enough.next : enough.first])));
    over.abort();
  }

  return async (feeds, signal) => {
    await looked(feeds, signal);
    signal.throwIfAborted();
    const sources = feeds.flatMap((feed) => {
      const about = known.get(feed);
      return about ? [{ feed, about }] : [];
    });
    const silent = feeds.filter((feed) => !known.has(feed));
    const same =
      latest?.silent.length === silent.length &&
      latest.sources.length === sources.length &&
      latest.sources.every((s, i) => s.about === sources[i]?.about && s.feed === sources[i]?.feed);
    latest = same && latest ? latest : buildVocabulary(sources, silent);
    return latest;
  };
}

export function buildVocabulary(sources: readonly Source[], silent: readonly Feed[] = []): Vocabulary {
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
  addPlaces(values);
  return {
    measures,
    dimensions,
    values,
    words,
    datasets: new Map(
      // What a bill is titled is what everyone calls any bill.
      sources.flatMap(({ feed, about }) =>
        [...(feed.kind === "costs" ? [] : [about.title]), feed.name].map((name) => [wordsOf(name).join(" "), feed.name] as const),
      ),
    ),
    sources,
    silent,
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

/** "Ireland" where there is an eu-west-1. */
function addPlaces(values: Map<string, ValueName[]>): void {
  for (const [code, places] of Object.entries(REGION_PLACES)) {
    const found = values.get(code.replaceAll("-", ""));
    for (const place of found ? places.split(", ") : []) {
      const key = place.replaceAll(" ", "");
      if (found && !values.has(key))
        values.set(
          key,
          found.map((v) => ({ ...v, everyday: false })),
        );
    }
  }
}

function add<T extends object>(map: Map<string, T[]>, key: string, entry: T): void {
  const all = map.get(key) ?? [];
  if (!all.some((known) => JSON.stringify(known) === JSON.stringify(entry))) all.push(entry);
  map.set(key, all);
}
