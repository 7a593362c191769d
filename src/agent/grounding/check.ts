import { isEnglish } from "./common-words.ts";
import { SOFT } from "./counts.ts";
import { readDates } from "./dates.ts";
import { type Evidence, stem } from "./evidence.ts";
import { type NameMention, readNames } from "./names.ts";
import { PART_OF } from "./number-words.ts";
import type { Operand } from "./operands.ts";
import { sayings } from "./owners.ts";
import { type Quantity, readQuantities } from "./quantities.ts";
import { blank, withoutLinks } from "./sentences.ts";
import { type Stray, stray } from "./stray.ts";
import { type Trace, traceAll } from "./trace.ts";

export interface Verdict {
  strays: readonly Stray[];
  traces: readonly Trace[];
  /** Traced figures, for what later sentences work out from them. */
  figures: readonly Operand[];
}

/** What stands around a sentence. */
export interface Surroundings {
  /** Traced figures of the sentences before. */
  earlier: readonly Operand[];
  /** Figures the person named. */
  asked: readonly Operand[];
  /** The sentence before. */
  before: string;
  /** Items of the lists of the text, as far as it is known. */
  listed: number;
  /** The heading cells of the table the line is in. */
  heading?: string;
}

export const ALONE: Surroundings = { earlier: [], asked: [], before: "", listed: 0 };

/** Traces each number, date and name of a sentence to the evidence. Pure. */
export function checkSentence(sentence: string, evidence: Evidence, around: Surroundings = ALONE): Verdict {
  const text = withoutLinks(sentence);
  const dates = readDates(text);
  const names = readNames(blank(text, dates), isEnglish(`${around.before} ${sentence}`));
  const coded = names.filter((name) => /\d/.test(name.text));
  const read = readQuantities(blank(text, [...dates, ...coded, ...versions(text, evidence)]), !isEnglish(`${around.before} ${sentence}`));
  const claims = read.filter((claim) => isClaim(claim, text, evidence));
  const quiet = read.filter((claim) => !claims.includes(claim));
  const said = sayings(text, dates, evidence);
  const rows = said.length > 0 ? said : sayings(around.before, readDates(around.before), evidence);
  const traced = traceAll(claims, quiet, { text, dates, names, rows, said, evidence, around });

  const strayDates = [
    ...dates.filter((date) => !evidence.calendar.has(date)).map((date) => stray("date", date, DATE_REASON)),
    ...traced.wrongDates,
  ];
  const strayNames = names.filter((name) => !knowsName(name, evidence)).map((name) => stray("name", name, NAME_REASON));
  return {
    strays: [...traced.strays, ...strayDates, ...strayNames].sort((a, b) => a.start - b.start),
    traces: traced.traces,
    figures: traced.figures,
  };
}

const DATE_REASON = "no result speaks of this date or period";
const NAME_REASON = "no result names it";

function knowsName({ text }: NameMention, { vocabulary }: Evidence): boolean {
  return vocabulary.knows(text);
}

const VERSION = /\b\p{Lu}\p{L}{2,}[ -]\d+(?:\.\d+)+\b/gu;

/** "Opus 5.5" of a source's "claude-opus-5-5". */
function versions(text: string, { vocabulary }: Evidence): { start: number; end: number }[] {
  return [...text.matchAll(VERSION)]
    .filter(([name]) => vocabulary.knows(name))
    .map(({ 0: name, index }) => ({ start: index, end: index + name.length }));
}

/** "80/20", "24/7", a rank, and words such as "two reasons" whose noun no source has are no claims. */
function isClaim(claim: Quantity, text: string, { vocabulary, counted }: Evidence): boolean {
  const around = text.slice(Math.max(0, claim.start - 3), claim.end + 3);
  if (/\b(?:80\/20|20\/80|24\/7|50\/50)\b/.test(around)) return false;
  if (!claim.digits && claim.unit === "" && !PART_OF.test(text.slice(claim.end)))
    return claim.noun !== "" && (counted.has(stem(claim.noun)) || vocabulary.knows(claim.noun)) && !SOFT.test(claim.noun);
  return true;
}
