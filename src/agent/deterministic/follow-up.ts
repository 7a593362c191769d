import type { PastTurn } from "../../core/agent.ts";
import type { ToolCall } from "../../core/reply.ts";
import { readsKind, type Tool } from "../../core/tool.ts";
import type { Decision } from "./decide.ts";
import { GENERIC, matchable } from "./features.ts";
import { fillInput, grainFor } from "./fill-input.ts";
import { conceptAt } from "./lexicon.ts";
import { knowsFeature, type Match, type ToolModel } from "./match-tool.ts";
import type { Reading } from "./read-question.ts";
import { stem } from "./stem.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** The call a follow-up goes on from. */
export interface Previous {
  tool: Tool;
  call: ToolCall;
}

const LEADS =
  /^\s*(?:(?:ok|okay|cool|thanks|great|nice|hm+)[,.!]?\s+)?(?:and|what about|how about|only|just|now|but|same|then|or|plus|also|instead|without|again|as a|in a)\b/i;
const POINTS_BACK = /\b(?:that|it|them|those|these|same|this(?!\s+(?:day|week|month|quarter|year)))\b/i;

/** Whether a word points back at what was said. */
export function pointsBack(word: string): boolean {
  return POINTS_BACK.test(word);
}

/** Whether the question says that it goes on: "and …", "what about …", "… of those". */
export function goesOn(question: string): boolean {
  return LEADS.test(question) || POINTS_BACK.test(question);
}

/** Whether the question goes on from the last answer: it says so, or it says too little to stand alone. */
export function isFollowUp(question: string, reading: Reading): boolean {
  const { features, slots, words } = reading;
  if (LEADS.test(question)) return true;
  if (features.some((f) => ["help", "data", "greeting"].includes(f))) return false;
  const subject = features.includes("{measure}") || (features.includes("cost") && !isImplied(features, words));
  const asks = /^\s*(?:which|what|how|where|show|list|give|who)\b/i.test(question) && !POINTS_BACK.test(question);
  if (subject)
    return POINTS_BACK.test(question) && !slots.period
      ? true
      : !asks && words.length <= 4 && features.every((f) => ["{measure}", "cost", "only", "compare"].includes(f));
  if (asks && slots.by.length > 0 && features.some((f) => ["change", "large", "small", "vital"].includes(f))) return false;
  return POINTS_BACK.test(question) || features.every((f) => GENERIC.has(f) || f === "vital" || f === "cost");
}

/** The cost was not said; names of a bill implied it. */
function isImplied(features: readonly string[], words: readonly string[]): boolean {
  return features.at(-1) === "cost" && !words.some((_, i) => conceptAt(words, i)?.concept.includes("cost"));
}

const MORE =
  /^\W*(?:(?:please|ok|okay|and)\W+)?(?:(?:tell|show|give) me more|more(?: details?)?|(?:more )?details?|go on|elaborate)\W*(?:please\W*)?$/i;
const AS_MANY = 50;
const PARTS_OF_IT = "Ask about a part of it: a name that stands in it, another period, “by …”, or “why?”.";

/** "Why?" and "tell me more" after an answer: of what it was about. undefined when something else is asked. */
export function ofTheSame(
  question: string,
  reading: Reading,
  previous: Previous,
  model: ToolModel,
  vocabulary: Vocabulary,
): Decision | undefined {
  const { tool, call } = previous;
  if (MORE.test(question))
    return "top" in tool.input.shape
      ? { kind: "call", tool, input: { ...call.input, top: AS_MANY } }
      : { kind: "ask", text: PARTS_OF_IT, suggestions: [] };
  if (!asksOnlyWhy(reading)) return undefined;
  const asked = ({ counts }: ToolModel["tools"][number]) => counts.get("why") ?? 0;
  const able = model.tools.filter((known) => asked(known) > 0).toSorted((a, b) => asked(b) - asked(a));
  const [own] = able.filter(({ tool: other }) => other.reads !== undefined && String(other.reads) === String(tool.reads));
  const over = able.find(({ tool: other }) => other.reads === undefined && "measure" in other.input.shape);
  const why = (tool.reads === undefined || readsKind(tool, "costs") ? over : (own ?? over))?.tool;
  if (!why || (why !== own?.tool && !("measure" in tool.input.shape))) return undefined;
  const { by: _, grain: __, top: ___, order: ____, compare: _____, ...kept } = call.input;
  return { kind: "call", tool: why, input: fillInput(why, reading.slots, vocabulary, kept) };
}

