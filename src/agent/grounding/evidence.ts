import { type Calendar, createCalendar, lastDay, spanOfDays } from "./calendar.ts";
import { type DateMention, readDates } from "./dates.ts";
import { createVocabulary, squash, type Vocabulary } from "./names.ts";
import { type Quantity, readQuantities } from "./quantities.ts";
import { blank, withoutLinks } from "./sentences.ts";
import { readTable, type SourceTable } from "./tables.ts";
import { measureOf } from "./units.ts";

/** A figure the conversation's sources hold. */
export interface SourceFigure extends Quantity {
  /** Index of the text it stands in. */
  source: number;
  /** Whose figure it is, where the text says so right before it or in its row. */
  owner?: string;
  /** Which time it is of, where the text says so right before it, in its row or its column. */
  period?: DateMention;
  /** It stands in a table. */
  inTable?: true;
  /** Its column counts things: "reviews". */
  isTally?: true;
  /** Its column says by how much something changed. */
  isChange?: true;
  /** The sentence it stands in, squashed. */
  context?: string;
  /** Dates of that sentence. */
  dates?: readonly DateMention[];
}

export interface Evidence {
  /** When the question came. */
  readonly now: Date;
  /** Takes in a text the model was shown; gives its index. */
  add(text: string): number;
  /** Takes in words that name things and hold no figures to rely on: descriptions of tools. */
  addWords(text: string): void;
  readonly figures: readonly SourceFigure[];
  /** Figures of one sentence of a source. */
  readonly sentences: readonly (readonly SourceFigure[])[];
  readonly tables: readonly SourceTable[];
  readonly calendar: Calendar;
  readonly vocabulary: Vocabulary;
  /** Lengths of the periods spoken of, in days. */
  readonly spans: ReadonlySet<number>;
  /** Nouns that a source counts: "12 services". */
  readonly counted: ReadonlySet<string>;
  /** Units that a source's words name, without a figure too. */
  speaksOf(source: number, measure: { unit: string; scale: number }): boolean;
}

/** What may be relied on, added to as the conversation goes. `now` is when the question came; `known` are names learnt before. */
export function createEvidence(now: Date, known?: Pick<Vocabulary, "knows">): Evidence {
  const figures: SourceFigure[] = [];
  const sentences: SourceFigure[][] = [];
  const tables: SourceTable[] = [];
  const spans = new Set<number>();
  const counted = new Set<string>();
  const units: Set<string>[] = [];
  const vocabulary = createVocabulary(known);
  const calendar = createCalendar(now.getUTCFullYear());
  addNow(calendar, now);

  function take(figure: SourceFigure): void {
    figures.push(figure);
    // Sources drop zeros at the end: 48% is 48.0%, and a count is what it is.
    if (figure.unit === "percent" && figure.digits) figure.step = Math.min(figure.step, 0.1);
    if (figure.unit === "" && figure.step === 1) figure.step = 0;
    if (figure.noun) counted.add(stem(figure.noun));
  }

  function takeTable(text: string, source: number): void {
    const table = readTable(text, source);
    tables.push(table);
    for (const heading of table.headings) readProse(heading, source).forEach(take);
    for (const cell of table.rows.flatMap(({ figures: own }) => own)) take(cell);
  }

  function takeProse(text: string, source: number): void {
    for (const sentence of text.split(/(?<=[.!?])\s+|\n+/)) {
      const own = readProse(sentence, source);
      if (own.length > 0) sentences.push(own);
      own.forEach(take);
    }
  }

  return {
    now,
    figures,
    sentences,
    tables,
    calendar,
    vocabulary,
    spans,
    counted,
    add(raw) {
      const source = units.length;
      const text = withoutLinks(raw);
      units.push(unitsNamed(text));
      vocabulary.add(raw);
      for (const block of blocksOf(text)) {
        const dates = readDates(block.text);
        for (const date of dates) calendar.add(date);
        for (const span of spansOf(block.text, dates)) spans.add(span);
        if (block.table) takeTable(block.text, source);
        else takeProse(block.text, source);
      }
      return source;
    },
    addWords: vocabulary.add,
    speaksOf: (source, measure) => units[source]?.has(unitKey(measure)) ?? false,
  };
}

