import type { z } from "zod";
import type { PastTurn } from "../../core/agent.ts";
import type { CivilDate } from "../../core/fact.ts";
import { readable } from "../../core/format.ts";
import { formatPeriod, lengthOf } from "../../core/period.ts";
import { listWords } from "../../core/text.ts";
import { readsKind, type Tool } from "../../core/tool.ts";
import { decideAboutUs } from "./about-us.ts";
import { askTool, askWhich, describeSlots } from "./ask-back.ts";
import { isAboutSomething, matchable } from "./features.ts";
import { fillInput } from "./fill-input.ts";
import { amountAfter, KEY, soughtIn } from "./fill-own-fields.ts";
import { followUp, goesOn, isFollowUp, lastCall, ofTheSame, type Previous, pointsBack } from "./follow-up.ts";
import { saysEnough, termsOf } from "./likeness.ts";
import { ALIKE, knowsFeature, type Match, matchTools, plainQuestion, type ToolModel } from "./match-tool.ts";
import { priorOf, readsWhat } from "./prior.ts";
import { type Reading, readQuestion } from "./read-question.ts";
import { mixedSubjects, quoted, refuse } from "./refusals.ts";
import { settleValues } from "./settle-values.ts";
import { stem } from "./stem.ts";
import { takeMeant } from "./take-meant.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What to do with a question: call a tool, ask back, or say that none fits. */
export type Decision =
  | { kind: "call"; tool: Tool; input: Record<string, unknown> }
  | { kind: "ask"; text: string; suggestions: string[] }
  /** `foreign`: what it names may stand in a document. */
  | { kind: "none"; text: string; foreign?: boolean };

/** A second reading at least this likely is asked about. */
const CLOSE_CALL = 0.35;

/** Reads a question in the light of the conversation. The same question, history and data give the same decision. */
export function decide(
  question: string,
  history: readonly PastTurn[],
  model: ToolModel,
  vocabulary: Vocabulary,
  today: CivilDate,
): Decision {
  const reading = takeMeant(readQuestion(question, vocabulary, today, model.words), vocabulary);
  const previous = lastCall(history, model);
  const matches = matchTools(model, reading, matchable(reading, model), (tool) =>
    readsWhat(tool, reading, vocabulary, model) ? priorOf(tool, reading, vocabulary) : -Infinity,
  );
  const follows = previous !== undefined && !standsAlone(question, reading, matches) && isFollowUp(question, reading);
  const foreign = reading.foreign.filter((f) => !f.plain && !(follows && pointsBack(f.word)));
  const unknown = foreign.filter((f) => !model.stems.has(stem(f.word)));
  const atOnce =
    (previous && ofTheSame(question, reading, previous, model, vocabulary)) ??
    ownExample(question, reading, model, vocabulary) ??
    decideAboutUs(question, reading, unknown.length, model);
  if (atOnce) return atOnce;
  const better = figureBy(question, reading, matches, vocabulary);
  return byMatches(
    question,
    { reading, matches: better ? [better] : matches, previous: follows ? previous : undefined, foreign, unknown },
    model,
    vocabulary,
    today,
  );
}

/**
 * "NPS by segment", "which team merged the most pull requests": a figure by something its source knows, where the tool that the words
 * resemble most cannot split it. "How many active users do we have?" is a figure too, where no tool is much like it.
 */
function figureBy(question: string, { slots, features }: Reading, matches: readonly Match[], { sources }: Vocabulary): Match | undefined {
  const [best] = matches;
  const about = sources.find(({ feed }) => feed.name === slots.measure?.feed)?.about;
  if (!best || !about || best.likeness > SAME || "measure" in best.tool.input.shape) return undefined;
  const isKnown = slots.by.every((name) => about.dimensions.some((dimension) => dimension.name === name));
  const isSplit =
    slots.by.length > 0 && isKnown && !("by" in best.tool.input.shape) && (SPLITS.test(question) || features.includes("large"));
  const isNumber = features.includes("orders") && best.likeness < RATHER_ALIKE && best.tool.reads === undefined;
  return isSplit || isNumber ? matches.find(({ tool: { input } }) => "measure" in input.shape && "by" in input.shape) : undefined;
}

interface Heard {
  reading: Reading;
  matches: readonly Match[];
  /** The call the question goes on from. */
  previous: Previous | undefined;
  foreign: Reading["foreign"];
  /** Those of them that no tool's examples have. */
  unknown: Reading["foreign"];
}

