import type { Grain } from "../../core/feed.ts";
import { conceptAt, GRAIN_WORDS, NUMBER_WORDS } from "./lexicon.ts";
import { phraseIn, type State } from "./reading-state.ts";

export const UNITS: Readonly<Record<string, Grain>> = {
  day: "day",
  days: "day",
  week: "week",
  weeks: "week",
  month: "month",
  months: "month",
  quarter: "quarter",
  quarters: "quarter",
  year: "year",
  years: "year",
};

/** "top 5", "5 biggest", "the three most expensive", "first 10", "three accounts", "3 only" */
export function readTop(state: State, index: number): number {
  const { words, slots, vocabulary } = state;
  const number = numberAt(words, index);
  if (number === undefined) return 0;
  const before = words[index - 1] ?? "";
  const next = words[index + 1] ?? "";
  const ranked = ["large", "large+cost", "small", "small+cost"].includes(conceptAt(words, index + 1)?.concept ?? "");
  const counted = phraseIn(vocabulary.dimensions, words, index + 1, 4) !== undefined;
  const limited =
    ["top", "first", "bottom", "just", "only", "limit"].includes(before) ||
    ["only", "ones", "items", "rows", "results", "entries"].includes(next) ||
    (before === "to" && state.features.includes("only"));
  if (!ranked && !counted && !limited && !isLarge(words, index - 1)) return 0;
  slots.top = number;
  state.features.push("{top}");
  if (before === "bottom") slots.order = "smallest";
  return 1;
}

function isLarge(words: readonly string[], index: number): boolean {
  return index >= 0 && conceptAt(words, index)?.concept.startsWith("large") === true;
}

function numberAt(words: readonly string[], index: number): number | undefined {
  const word = words[index] ?? "";
  const number = NUMBER_WORDS[word] ?? (/^\d{1,3}$/.test(word) ? Number(word) : undefined);
  return number !== undefined && number > 0 ? number : undefined;
}

const EACH: ReadonlySet<string> = new Set(["per", "by", "each", "every", "a", "an", "what", "which"]);

/** "per day", "daily", "by month", "each week", "which day", "month by month", "the biggest week", "over time" */
export function readGrain(state: State, index: number): number {
  const { words, slots } = state;
  const word = words[index] ?? "";
  const adjective = GRAIN_WORDS[word];
  if (adjective) return setGrain(state, adjective, 1);
  const unitAt = (offset: number) => UNITS[words[index + offset] ?? ""];
  const next = unitAt(1);
  if (EACH.has(word) && next) return setGrain(state, next, 2);
  const calendar = ["calendar", "single"].includes(words[index + 1] ?? "") ? unitAt(2) : undefined;
  if (EACH.has(word) && calendar) return setGrain(state, calendar, 3);
  const own = unitAt(0);
  if (own && words[index + 1] === "by" && words[index + 2] === word) return setGrain(state, own, 3);
  const concept = conceptAt(words, index);
  if (concept?.concept === "trend" && slots.grain === undefined) slots.grain = "auto";
  const ranked = concept && /^(?:large|small)/.test(concept.concept) ? unitAt(concept.length) : undefined;
  if (!concept || !ranked) return 0;
  state.features.push(...concept.concept.split("+"));
  return setGrain(state, ranked, concept.length + 1);
}

function setGrain(state: State, grain: Grain, taken: number): number {
  state.slots.grain = grain;
  state.features.push("{grain}");
  return taken;
}
