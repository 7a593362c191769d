import type { Evidence, SourceFigure } from "./evidence.ts";
import { fits, precision, sameKind } from "./match.ts";
import type { Quantity } from "./quantities.ts";
import type { SourceRow } from "./tables.ts";
import type { Unit } from "./units.ts";

/** What a claim may be worked out from. */
export interface Operands {
  evidence: Evidence;
  /** The words of the sentence, lower case. */
  words: string;
  /** Figures of the same sentence that are traced, and those of the question. */
  near: readonly Operand[];
  /** Figures of the sentences before. */
  earlier: readonly Operand[];
  /** Rows whose names or dates the sentence says. */
  rows: readonly SourceRow[];
  /** The rows are plainly whose figure it is: nothing of others gives it. */
  isOwned: boolean;
  /** Small whole numbers in the sentence, "both" is 2. */
  counts: readonly number[];
}

export type Operand = Pick<Quantity, "value" | "step" | "unit" | "text" | "noun"> & { source?: number };

/** How a claim comes about. */
export interface Derivation {
  how: string;
  /** Indices of the texts that hold the operands. */
  sources: readonly number[];
}

/**
 * The smaller its claim to precision, the closer a claim's operands must stand: "about 12 %" comes out of some two figures of any
 * table, $3,415.97 does not.
 */
const CLOSE_BY = 150;
const ANYWHERE = 2_000;

/** Finds sums, differences, shares, growth, averages and remainders that give the claim; undefined when there is none. */
export function derive(claim: Quantity, operands: Operands): Derivation | undefined {
  const { near, rows, earlier, evidence, isOwned } = operands;
  const own = rows.map(cellsOf);
  for (const group of [near, ...own, ...(near.length < 6 ? own.map((cells) => [...near, ...cells]) : [])]) {
    const found = ofPairs(claim, group);
    if (found) return found;
  }
  if (isOwned) return ofTotals(claim, operands) ?? ofRates(claim, operands);
  for (const group of columnsOf(rows)) {
    const found = ofPairs(claim, group, true) ?? ofAll(claim, group);
    if (found) return found;
  }
  const tells = precision(claim);
  const gated = ofRuns(claim, near) ?? ofWholeColumns(claim, operands) ?? ofRates(claim, operands) ?? ofRemainder(claim, operands);
  if (gated || tells < CLOSE_BY) return gated;
  const wider = [[...near, ...earlier.slice(-8)], ...evidence.sentences, ...evidence.tables.flatMap((table) => table.rows.map(cellsOf))];
  for (const group of wider) {
    const found = ofPairs(claim, group.slice(0, 24));
    if (found) return found;
  }
  if (tells < ANYWHERE) return undefined;
  for (const group of evidence.tables.flatMap((table) => columnsOf(table.rows))) {
    const found = ofPairs(claim, group, true) ?? ofRuns(claim, group);
    if (found) return found;
  }
  return undefined;
}

function cellsOf(row: SourceRow): SourceFigure[] {
  return row.cells.filter((cell) => cell !== undefined);
}

function columnsOf(rows: readonly SourceRow[]): SourceFigure[][] {
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, column) => rows.flatMap(({ cells }) => cells[column] ?? [])).filter((column) => column.length > 1);
}

/** Difference, sum, share and growth of two. `alike`: of one column, so that plain numbers may be put together too. */
function ofPairs(claim: Quantity, group: readonly Operand[], alike = false): Derivation | undefined {
  for (let i = 0; i < group.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [group[i], group[j]];
      if (!a || !b || !sameKind(a, b)) continue;
      const how = pair(claim, a, b, alike || (a.unit !== "" && b.unit !== "") || (a.noun !== "" && a.noun === b.noun));
      if (how) return derivation(how, [a, b]);
    }
  return undefined;
}

