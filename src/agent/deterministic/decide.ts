import type { PastTurn } from "../../core/agent.ts";
import type { CivilDate } from "../../core/fact.ts";
import { readsKind, type Tool } from "../../core/tool.ts";
import { decideAboutUs } from "./about-us.ts";
import { askTool, askWhich } from "./ask-back.ts";
import { isAboutSomething, matchable } from "./features.ts";
import { fillInput } from "./fill-input.ts";
import { followUp, isFollowUp, lastCall, pointsBack } from "./follow-up.ts";
import { type Match, matchTools, plainQuestion, type ToolModel } from "./match-tool.ts";
import { type Reading, readQuestion } from "./read-question.ts";
import { mixedSubjects, quoted, refuse } from "./refusals.ts";
import { stem } from "./stem.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What to do with a question: call a tool, ask back, or say that none fits. */
export type Decision =
  | { kind: "call"; tool: Tool; input: Record<string, unknown> }
  | { kind: "ask"; text: string; suggestions: string[] }
  | { kind: "none"; text: string };

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
  const reading = readQuestion(question, vocabulary, today, model.words);
  const previous = lastCall(history, model);
  const follows = previous !== undefined && isFollowUp(question, reading);
  const unknown = reading.foreign.filter((f) => !model.stems.has(stem(f.word)) && !(follows && pointsBack(f.word)));
  const matches = matchTools(model, matchable(reading, model), (tool) => readsWhat(tool, reading, vocabulary));
  const own = model.examples.get(plainQuestion(question));
  if (own) return { kind: "call", tool: own, input: fillInput(own, reading.slots, vocabulary) };
  const aboutUs = decideAboutUs(question, reading, unknown.length, model);
  if (aboutUs) return aboutUs;
  const refusal = refuse(reading, unknown, matches, follows, vocabulary);
  if (refusal && !looksFor(matches)) return refusal;
  if (reading.slots.ambiguous) return askWhich(question, reading.slots.ambiguous);
  const conflict = mixedSubjects(reading, vocabulary);
  if (conflict) return conflict;
  if (follows && previous) return followUp(reading, previous, matches, model, vocabulary);
  const [best, second] = matches;
  if (!best || !isAboutSomething(reading, best, model)) return { kind: "none", text: "" };
  if (second && second.probability > CLOSE_CALL && second.tool.command && best.tool.command)
    return askTool([best, second], reading, vocabulary);
  return { kind: "call", tool: best.tool, input: fillInput(best.tool, reading.slots, vocabulary) };
}

/** The arguments of a command: the tool is given, the words after it say the rest. */
export function decideCommand(tool: Tool, words: string, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): Decision {
  if ("command" in tool.input.shape) return { kind: "call", tool, input: words.trim() ? { command: words.trim() } : {} };
  if ("tool" in tool.input.shape) return { kind: "call", tool, input: words.trim() ? { tool: words.trim() } : {} };
  const reading = readQuestion(words, vocabulary, today, model.words);
  const usage = tool.command ? ` It goes like this: \`/${tool.command.name} ${tool.command.hint}\`.` : "";
  if (reading.foreign.length > 0 && !takesAnyWords(tool))
    return {
      kind: "ask",
      text: `I do not know ${quoted(reading.foreign.map((f) => f.word))} here.${usage}`,
      suggestions: tool.command ? [`/${tool.command.name}`] : [],
    };
  if (reading.slots.ambiguous) return askWhich(words, reading.slots.ambiguous);
  return { kind: "call", tool, input: fillInput(tool, reading.slots, vocabulary) };
}

/** A search takes words that nobody here knows; so does a tool for one thing by its id. */
function takesAnyWords({ input }: Tool): boolean {
  return "query" in input.shape || "key" in input.shape;
}

const CLEAR = 0.8;

function looksFor([best]: readonly Match[]): boolean {
  return best !== undefined && takesAnyWords(best.tool) && best.probability >= CLEAR;
}

/** A tool over one kind of feed cannot answer for a measure or a dataset of another. */
function readsWhat(tool: Tool, { slots, features }: Reading, vocabulary: Vocabulary): boolean {
  if (tool.reads === undefined) return true;
  const owner = slots.dataset ?? slots.measure?.feed;
  const kind = vocabulary.sources.find((s) => s.feed.name === owner)?.feed.kind;
  if (kind === undefined) return !features.includes("{measure}");
  return readsKind(tool, kind);
}
