import type { CivilDate, Period } from "../../core/fact.ts";
import type { Grain } from "../../core/feed.ts";
import { type Comparison, findTimePhrase } from "../../core/period-phrases.ts";
import { inOurWords } from "./everyday.ts";
import { conceptAt, conceptPhrases, STOP_WORDS } from "./lexicon.ts";
import { mendSpelling } from "./mend-spelling.ts";
import { markProjects, normalise, splitWords } from "./question-text.ts";
import { readGrain, readTop, UNITS } from "./read-amounts.ts";
import { readDataset, readDimension, readForeign, readKind, readMeasure, readValue, readVendor } from "./read-names.ts";
import type { Reader, State } from "./reading-state.ts";
import type { Source, Vocabulary } from "./vocabulary.ts";

/** A question taken apart: what it names, what it asks in concepts, and what nobody here understands. */
export interface Reading {
  slots: Slots;
  /** Concepts and slot marks ("cost", "{dimension}"), in order; what tools are matched by. */
  features: readonly string[];
  /** Words that mean nothing here. */
  foreign: readonly ForeignWord[];
  /** The words as read, mended. */
  words: readonly string[];
  /** Words that stand in the name of a measure, a dimension, a value or a source. */
  named: readonly string[];
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
  /** The question as it was asked. */
  text: string;
  /** Values that belong to several dimensions and none was said: word → dimension → values. The filter has them under the first. */
  ambiguous: Ambiguous[];
}

export interface Ambiguous {
  /** As said. */
  value: string;
  of: ReadonlyMap<string, readonly string[]>;
}

export interface ForeignWord {
  word: string;
  /** It stands where a name would: "on snowflake", "for Berlin". To answer without it would answer something else. */
  argument: boolean;
  /** Everyday English that names nothing: "honestly", "worst". */
  plain: boolean;
}

const MAX_WORDS = 120;
/** "What could we turn off?" asks; "turn off …" and "can you turn off …" order. */
const ORDERING = new RegExp(
  `^\\W*(?:(?:please|pls|hey|hi|hello|ok|okay|now|and|then|just|kindly|go|ahead|can|could|would|will|you|u|lets|let's|i|we|want|need|like|to|firstmate|\\d+|morning|good|for|me|us)\\W+)*(?:${conceptPhrases("write").join("|")})\\b`,
  "i",
);
/** Who did it is asked at the beginning; further on the word begins a side clause. */
const ASKING_WHO = /^\W*(?:\w+\W+){0,2}who\b|\bwho(?:se)? (?:did|does|do|is|was|has|owns|uses|works)\b/i;

/** Throws UserError for a date with two readings. */
export function readQuestion(text: string, vocabulary: Vocabulary, today: CivilDate, extraWords: ReadonlySet<string> = new Set()): Reading {
  const mended = mendSpelling(normalise(text), vocabulary.words, extraWords);
  const { plain, period, compare } = takeTime(mended, today);
  const said = inOurWords(splitWords(plain, vocabulary).slice(0, MAX_WORDS), (phrase) => namesData(vocabulary, phrase));
  const words = markProjects(said, text, (word) => vocabulary.values.get(word)?.some(({ dimension }) => dimension === "project") === true);
  const state: State = {
    words,
    vocabulary,
    slots: { text, by: [], filter: {}, ambiguous: [], ...(period ? { period } : {}), ...(compare ? { compare } : {}) },
    features: [],
    foreign: [],
    exampleWords: extraWords,
    dimensionsSeen: [],
  };
  const named: string[] = [];
  for (let i = 0; i < words.length; ) {
    const { taken, isName } = readAt(state, i);
    if (isName) named.push(...words.slice(i, i + taken));
    i += taken;
  }
  settleDimensions(state);
  implySubject(state);
  const features = state.features.filter(
    (feature) => (feature !== "write" || ORDERING.test(text)) && (feature !== "who" || ASKING_WHO.test(text)),
  );
  return { slots: state.slots, features, foreign: state.foreign, words, named };
}

