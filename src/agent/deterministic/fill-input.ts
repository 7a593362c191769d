import type { Period } from "../../core/fact.ts";
import type { FeedKind, Grain } from "../../core/feed.ts";
import { lengthOf } from "../../core/period.ts";
import { readsKind, type Tool } from "../../core/tool.ts";
import { wordsOf } from "../../core/value-names.ts";
import { fillOwnFields } from "./fill-own-fields.ts";
import { KNOWN_WORDS } from "./lexicon.ts";
import type { Slots } from "./read-question.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * Arguments for a tool from what a question named, by the names of its input fields (`core/parameters.ts`).
 * `earlier` is the input of the call a follow-up refers to; what is said now wins.
 */
export function fillInput(
  tool: Tool,
  slots: Slots,
  vocabulary: Vocabulary,
  earlier: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const has = (field: string) => field in tool.input.shape;
  const kept = Object.fromEntries(Object.entries(earlier).filter(([field, value]) => has(field) && fits(tool, field, value)));
  const split = slots.by.filter((name) => isKnownTo(tool, name, vocabulary));
  const by = split.length === 0 ? {} : byField(tool, split);
  const period = slots.period;
  const filter = unexplained(tool, knownTo(tool, slots.filter, vocabulary));
  const input: Record<string, unknown> = {
    ...kept,
    ...sourceFields(slots, vocabulary, has),
    ...(slots.measure && has("measure") ? { measure: slots.measure.name } : {}),
    ...by,
    ...(Object.keys(filter).length && has("filter") ? { filter: mergeFilter(earlier.filter, filter) } : {}),
    ...(period && has("period") ? { period } : {}),
    ...(slots.compare && has("compare") ? { compare: slots.compare } : {}),
    ...(slots.grain && has("grain")
      ? { grain: slots.grain === "auto" ? grainFor((period ?? kept.period) as Period | undefined) : slots.grain }
      : {}),
    ...(slots.top && has("top") ? { top: slots.top } : {}),
    ...order(slots, has),
    ...fillOwnFields(tool, slots.text, slots.filter),
  };
  if (has("feed") && !input.dataset && tool.reads === undefined && input.feed === undefined) input.feed = "costs";
  return input;
}

/** What a tool's own kinds of sources can be narrowed by: a word may be a value somewhere else by chance. */
function knownTo(tool: Tool, filter: Slots["filter"], { sources }: Vocabulary): Slots["filter"] {
  return Object.fromEntries(Object.entries(filter).filter(([dimension]) => isKnownTo(tool, dimension, { sources })));
}

/** "failure" of "change failure rate" is what the tool itself is about, not a state to narrow it to. */
function unexplained(tool: Tool, filter: Slots["filter"]): Slots["filter"] {
  if ("measure" in tool.input.shape) return filter;
  const said = new Set(tool.examples.flatMap(wordsOf));
  const kept = Object.entries(filter).map(
    ([name, values]) => [name, values.filter((value) => !wordsOf(value).every((word) => said.has(word) && KNOWN_WORDS.has(word)))] as const,
  );
  return Object.fromEntries(kept.filter(([, values]) => values.length > 0).map(([name, values]) => [name, [...values]]));
}

function isKnownTo(tool: Tool, dimension: string, { sources }: Pick<Vocabulary, "sources">): boolean {
  if (tool.reads === undefined) return true;
  return sources.some((s) => readsKind(tool, s.feed.kind) && s.about.dimensions.some((d) => d.name === dimension));
}

/** A change is asked of the whole or of parts: either way there must be something to compare with. */
function order(slots: Slots, has: (field: string) => boolean): Record<string, unknown> {
  if (!slots.order || !has("order")) return {};
  if (slots.order === "smallest") return slots.by.length ? { order: "smallest" } : {};
  const compare = slots.compare ?? (slots.grain ? undefined : "previous");
  return { ...(slots.by.length && !slots.grain ? { order: "change" } : {}), ...(compare && has("compare") ? { compare } : {}) };
}

function sourceFields(slots: Slots, vocabulary: Vocabulary, has: (field: string) => boolean): Record<string, unknown> {
  const feed = has("feed") && slots.dataset === undefined ? joinedKind(slots, vocabulary) : undefined;
  if (feed !== undefined) return { feed };
  const dataset = slots.dataset ?? datasetOf(slots, vocabulary, has);
  return dataset && has("dataset") ? { dataset } : {};
}

/** Kinds whose sources tell of the same world: a count of one of them alone would be a part told as the whole. */
const JOINED: ReadonlySet<FeedKind> = new Set(["incidents", "deploys"]);

function joinedKind({ measure }: Slots, { sources }: Vocabulary): FeedKind | undefined {
  const kind = sources.find(({ feed }) => feed.name === measure?.feed)?.feed.kind;
  if (measure === undefined || kind === undefined || !JOINED.has(kind)) return undefined;
  const owners = sources.filter(({ feed, about }) => feed.kind === kind && about.measures.some(({ name }) => name === measure.name));
  return owners.length > 1 ? kind : undefined;
}

function datasetOf(slots: Slots, vocabulary: Vocabulary, has: (field: string) => boolean): string | undefined {
  const owner = slots.measure && vocabulary.sources.find((s) => s.feed.name === slots.measure?.feed);
  return owner && (owner.feed.kind !== "costs" || !has("feed")) ? owner.feed.name : undefined;
}

function byField(tool: Tool, by: readonly string[]): Record<string, unknown> {
  if (!("by" in tool.input.shape)) return {};
  return { by: by.length > 1 && fits(tool, "by", by) ? by : by[0] };
}

function fits(tool: Tool, field: string, value: unknown): boolean {
  return tool.input.partial().safeParse({ [field]: value }).success;
}

/** What is said about a dimension replaces what was said before; other dimensions stay. */
function mergeFilter(earlier: unknown, now: Readonly<Record<string, string[]>>): Record<string, unknown> {
  const said = Object.fromEntries(Object.entries(now).map(([dimension, values]) => [dimension, values.length === 1 ? values[0] : values]));
  return { ...(typeof earlier === "object" && earlier !== null ? earlier : {}), ...said };
}

/** Steps that give a readable course: days up to a quarter, weeks up to a year, months beyond. */
export function grainFor(period: Period | undefined): Grain {
  if (!period) return "month";
  const days = lengthOf(period);
  return days <= 92 ? "day" : days <= 366 ? "week" : "month";
}
