import { readsKind, type Tool } from "../../core/tool.ts";
import { INTENTS } from "./lexicon.ts";
import { type Corpus, learnCorpus, likenesses, saysEnough, termsOf } from "./likeness.ts";
import { type Reading, readQuestion } from "./read-question.ts";
import { stem } from "./stem.ts";
import { buildVocabulary, type Source } from "./vocabulary.ts";

/** Tools as the deterministic agent knows them: how often each feature stands in their own examples. */
export interface ToolModel {
  tools: readonly LearnedTool[];
  /** Words of the examples that are no concept: known, never mended away. */
  words: ReadonlySet<string>;
  /** The same without their endings. */
  stems: ReadonlySet<string>;
  /** Tools by an example of theirs, as it stands. */
  examples: ReadonlyMap<string, Tool>;
  corpus: Corpus<Example>;
}

/** A question a tool says it answers. */
export interface Example {
  tool: Tool;
  text: string;
}

interface LearnedTool {
  tool: Tool;
  counts: ReadonlyMap<string, number>;
  /** Log of a feature's chance in a question for the tool. */
  present(feature: string): number;
  /** Features that most of its examples have, with the log of the chance that a question lacks them. */
  expected: ReadonlyMap<string, number>;
}

export interface Match {
  tool: Tool;
  /** Probability among the tools, by naive Bayes (Bernoulli) over the features and by likeness; 0 to 1. */
  probability: number;
  /** With the nearest of its examples, 0 to 1. */
  likeness: number;
}

/** Names that examples use for things that exist only where Firstmate runs. */
const EXAMPLE_SOURCES: readonly Source[] = [
  exampleSource("costs", ["cost"], { service: ["Amazon S3", "EC2", "RDS"], account: ["production", "staging"], region: ["us-east-1"] }),
  exampleSource("metrics", ["revenue", "orders"], { product: [], customer: [] }),
];
const EXAMPLE_DAY = "2026-06-15";
/** Weight of what all tools' examples say beside a tool's own, so that few examples are no advantage. */
const BACKGROUND = 0.05;
/** Examples that a feature nobody has counts for. */
const UNSEEN = 0.3;
/** A feature in at least this share of a tool's examples is missed when a question lacks it. */
const EXPECTED = 0.6;
/** Log-odds that an example which is the same, word for word, is worth. */
const LIKENESS = 12;