/** The tool whose examples it resembles, unless something in it says that this would answer another question. */
function byMatches(question: string, heard: Heard, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): Decision {
  const { reading, matches, previous, foreign, unknown } = heard;
  const [best] = matches;
  const follows = previous !== undefined;
  if (!follows && asksForWords(question, reading, best)) return { kind: "none", text: "" };
  // What only another tool's examples speak of is unknown to this one.
  const unread = best ? foreign.filter((f) => isUnread(f, best, model) && !isTaken(best.tool, f.word, question)) : unknown;
  const isPlain = best !== undefined && !follows && isLikeExample(best, reading);
  const refusal = refuse(reading, unread, matches, follows, vocabulary, model);
  const isNamed = isPlain && best.likeness > ALIKE && !unread.some(({ argument }) => argument);
  if (refusal && !isNamed && !looksFor(matches)) return refusal;
  const tool = previous?.tool ?? best?.tool;
  const settled = tool && settleValues(reading.slots, tool, vocabulary);
  if (settled?.open) return askWhich(question, settled.open);
  const read = settled ? { ...reading, slots: settled.slots } : reading;
  const conflict = tool && contradiction(question, tool, read, best, vocabulary);
  if (conflict) return conflict;
  if (previous) return followUp(read, previous, matches, model, vocabulary);
  const isSure = best !== undefined && (isPlain || isAboutSomething(read, best, model) || isOfItsKind(read, best, vocabulary));
  return isSure ? callOrAsk(matches, read, vocabulary, today) : { kind: "none", text: "" };
}

function ownExample(question: string, { slots }: Reading, model: ToolModel, vocabulary: Vocabulary): Decision | undefined {
  const tool = model.examples.get(plainQuestion(question));
  return tool && { kind: "call", tool, input: fillInput(tool, settleValues(slots, tool, vocabulary).slots, vocabulary) };
}

/** A name, or any word of a question little like the tool's examples, must be known to the tool itself. */
function isUnread({ word, argument }: Reading["foreign"][number], { tool, likeness }: Match, model: ToolModel): boolean {
  const isStrict = argument || likeness < RATHER_ALIKE;
  return isStrict ? !knowsFeature(model, tool, stem(word)) : !model.stems.has(stem(word));
}

/** "How do I cancel a task?" wants a way, which no figure is: what the documents say is tried next. "Why?" after nothing is no question yet. */
function asksForWords(question: string, { features, words }: Reading, best: Match | undefined): boolean {
  const onlyWhy = features.length > 0 && features.every((f) => f === "why") && !saysEnough(termsOf(words));
  const isWay = /^\W*(?:how (?:do|can|should|would) i|how to)\b/i.test(question) && !features.includes("cost");
  const hasWords = best !== undefined && ("query" in best.tool.input.shape || best.tool.name === "help" || best.likeness >= ALIKE);
  return onlyWhy || (isWay && !hasWords);
}

/** What is like an example is a question of its own, unless it says that it goes on. */
function standsAlone(question: string, reading: Reading, [best]: readonly Match[]): boolean {
  return best !== undefined && best.likeness > ALIKE && saysEnough(termsOf(reading.words)) && !goesOn(question);
}

function callOrAsk([best, second]: readonly Match[], reading: Reading, vocabulary: Vocabulary, today: CivilDate): Decision {
  if (!best) return { kind: "none", text: "" };
  if (second && second.probability > CLOSE_CALL && second.tool.command && best.tool.command)
    return askTool([best, second], reading, vocabulary);
  const input = fillInput(best.tool, reading.slots, vocabulary);
  // It lacks what it cannot do without, and was hardly asked for.
  if (best.likeness < ALIKE && !best.tool.input.safeParse(input).success) return { kind: "none", text: "" };
  return leftOut(best, reading, input, today) ?? { kind: "call", tool: best.tool, input };
}

/** What was named and the tool cannot be narrowed to: to answer without it would answer another question. */
function leftOut(
  { tool, likeness }: Match,
  { slots }: Reading,
  input: Readonly<Record<string, unknown>>,
  today: CivilDate,
): Decision | undefined {
  if (likeness > SAME || "query" in tool.input.shape) return undefined;
  const taken = JSON.stringify(input).toLowerCase();
  const own = wordsOfExamples(tool);
  const missing = Object.values(slots.filter)
    .filter((values) => !values.some((value) => taken.includes(value.toLowerCase()) || own.has(value.toLowerCase())))
    .flatMap((values) => values.slice(0, 1));
  if (missing.length > 0) return { kind: "none", text: `I cannot narrow ${tool.title.toLowerCase()} to ${quoted(missing)}.` };
  // A day may be when the answer is needed, "on Thursday"; weeks and longer are what it is about.
  const isPast = slots.period !== undefined && slots.period.to < today && lengthOf(slots.period) >= 7;
  if (!isPast || !slots.period || "period" in tool.input.shape) return undefined;
  const text = `I cannot narrow ${tool.title.toLowerCase()} to ${formatPeriod(slots.period)}; I can answer for all that is known now.`;
  return { kind: "ask", text, suggestions: tool.command ? [`/${tool.command.name}`] : tool.examples.slice(0, 1) };
}

