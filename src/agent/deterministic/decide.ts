import type { PastTurn } from "../../core/agent.ts";
import type { CivilDate } from "../../core/fact.ts";
import { readable } from "../../core/format.ts";
import type { ToolCall } from "../../core/reply.ts";
import { listWords } from "../../core/text.ts";
import type { Tool } from "../../core/tool.ts";
import { fillInput, grainFor } from "./fill-input.ts";
import { conceptAt, INTENTS } from "./lexicon.ts";
import { knowsFeature, type Match, matchTools, type ToolModel } from "./match-tool.ts";
import { type Reading, readQuestion } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What to do with a question: call a tool, ask back, or say that none fits. */
export type Decision =
  | { kind: "call"; tool: Tool; input: Record<string, unknown> }
  | { kind: "ask"; text: string; suggestions: string[] }
  | { kind: "none"; text: string };

/** Concepts that fit any tool: they say how to show, not what to ask. */
const GENERIC: ReadonlySet<string> = new Set([
  "large",
  "small",
  "go",
  "chart",
  "table",
  "total",
  "average",
  "compare",
  "split",
  "trend",
  "change",
  "orders",
  "exist",
  "greeting",
  "thanks",
  "only",
  "{period}",
  "{compare}",
  "{top}",
  "{grain}",
  "{kind}",
  "{value}",
  "{dimension}",
]);
const LEADS =
  /^\s*(?:(?:ok|okay|cool|thanks|great|nice|hm+)[,.!]?\s+)?(?:and|what about|how about|only|just|now|but|same|then|or|plus|also|instead|without|again|as a|in a)\b/i;
const POINTS_BACK = /\b(?:that|it|them|those|these|same|this(?!\s+(?:day|week|month|quarter|year)))\b/i;
const CLOSE_CALL = 0.35;

const THANKS = "You are welcome. Ask when you need more.";

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
  const unknown = reading.foreign.filter((f) => !model.words.has(f.word) && !(follows && POINTS_BACK.test(f.word)));
  const matches = matchTools(model, matchable(reading, model), (tool) => readsWhat(tool, reading, vocabulary));
  if (reading.features.length > 0 && reading.features.every((f) => f === "thanks") && unknown.length === 0)
    return { kind: "none", text: THANKS };
  const explained = toolToExplain(question, model) ?? asksAboutUs(question, reading, unknown.length, model);
  if (explained) return explained;
  const refusal = refuse(reading, unknown, matches, follows);
  if (refusal) return refusal;
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

/** "help costs", "explain pareto" */
function toolToExplain(question: string, model: ToolModel): Decision | undefined {
  const wanted =
    /^\s*(?:help(?: me)?(?: with)?|explain|how (?:do|can) i use|what (?:is|does))\s+(?:the\s+)?\/?([a-z_ -]+?)(?:\s+(?:command|tool|do))?\s*\??\s*$/i
      .exec(question)?.[1]
      ?.toLowerCase()
      .replace(/[\s-]/g, "_");
  const help = model.tools.find((t) => t.tool.name === "help")?.tool;
  const known =
    wanted !== undefined &&
    model.tools.some(
      ({ tool }) => tool.name === wanted || tool.command?.name === wanted || tool.title.toLowerCase().replaceAll(" ", "_") === wanted,
    );
  return help && known ? { kind: "call", tool: help, input: { tool: wanted } } : undefined;
}

/** "what are you able to do for me": about the bot, not about any data. */
function asksAboutUs(question: string, { features }: Reading, unknown: number, model: ToolModel): Decision | undefined {
  const about =
    /\b(?:you|u|this bot|this thing|this tool|firstmate|i|here)\b/i.test(question) &&
    /\b(?:can|could|do|does|able|know|offer|support|answer|good (?:at|for)|possible|ask|available|work|works)\b/i.test(question);
  const help = model.tools.find((t) => t.tool.name === "help")?.tool;
  return help && about && unknown === 0 && features.every((f) => ["help", "greeting", "exist", "thanks", "go", "table"].includes(f))
    ? { kind: "call", tool: help, input: {} }
    : undefined;
}

