import { hedgeOf, nounAfter } from "./around.ts";
import type { Quantity } from "./quantities.ts";
import { readTrailing } from "./units.ts";

const NUMBER_WORDS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(
    " ",
  );

const FACTORS: Readonly<Record<string, number>> = {
  doubled: 2,
  doubling: 2,
  doubles: 2,
  tripled: 3,
  trebled: 3,
  quadrupled: 4,
  halved: 0.5,
  twice: 2,
  double: 2,
  triple: 3,
  thrice: 3,
  twofold: 2,
  threefold: 3,
};

const FRACTIONS: Readonly<Record<string, number>> = {
  half: 1 / 2,
  third: 1 / 3,
  quarter: 1 / 4,
  fifth: 1 / 5,
  sixth: 1 / 6,
  eighth: 1 / 8,
  tenth: 1 / 10,
};

const WORDED = new RegExp(
  `\\b(?:(${Object.keys(FACTORS).join("|")})|(?:(?:(a|one|two|three|four|five|nine)[ -])?(half|third|quarter|fifth|sixth|eighth|tenth)s?)|(${NUMBER_WORDS.slice(2).join("|")}))\\b(?![-’'])`,
  "gi",
);

const SOME = `(${[...NUMBER_WORDS.slice(1), "\\d{1,3}"].join("|")})`;
const ODDS = new RegExp(
  `\\b${SOME}\\s+(?:in|out of)(?:\\s+every)?\\s+${SOME}\\b(?!\\s*(?:%|[.,]\\d|(?:ms|s|h|minutes?|min|hours?|days?|weeks?|months?|years?)\\b))`,
  "gi",
);

/** Shares said as so many out of so many: "one in twelve", "2 out of 5". */
export function readOdds(text: string): Quantity[] {
  return [...text.matchAll(ODDS)].flatMap((match) => {
    const [whole, part = "", all = ""] = match;
    const [some, of] = [numberOf(part), numberOf(all)];
    if (some < 1 || some >= of) return [];
    const value = (100 * some) / of;
    const step = (100 * some) / (of - 0.5) - (100 * some) / (of + 0.5);
    const [start, end] = [match.index, match.index + whole.length];
    const hedge = hedgeOf(text.slice(Math.max(0, start - 32), start));
    return [{ value, step, unit: "percent", scale: 1, factor: 1, sign: 0, hedge, start, end, text: whole, noun: "", digits: false }];
  });
}

function numberOf(word: string): number {
  return /^\d/.test(word) ? Number(word) : NUMBER_WORDS.indexOf(word.toLowerCase());
}

/** What follows a count that is a part of another: "five of 18", "nine of the twelve". */
export const PART_OF = new RegExp(`^\\s+of\\s+(?:(?:the|your|our|all|those|these)\\s+)*${SOME}\\b`, "i");

/** "about a third", "more than half", "doubled", "three services". */
export function readWords(text: string): Quantity[] {
  const found: Quantity[] = [];
  for (const match of text.matchAll(WORDED)) {
    const [whole, factor, count, fraction, word] = match;
    const start = match.index;
    const end = start + whole.length;
    const noun = nounAfter(text, end);
    const read = factor ? factorOf(factor) : fraction ? fractionOf(text, start, end, count, fraction) : countOf(text, end, word ?? "");
    if (!read) continue;
    const lead = text.slice(Math.max(0, start - 32), start);
    found.push({
      ...read,
      sign: 0,
      hedge: hedgeOf(lead),
      start,
      end: end + read.length,
      text: text.slice(start, end + read.length),
      noun,
      digits: false,
    });
  }
  return found;
}

type Worded = Pick<Quantity, "value" | "step" | "unit" | "scale" | "factor"> & { length: number };

function factorOf(word: string): Worded | undefined {
  const value = FACTORS[word.toLowerCase()];
  return value === undefined ? undefined : { value, step: value * 0.12, unit: "times", scale: 1, factor: 1, length: 0 };
}

/** A share, unless the word is a quarter of the year, a rank ("the third largest"), or half of a thing that is no amount. */
function fractionOf(text: string, start: number, end: number, count: string | undefined, word: string): Worded | undefined {
  const name = word.toLowerCase();
  const before = text.slice(Math.max(0, start - 16), start);
  const plural = text[end - 1] === "s" && name !== "s";
  if (name !== "half" && !count && !/\b(?:by|a)\s*$/i.test(before)) return undefined;
  if (name === "quarter" && /\b(?:the|this|last|next|each|per|every|first|second|third|fourth)\s*$/i.test(before)) return undefined;
  if (name === "half" && /\b(?:first|second|the other|last|each)\s*$/i.test(before)) return undefined;
  if (
    /^\s+(?:largest|biggest|smallest|highest|lowest|place|party|quarter|year|day|week|month|hour|ago|of the (?:year|month))\b/i.test(
      text.slice(end, end + 20),
    )
  )
    return undefined;
  const times = count && plural ? Math.max(1, NUMBER_WORDS.indexOf(count.toLowerCase())) : 1;
  const value = 100 * times * (FRACTIONS[name] ?? 1);
  return { value, step: name === "half" ? 6 : Math.min(6, value * 0.2), unit: "percent", scale: 1, factor: 1, length: 0 };
}

function countOf(text: string, end: number, word: string): Worded | undefined {
  const value = NUMBER_WORDS.indexOf(word.toLowerCase());
  const trailing = readTrailing(text.slice(end, end + 30), false);
  const measure = trailing.measure ?? { unit: "" as const, scale: 1 };
  const factor = trailing.factor * measure.scale;
  return value < 0
    ? undefined
    : { value: value * factor, step: factor, unit: measure.unit, scale: measure.scale, factor: trailing.factor, length: trailing.length };
}