/** The arguments of a command: the tool is given, the words after it say the rest. */
export function decideCommand(tool: Tool, words: string, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): Decision {
  if ("command" in tool.input.shape) return { kind: "call", tool, input: words.trim() ? { command: words.trim() } : {} };
  if ("tool" in tool.input.shape) return { kind: "call", tool, input: words.trim() ? { tool: words.trim() } : {} };
  const reading = readQuestion(words, vocabulary, today, model.words);
  const usage = tool.command ? ` It goes like this: \`/${tool.command.name} ${tool.command.hint}\`.` : "";
  const foreign = reading.foreign.filter(({ plain }) => !plain);
  if (foreign.length > 0 && !takesAnyWords(tool)) {
    const example = exampleCommand(tool, model, vocabulary, today);
    const shown = example === undefined ? "" : ` For example: \`${example}\`.`;
    return {
      kind: "ask",
      text: `I do not know ${quoted(foreign.map((f) => f.word))} here.${usage}${shown}`,
      suggestions: tool.command ? [example ?? `/${tool.command.name}`] : [],
    };
  }
  const { slots, open } = settleValues(reading.slots, tool, vocabulary);
  if (open) return askWhich(words, open);
  return { kind: "call", tool, input: fillInput(tool, slots, vocabulary) };
}

/** A command that works here, made of the first of the tool's examples that says more than its name. */
function exampleCommand(tool: Tool, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): string | undefined {
  if (!tool.command) return undefined;
  for (const example of tool.examples) {
    const reading = readQuestion(example, vocabulary, today, model.words);
    const { slots, open } = settleValues(reading.slots, tool, vocabulary);
    const words = open || example.includes("{") ? "" : describeSlots(fillInput(tool, slots, vocabulary));
    if (words !== "") return `/${tool.command.name} ${words}`;
  }
  return undefined;
}

/** A search takes words that nobody here knows; so does a tool for one thing by its id. */
function takesAnyWords({ input }: Tool): boolean {
  return "query" in input.shape || "key" in input.shape;
}

/** A search for whatever is asked; a tool that may do without words takes them for a name. */
function mustHaveWords({ input }: Tool): boolean {
  const { query } = input.shape as { query?: z.ZodType };
  return query !== undefined && !query.safeParse(undefined).success;
}

/** "cost per deployment", "failure rate per service" */
const DIVIDES = /\b(?:per|for each|for every)\b/i;
const SPLITS = /\b(?:by|per|each|every)\b/i;

/** What was asked of one tool at once and can only be asked apart, or not at all. */
function contradiction(question: string, tool: Tool, read: Reading, best: Match | undefined, vocabulary: Vocabulary): Decision | undefined {
  const divides = DIVIDES.test(question);
  const isOneThing = best !== undefined && best.likeness > SAME;
  const mixed = "measure" in tool.input.shape || (divides && !isOneThing) ? mixedSubjects(withoutOwn(tool, read), vocabulary) : undefined;
  if (mixed || !SPLITS.test(question) || "by" in tool.input.shape) return mixed;
  const missing = read.slots.by.filter((name) => !tool.examples.some((example) => example.toLowerCase().includes(readable(name))));
  if (missing.length === 0) return undefined;
  const text = `I cannot split ${tool.title.toLowerCase()} by ${listWords(missing.map(readable))}; I can answer for all together.`;
  return { kind: "ask", text, suggestions: tool.command ? [`/${tool.command.name}`] : [] };
}

/** "merged" of "AI cost per merged pull request" is what the tool is about, and narrows nothing. */
function withoutOwn(tool: Tool, reading: Reading): Reading {
  if ("measure" in tool.input.shape) return reading;
  const own = wordsOfExamples(tool);
  const filter = Object.entries(reading.slots.filter).filter(([, values]) => !values.some((value) => own.has(value.toLowerCase())));
  return { ...reading, slots: { ...reading.slots, filter: Object.fromEntries(filter) } };
}

function wordsOfExamples({ examples }: Tool): ReadonlySet<string> {
  return new Set(examples.flatMap((example) => example.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? []));
}

/** So near an example that no other sign is needed that the question is about something. */
const PLAIN = 0.55;
const SAME = 0.9;
const NO_DOUBT = 0.97;

/** An unknown word that the tool takes as it is: "120000" where a budget was named, "scanners" where pages about them are sought. */
function isTaken({ input }: Tool, word: string, question: string): boolean {
  if ("query" in input.shape && soughtIn(question)?.toLowerCase().includes(word)) return true;
  if (KEY.test(word.toUpperCase())) return "key" in input.shape || "item" in input.shape;
  return /^[$€£]?\d/.test(word) && Object.keys(input.shape).some((field) => amountAfter(field, question) !== undefined);
}

function isLikeExample({ likeness, probability }: Match, reading: Reading): boolean {
  return likeness > SAME || (likeness > PLAIN && probability > NO_DOUBT) || (likeness > PLAIN && saysEnough(termsOf(reading.words)));
}

const CLEAR = 0.8;
const RATHER_ALIKE = 0.5;

function looksFor([best]: readonly Match[]): boolean {
  return best !== undefined && mustHaveWords(best.tool) && best.probability >= CLEAR && best.likeness >= RATHER_ALIKE;
}

/** "count the incidents": the tool reads what the measure is of. */
function isOfItsKind({ slots }: Reading, { tool }: Match, { sources }: Vocabulary): boolean {
  const kind = sources.find(({ feed }) => feed.name === slots.measure?.feed)?.feed.kind;
  return kind !== undefined && tool.reads !== undefined && readsKind(tool, kind);
}
