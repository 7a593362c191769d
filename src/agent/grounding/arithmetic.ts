import { groupsOf } from "./counts.ts";
import type { Evidence, SourceFigure } from "./evidence.ts";
import { fits, precision } from "./match.ts";
import { cellsOf, type Derivation, derivation, isOfKind, type Operand, type Operands, slackOf } from "./operands.ts";
import { ofPairs } from "./pairs.ts";
import type { Quantity } from "./quantities.ts";
import { MEAN, ofProducts, ofRates } from "./rates.ts";
import type { SourceRow } from "./tables.ts";

/**
 * The smaller its claim to precision, the closer a claim's operands must stand: "about 12 %" comes out of some two figures of any
 * table, $3,415.97 does not.
 */
const CLOSE_BY = 150;

const ANYWHERE = 2_000;

/** Finds sums, differences, shares, growth, averages and remainders that give the claim; undefined when there is none. */
export function derive(claim: Quantity, operands: Operands): Derivation | undefined {
  const { near, rows, earlier, evidence, isOwned } = operands;
  const own = [...rows, ...rowsOf(operands)].map(cellsOf);
  const beside = ofPairs(claim, near, "all") ?? first(own, (cells) => ofPairs(claim, cells, "change"));
  if (beside) return beside;
  const told = first(toldTogether(claim, operands), (group) => ofPairs(claim, group, "change"));
  if (told) return told;
  if (near.length < 6) {
    const mixed = first(own, (cells) => ofPairs(claim, [...near, ...cells], "change"));
    if (mixed) return mixed;
  }
  if (isOwned) return ofTotals(claim, operands) ?? ofRates(claim, operands);
  const together = first(
    columnsOf(rows),
    (column) => ofAll(claim, column) ?? (rows.length < 5 ? ofPairs(claim, column, "column") : undefined),
  );
  const gated =
    together ??
    ofRuns(claim, near) ??
    ofHalfRanges(claim, operands) ??
    ofGrowthBeside(claim, operands) ??
    ofWholeColumns(claim, operands) ??
    ofTotals(claim, operands) ??
    ofRates(claim, operands) ??
    ofProducts(claim, operands) ??
    ofRemainder(claim, operands);
  // A percentage with a decimal has a thousand values: among the pairs of a table it is found by chance.
  if (gated || claim.unit === "percent" || claim.unit === "times" || precision(claim) < CLOSE_BY) return gated;
  const wider = [[...near, ...earlier.slice(-8)], ...evidence.sentences, ...evidence.tables.flatMap((table) => table.rows.map(cellsOf))];
  const wide = first(wider, (group) => ofPairs(claim, group.slice(0, 24), "change"));
  if (wide || precision(claim) < ANYWHERE) return wide;
  const columns = evidence.tables.flatMap((table) => columnsOf(table.rows));
  return first(columns, (column) => ofPairs(claim, column, "column") ?? ofRuns(claim, column));
}

/** Rows of tables that figures of the sentence are of. */
function rowsOf({ near, rows, evidence }: Operands): SourceRow[] {
  const owners = new Set(near.flatMap(({ owner }) => owner ?? []));
  return evidence.tables.flatMap((table) => table.rows.filter((row) => owners.has(row.label) && !rows.includes(row)));
}

const GIVE_OR_TAKE = /(?:±|\+\/[-−]|give or take|plus or minus)\s*(?:about|around|some|roughly)?\s*[*_]*$/;

/** Half the width of a range that a source gives: "give or take $2,000". */
function ofHalfRanges(claim: Quantity, { words, evidence }: Operands): Derivation | undefined {
  if (!GIVE_OR_TAKE.test(words.slice(0, claim.start))) return undefined;
  for (const group of evidence.sentences)
    for (const [i, high] of group.entries()) {
      const low = group[i - 1];
      if (low && isOfKind(claim, low.unit) && low.unit === high.unit && fits(claim, (high.value - low.value) / 2, slackOf([low, high])))
        return derivation("half the range", [low, high]);
    }
  return undefined;
}

/** An amount that a named percentage comes to: "$2.7k (2.4%) less", of a source's "$112,183 (-2.4%)". */
function ofGrowthBeside(claim: Quantity, { near, evidence }: Operands): Derivation | undefined {
  if (!claim.unit.startsWith("money")) return undefined;
  for (const percent of near.filter(({ unit }) => unit === "percent"))
    for (const group of evidence.sentences.filter((one) => one.some(({ unit, value }) => unit === "percent" && value === percent.value)))
      for (const base of group.filter(({ unit }) => unit === claim.unit))
        if (fits(claim, (base.value * percent.value) / 100, (base.value * percent.step) / 200))
          return derivation("share of", [percent, base]);
  return undefined;
}

const ONE_BREATH = 6;

/** Short sentences of a source about a figure that is named: "$112,183, which is 1.06 times September", where the source has September's too. */
function toldTogether(claim: Quantity, { near, evidence }: Operands): readonly (readonly SourceFigure[])[] {
  if (claim.unit !== "percent" && claim.unit !== "times") return [];
  const isNamed = ({ value, unit }: SourceFigure) => near.some((operand) => operand.unit === unit && operand.value === value);
  return evidence.sentences.filter((group) => group.length <= ONE_BREATH && (claim.unit === "times" || group.some(isNamed)));
}

