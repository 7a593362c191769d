/** Figures as people read them. Written anew on purpose: the agent's own reader must not judge the agent. */

export interface Figure {
  value: number;
  /** What the last digit is worth. */
  step: number;
  percent: boolean;
  /** As written. */
  text: string;
}

const FIGURE = /(?<![\w.,#/-])([−+-]?)[$€£]?(\d[\d,]*(?:\.\d+)?)\s?(%|percent\b|(?:k|m|bn|million|thousand)\b)?/gi;
const FACTORS: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, bn: 1e9 };
/** Days, hours and names that hold digits are no figures. */
const ASIDE =
  /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?|\b\d{1,2}(?: [A-Z][a-z]+)?(?: \d{4})? ?[–-] ?\d{1,2} [A-Z][a-z]+(?: \d{4})?|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}|\b(?:19|20)\d{2}\b|\bQ[1-4]\b|`[^`]*`|https?:\S+|\[\d+\]|\(\/[^)]*\)/g;

export function figuresIn(text: string): Figure[] {
  const plain = text.replace(ASIDE, (found) => "·".repeat(found.length));
  return [...plain.matchAll(FIGURE)].map(([whole, sign, digits = "", suffix = ""]) => {
    const factor = FACTORS[suffix.toLowerCase()] ?? 1;
    const decimals = digits.split(".")[1]?.length ?? 0;
    return {
      value: Number(digits.replaceAll(",", "")) * factor * (sign === "−" || sign === "-" ? -1 : 1),
      step: 10 ** -decimals * factor,
      percent: /%|percent/i.test(suffix),
      text: whole.trim(),
    };
  });
}

/** Whether the figure shows the truth, rounded as it is written. A ratio is shown as a percentage; falls may be written without their sign. */
export function shows({ value, step, percent }: Figure, truth: number): boolean {
  const meant = percent ? truth * 100 : truth;
  return Math.abs(Math.abs(value) - Math.abs(meant)) <= step * 0.51 + 1e-9;
}

/** Whether a table's number is the truth: tables hold more digits than sources agree on. */
export function holds(cell: number, truth: number): boolean {
  return Math.abs(cell - truth) <= Math.max(0.006, Math.abs(truth) * 1e-5);
}
