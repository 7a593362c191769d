import { sameTime } from "./calendar.ts";
import type { DateMention } from "./dates.ts";
import type { Evidence, SourceFigure } from "./evidence.ts";
import { sameKind } from "./match.ts";
import { squash } from "./names.ts";
import type { Quantity } from "./quantities.ts";
import { type SourceRow, shortNamesOf } from "./tables.ts";
import type { Scene } from "./trace.ts";

/** Rows of tables whose name or date a text says; rows of several names count when all are said, where there are such. */
export function sayings(text: string, dates: readonly DateMention[], { tables }: Evidence): SourceRow[] {
  const squashed = squash(text);
  const words = new Set(text.split(/[^\p{L}\d-]+/u).map(squash));
  const has = (name: string) => (name.length < 5 ? words.has(name) : squashed.includes(name));
  const isSaid = (name: string) => has(name) || has(name.replace(/^(?:amazon|aws|google|azure)/, ""));
  return tables.flatMap(({ rows }) => {
    const said = rows.filter((row) =>
      row.date
        ? dates.some((date) => row.date && !date.time && sameTime(date, row.date))
        : row.names.some(isSaid) || row.shortNames.some((short) => words.has(short)),
    );
    const wholly = said.filter((row) => row.parts.length > 1 && row.parts.every(isSaid));
    return wholly.length > 0 ? wholly : said;
  });
}

/** The rows whose name or date stands right before a figure, or whose date right behind it: "EC2: $300", "$300 in October". */
export interface Owner {
  rows: readonly SourceRow[];
  has(figure: SourceFigure): boolean;
}

export function ownerOf(claim: Quantity, { text, names, dates, said }: Scene): Owner | undefined {
  const isMeasured = (row: SourceRow) => row.cells.some((cell) => cell && sameKind(cell, claim));
  // "A is $5 above B": the figure is of both.
  if (
    /^[*_`]*\s*(?:above|below|more|less|higher|lower|ahead|behind|apart|over|under|than|over|each|together)\b/.test(
      text.slice(claim.end, claim.end + 16),
    )
  )
    return undefined;
  const name = names.findLast(({ end }) => end <= claim.start && ADJACENT.test(text.slice(end, claim.start)));
  if (name && BESIDE.test(text.slice(0, name.start))) return undefined;
  if (name) {
    const rows = said.filter((row) => isCalled(row, name.text));
    const squashed = squash(name.text);
    const has = (figure: SourceFigure) =>
      rows.some((row) => row.figures.includes(figure) || row.label === figure.owner) ||
      (figure.owner !== undefined && isCalled({ names: [squash(figure.owner)], label: figure.owner }, name.text)) ||
      (!figure.inTable && figure.owner === undefined && (figure.context?.includes(squashed) ?? false));
    return rows.some(isMeasured) ? { rows, has } : undefined;
  }
  const date = dates.find(({ start, end, time }) => !time && isBeside(text, start, end, claim));
  if (!date) return undefined;
  const rows = said.filter((row) => row.date && sameTime(date, row.date));
  const has = (figure: SourceFigure) =>
    rows.some((row) => row.figures.includes(figure)) ||
    (figure.period !== undefined && sameTime(date, figure.period)) ||
    (figure.period === undefined && (figure.dates?.some((own) => own.text === date.text || sameTime(date, own)) ?? false));
  return rows.some(isMeasured) ? { rows, has } : undefined;
}

export function isBeside(text: string, start: number, end: number, claim: Quantity): boolean {
  if (end <= claim.start) return /^\s*(?:[:(|]|was|is|at|cost|had|with|we saw|came to)?\s*\**$/.test(text.slice(end, claim.start));
  return claim.end <= start && /^\**\s*(?:in|for|on|during)\s*$/.test(text.slice(claim.end, start));
}

/** "Grew fastest after EC2: 6.6 %" is not EC2's. */
const BESIDE = /\b(?:after|behind|than|besides?|next to|unlike|without)\s+[*_`]*$/i;

/** Nothing but a verb between a name and its figure. */
const ADJACENT =
  /^[`*_]*(?:['’]s)?\s*(?:(?:[:(|–—,-]|\b(?:cost|costs|at|with|was|is|had|has|came|comes|come|to|makes|made|leads|led|alone|about|roughly|around|nearly|almost|just|over|it|up|for|spent|accounts|accounted)\b|~)[\s*_]*){0,5}$/;

function isCalled({ names, label }: Pick<SourceRow, "names" | "label">, name: string): boolean {
  const squashed = squash(name);
  return names.some((own) => own.includes(squashed) || squashed.includes(own)) || shortNamesOf(label).includes(squashed);
}
