import { type Hedge, hedgeOf, nounAfter } from "./around.ts";
import { readOdds, readWords } from "./number-words.ts";
import { blank } from "./sentences.ts";
import { shareUnits } from "./share-units.ts";
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

const NUMBER = /(?<![\p{L}\d]|[\p{L}\d]_)\d(?:[\d.,'’\u00a0\u202f]*\d)?|(?<![\p{L}\d]|[\p{L}\d]_)\.\d+/gu;

/** The figures of a text in their order. `foreign`: "1.234" may be a thousand. Places in `text` that hold no figure are blanked by the caller. */
export function readQuantities(text: string, foreign = false): Quantity[] {
  const odds = readOdds(text);
  const rest = blank(text, odds);
  const found = [...odds, ...readDigits(rest, foreign), ...readWords(rest)].sort((a, b) => a.start - b.start);
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
    const way = waySaid(lead);
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
      sign: sign === undefined ? way : sign === "+" ? 1 : -1,
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

const UP = /\b(?:up|rose|grew|increased|climbed)(?: (?:by|about|around|roughly|some|nearly|almost|over|just|only))*\s*[*_~]*$/i;
const DOWN =
  /\b(?:down|fell|dropped|declined|decreased|shrank)(?: (?:by|about|around|roughly|some|nearly|almost|over|just|only))*\s*[*_~]*$/i;

/** "up 5 %" is no fall of 5 %: 1 or -1 where the words right before say which way, else 0. */
function waySaid(lead: string): number {
  return UP.test(lead) ? 1 : DOWN.test(lead) ? -1 : 0;
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
