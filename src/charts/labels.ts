/**
 * Names from outside made fit for a picture. A label is data: here it loses what could break a drawing
 * (control characters, half characters, marks that turn the reading direction) and is cut to a width.
 */

/** Advance widths of Inter Regular for U+0020 to U+007E, in hundredths of an em. */
const ADVANCES = (
  "29 29 47 64 65 99 65 30 37 37 51 67 29 46 29 37 64 41 61 62 65 60 63 57 62 63 29 31 67 67 67 52 " +
  "97 69 66 74 73 61 60 75 75 27 58 68 57 91 76 77 64 77 65 65 65 75 69 99 69 68 63 37 37 37 48 46 " +
  "33 57 62 58 62 59 38 62 60 25 25 55 25 88 60 60 62 62 38 53 33 60 57 82 55 57 56 43 34 43 67"
)
  .split(" ")
  .map(Number);

/** Accented Latin, Greek, Cyrillic, Hebrew, Arabic; most are narrower. Anything else counts as a wide character. */
const ALPHABETIC = /[\u00a0-\u058f\u0590-\u06ff\u2010-\u201f\u20ac]/u;
const ALPHABETIC_EMS = 0.75;
const WIDE_EMS = 1.4;
const ELLIPSIS_EMS = 0.87;
const JOINING = /[\p{Mn}\p{Me}\p{Cf}]/u;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Looks lost before an ellipsis. */
const TRAILING = /[\s,.:;(/–—-]+$/u;
const BREAKING = /[\p{Cc}\u2028\u2029\ufffe\uffff\s]+/gu;

/** A line never begins with the sign of its number. */
const UNIT_FREE_SPACE = / (?!%)/u;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** One line of well-formed text. Empty becomes "(no name)". */
export function cleanLabel(label: string): string {
  return cleanText(label) || "(no name)";
}

/** One line of well-formed text, which may be empty. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(DIRECTION_MARKS, "").replace(BREAKING, " ").trim();
}

/** Pixels in Inter Regular at `fontSize`, without kerning; characters Inter lacks are guessed, rather too wide. */
export function estimateWidth(text: string, fontSize: number): number {
  let ems = 0;
  for (const { segment } of segmenter.segment(text)) ems += segmentWidth(segment);
  return ems * fontSize;
}

/** The text, or its beginning and an ellipsis, within `pixels`. Never cuts inside a character. */
export function cutToWidth(text: string, pixels: number, fontSize: number): string {
  const room = pixels / fontSize;
  let ems = 0;
  let kept = "";
  for (const { segment } of segmenter.segment(text)) {
    ems += segmentWidth(segment);
    if (ems > room) return ellipsis(kept, room, fontSize);
    kept += segment;
  }
  return kept;
}

/** Each text cut to `pixels`; those that would come out alike keep their ends instead of their middles. */
export function cutDistinct(texts: readonly string[], pixels: number, fontSize: number): string[] {
  const cut = texts.map((text) => cutToWidth(text, pixels, fontSize));
  return cut.map((short, i) => {
    const text = texts[i] ?? "";
    const alike = short !== text && cut.some((other, j) => j !== i && other === short && texts[j] !== text);
    return isolate(alike ? cutMiddle(text, pixels, fontSize) : short);
  });
}

/** Words in at most `maxLines` lines of `pixels`; the last line is cut where they do not fit. */
export function wrapToWidth(text: string, pixels: number, fontSize: number, maxLines: number): string[] {
  const lines: string[] = [];
  const words = text.split(UNIT_FREE_SPACE);
  let line = words.shift() ?? "";
  for (const [index, word] of words.entries()) {
    const longer = `${line} ${word}`;
    if (estimateWidth(longer, fontSize) <= pixels) line = longer;
    else if (lines.length === maxLines - 1)
      return [...lines, isolate(cutToWidth([line, ...words.slice(index)].join(" "), pixels, fontSize))];
    else {
      lines.push(isolate(cutToWidth(line, pixels, fontSize)));
      line = word;
    }
  }
  return [...lines, isolate(cutToWidth(line, pixels, fontSize))];
}

/** Keeps right-to-left text from turning the words around it. */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** A label inside a sentence: clean, cut to `characters`, isolated. */
export function inSentence(label: string, characters = 60): string {
  const segments = [...segmenter.segment(cleanLabel(label))].map(({ segment }) => segment);
  return isolate(segments.length > characters ? `${segments.slice(0, characters - 1).join("")}…` : segments.join(""));
}

function ellipsis(kept: string, room: number, fontSize: number): string {
  const segments = [...segmenter.segment(kept)].map(({ segment }) => segment);
  while (segments.length > 0 && estimateWidth(segments.join(""), fontSize) / fontSize + ELLIPSIS_EMS > room) segments.pop();
  return `${segments.join("").replace(TRAILING, "")}…`;
}

/** Its beginning, an ellipsis and its end, of about equal widths. */
function cutMiddle(text: string, pixels: number, fontSize: number): string {
  const segments = [...segmenter.segment(text)].map(({ segment }) => segment);
  const room = (pixels / fontSize - ELLIPSIS_EMS) / 2;
  const within = (list: readonly string[]) => {
    const kept: string[] = [];
    let ems = 0;
    for (const segment of list) {
      ems += segmentWidth(segment);
      if (ems > room) break;
      kept.push(segment);
    }
    return kept;
  };
  return `${within(segments).join("").trimEnd()}…${within(segments.toReversed()).reverse().join("").trimStart()}`;
}

function segmentWidth(segment: string): number {
  const character = segment.slice(0, 1);
  const advance = ADVANCES[character.charCodeAt(0) - 0x20];
  if (advance !== undefined) return advance / 100;
  if (character === "…") return ELLIPSIS_EMS;
  if (JOINING.test(character)) return 0;
  return ALPHABETIC.test(character) ? ALPHABETIC_EMS : WIDE_EMS;
}
