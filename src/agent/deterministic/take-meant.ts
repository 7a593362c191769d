import { AI_WORDS } from "./read-names.ts";
import type { Reading } from "./read-question.ts";
import type { Source, Vocabulary } from "./vocabulary.ts";

/** The reading with the people and the source its words mean. */
export function takeMeant(reading: Reading, vocabulary: Vocabulary): Reading {
  return takeSource(takePeople(takeAi(reading, vocabulary), vocabulary), vocabulary);
}

/** "AI requests" are those of a source of AI's use, where several sources count requests. */
function takeAi(reading: Reading, { sources }: Vocabulary): Reading {
  const { slots, words } = reading;
  const { measure } = slots;
  if (measure === undefined || slots.dataset !== undefined || !words.some((word) => AI_WORDS.has(word))) return reading;
  const own = sources.find(({ feed, about }) => feed.kind === "ai_usage" && about.measures.some(({ name }) => name === measure.name));
  return own ? { ...reading, slots: { ...slots, measure: { name: measure.name, feed: own.feed.name } } } : reading;
}

/** What sources call the people their figures are of. */
const PEOPLE = ["person", "assignee", "author", "agent", "user"];

/** "Who …" of a measure, and "per person", mean the people its own source knows. */
function takePeople(reading: Reading, { sources }: Vocabulary): Reading {
  const { slots, features } = reading;
  const source = sources.find(({ feed }) => feed.name === slots.measure?.feed);
  const own = PEOPLE.find((name) => source?.about.dimensions.some((d) => d.name === name));
  if (own === undefined || slots.grain) return reading;
  const asksWho = features.includes("who") && slots.by.length === 0;
  const by = asksWho ? [own] : slots.by.map((name) => (name === "person" ? own : name));
  const marks = asksWho ? [...features.filter((f) => f !== "who"), "{dimension}"] : features;
  return { ...reading, slots: { ...slots, by }, features: marks };
}

/**
 * The measure of the source that can split it as asked, where the first to have a measure of that name cannot: "cost per model" is no
 * cloud cost.
 */
function takeSource(reading: Reading, { sources }: Vocabulary): Reading {
  const { slots, features } = reading;
  const isCost = slots.measure === undefined && features.includes("cost");
  const measure = isCost ? "cost" : slots.measure?.name;
  const named = [...slots.by, ...Object.keys(slots.filter).filter((name) => !slots.ambiguous.some(({ of }) => of.has(name)))];
  if (measure === undefined || slots.dataset !== undefined || named.length === 0) return reading;
  const has = ({ about }: Source) => named.every((name) => about.dimensions.some((d) => d.name === name));
  const first = isCost
    ? sources.filter(({ feed }) => feed.kind === "costs")
    : sources.filter(({ feed }) => feed.name === slots.measure?.feed);
  if (first.length === 0 || first.some(has)) return reading;
  const able = sources.filter((source) => source.about.measures.some(({ name }) => name === measure) && has(source));
  const [meant] = able;
  if (!meant) return reading;
  return {
    ...reading,
    slots: { ...slots, measure: { name: measure, feed: meant.feed.name } },
    features: features.map((feature) => (isCost && feature === "cost" ? "{measure}" : feature)),
  };
}