/** Two measures of two sources, or a dimension the measure does not have: each can be asked, not both at once. */
function mixedSubjects({ features, slots }: Reading, vocabulary: Vocabulary): Decision | undefined {
  const owner = slots.measure ? vocabulary.sources.find((s) => s.feed.name === slots.measure?.feed) : undefined;
  const isCost = features.includes("cost") && owner?.feed.kind !== "costs";
  if (isCost && features.includes("{measure}") && slots.measure)
    return {
      kind: "ask",
      text: `Cost and ${readable(slots.measure.name)} come from different sources. Ask for one at a time.`,
      suggestions: [features.includes("{period}") ? "cost in the same period" : "total cost", readable(slots.measure.name)],
    };
  const sources = slots.dataset
    ? vocabulary.sources.filter((s) => s.feed.name === slots.dataset)
    : isCost
      ? vocabulary.sources.filter((s) => s.feed.kind === "costs")
      : owner
        ? [owner]
        : [];
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
  return {
    kind: "none",
    text: `${owner && slots.measure ? readable(slots.measure.name) : "That"} is not known by ${readable(missing)}; it can be split by ${listWords(there, 10)}.`,
  };
}

/** The arguments of a command: the tool is given, the words after it say the rest. */
export function decideCommand(tool: Tool, words: string, model: ToolModel, vocabulary: Vocabulary, today: CivilDate): Decision {
  if ("tool" in tool.input.shape) return { kind: "call", tool, input: words.trim() ? { tool: words.trim() } : {} };
  const reading = readQuestion(words, vocabulary, today, model.words);
  const usage = tool.command ? ` It goes like this: \`/${tool.command.name} ${tool.command.hint}\`.` : "";
  if (reading.foreign.length > 0)
    return {
      kind: "ask",
      text: `I do not know ${quoted(reading.foreign.map((f) => f.word))} here.${usage}`,
      suggestions: tool.command ? [`/${tool.command.name}`] : [],
    };
  if (reading.slots.ambiguous) return askWhich(words, reading.slots.ambiguous);
  return { kind: "call", tool, input: fillInput(tool, reading.slots, vocabulary) };
}

function matchable(reading: Reading, model: ToolModel): string[] {
  const domain = reading.features.some((f) => !GENERIC.has(f) && f !== "help");
  const kept = reading.features.filter(
    (f) => !(domain && ["help", "greeting", "thanks"].includes(f)) && !(f === "who" && reading.slots.by.length > 0),
  );
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
  return {
    kind: "none",
    text:
      related && unknown.length <= 3
        ? `I do not know ${quoted(unknown.map((f) => f.word))}: nothing that is connected is called that.`
        : "",
  };
}

/** At least one thing must be said that the tool's own examples say too, beside how to show it. */
function isAboutSomething(reading: Reading, best: Match, model: ToolModel): boolean {
  const features = matchable(reading, model);
  const specific = features.some((f) => !GENERIC.has(f) && knowsFeature(model, best.tool, f));
  if (features.includes("total") && features.includes("{period}") && best.tool.reads !== undefined) return true;
  const named =
    features.includes("{dimension}") &&
    features.some((f) => ["large", "small", "{top}", "{grain}", "{value}", "split", "table", "chart"].includes(f));
  const valued =
    features.includes("{value}") && (features.includes("{period}") || features.includes("trend") || features.includes("{grain}"));
  return specific || ((named || valued) && best.tool.reads !== undefined);
}

