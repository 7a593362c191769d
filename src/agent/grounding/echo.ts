import { readDates } from "./dates.ts";
import { blank } from "./sentences.ts";

/**
 * A tool may repeat what it was asked: the words it searched for, the text it would post. What a model wrote itself proves nothing, so the
 * figures of a call's arguments are taken out of its result before the result counts as a source. What the question or an earlier result
 * has stays known from there. Dates stay: a period that was asked for comes back as the window of what was found. So do the small whole
 * numbers people pass, "top 5".
 */
export function withoutEchoes(result: string, input: unknown): string {
  const given = new Set(textsIn(input).flatMap(figuresOf));
  if (given.size === 0) return result;
  return result.replace(FIGURE, (figure) => (given.has(plain(figure)) ? "¤".repeat(figure.length) : figure));
}

const FIGURE = /(?<![\p{L}\d_])\d(?:[\d.,'’\u00a0\u202f]*\d)?/gu;
const MOST_DEPTH = 6;
const SMALL = 100;

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "object" || value === null || depth > MOST_DEPTH) return [];
  return Object.values(value).flatMap((one) => textsIn(one, depth + 1));
}

function figuresOf(text: string): string[] {
  const clear = blank(text, readDates(text));
  return [...clear.matchAll(FIGURE)].flatMap(({ 0: figure, index }) => {
    const isBare = !/[$€£¥₹]\s?$/u.test(clear.slice(0, index)) && !/^\s?(?:%|percent)/i.test(clear.slice(index + figure.length));
    return isBare && /^\d+$/.test(figure) && Number(figure) < SMALL ? [] : [plain(figure)];
  });
}

/** Without the marks between thousands. */
function plain(figure: string): string {
  return figure.replace(/[,'’\u00a0\u202f]/g, "");
}
