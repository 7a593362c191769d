import { type DateMention, readDates } from "./dates.ts";
import type { SourceFigure } from "./evidence.ts";
import { squash } from "./names.ts";
import { readQuantities } from "./quantities.ts";
import { blank } from "./sentences.ts";
import { measureOf } from "./units.ts";

/** A markdown table of a source. */
export interface SourceTable {
  source: number;
  headings: readonly string[];
  rows: readonly SourceRow[];
  /** Rows that are not shown, as far as the table says so: "5 others", "… and 12 more rows". */
  more: number;
}

export interface SourceRow {
  /** The words that name the row, joined. */
  label: string;
  /** Squashed names by which it is called: the whole label and each of its cells of text. */
  names: readonly string[];
  /** Its cells of text, squashed. */
  parts: readonly string[];
  /** Initials of its name. */
  shortNames: readonly string[];
  date: DateMention | undefined;
  /** One per column; undefined where the cell is no figure. */
  cells: readonly (SourceFigure | undefined)[];
  /** The cells, and figures inside words. */
  figures: readonly SourceFigure[];
  /** One per column, as written. */
  texts: readonly string[];
}

/** Reads the lines of a table; figures without a unit take that of their heading. */
export function readTable(text: string, source: number): SourceTable {
  const lines = text.split("\n");
  const cellsOf = (line: string) =>
    line
      .replace(/^\s*\||\|\s*$/g, "")
      .split("|")
      .map((cell) => cell.trim());
  const headings = cellsOf(lines[0] ?? "");
  const body = lines.slice(1).filter((line) => line.trim().startsWith("|") && !/^[\s|:-]+$/.test(line));
  const rows = body.map((line) => readRow(cellsOf(line), headings, source));
  const foot = /(\d+) more rows/.exec(lines.at(-1) ?? "")?.[1];
  const others = rows.flatMap(({ label }) => /^(\d+) others?\b/.exec(label)?.[1] ?? []);
  return { source, headings, rows, more: Number(foot ?? 0) + (others.length > 0 ? Number(others[0]) - 1 : 0) };
}

function readRow(texts: readonly string[], headings: readonly string[], source: number): SourceRow {
  const dates = texts.map((text) => readDates(text));
  const cells = texts.map((text, column) => readCell(text, dates[column] ?? [], headings[column] ?? ""));
  const named = texts.filter((text, column) => !cells[column] && text !== "" && text !== "missing" && (dates[column]?.length ?? 0) === 0);
  const date = dates.find((found, column) => found.length === 1 && !cells[column])?.[0];
  const label = named.join(" · ");
  const attach = (figure: Omit<SourceFigure, "source">, column: number): SourceFigure => {
    const period = date ?? readDates(headings[column] ?? "")[0];
    const isChange = /\b(?:diff|change|excess)/i.test(headings[column] ?? "");
    return {
      ...figure,
      source,
      inTable: true,
      ...(figure.unit === "" && TALLY.test(headings[column] ?? "") ? { isTally: true as const } : {}),
      ...(isChange ? { isChange, sign: figure.sign === 0 && figure.value > 0 ? 1 : figure.sign } : {}),
      ...(label ? { owner: label } : {}),
      ...(period ? { period } : {}),
    };
  };
  const own = cells.map((cell, column) => (cell ? attach(cell, column) : undefined));
  const inside = texts.flatMap((text, column) =>
    cells[column] ? [] : readQuantities(blank(text, dates[column] ?? [])).map((quantity) => attach(quantity, column)),
  );
  const words = named.flatMap((text) => text.split(/\s·\s|,\s/)).map(squash);
  return {
    label,
    names: [...new Set([squash(label), ...words])].filter((name) => name.length > 1),
    parts: named.map(squash).filter(Boolean),
    shortNames: shortNamesOf(label),
    date,
    cells: own,
    figures: [...own.filter((cell) => cell !== undefined), ...inside],
    texts,
  };
}

const TALLY = /^\p{L}[\p{L} ]+s$/u;

/** "Amazon Elastic Compute Cloud - Compute" → ec2, ecc: as people call it. */
export function shortNamesOf(label: string): string[] {
  const [name = ""] = label.split(/\s[-–—(·]\s?/);
  const letters = name.split(/\s+/).flatMap((word) => (/^\p{Lu}/u.test(word) ? [word[0]?.toLowerCase() ?? ""] : []));
  const initials = letters.slice(1).join("");
  return letters.length < 3 ? [] : [initials, initials.replace(/(.)\1+/g, (same, letter) => `${letter}${same.length}`)];
}

function readCell(text: string, dates: readonly DateMention[], heading: string): ReturnType<typeof readQuantities>[number] | undefined {
  if (dates.length > 0) return undefined;
  const [figure, second] = readQuantities(text);
  if (!figure || second || text.replace(figure.text, "").replace(/[*<>~\s+-]/g, "") !== "") return undefined;
  if (figure.unit !== "") return figure;
  const measure = heading
    .split(/[^\p{L}]+/u)
    .filter((word) => /^(?:ms|[A-Z]{3}|\p{L}+s)$/u.test(word) && word !== "times")
    .map(measureOf)
    .find(Boolean);
  return measure && measure.unit !== "calendar"
    ? { ...figure, unit: measure.unit, scale: measure.scale, value: figure.value * measure.scale, step: figure.step * measure.scale }
    : figure;
}