function isFollowUp(question: string, reading: Reading): boolean {
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
function followUp(
  reading: Reading,
  previous: { tool: Tool; call: ToolCall },
  matches: readonly Match[],
  model: ToolModel,
  vocabulary: Vocabulary,
): Decision {
  const features = matchable(reading, model);
  const best = matches[0];
  const measured = reading.slots.measure?.feed;
  const telling = features.some((f) => !GENERIC.has(f) && f !== "cost" && f !== "{measure}" && !knowsFeature(model, previous.tool, f));
  const overTime = (features.includes("{grain}") || features.includes("trend")) && !("grain" in previous.tool.input.shape);
  const ordered = reading.slots.order === "change" && !("order" in previous.tool.input.shape) && !features.includes("vital");
  const other = ordered
    ? matches.find((m) => "order" in m.tool.input.shape)
    : overTime
      ? matches.find((m) => "grain" in m.tool.input.shape && (previous.call.input.dataset ? m.tool.reads === undefined : true))
      : telling && best && best.tool !== previous.tool && best.probability > 0.6
        ? best
        : undefined;
  const fits =
    previous.tool.reads === undefined ||
    measured === undefined ||
    vocabulary.sources.some((s) => s.feed.name === measured && s.feed.kind === previous.tool.reads);
  const tool = other?.tool ?? (fits ? previous.tool : (matches[0]?.tool ?? previous.tool));
  const earlier: Record<string, unknown> = { ...previous.call.input };
  if (measured !== undefined && reading.slots.measure) forgetForeign(earlier, measured, vocabulary);
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

/** With a measure of another source, what that source does not have is forgotten. */
function forgetForeign(earlier: Record<string, unknown>, feed: string, vocabulary: Vocabulary): void {
  const dimensions = vocabulary.sources.find((s) => s.feed.name === feed)?.about.dimensions.map((d) => d.name) ?? [];
  delete earlier.measures;
  if (earlier.dataset !== undefined) delete earlier.dataset;
  if (![earlier.by ?? []].flat().every((name) => dimensions.includes(String(name)))) delete earlier.by;
  if (!Object.keys((earlier.filter ?? {}) as object).every((name) => dimensions.includes(name))) delete earlier.filter;
}

function undefinedOrPeriod(value: unknown): { from: string; to: string } | undefined {
  return typeof value === "object" && value !== null && "from" in value && "to" in value
    ? (value as { from: string; to: string })
    : { from: "2000-01-01", to: "2000-01-30" };
}

function askWhich(question: string, { value, dimensions }: { value: string; dimensions: readonly string[] }): Decision {
  return {
    kind: "ask",
    text: `“${value}” is the name of a ${listWords(dimensions.map(readable)).replace(" and ", " and of a ")}. Which one do you mean?`,
    suggestions: dimensions.map((d) => question.toLowerCase().replace(value, `${readable(d)} ${value}`)),
  };
}

function askTool(matches: readonly Match[], reading: Reading, vocabulary: Vocabulary): Decision {
  const options = matches.map(({ tool }) => ({
    title: tool.title.toLowerCase(),
    command: `/${tool.command?.name ?? tool.name} ${describeSlots(fillInput(tool, reading.slots, vocabulary))}`.trim(),
  }));
  return {
    kind: "ask",
    text: `I can read that in two ways: ${options.map((o) => `**${o.title}** (\`${o.command}\`)`).join(" or ")}. Which one do you mean?`,
    suggestions: options.map((o) => o.command),
  };
}

/** The arguments as a command would say them. */
function describeSlots(input: Readonly<Record<string, unknown>>): string {
  const period = input.period as { from: string; to: string } | undefined;
  const by =
    input.by === undefined
      ? ""
      : `by ${[input.by]
          .flat()
          .map((d) => readable(String(d)))
          .join(" and ")}`;
  const filter = Object.values((input.filter ?? {}) as Record<string, string | string[]>)
    .flat()
    .join(" and ");
  return [
    typeof input.measure === "string" ? readable(input.measure) : "",
    by,
    filter ? `for ${filter}` : "",
    period ? `from ${period.from} to ${period.to}` : "",
    input.grain ? `per ${input.grain}` : "",
    input.top ? `top ${input.top}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function quoted(words: readonly string[]): string {
  return listWords(
    [...new Set(words)].map((w) => `“${w}”`),
    4,
  );
}