export function stem(noun: string): string {
  return noun.replace(/ies$/, "y").replace(/(?<=[^s])s$/, "");
}

const DAY_MS = 86_400_000;

function addNow(calendar: Calendar, now: Date): void {
  for (const offset of [-1, 0, 1]) {
    const day = new Date(now.getTime() + offset * DAY_MS);
    calendar.add({ ...placeless, year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate() });
  }
  calendar.add({ ...placeless, year: now.getUTCFullYear(), month: now.getUTCMonth() + 1 });
}

const placeless = { text: "", start: 0, end: 0 };

function* blocksOf(text: string): Generator<{ text: string; table: boolean }> {
  let lines: string[] = [];
  let table = false;
  for (const line of text.split("\n")) {
    const isRow = /^\s*\|.*\|\s*$/.test(line);
    // "… and 7 more rows" is the foot of its table.
    const belongs = isRow === table || (table && /^…/.test(line));
    if (!belongs) {
      if (lines.length > 0) yield { text: lines.join("\n"), table };
      lines = [];
      table = isRow;
    }
    lines.push(line);
  }
  if (lines.length > 0) yield { text: lines.join("\n"), table };
}

/** "time:3600000" for hours, "money:USD:1" for a currency. */
export function unitKey({ unit, scale }: { unit: string; scale: number }): string {
  return `${unit}:${scale}`;
}

function unitsNamed(text: string): Set<string> {
  const keys = new Set<string>();
  for (const [word] of text.matchAll(/\p{L}+|%/gu)) {
    const measure = measureOf(word);
    if (measure) keys.add(unitKey(measure));
  }
  return keys;
}

function readProse(sentence: string, source: number): SourceFigure[] {
  const dates = readDates(sentence);
  const clear = blank(sentence, dates);
  const context = squash(sentence);
  return readQuantities(clear).map((quantity) => {
    const lead = sentence.slice(0, quantity.start);
    const date = dates.findLast(({ end }) => end <= quantity.start && CLOSE.test(sentence.slice(end, quantity.start)));
    const owner = OWNER.exec(lead)?.[1]?.trim();
    return { ...quantity, source, context, dates, ...(date ? { period: date } : {}), ...(owner && !date ? { owner } : {}) };
  });
}

/** A date and its figure: "September 2026 ($1", "for October 2026: **$1", "October 2026 was $1". */
const CLOSE = /^\s*(?:[:(]|was|is|had)?\s*\**\s*$/;
/** A name and its figure: "Amazon S3 ($1". */
const OWNER = /(?:^|[,:;]\s|\band\s|\()\s*([^,:;()]{2,60}?)\s\($/;

/** Lengths in days of the months, quarters and windows a text names. */
function spansOf(text: string, dates: readonly DateMention[]): number[] {
  const spans: number[] = [];
  for (const [i, date] of dates.entries()) {
    const next = dates[i + 1];
    if (next && /^\s*(?:[-–—|]|to|until|through)\s*$/.test(text.slice(date.end, next.start))) {
      const span = spanOfDays(date, next);
      if (span !== undefined && span > 0) spans.push(span);
    }
    if (!date.year) continue;
    if (date.month && !date.day) spans.push(lastDay(date.year, date.month));
    else if (date.quarter) spans.push(daysOfMonths(date.year, date.quarter * 3 - 2, 3));
    else if (date.half) spans.push(daysOfMonths(date.year, date.half * 6 - 5, 6));
    else if (!date.month) spans.push(daysOfMonths(date.year, 1, 12));
  }
  return spans;
}

function daysOfMonths(year: number, first: number, count: number): number {
  return Array.from({ length: count }, (_, i) => lastDay(year, first + i)).reduce((sum, days) => sum + days, 0);
}
