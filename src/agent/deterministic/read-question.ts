import type { CivilDate, Period } from "../../core/fact.ts";
import type { Grain } from "../../core/feed.ts";
import { type Comparison, findTimePhrase } from "../../core/period-phrases.ts";
import { wordsOf } from "../../core/value-names.ts";
import { conceptAt, GRAIN_WORDS, KNOWN_WORDS, NUMBER_WORDS, STOP_WORDS } from "./lexicon.ts";
import { mendSpelling } from "./mend-spelling.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A question taken apart: what it names, what it asks in concepts, and what nobody here understands. */
export interface Reading {
  slots: Slots;
  /** Concepts and slot marks ("cost", "{dimension}"), in order; what tools are matched by. */
  features: readonly string[];
  /** Words that mean nothing here. */
  foreign: readonly ForeignWord[];
  /** The words as read, mended. */
  words: readonly string[];
}

export interface Slots {
  period?: Period;
  compare?: Comparison;
  /** Dimensions to split by, in the order said. */
  by: string[];
  filter: Record<string, string[]>;
  measure?: { name: string; feed: string };
  dataset?: string;
  grain?: Grain | "auto";
  top?: number;
  order?: "change" | "smallest";
  /** A value that belongs to several dimensions and none was said. */
  ambiguous?: { value: string; dimensions: string[] };
}

export interface ForeignWord {
  word: string;
  /** It stands where a name would: "on snowflake", "for Berlin". To answer without it would answer something else. */
  argument: boolean;
}

const MAX_WORDS = 120;
const ARGUMENT_BEFORE: ReadonlySet<string> = new Set([
  "on",
  "for",
  "of",
  "by",
  "in",
  "from",
  "at",
  "per",
  "with",
  "about",
  "does",
  "did",
  "do",
  "only",
  "just",
  "without",
  "excluding",
  "to",
]);
const POINTING: ReadonlySet<string> = new Set(["only", "just", "for", "of", "in", "on"]);
const UNITS: Readonly<Record<string, Grain>> = {
  day: "day",
  days: "day",
  week: "week",
  weeks: "week",
  month: "month",
  months: "month",
  quarter: "quarter",
  quarters: "quarter",
  year: "year",
  years: "year",
};

/** Throws UserError for a date with two readings. */
export function readQuestion(text: string, vocabulary: Vocabulary, today: CivilDate, extraWords: ReadonlySet<string> = new Set()): Reading {
  const mended = mendSpelling(normalise(text), vocabulary.words, extraWords);
  const { plain, period, compare } = takeTime(mended, today);
  const words = splitWords(plain, vocabulary).slice(0, MAX_WORDS);
  const state: State = {
    words,
    vocabulary,
    slots: { by: [], filter: {}, ...(period ? { period } : {}), ...(compare ? { compare } : {}) },
    features: [],
    foreign: [],
    dimensionsSeen: [],
  };
  for (let i = 0; i < words.length; ) i += readers.reduce((taken, read) => taken || read(state, i), 0) || 1;
  settleDimensions(state);
  implySubject(state);
  return { slots: state.slots, features: state.features, foreign: state.foreign, words };
}

function splitWords(text: string, vocabulary: Vocabulary): string[] {
  const tokens = text.match(/⟨\w+⟩|\{\w+\}|[\p{L}\p{N}$€£][\p{L}\p{N}._%/&-]*/gu)?.map((w) => w.replace(/[._/&-]+$/, "")) ?? [];
  return tokens.flatMap((token) => {
    const parts = token.split(/[-/&]/).filter(Boolean);
    const splits =
      parts.length > 1 &&
      !/^\d/.test(token) &&
      parts.every((part) => KNOWN_WORDS.has(part) || vocabulary.dimensions.has(part) || vocabulary.measures.has(part));
    return splits && !vocabulary.values.has(wordsOf(token).join("")) ? parts : [token];
  });
}

