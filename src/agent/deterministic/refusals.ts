import { readable } from "../../core/format.ts";
import { listWords } from "../../core/text.ts";
import type { Decision } from "./decide.ts";
import { INTENT_WORDS, INTENTS } from "./lexicon.ts";
import type { Match, ToolModel } from "./match-tool.ts";
import type { Reading } from "./read-question.ts";
import type { Source, Vocabulary } from "./vocabulary.ts";

/** Refuses where something was said that nobody here knows: to answer without it would answer another question. */
export function refuse(
  reading: Reading,
  unknown: Reading["foreign"],
  matches: readonly Match[],
  follows: boolean,
  vocabulary: Vocabulary,
  model: ToolModel,
): Decision | undefined {
  const content = new Set(reading.features.filter((f) => f !== "{period}" && f !== "greeting"));
  const arguments_ = unknown.filter((f) => f.argument);
  const intent = reading.features.find((f) => INTENTS.has(f));
  if (intent !== undefined && matches.length === 0 && arguments_.length === 0) {
    // Where some tool is for it, the question was only not understood.
    const isBeyondUs = intent === "write" || intent === "exclude" || !model.tools.some(({ counts }) => counts.has(intent));
    return { kind: "none", text: isBeyondUs ? (INTENT_WORDS[intent] ?? "") : "" };
  }
  if (arguments_.length === 0 && unknown.length * 2 < content.size) return undefined;
  if (unknown.length === 0) return undefined;
  const related = follows || ["cost", "{measure}", "{dimension}", "{dataset}"].some((f) => content.has(f));
  if (!related || unknown.length > MOST_NAMED) return { kind: "none", text: "" };
  return {
    kind: "none",
    // Money and periods are asked of sources, never of documents.
    foreign: !reading.features.includes("{period}") && !content.has("cost"),
    text: `I do not know ${quoted(unknown.map((f) => f.word))}: nothing that is connected is called that. ${partsOf(reading, vocabulary) || whatThereIs(vocabulary)}`,
  };
}

const MOST_NAMED = 3;

/** What the subject of the question can be narrowed to, where it was understood. */
function partsOf(reading: Reading, vocabulary: Vocabulary): string {
  const { slots, features } = reading;
  const owner = slots.measure ? vocabulary.sources.find((s) => s.feed.name === slots.measure?.feed) : undefined;
  const isCost = features.includes("cost") && owner?.feed.kind !== "costs";
  const [source] = subjectsOf(reading, isCost, owner, vocabulary);
  if (!source) return "";
  const subject = slots.measure && !isCost ? readable(slots.measure.name) : isCost ? "cost" : `“${source.feed.name}”`;
  const parts = source.about.dimensions.map(({ name, values }) =>
    values.length > 0 && values.length <= MOST_VALUES ? `${readable(name)} (${listWords(values, MOST_VALUES)})` : readable(name),
  );
  return parts.length > 0 ? `Here ${subject} is known by ${listWords(parts, 6)}.` : "";
}

const MOST_VALUES = 5;

/** The measures that can be asked for, so that the next question can be right. */
function whatThereIs({ sources }: Vocabulary): string {
  const measures = [...new Set(sources.flatMap((s) => s.about.measures.map((m) => readable(m.name))))];
  return measures.length ? `There is ${listWords(measures, 6)}.` : "";
}

/** Two measures of two sources, or a dimension the measure does not have: each can be asked, not both at once. */
export function mixedSubjects(reading: Reading, vocabulary: Vocabulary): Decision | undefined {
  const { features, slots } = reading;
  const owner = slots.measure ? vocabulary.sources.find((s) => s.feed.name === slots.measure?.feed) : undefined;
  const isCost = features.includes("cost") && owner?.feed.kind !== "costs";
  if (isCost && features.includes("{measure}") && slots.measure)
    return {
      kind: "ask",
      text: `Cost and ${readable(slots.measure.name)} come from different sources. Ask for one at a time.`,
      suggestions: [features.includes("{period}") ? "cost in the same period" : "total cost", readable(slots.measure.name)],
    };
  if (isCost && !slots.dataset && !vocabulary.sources.some((s) => s.feed.kind === "costs"))
    return {
      kind: "none",
      text: vocabulary.silent.some(({ kind }) => kind === "costs")
        ? "Costs cannot be read now."
        : `No source of costs is connected: set DATASETS to a bill. ${whatThereIs(vocabulary)}`,
    };
  const sources = subjectsOf(reading, isCost, owner, vocabulary);
  if (sources.length === 0) return undefined;
  if (isCost && slots.dataset && sources.every((s) => s.feed.kind !== "costs" && !s.about.measures.some((m) => m.name === "cost")))
    return {
      kind: "none",
      text: `“${slots.dataset}” has no cost; it has ${listWords(sources.flatMap((s) => s.about.measures.map((m) => readable(m.name))))}.`,
    };
  const has = (name: string) => sources.some((s) => s.about.dimensions.some((d) => d.name === name));
  const missing = [...slots.by, ...Object.keys(slots.filter)].find((name) => !has(name));
  if (missing === undefined) return undefined;
  const there = [...new Set(sources.flatMap((s) => s.about.dimensions.map((d) => readable(d.name))))];
  const subject = owner && slots.measure ? readable(slots.measure.name) : "that";
  const parts = listWords(there, 10);
  const values = slots.filter[missing];
  const text = values
    ? `${quoted(values.slice(0, 1))} names no part of ${subject} here; it can be narrowed by ${parts}.`
    : `I cannot split ${subject} by ${readable(missing)}, only by ${parts}.`;
  return { kind: "none", text };
}

/** The sources a question is about, as far as it says. */
function subjectsOf({ slots }: Reading, isCost: boolean, owner: Source | undefined, vocabulary: Vocabulary): readonly Source[] {
  if (slots.dataset) return vocabulary.sources.filter((s) => s.feed.name === slots.dataset);
  if (isCost) return vocabulary.sources.filter((s) => s.feed.kind === "costs");
  return owner ? [owner] : [];
}

export function quoted(words: readonly string[]): string {
  return listWords(
    [...new Set(words)].map((w) => `“${w}”`),
    4,
  );
}
