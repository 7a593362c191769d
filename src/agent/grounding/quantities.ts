import { type Measure, moneyBefore, readTrailing, type Unit } from "./units.ts";

/** A figure as it stands in a text. */
export interface Quantity {
  /** In the base of its unit; without sign. */
  value: number;
  /** What its last digit is worth, in the same base: it may be half of that away from the truth. */
  step: number;
  unit: Unit;
  /** What one of the unit as written is in its base: 3,600,000 for hours. */
  scale: number;
  /** 1,000 for "k", a million for "M"; already in the value. */
  factor: number;
  /** 1 or -1 where a sign is written, else 0. */
  sign: number;
  /** What the words around allow: "about", "over" (more than, from), "under" (nearly, up to). */
  hedge: Hedge;
  /** Place in the text. */
  start: number;
  end: number;
  /** The figure as written. */
  text: string;
  /** Its noun in the text, lower case, where it counts something: "12 services" → "services". */
  noun: string;
  /** Written in digits; a word such as "three" or "half" is not. */
  digits: boolean;
}

export type Hedge = "" | "about" | "over" | "under";

const NUMBER = /(?<![\p{L}\d_])\d(?:[\d.,'’\u00a0\u202f]*\d)?|(?<![\p{L}\d_])\.\d+/gu;
const ABOUT =
  /(?:\b(?:about|around|roughly|approximately|approx\.?|circa|ca\.|some|close to|near|or so|etwa|rund|environ|unos|unas)|[~≈∼])\s*(?:the\s|a\s)?$/i;
const OVER =
  /(?:\b(?:over|more than|above|at least|upwards of|north of|exceed(?:s|ed|ing)?|beyond|just over|min(?:imum)?|mehr als|über)|[>≥])\s*(?:a\s)?$/i;
const UNDER =
  /(?:\b(?:under|nearly|almost|just under|just short of|less than|below|at most|up to|fewer than|short of|max(?:imum)?|fast|knapp)|[<≤])\s*(?:a\s)?$/i;

/** The figures of a text in their order. `foreign`: "1.234" may be a thousand. Places in `text` that hold no figure are blanked by the caller. */
export function readQuantities(text: string, foreign = false): Quantity[] {
  const found = [...readDigits(text, foreign), ...readWords(text)].sort((a, b) => a.start - b.start);
  shareUnits(text, found);
  return found;
}

function readDigits(text: string, foreign: boolean): Quantity[] {
  const found: Quantity[] = [];
  for (const match of text.matchAll(NUMBER)) {
    const at = match.index;
    const number = parseNumber(match[0], foreign);
    const before = text.slice(Math.max(0, at - 32), at);
    if (!number || isOrdinal(text, at + match[0].length) || isListMark(text, at, at + match[0].length)) continue;
    const money = moneyBefore(before);
    const lead = money ? before.replace(/(?:US\$|CA\$|A\$|[$€£¥₹]|[A-Z]{3})\s?$/, "") : before;
    const sign = /(?:^|[\s(|*_,:;])([+\-−])$/.exec(lead)?.[1];
    const trailing = readTrailing(text.slice(at + match[0].length, at + match[0].length + 40), money !== undefined);
    const measure: Measure = money ? { unit: money, scale: 1 } : (trailing.measure ?? { unit: "", scale: 1 });
    const factor = trailing.factor * measure.scale;
    const start = at - (before.length - lead.length) - (sign ? 1 : 0);
    const end = at + match[0].length + trailing.length;
    found.push({
      value: number.value * factor,
      step: number.step * factor,
      unit: measure.unit,
      scale: measure.scale,
      factor: trailing.factor,
      sign: sign === undefined ? 0 : sign === "+" ? 1 : -1,
      hedge: hedgeOf(sign ? lead.slice(0, -1) : lead),
      start,
      end,
      text: text.slice(start, end).trim(),
      noun: nounAfter(text, end),
      digits: true,
    });
  }
  return found;
}

/** Value and worth of the last digit; undefined when the digits are no number ("1.2.3"). */
function parseNumber(raw: string, foreign: boolean): { value: number; step: number } | undefined {
  const plain = raw.replace(/['’\u00a0\u202f]/g, "");
  const comma = plain.lastIndexOf(",");
  const dot = plain.lastIndexOf(".");
  const groups = (mark: string) => new RegExp(`^\\d{1,3}(?:\\${mark}\\d{3})+$`);
  let text = plain;
  if (comma >= 0 && dot >= 0) text = comma > dot ? plain.replaceAll(".", "").replace(",", ".") : plain.replaceAll(",", "");
  else if (comma >= 0) text = groups(",").test(plain) && !foreign ? plain.replaceAll(",", "") : plain.replace(",", ".");
  else if (dot >= 0 && groups(".").test(plain) && (foreign || plain.indexOf(".") !== dot)) text = plain.replaceAll(".", "");
  if (!/^\d*(?:\.\d+)?$/.test(text)) return undefined;
  const decimals = text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
  return { value: Number(text), step: 10 ** -decimals };
}

function isOrdinal(text: string, end: number): boolean {
  return /^(?:st|nd|rd|th)\b/.test(text.slice(end, end + 3));
}

/** "1." and "1)" at the head of a line, "#1", "No. 1". */
function isListMark(text: string, start: number, end: number): boolean {
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  if (/^[\s>*_#-]*$/.test(line) && /^[.)][\s*_]/.test(text.slice(end, end + 2))) return true;
  return /(?:#|\bNo\.\s?)$/.test(line) && !/^[\s]*#{2,}\s/.test(line);
}

function hedgeOf(before: string): Hedge {
  const lead = before.replace(/[*_`(]+$/, "");
  if (ABOUT.test(lead)) return "about";
  if (OVER.test(lead)) return "over";
  return UNDER.test(lead) ? "under" : "";
}

/** Words that stand between a count and what it counts. */
const BETWEEN =
  /^(?:[*_`]*\s+(?:of|the|these|those|other|more|further|different|largest|biggest|top|our|your|all|new|open|failed)(?=\s))*[*_`]*[\s-]+([\p{L}][\p{L}-]{2,})/u;

function nounAfter(text: string, end: number): string {
  return BETWEEN.exec(text.slice(end, end + 60))?.[1]?.toLowerCase() ?? "";
}

const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
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

/** "about a third", "more than half", "doubled", "three services". */
function readWords(text: string): Quantity[] {
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

const JOINT = /^\s*(?:to|and|or|–|—|-|until|vs\.?|versus|,|bis|von)\s*$/i;
const TIGHT = /^\s*[–—-]\s*$/;
const DASH = /^\s*(?:[–—-]|to|and)\s*$/;

/** "from 5.8 to 6.5 %", "$2–3k", "10 or 12 ms": the unit and the thousands of the one are those of the other. */
function shareUnits(text: string, found: Quantity[]): void {
  for (let i = found.length - 2; i >= 0; i--) {
    const [left, right] = [found[i], found[i + 1]];
    if (!left?.digits || !right?.digits) continue;
    const between = text.slice(left.end, right.start);
    if (!JOINT.test(between)) continue;
    if (left.unit === "" && right.unit !== "" && !left.noun) become(left, right);
    else if (right.unit === "" && left.unit.startsWith("money") && (!right.noun || TIGHT.test(between)) && DASH.test(between))
      become(right, left);
    if (left.unit !== right.unit) continue;
    if (left.factor === 1 && right.factor > 1 && left.value <= (1.2 * right.value) / right.factor && /[–—-]|to/.test(between))
      grow(left, right.factor);
    if (left.hedge === "about" && right.hedge === "") right.hedge = "about";
  }
}

/** The plain number is measured as the other is. */
function become(plain: Quantity, like: Quantity): void {
  grow(plain, like.scale);
  plain.factor = plain.factor / like.scale;
  plain.unit = like.unit;
  plain.scale = like.scale;
}

function grow(quantity: Quantity, factor: number): void {
  quantity.value *= factor;
  quantity.step *= factor;
  quantity.factor *= factor;
}