/** Short forms of time units and counts stuck to words, as people type them. */
const SHORT_FORMS: readonly [RegExp, string][] = [
  [/\$\$+|€€+/g, " money "],
  [/\b(\d+|\p{L}+\s)\s*(?:mths?|mos)\b/gu, "$1 months"],
  [/\b(\d+|\p{L}+\s)\s*wks?\b/gu, "$1 weeks"],
  [/\b(\d+|\p{L}+\s)\s*yrs?\b/gu, "$1 years"],
  [/\b(\d+|\p{L}+\s)\s*qtrs?\b/gu, "$1 quarter"],
  [/\b(top|bottom|last|past|first)(\d+)/g, "$1 $2"],
  [/\b(last|this|past|previous|current)-(day|week|month|quarter|year)/g, "$1 $2"],
  [/\b(\d+)-(day|week|month|quarter|year)/g, "$1 $2"],
  [/\b(to)-(date)\b/g, "$1 $2"],
  [/\bi'(?:d|m|ll|ve)\b/g, "i"],
];

export function normalise(text: string): string {
  return SHORT_FORMS.reduce((out, [pattern, replacement]) => out.replace(pattern, replacement), unify(text)).replace(
    /(\p{L})'(\p{L})/gu,
    "$1$2",
  );
}

function unify(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[‘’`´]/g, "'")
    .replace(/(\p{L})'s\b/gu, "$1")
    .replace(/[“”"«»]/g, " ")
    .replace(/(\d) (%)/g, "$1$2");
}

function takeTime(text: string, today: CivilDate) {
  const phrase = findTimePhrase(text, today);
  let plain = text;
  for (const span of [...phrase.spans].reverse()) plain = `${plain.slice(0, span.start)} ⟨time⟩ ${plain.slice(span.end)}`;
  return { plain, period: phrase.period, compare: phrase.compare };
}

interface State {
  words: readonly string[];
  vocabulary: Vocabulary;
  slots: Slots;
  features: string[];
  foreign: ForeignWord[];
  /** Dimension mentions: where, which, and whether a word such as "by" asked for the split. */
  dimensionsSeen: { index: number; names: string[] }[];
}

/** Each looks at the words from `index` and says how many it took; 0 for none. The first that takes any wins. */
type Reader = (state: State, index: number) => number;

const readers: readonly Reader[] = [
  readMark,
  readGrain,
  readPhrase,
  readValue,
  readTop,
  readDataset,
  readVendor,
  readDimension,
  readMeasure,
  readConcept,
  readStop,
  readForeign,
];

function readMark(state: State, index: number): number {
  const word = state.words[index] ?? "";
  if (word === "⟨time⟩") state.features.push("{period}");
  else if (/^\{\w+\}$/.test(word)) state.features.push(word);
  else return 0;
  return 1;
}

/** "top 5", "5 biggest", "the three most expensive", "first 10", "three accounts", "3 only" */
function readTop(state: State, index: number): number {
  const { words, slots, vocabulary } = state;
  const number = numberAt(words, index);
  if (number === undefined) return 0;
  const before = words[index - 1] ?? "";
  const next = words[index + 1] ?? "";
  const ranked = ["large", "large+cost", "small", "small+cost"].includes(conceptAt(words, index + 1)?.concept ?? "");
  const counted = phraseIn(vocabulary.dimensions, words, index + 1, 4) !== undefined;
  const limited =
    ["top", "first", "bottom", "just", "only", "limit"].includes(before) ||
    ["only", "ones", "items", "rows", "results", "entries"].includes(next) ||
    (before === "to" && state.features.includes("only"));
  if (!ranked && !counted && !limited && !isLarge(words, index - 1)) return 0;
  slots.top = number;
  state.features.push("{top}");
  if (before === "bottom") slots.order = "smallest";
  return 1;
}

function isLarge(words: readonly string[], index: number): boolean {
  return index >= 0 && conceptAt(words, index)?.concept.startsWith("large") === true;
}

function numberAt(words: readonly string[], index: number): number | undefined {
  const word = words[index] ?? "";
  const number = NUMBER_WORDS[word] ?? (/^\d{1,3}$/.test(word) ? Number(word) : undefined);
  return number !== undefined && number > 0 ? number : undefined;
}

/** "per day", "daily", "by month", "each week", "month by month", "over time" */
function readGrain(state: State, index: number): number {
  const { words, slots } = state;
  const word = words[index] ?? "";
  const adjective = GRAIN_WORDS[word];
  const next = words[index + 1] ?? "";
  if (adjective) return setGrain(state, adjective, 1);
  if (["per", "by", "each", "every", "a", "an"].includes(word) && UNITS[next]) return setGrain(state, UNITS[next] ?? "day", 2);
  if (UNITS[word] && next === "by" && words[index + 2] === word) return setGrain(state, UNITS[word] ?? "day", 3);
  if (["calendar", "single"].includes(next) && ["per", "by", "each", "every"].includes(word) && UNITS[words[index + 2] ?? ""])
    return setGrain(state, UNITS[words[index + 2] ?? ""] ?? "day", 3);
  const large = conceptAt(words, index);
  const after = large ? (words[index + large.length] ?? "") : "";
  if (large && /^(?:large|small)/.test(large.concept) && UNITS[after]) {
    state.features.push(...large.concept.split("+"));
    return setGrain(state, UNITS[after] ?? "day", large.length + 1);
  }
  if (["what", "which"].includes(word) && UNITS[next]) return setGrain(state, UNITS[next] ?? "day", 2);
  if (large?.concept === "trend" && slots.grain === undefined) slots.grain = "auto";
  return 0;
}

function setGrain(state: State, grain: Grain, taken: number): number {
  state.slots.grain = grain;
  state.features.push("{grain}");
  return taken;
}

const DATA_WORDS: ReadonlySet<string> = new Set(["dataset", "datasets", "data", "file", "table", "source"]);

function readDataset(state: State, index: number): number {
  const { words, vocabulary, slots } = state;
  for (let length = Math.min(4, words.length - index); length > 0; length--) {
    const phrase = words
      .slice(index, index + length)
      .flatMap(wordsOf)
      .join(" ");
    const name = vocabulary.datasets.get(phrase);
    if (!name) continue;
    const pointed = DATA_WORDS.has(words[index + length] ?? "") || DATA_WORDS.has(words[index - 1] ?? "");
    if (!pointed && (KNOWN_WORDS.has(phrase) || vocabulary.measures.has(phrase) || vocabulary.dimensions.has(phrase))) continue;
    slots.dataset = name;
    state.features.push("{dataset}");
    return length + (DATA_WORDS.has(words[index + length] ?? "") ? 1 : 0);
  }
  return 0;
}

function readValue(state: State, index: number): number {
  const { words, vocabulary } = state;
  for (let length = Math.min(7, words.length - index); length > 0; length--) {
    const some = words.slice(index, index + length);
    if (some.some((w) => w.startsWith("⟨") || w.startsWith("{")) || (length === 1 && STOP_WORDS.has(some[0] ?? ""))) continue;
    const found = lookUpValue(vocabulary, some);
    if (!found) continue;
    const near = dimensionBeside(state, index, length);
    const usable = found.filter(
      (v) =>
        !v.everyday ||
        near.includes(v.dimension) ||
        (POINTING.has(words[index - 1] ?? "") &&
          !phraseIn(vocabulary.dimensions, words, index, 4) &&
          !vocabulary.measures.has(some.join(" "))) ||
        (words.length <= 2 && length === words.length),
    );
    if (usable.length === 0) continue;
    const pointed = usable.filter((v) => near.includes(v.dimension));
    addValues(state, pointed.length > 0 ? pointed : usable, some.join(" "));
    return length;
  }
  return 0;
}

const VENDORS: Readonly<Record<string, readonly string[]>> = {
  aws: ["aws", "amazon"],
  amazon: ["aws", "amazon"],
  azure: ["azure", "microsoft"],
  microsoft: ["azure", "microsoft"],
  google: ["google", "gcp"],
  gcp: ["google", "gcp"],
  oracle: ["oracle", "oci"],
  oci: ["oracle", "oci"],
};

function lookUpValue(vocabulary: Vocabulary, some: readonly string[]) {
  const words = some.flatMap(wordsOf);
  return (
    vocabulary.values.get(words.join("")) ??
    (words.length > 1 && VENDORS[words[0] ?? ""] ? vocabulary.values.get(words.slice(1).join("")) : undefined)
  );
}

/** "our AWS bill" says nothing new where everything is AWS; "Azure" there is a name nobody knows. */
function readVendor(state: State, index: number): number {
  const names = VENDORS[state.words[index] ?? ""];
  return names?.some((name) => state.vocabulary.words.has(name)) ? 1 : 0;
}

function addValues(state: State, found: readonly { dimension: string; value: string }[], said: string): void {
  const dimensions = [...new Set(found.map((v) => v.dimension))];
  const exact = found.filter((v) => wordsOf(v.value).join("") === wordsOf(said).join(""));
  const best = new Set((exact.length > 0 ? exact : found).map((v) => v.dimension));
  const chosen = dimensions.find((d) => best.has(d)) ?? dimensions[0] ?? "";
  if (best.size > 1) state.slots.ambiguous = { value: said, dimensions: [...best] };
  const values = found.filter((v) => v.dimension === chosen).map((v) => v.value);
  state.slots.filter[chosen] = [...new Set([...(state.slots.filter[chosen] ?? []), ...values])];
  state.features.push("{value}");
}

/** Names of a dimension said right before or after: "the production account", "region us-east-1". */
function dimensionBeside(state: State, index: number, length: number): string[] {
  const { words, vocabulary } = state;
  const after = phraseIn(vocabulary.dimensions, words, index + length, 2);
  const before =
    vocabulary.dimensions.get(words[index - 1] ?? "") ?? vocabulary.dimensions.get(words.slice(Math.max(0, index - 2), index).join(" "));
  return [...(after?.found ?? []), ...(before ?? [])].map((d) => d.name);
}

function readDimension(state: State, index: number): number {
  const match = phraseIn(state.vocabulary.dimensions, state.words, index, 4);
  if (!match) return 0;
  state.dimensionsSeen.push({ index: state.features.length, names: [...new Set(match.found.map((d) => d.name))] });
  state.features.push("{dimension}");
  return match.length;
}

function readMeasure(state: State, index: number): number {
  const match = phraseIn(state.vocabulary.measures, state.words, index, 4);
  const first = match?.found[0];
  if (!match || !first) return 0;
  const source = state.vocabulary.sources.find((s) => s.feed.name === first.feed);
  const isDefault = source?.about.measures[0]?.name === first.name;
  if (source?.feed.kind === "costs") {
    state.features.push("cost");
    if (!isDefault) state.slots.measure = first;
  } else {
    state.features.push("{measure}");
    state.slots.measure ??= first;
  }
  return match.length;
}

function readConcept(state: State, index: number): number {
  const match = conceptAt(state.words, index);
  if (!match) return 0;
  const concepts = match.concept.split("+");
  state.features.push(...concepts);
  if (concepts.includes("change") && !state.slots.order) state.slots.order = "change";
  if (concepts.includes("small")) state.slots.order = "smallest";
  return match.length;
}

/** Phrases come before names: "account for" is no account. */
function readPhrase(state: State, index: number): number {
  const match = conceptAt(state.words, index);
  return match && match.length > 1 ? readConcept(state, index) : 0;
}

function readStop(state: State, index: number): number {
  const word = state.words[index] ?? "";
  return STOP_WORDS.has(word) || /^[^\p{L}\p{N}]+$/u.test(word) || UNITS[word] !== undefined ? 1 : 0;
}

function readForeign(state: State, index: number): number {
  const { words } = state;
  const partial = partOfName(state.vocabulary, words[index] ?? "");
  if (partial) {
    addValues(state, [partial], words[index] ?? "");
    return 1;
  }
  let before = index - 1;
  while (before >= 0 && ["the", "our", "a", "an", "my", "this", "that", "all"].includes(words[before] ?? "")) before--;
  const word = words[index] ?? "";
  state.foreign.push({ word, argument: /\d/.test(word) || ARGUMENT_BEFORE.has(words[before] ?? "") });
  return 1;
}

/** "queue" where only one name has that word. */
function partOfName(vocabulary: Vocabulary, word: string): { dimension: string; value: string } | undefined {
  if (word.length < 4 || !vocabulary.words.has(word)) return undefined;
  const holders = new Map<string, { dimension: string; value: string }>();
  for (const all of vocabulary.values.values())
    for (const found of all) if (wordsOf(found.value).includes(word)) holders.set(`${found.dimension} ${found.value}`, found);
  return holders.size === 1 ? [...holders.values()][0] : undefined;
}

/** The longest entry that begins at `index`. */
function phraseIn<T>(
  map: ReadonlyMap<string, T>,
  words: readonly string[],
  index: number,
  most: number,
): { found: T; length: number } | undefined {
  for (let length = Math.min(most, words.length - index); length > 0; length--) {
    const found = map.get(
      words
        .slice(index, index + length)
        .flatMap(wordsOf)
        .join(" "),
    );
    if (found) return { found, length };
  }
  return undefined;
}

/** A dimension is what to split by, unless it only says what kind of thing a value is ("the production account"). */
function settleDimensions(state: State): void {
  const { slots, features } = state;
  for (const { index, names } of state.dimensionsSeen) {
    const beside = features[index - 1] === "{value}" || features[index + 1] === "{value}";
    const name = names[0] ?? "";
    if (beside && names.some((n) => slots.filter[n])) features[index] = "{kind}";
    else if (!slots.by.includes(name)) slots.by.push(name);
  }
  const several = Object.entries(slots.filter).find(([, values]) => values.length > 1);
  if (several && slots.by.length === 0 && features.filter((f) => f === "{value}").length > 1) slots.by.push(several[0]);
}

/** "top regions", "S3 by month": the names belong to one kind of source, so that is what is meant. */
function implySubject(state: State): void {
  const { features, slots, vocabulary } = state;
  if (features.some((f) => ["cost", "{measure}", "{dataset}", "help", "data"].includes(f))) return;
  const named = [...slots.by, ...Object.keys(slots.filter)];
  if (named.length === 0) {
    const summed = features.includes("{period}") && features.some((f) => f === "total" || f === "average");
    if (summed && vocabulary.sources.some((s) => s.feed.kind === "costs")) features.push("cost");
    return;
  }
  const owners = vocabulary.sources.filter((s) => named.every((name) => s.about.dimensions.some((d) => d.name === name)));
  const kinds = new Set(owners.map((s) => s.feed.kind));
  const [owner] = owners;
  if (!owner || kinds.size !== 1) return;
  if (owner.feed.kind === "costs") features.push("cost");
  else if (owners.length === 1) {
    slots.dataset = owner.feed.name;
    features.push("{dataset}");
  }
}