function pair(claim: Quantity, a: Operand, b: Operand, alike: boolean): string | undefined {
  const slack = (a.step + b.step) / 2;
  if (alike && isOfKind(claim, a.unit)) {
    if (fits(claim, a.value - b.value, slack) && Math.abs(a.value - b.value) > slack) return "difference of";
    if (fits(claim, a.value + b.value, slack)) return "sum of";
  }
  const isRatio = claim.unit === "percent" || claim.unit === "times";
  if (!isRatio || a.value === 0 || b.value === 0 || a.unit === "percent") return undefined;
  const [low, high] = a.value < b.value ? [a, b] : [b, a];
  const error = low.step / 2 / low.value + high.step / 2 / high.value;
  if (claim.unit === "times") return alike && fits(claim, high.value / low.value, (high.value / low.value) * error) ? "ratio of" : undefined;
  const share = (100 * low.value) / high.value;
  if (fits(claim, share, share * error)) return "share of";
  if (!alike) return undefined;
  const growth = [100 * (high.value / low.value - 1), 100 - share];
  return growth.some((percent) => fits(claim, percent, (percent + 100) * error)) ? "change between" : undefined;
}

/** Of one kind with the operands' unit; a plain number is of any. */
function isOfKind(claim: Quantity, unit: Unit): boolean {
  if (claim.unit === unit || (claim.unit === "points" && unit === "percent")) return true;
  return claim.unit === "" && claim.digits && unit.startsWith("money");
}

function ofAll(claim: Quantity, group: readonly Operand[]): Derivation | undefined {
  const parts = group.filter(({ unit }) => isOfKind(claim, unit));
  const sum = parts.reduce((total, { value }) => total + value, 0);
  return parts.length > 1 && fits(claim, sum, slackOf(parts)) ? derivation("sum of", parts) : undefined;
}

/** Sums of neighbours that have a unit. */
function ofRuns(claim: Quantity, group: readonly Operand[]): Derivation | undefined {
  const parts = group.filter(({ unit }) => unit !== "" && isOfKind(claim, unit)).slice(0, 40);
  for (let from = 0; from < parts.length - 1; from++) {
    let sum = parts[from]?.value ?? 0;
    for (let to = from + 1; to < parts.length; to++) {
      sum += parts[to]?.value ?? 0;
      if (fits(claim, sum, slackOf(parts.slice(from, to + 1)))) return derivation("sum of", parts.slice(from, to + 1));
      if (sum > claim.value * 1.2) break;
    }
  }
  return undefined;
}

/** How far a sum of rounded figures may be off. */
function slackOf(parts: readonly Operand[]): number {
  return parts.reduce((total, { step }) => total + step / 2, 0);
}

/** The share of an owned figure in what a source gives as a whole. */
function ofTotals(claim: Quantity, { evidence, rows }: Operands): Derivation | undefined {
  if (claim.unit !== "percent") return undefined;
  const wholes = evidence.figures.filter(({ inTable, owner }) => !inTable && owner === undefined);
  for (const cell of rows.flatMap(cellsOf))
    for (const whole of wholes) {
      if (whole.unit !== cell.unit || whole.unit === "" || whole.unit === "percent" || cell.value > whole.value) continue;
      const share = (100 * cell.value) / whole.value;
      if (fits(claim, share, 0.02)) return derivation("share of", [cell, whole]);
    }
  return undefined;
}

const ALL = /\b(?:total|totals|totall?ed|together|combined|sum|overall|altogether|all|entire|in all|add(?:s)? up|whole|insgesamt)\b/;
const MEAN = /\b(?:average|averaged|averages|averaging|mean|typical|typically|per|each|every|daily|weekly|monthly|an? (?:day|week|month|hour|year|quarter|service|customer|order|account))\b/;

