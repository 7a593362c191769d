import type { PastTurn } from "../../core/agent.ts";
import type { CivilDate } from "../../core/fact.ts";
import { readable } from "../../core/format.ts";
import type { ToolCall } from "../../core/reply.ts";
import { listWords } from "../../core/text.ts";
import type { Tool } from "../../core/tool.ts";
import { fillInput, grainFor } from "./fill-input.ts";
import { INTENTS } from "./lexicon.ts";
import { knowsFeature, type Match, matchTools, type ToolModel } from "./match-tool.ts";
import { type Reading, readQuestion } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What to do with a question: call a tool, ask back, or say that none fits. */
export type Decision =
  | { kind: "call"; tool: Tool; input: Record<string, unknown> }
  | { kind: "ask"; text: string; suggestions: string[] }
  | { kind: "none"; text: string };

/** Concepts that fit any tool: they say how to show, not what to ask. */
const GENERIC: ReadonlySet<string> = new Set(["large", "small", "go", "chart", "table", "total", "average", "compare", "split", "trend", "change", "orders", "exist", "greeting", "{period}", "{compare}", "{top}", "{grain}", "{kind}", "{value}", "{dimension}"]);
const LEADS = /^\s*(?:(?:ok|okay|cool|thanks|great|nice|hm+)[,.!]?\s+)?(?:and|what about|how about|only|just|now|but|same|then|or|plus|also|instead|without|again|as a|in a)\b/i;
const POINTS_BACK = /\b(?:that|it|them|those|these|same|this(?!\s+(?:day|week|month|quarter|year)))\b/i;
const CLOSE_CALL = 0.35;

export function decide(question: string, history: readonly PastTurn[], model: ToolModel, vocabulary: Vocabulary, today: CivilDate): Decision {
  const reading = readQuestion(question, vocabulary, today, model.words);
  const previous = lastCall(history, model);
  const follows = previous !== undefined && isFollowUp(question, reading);
  const unknown = reading.foreign.filter((f) => !model.words.has(f.word) && !(follows && POINTS_BACK.test(f.word)));
  const matches = matchTools(model, matchable(reading, model), (tool) => readsWhat(tool, reading, vocabulary));
  const refusal = refuse(reading, unknown, matches, follows);
  if (refusal) return refusal;
  if (reading.slots.ambiguous) return askWhich(question, reading.slots.ambiguous);
  if (follows && previous) return followUp(reading, previous, matches, model, vocabulary);
  const [best, second] = matches;
  if (!best || !isAboutSomething(reading, best, model)) return { kind: "none", text: "" };
  if (second && second.probability > CLOSE_CALL && second.tool.command && best.tool.command) return askTool([best, second], reading, vocabulary);
  return { kind: "call", tool: best.tool, input: fillInput(best.tool, reading.slots, vocabulary) };
}

/** The arguments of a command: the tool is given, the words after it say the rest. */
export function decideCommand(tool: Tool, words: string, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): Decision {
  if ("tool" in tool.input.shape) return { kind: "call", tool, input: words.trim() ? { tool: words.trim() } : {} };
  const reading = readQuestion(words, vocabulary, today, model.words);
  const usage = tool.command ? ` It goes like this: \`/${tool.command.name} ${tool.command.hint}\`.` : "";
  if (reading.foreign.length > 0) return { kind: "ask", text: `I do not know ${quoted(reading.foreign.map((f) => f.word))} here.${usage}`, suggestions: tool.command ? [`/${tool.command.name}`] : [] };
  if (reading.slots.ambiguous) return askWhich(words, reading.slots.ambiguous);
  return { kind: "call", tool, input: fillInput(tool, reading.slots, vocabulary) };
}

function matchable(reading: Reading, model: ToolModel): string[] {
  const domain = reading.features.some((f) => !GENERIC.has(f) && f !== "help");
  const kept = reading.features.filter((f) => !(domain && ["help", "greeting"].includes(f)));
  return [...kept, ...reading.foreign.map((f) => f.word).filter((word) => model.words.has(word))];
}

/** A tool over one kind of feed cannot answer for a measure or a dataset of another. */
function readsWhat(tool: Tool, { slots, features }: Reading, vocabulary: Vocabulary): boolean {
  if (tool.reads === undefined) return true;
  const owner = slots.dataset ?? slots.measure?.feed;
  const kind = vocabulary.sources.find((s) => s.feed.name === owner)?.feed.kind;
  return (kind === undefined || kind === tool.reads) && !(features.includes("{measure}") && kind !== tool.reads);
}

function refuse(reading: Reading, unknown: Reading["foreign"], matches: readonly Match[], follows: boolean): Decision | undefined {
  const content = new Set(reading.features.filter((f) => f !== "{period}" && f !== "greeting"));
  const arguments_ = unknown.filter((f) => f.argument);
  const intents = reading.features.filter((f) => INTENTS.has(f));
  if (intents.length > 0 && matches.length === 0) return { kind: "none", text: "" };
  if (arguments_.length === 0 && unknown.length * 2 < content.size) return undefined;
  if (unknown.length === 0) return undefined;
  const related = follows || content.has("cost") || content.has("{measure}");
  return { kind: "none", text: related && unknown.length <= 3 ? `I do not know ${quoted(unknown.map((f) => f.word))}: nothing that is connected is called that.` : "" };
}