/** What the words at `index` are: the first reader that takes any decides. */
function readAt(state: State, index: number): { taken: number; isName: boolean } {
  for (const read of readers) {
    const taken = read(state, index);
    if (taken > 0) return { taken, isName: NAME_READERS.has(read) };
  }
  return { taken: 1, isName: false };
}

function namesData({ measures, dimensions, datasets, values }: Vocabulary, phrase: string): boolean {
  return measures.has(phrase) || dimensions.has(phrase) || datasets.has(phrase) || values.has(phrase.replaceAll(" ", ""));
}

function takeTime(text: string, today: CivilDate) {
  const phrase = findTimePhrase(text, today);
  let plain = text;
  for (const span of [...phrase.spans].reverse()) plain = `${plain.slice(0, span.start)} ⟨time⟩ ${plain.slice(span.end)}`;
  return { plain, period: phrase.period, compare: phrase.compare };
}

const readers: readonly Reader[] = [
  readMark,
  readGrain,
  readPhrase,
  readKind,
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

const NAME_READERS: ReadonlySet<Reader> = new Set([readValue, readDataset, readVendor, readDimension, readMeasure]);

function readMark(state: State, index: number): number {
  const word = state.words[index] ?? "";
  if (word === "⟨time⟩") state.features.push("{period}");
  else if (word === "⟨project⟩") state.features.push("{project}");
  else if (/^\{\w+\}$/.test(word)) state.features.push(word);
  else return 0;
  return 1;
}

function readConcept(state: State, index: number): number {
  const match = conceptAt(state.words, index);
  if (!match || isNameOfPart(state, index, match)) return 0;
  const concepts = match.concept.split("+");
  state.features.push(...concepts);
  if (concepts.includes("change") && !state.slots.order) state.slots.order = "change";
  if (concepts.includes("small")) state.slots.order = "smallest";
  return match.length;
}

/** "test environments", "the build account": the word says which of them. */
function isNameOfPart({ words, vocabulary }: State, index: number, { concept, length }: { concept: string; length: number }): boolean {
  return concept === "delivery" && length === 1 && vocabulary.dimensions.has(words[index + 1] ?? "");
}

/** Phrases come before names: "account for" is no account. */
function readPhrase(state: State, index: number): number {
  const match = conceptAt(state.words, index);
  if (!match || match.length < 2) return 0;
  // "pull requests" are counted where there is such a measure.
  const isMeasure = match.concept === "delivery" && state.vocabulary.measures.has(state.words.slice(index, index + match.length).join(" "));
  return isMeasure ? 0 : readConcept(state, index);
}

function readStop(state: State, index: number): number {
  const word = state.words[index] ?? "";
  return STOP_WORDS.has(word) || /^[^\p{L}\p{N}]+$/u.test(word) || UNITS[word] !== undefined ? 1 : 0;
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
    const telling = slots.compare !== undefined || features.some((f) => ["total", "average", "change"].includes(f));
    const summed = features.includes("{period}") && telling;
    if (summed && vocabulary.sources.some((s) => s.feed.kind === "costs")) features.push("cost");
    return;
  }
  const able = vocabulary.sources.filter((s) =>
    named.every((name) => s.about.dimensions.some((d) => d.name === name && mayHave(d, slots))),
  );
  // A source that lists the value goes before those that may have it too.
  const sure = able.filter((s) =>
    s.about.dimensions.every(({ name, values }) => (slots.filter[name] ?? []).every((v) => values.includes(v))),
  );
  const owners = sure.length > 0 ? sure : able;
  const kinds = new Set(owners.map((s) => s.feed.kind));
  const [owner] = owners;
  if (!owner || kinds.size !== 1) return;
  if (owner.feed.kind === "costs") features.push("cost");
  else if (owners.length === 1) {
    slots.dataset = owner.feed.name;
    features.push("{dataset}");
  }
}

/** Whether the values asked for are among a dimension's; one that lists only some of its own may have any. */
function mayHave({ name, values, more }: Source["about"]["dimensions"][number], { filter, ambiguous }: Slots): boolean {
  if (more || ambiguous.length > 0) return true;
  return (filter[name] ?? []).every((value) => values.includes(value));
}