/** "Why?", "what caused it?": a reason, of nothing that is named. */
function asksOnlyWhy({ features, foreign }: Reading): boolean {
  return (
    features.includes("why") && features.every((f) => f === "why" || f === "change" || f === "go") && foreign.every(({ plain }) => plain)
  );
}

/** The newest call that a tool of this turn could repeat. */
export function lastCall(history: readonly PastTurn[], model: ToolModel): Previous | undefined {
  for (const turn of [...history].reverse()) {
    for (const call of [...turn.calls].reverse()) {
      const tool = model.tools.find((t) => t.tool.name === call.name)?.tool;
      if (tool && tool.name !== "help") return { tool, call };
    }
  }
  return undefined;
}

/** The last call again, with what is new. */
export function followUp(
  reading: Reading,
  previous: Previous,
  matches: readonly Match[],
  model: ToolModel,
  vocabulary: Vocabulary,
): Decision {
  const features = matchable(reading, model);
  const measured = reading.slots.measure?.feed;
  const tool = toolOfFollowUp(reading, features, previous, matches, model, vocabulary);
  const earlier: Record<string, unknown> = { ...previous.call.input };
  if (measured !== undefined) forgetForeign(earlier, measured, vocabulary);
  forgetReplaced(earlier, reading, tool !== previous.tool);
  const dimensionAdded = /\b(?:also|too|as well|and also|additionally)\b/.test(reading.words.join(" "));
  if (dimensionAdded && typeof earlier.by === "string" && reading.slots.by.length === 1) reading.slots.by.unshift(earlier.by);
  const input = fillInput(tool, reading.slots, vocabulary, earlier);
  const wantsChart = features.includes("chart") && input.by === undefined && input.grain === undefined;
  if (wantsChart && "grain" in tool.input.shape) input.grain = grainFor(asPeriod(input.period));
  const said = features.length > 0 || Object.keys(reading.slots.filter).length > 0;
  return said ? { kind: "call", tool, input } : { kind: "none", text: "" };
}

/** Another tool only when its own words are said ("which of them make up 80%?") or only it can do what is asked. */
function toolOfFollowUp(
  { slots, named }: Reading,
  features: readonly string[],
  { tool, call }: Previous,
  matches: readonly Match[],
  model: ToolModel,
  vocabulary: Vocabulary,
): Tool {
  const [best] = matches;
  const lacks = (field: string) => !(field in tool.input.shape);
  const withField = (field: string) =>
    matches.find((m) => field in m.tool.input.shape && (call.input.dataset === undefined || m.tool.reads === undefined));
  if (slots.order === "change" && lacks("order") && !features.includes("vital")) return withField("order")?.tool ?? tool;
  if ((features.includes("{grain}") || features.includes("trend")) && lacks("grain")) return withField("grain")?.tool ?? tool;
  // What the data is called tells no tool from another.
  const names = new Set([...named.map(stem), "cost", "{measure}"]);
  const telling = features.some((f) => !GENERIC.has(f) && !names.has(f) && !knowsFeature(model, tool, f));
  if (telling && best && best.probability > CLEARLY) return best.tool;
  const measured = slots.measure?.feed;
  const fits =
    tool.reads === undefined ||
    measured === undefined ||
    vocabulary.sources.some((s) => s.feed.name === measured && readsKind(tool, s.feed.kind));
  return fits ? tool : (best?.tool ?? tool);
}

const CLEARLY = 0.6;

/** What is said now takes the place of what was said before. */
function forgetReplaced(earlier: Record<string, unknown>, { slots }: Reading, otherTool: boolean): void {
  if (slots.compare === undefined && slots.period) delete earlier.compare;
  if (slots.grain && slots.by.length === 0 && otherTool && Array.isArray(earlier.by)) delete earlier.by;
  if (slots.by.length > 0 && !slots.grain) delete earlier.grain;
}

/** With a measure of another source, what that source does not have is forgotten. */
function forgetForeign(earlier: Record<string, unknown>, feed: string, vocabulary: Vocabulary): void {
  const dimensions = vocabulary.sources.find((s) => s.feed.name === feed)?.about.dimensions.map((d) => d.name) ?? [];
  delete earlier.measures;
  if (earlier.dataset !== undefined) delete earlier.dataset;
  if (![earlier.by ?? []].flat().every((name) => dimensions.includes(String(name)))) delete earlier.by;
  if (!Object.keys((earlier.filter ?? {}) as object).every((name) => dimensions.includes(name))) delete earlier.filter;
}

function asPeriod(value: unknown): { from: string; to: string } | undefined {
  return typeof value === "object" && value !== null && "from" in value && "to" in value
    ? (value as { from: string; to: string })
    : { from: "2000-01-01", to: "2000-01-30" };
}