/** At least one thing must be said that the tool's own examples say too, beside how to show it. */
function isAboutSomething(reading: Reading, best: Match, model: ToolModel): boolean {
  const features = matchable(reading, model);
  const specific = features.some((f) => !GENERIC.has(f) && knowsFeature(model, best.tool, f));
  const named = features.includes("{dimension}") && features.some((f) => ["large", "small", "{top}", "{grain}", "{value}", "split", "table", "chart"].includes(f));
  const valued = features.includes("{value}") && (features.includes("{period}") || features.includes("trend") || features.includes("{grain}"));
  return specific || ((named || valued) && best.tool.reads !== undefined);
}

function isFollowUp(question: string, reading: Reading): boolean {
  const complete = reading.features.some((f) => f === "cost" || f === "{measure}" || f === "help" || f === "data" || f === "greeting");
  if (LEADS.test(question)) return true;
  if (complete) return false;
  return POINTS_BACK.test(question) || reading.features.every((f) => GENERIC.has(f) || f === "most-of" || f === "drive");
}

function lastCall(history: readonly PastTurn[], model: ToolModel): { tool: Tool; call: ToolCall } | undefined {
  for (const turn of [...history].reverse()) {
    for (const call of [...turn.calls].reverse()) {
      const tool = model.tools.find((t) => t.tool.name === call.name)?.tool;
      if (tool && tool.name !== "help") return { tool, call };
    }
  }
  return undefined;
}

/** Another tool only when its own words are said ("which of them make up 80%?"); else the same one, with what is new. */
function followUp(reading: Reading, previous: { tool: Tool; call: ToolCall }, matches: readonly Match[], model: ToolModel, vocabulary: Vocabulary): Decision {
  const features = matchable(reading, model);
  const best = matches[0];
  const telling = features.some((f) => !GENERIC.has(f) && f !== "cost" && !knowsFeature(model, previous.tool, f));
  const overTime = (features.includes("{grain}") || features.includes("trend")) && !("grain" in previous.tool.input.shape);
  const other = overTime ? matches.find((m) => "grain" in m.tool.input.shape && (previous.call.input.dataset ? m.tool.reads === undefined : true)) : telling && best && best.tool !== previous.tool && best.probability > 0.6 ? best : undefined;
  const tool = other?.tool ?? previous.tool;
  const earlier: Record<string, unknown> = { ...previous.call.input };
  if (reading.slots.compare === undefined && reading.slots.period) delete earlier.compare;
  if (reading.slots.grain && reading.slots.by.length === 0 && tool !== previous.tool && Array.isArray(earlier.by)) delete earlier.by;
  if (reading.slots.by.length > 0 && !reading.slots.grain) delete earlier.grain;
  const dimensionAdded = /\b(?:also|too|as well|and also|additionally)\b/.test(reading.words.join(" "));
  if (dimensionAdded && typeof earlier.by === "string" && reading.slots.by.length === 1) reading.slots.by.unshift(earlier.by);
  const input = fillInput(tool, reading.slots, vocabulary, earlier);
  const wantsChart = features.includes("chart") && input.by === undefined && input.grain === undefined;
  if (wantsChart && "grain" in tool.input.shape) input.grain = grainFor(undefinedOrPeriod(input.period));
  const said = features.length > 0 || Object.keys(reading.slots.filter).length > 0;
  return said ? { kind: "call", tool, input } : { kind: "none", text: "" };
}

function undefinedOrPeriod(value: unknown): { from: string; to: string } | undefined {
  return typeof value === "object" && value !== null && "from" in value && "to" in value ? (value as { from: string; to: string }) : { from: "2000-01-01", to: "2000-01-30" };
}

function askWhich(question: string, { value, dimensions }: { value: string; dimensions: readonly string[] }): Decision {
  return { kind: "ask", text: `“${value}” is the name of a ${listWords(dimensions.map(readable)).replace(" and ", " and of a ")}. Which one do you mean?`, suggestions: dimensions.map((d) => question.toLowerCase().replace(value, `${readable(d)} ${value}`)) };
}

function askTool(matches: readonly Match[], reading: Reading, vocabulary: Vocabulary): Decision {
  const options = matches.map(({ tool }) => ({ title: tool.title.toLowerCase(), command: `/${tool.command?.name ?? tool.name} ${describeSlots(fillInput(tool, reading.slots, vocabulary))}`.trim() }));
  return { kind: "ask", text: `I can read that in two ways: ${options.map((o) => `**${o.title}** (\`${o.command}\`)`).join(" or ")}. Which one do you mean?`, suggestions: options.map((o) => o.command) };
}

/** The arguments as a command would say them. */
function describeSlots(input: Readonly<Record<string, unknown>>): string {
  const period = input.period as { from: string; to: string } | undefined;
  const by = input.by === undefined ? "" : `by ${[input.by].flat().map((d) => readable(String(d))).join(" and ")}`;
  const filter = Object.values((input.filter ?? {}) as Record<string, string | string[]>).flat().join(" and ");
  return [typeof input.measure === "string" ? readable(input.measure) : "", by, filter ? `for ${filter}` : "", period ? `from ${period.from} to ${period.to}` : "", input.grain ? `per ${input.grain}` : "", input.top ? `top ${input.top}` : ""].filter(Boolean).join(" ");
}

function quoted(words: readonly string[]): string {
  return listWords([...new Set(words)].map((w) => `“${w}”`), 4);
}