/** The sum or mean of a column, and the sum of its first rows where the sentence says how many. */
function ofWholeColumns(claim: Quantity, { evidence, words, counts }: Operands): Derivation | undefined {
  const [all, mean] = [ALL.test(words), MEAN.test(words)];
  const firsts = counts.filter((count) => count > 1);
  if (!all && !mean && firsts.length === 0) return undefined;
  for (const column of evidence.tables.flatMap((table) => columnsOf(table.rows))) {
    if (!column[0] || !isOfKind(claim, column[0].unit)) continue;
    const sums = [0];
    for (const [i, cell] of column.entries()) sums.push((sums[i] ?? 0) + cell.value);
    const whole = sums.at(-1) ?? 0;
    const slack = slackOf(column);
    if (all && fits(claim, whole, slack)) return derivation("sum of", column);
    if (mean && fits(claim, whole / column.length, slack)) return derivation("mean of", column);
    for (const count of firsts) {
      const head = sums[count];
      if (head !== undefined && fits(claim, head, slack)) return derivation("sum of", column.slice(0, count));
    }
  }
  return undefined;
}

const YEARLY = /\b(?:annual|annuali[sz]ed|annually|a year|per year|yearly|run[- ]rate|twelve months|12 months)\b/;

/** A figure over the length of its period, or as a year: "$3,041 a day", "$1.1M a year". */
function ofRates(claim: Quantity, { evidence, words, near, rows, counts }: Operands): Derivation | undefined {
  const [mean, yearly] = [MEAN.test(words), YEARLY.test(words)];
  if (!mean && !yearly) return undefined;
  const whole = [...near, ...rows.flatMap(cellsOf), ...evidence.sentences.flat()].filter(({ unit }) => isOfKind(claim, unit));
  const spans = [...evidence.spans];
  const parts = mean ? [...spans, ...spans.map((days) => days / 7), ...spans.map((days) => Math.round(days / 30.44)), ...counts, ...lengthsOf(evidence)] : [];
  const factors = [...parts.filter((part) => part > 1).map((part) => 1 / part), ...(yearly ? [12, 52, 365, 4, ...spans.map((days) => 365 / days)] : [])];
  for (const operand of whole)
    for (const factor of factors) if (fits(claim, operand.value * factor, (operand.step / 2) * factor)) return derivation("rate of", [operand]);
  return undefined;
}

function lengthsOf(evidence: Evidence): number[] {
  return evidence.tables.map((table) => table.rows.length + table.more);
}

const REST = /\b(?:rest|other|others|remaining|remainder|remains|left|everything else|without|outside|excluding|apart from|except)\b/;

/** What is left of a whole: 100 % less the shares named, a total less the rows named. */
function ofRemainder(claim: Quantity, { evidence, words, near, rows, counts }: Operands): Derivation | undefined {
  if (!REST.test(words)) return undefined;
  for (const column of evidence.tables.flatMap((table) => columnsOf(table.rows).map((cells) => ({ cells, table })))) {
    const first = column.cells[0];
    if (!first || !isOfKind(claim, first.unit)) continue;
    const whole = column.cells.reduce((sum, { value }) => sum + value, 0);
    const named = column.cells.filter((cell) => rows.some((row) => row.cells.includes(cell)));
    const heads = [1, ...counts].map((count) => column.cells.slice(0, count));
    const slack = slackOf(column.cells);
    for (const some of [named, ...heads]) {
      const rest = whole - some.reduce((sum, { value }) => sum + value, 0);
      if (some.length > 0 && some.length < column.cells.length && fits(claim, rest, slack)) return derivation("rest without", some);
    }
  }
  if (claim.unit !== "percent") return undefined;
  const shares = near.filter(({ unit }) => unit === "percent");
  const sum = shares.reduce((total, { value }) => total + value, 0);
  if (shares.length > 0 && fits(claim, 100 - sum, shares.length * 0.05)) return derivation("rest without", shares);
  const one = shares.find(({ value }) => fits(claim, 100 - value, 0.05));
  return one && derivation("rest without", [one]);
}

function derivation(how: string, operands: readonly Operand[]): Derivation {
  const shown = operands.slice(0, 4).map(({ text }) => text);
  const words = `${how} ${shown.join(" and ")}${operands.length > 4 ? ` and ${operands.length - 4} more` : ""}`;
  return { how: words, sources: [...new Set(operands.flatMap(({ source }) => source ?? []))] };
}