export function learnTools(tools: readonly Tool[]): ToolModel {
  const vocabulary = buildVocabulary(EXAMPLE_SOURCES);
  const words = new Set<string>();
  // Ours are spelt as they are meant: nothing in them is looked up to be mended, which is the dear part of reading.
  const spelt = new Set(tools.flatMap(({ examples }) => examples).flatMap((example) => example.toLowerCase().match(/\p{L}+/gu) ?? []));
  const entries: { item: Example; terms: readonly string[] }[] = [];
  const learned = tools.map((tool) => {
    const counts = new Map<string, number>();
    for (const example of tool.examples) {
      const reading = readQuestion(example, vocabulary, EXAMPLE_DAY, spelt);
      const terms = termsOf(reading.words);
      if (!/\{(?!period)/.test(example) || saysEnough(terms)) entries.push({ item: { tool, text: example }, terms });
      for (const word of [...reading.foreign.map((f) => f.word), ...reading.named]) words.add(word);
      // What a tool over another kind calls its cost is a measure of that kind there, not the bill.
      const own = reading.features.includes("cost") && tool.reads !== undefined && !readsKind(tool, "costs") ? ["{measure}"] : [];
      for (const feature of new Set([...reading.features, ...own, ...reading.foreign.map((f) => stem(f.word))])) {
        counts.set(feature, (counts.get(feature) ?? 0) + 1);
      }
    }
    return { tool, counts, examples: tool.examples.length };
  });
  const total = learned.reduce((sum, { examples }) => sum + examples, 0);
  const seen = new Map<string, number>();
  for (const { counts } of learned) for (const [feature, count] of counts) seen.set(feature, (seen.get(feature) ?? 0) + count);
  const background = (feature: string) => ((seen.get(feature) ?? 0) + UNSEEN) / (total + 2 * UNSEEN);
  const examples = new Map(tools.flatMap((tool) => tool.examples.map((example) => [plainQuestion(example), tool] as const)));
  const judged = learned.map(({ tool, counts, examples: size }): LearnedTool => {
    const chance = (feature: string) => ((1 - BACKGROUND) * (counts.get(feature) ?? 0)) / size + BACKGROUND * background(feature);
    const common = [...counts.keys()].filter((feature) => chance(feature) >= EXPECTED);
    const expected = new Map(common.map((feature) => [feature, Math.log(1 - chance(feature))]));
    return { tool, counts, present: (feature) => Math.log(chance(feature)), expected };
  });
  return { tools: judged, words, stems: new Set([...words].map(stem)), examples, corpus: learnCorpus(entries) };
}

/** A question without what does not change it. */
export function plainQuestion(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s?!.]+$/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** Tools by how well their examples explain the question, the best first. `priorOf` gives log-odds; -Infinity leaves a tool out. Tools without an intent that was voiced are out, but for those with an example much like it. */
export function matchTools(model: ToolModel, reading: Reading, features: readonly string[], priorOf: (tool: Tool) => number): Match[] {
  const voiced = [...new Set(features)];
  const intents = voiced.filter((f) => INTENTS.has(f) && !(voiced.includes("{measure}") && f === "delivery"));
  const like = new Map([...nearestExamples(model, reading)].map(([tool, { likeness }]) => [tool, likeness]));
  // What tells tools over measures apart is what is asked of a measure, not its name: likeness speaks for all of them together.
  const ofMeasures = Math.max(0, ...model.tools.map(({ tool }) => (isOverMeasures(tool) ? (like.get(tool) ?? 0) : 0)));
  const scored = model.tools
    .map((known) => ({ ...known, prior: priorOf(known.tool) }))
    .filter(({ prior }) => prior > -Infinity)
    .map(({ tool, counts, present, expected, prior }) => ({
      tool,
      likeness: like.get(tool) ?? 0,
      isFit: intents.every((intent) => counts.has(intent)),
      score: prior + likelihood(voiced, present, expected) + LIKENESS * (isOverMeasures(tool) ? ofMeasures : (like.get(tool) ?? 0)),
    }))
    .filter(({ isFit, likeness }) => isFit || (likeness > ALIKE && !voiced.includes("exclude") && !voiced.includes("write")))
    .filter(({ tool, likeness }) => likeness > leastLikeness(tool, voiced));
  const best = Math.max(...scored.map((s) => s.score));
  const weights = scored.map((s) => Math.exp(s.score - best));
  const sum = weights.reduce((a, b) => a + b, 0);
  return scored
    .map(({ tool, likeness }, i) => ({ tool, likeness, probability: (weights[i] ?? 0) / sum }))
    .sort((a, b) => b.probability - a.probability);
}

/** Of each tool the example most like the question, and how like it is, 0 to 1. */
export function nearestExamples(model: ToolModel, { words, named }: Reading): Map<Tool, { text: string; likeness: number }> {
  const best = new Map<Tool, { text: string; likeness: number }>();
  for (const [{ tool, text }, likeness] of likenesses(model.corpus, termsOf(words), new Set(named.map(stem))))
    if (likeness > (best.get(tool)?.likeness ?? 0)) best.set(tool, { text, likeness });
  return best;
}

/** An example so near means the same, whatever else a question's words may name. */
export const ALIKE = 0.75;
/** A tool that takes any words would take every question: its examples must have said something like it. */
const ASKED_FOR = 0.52;
const ASKED_TO_ACT = 0.6;

/** A tool over measures is asked for by their names; any other by words like its examples'. */
const RELATED = 0.34;

function leastLikeness({ input }: Tool, voiced: readonly string[]): number {
  const fields = Object.keys(input.shape);
  if (fields.every((field) => OWN_WORDS.has(field)) && fields.some((field) => field === "query" || field === "command"))
    return voiced.some((feature) => ["{measure}", "{dataset}", "cost"].includes(feature))
      ? ALIKE
      : voiced.includes("write")
        ? ASKED_TO_ACT
        : ASKED_FOR;
  return fields.includes("measure") || fields.length === 0 ? -1 : RELATED;
}

function isOverMeasures({ input }: Tool): boolean {
  return "measure" in input.shape;
}

/** Fields of tools whose input is the person's own words. */
const OWN_WORDS: ReadonlySet<string> = new Set(["query", "command", "skill", "coach", "part", "period", "top"]);

/** Log-likelihood of a question under a tool: of each feature it has, and of each it lacks that most examples have. */
function likelihood(voiced: readonly string[], present: LearnedTool["present"], expected: LearnedTool["expected"]): number {
  const said = voiced.reduce((sum, feature) => sum + present(feature), 0);
  return [...expected].reduce((sum, [feature, missed]) => (voiced.includes(feature) ? sum : sum + missed), said);
}

/** Whether the tool's own examples have the feature: a concept, a mark, or a word without its endings. */
export function knowsFeature(model: ToolModel, tool: Tool, feature: string): boolean {
  return model.tools.find((t) => t.tool === tool)?.counts.has(feature) ?? false;
}

function exampleSource(
  kind: "costs" | "metrics",
  measures: readonly string[],
  dimensions: Readonly<Record<string, readonly string[]>>,
): Source {
  const nothing = () => Promise.reject(new Error("an example is never queried"));
  return {
    feed: { name: `example ${kind}`, kind, withoutPeriod: "all", describe: nothing, query: nothing },
    about: {
      title: kind,
      measures: measures.map((name) => ({ name })),
      dimensions: Object.entries(dimensions).map(([name, values]) => ({ name, values, more: false })),
    },
  };
}