function first<Item>(items: readonly Item[], find: (item: Item) => Derivation | undefined): Derivation | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}

function columnsOf(rows: readonly SourceRow[]): SourceFigure[][] {
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  return Array.from({ length: width }, (_, column) => rows.flatMap(({ cells }) => cells[column] ?? [])).filter(
    (column) => column.length > 1,
  );
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

/** The share of an owned figure in what a source gives as a whole. */
function ofTotals(claim: Quantity, { evidence, rows, near, words }: Operands): Derivation | undefined {
  if (claim.unit !== "percent") return undefined;
  const group = ofGroups(claim, evidence, words) ?? ofOpposites(claim, evidence, words);
  if (group) return group;
  const wholes = evidence.figures.filter(({ inTable, owner }) => !inTable && owner === undefined);
  // What a share of the change is, is no share of the whole.
  const cells = rows.flatMap(cellsOf).filter(({ isChange }) => !isChange || CHANGED.test(words));
  const spent = SO_FAR.test(words) ? wholes.filter(({ unit }) => unit.startsWith("money")) : [];
  for (const cell of [...near, ...cells, ...spent])
    for (const whole of wholes) {
      if (whole.unit !== cell.unit || whole.unit === "percent" || cell.value >= whole.value) continue;
      if (whole.unit === "" && (whole.noun === "" || !near.includes(cell))) continue;
      const share = (100 * cell.value) / whole.value;
      if (fits(claim, share, share * (cell.step / 2 / cell.value + whole.step / 2 / whole.value)))
        return derivation("share of", [cell, whole]);
    }
  return undefined;
}

/** How many of a table's rows have a word that is said: "22 % were high". */
function ofGroups(claim: Quantity, { tables }: Evidence, words: string): Derivation | undefined {
  for (const table of tables) {
    const all = table.rows.length + table.more;
    if (table.more === 0 && groupsOf(table, words).some((size) => size > 1 && fits(claim, (100 * size) / all)))
      return { how: "share of the rows", sources: [table.source] };
  }
  return undefined;
}

/** "91.8 % go well", where 8.2 % fail. */
function ofOpposites(claim: Quantity, { figures }: Evidence, words: string): Derivation | undefined {
  if (!OPPOSITE.test(words) || precision(claim) < CLOSE_BY) return undefined;
  const one = figures.find(
    ({ unit, value, step, isChange }) => unit === "percent" && !isChange && value < 100 && fits(claim, 100 - value, step / 2),
  );
  return one && derivation("rest without", [one]);
}

const CHANGED = /\b(?:rise|rose|increase|growth|grew|change|difference|more|less|fall|drop|decline|excess|of the \w+ rise)\b/;
/** Of a period that goes on: so much of what it will come to. */
const SO_FAR = /\b(?:so far|already|known|spent|to come|left|remaining)\b/;
const LASTS = /\b(?:last|smallest|bottom|tail|cheapest|lowest|least)\b/;

const ALL = /\b(?:total|totals|totall?ed|together|combined|sum|overall|altogether|all|entire|in all|add(?:s)? up|whole|insgesamt)\b/;

/** The sum or mean of a column, and the sum of its first rows where the sentence says how many. */
function ofWholeColumns(claim: Quantity, { evidence, words, counts }: Operands): Derivation | undefined {
  const [all, mean] = [ALL.test(words), MEAN.test(words)];
  const firsts = counts.filter((count) => count > 1);
  if (!all && !mean && firsts.length === 0) return undefined;
  for (const column of evidence.tables.flatMap((table) => columnsOf(table.rows))) {
    const found =
      ofColumn(claim, column, { all: all && firsts.length === 0, mean, firsts }) ??
      (LASTS.test(words) ? ofColumn(claim, column.toReversed(), { all: false, mean: false, firsts }) : undefined);
    if (found) return found;
  }
  return undefined;
}

function ofColumn(
  claim: Quantity,
  column: readonly Operand[],
  { all, mean, firsts }: { all: boolean; mean: boolean; firsts: readonly number[] },
): Derivation | undefined {
  if (!column[0] || !isOfKind(claim, column[0].unit)) return undefined;
  const sums = [0];
  for (const [i, cell] of column.entries()) sums.push((sums[i] ?? 0) + cell.value);
  const whole = sums.at(-1) ?? 0;
  const slack = slackOf(column);
  if (column[0].unit === "percent" && whole > 101) return undefined;
  if (all && fits(claim, whole, slack)) return derivation("sum of", column);
  if (mean && fits(claim, whole / column.length, slack)) return derivation("mean of", column);
  const count = firsts.find((n) => sums[n] !== undefined && fits(claim, sums[n], slack));
  return count === undefined ? undefined : derivation("sum of", column.slice(0, count));
}

/** Of what fails, the rest goes well. */
const OPPOSITE = /\b(?:well|fine|succeed(?:s|ed)?|success(?:ful|fully)?|pass(?:es|ed)?|not|never|kept|stayed)\b/;

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
