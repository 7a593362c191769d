import { type Evidence, type SourceFigure, stem } from "./evidence.ts";
import { fits } from "./match.ts";
import type { Quantity } from "./quantities.ts";
import type { SourceTable } from "./tables.ts";

export interface CountContext {
  evidence: Evidence;
  /** The sentence, lower case. */
  words: string;
  /** Names and rows the sentence says. */
  named: number;
  /** Items of the list the sentence is a part of or leads to. */
  listed: number;
  /** Other figures of the sentence: limits that rows may be above or below. */
  limits: readonly Quantity[];
}

const UP =
  /\b(?:up|rose|risen|rise|rises|grew|grown|grow|growing|increase[ds]?|rising|higher|more expensive|climbed|positive|gain(?:ed|s)?)\b/;
const DOWN =
  /\b(?:down|fell|fallen|fall|falls|shrank|decrease[ds]?|dropp?(?:ed|s)?|declined?|falling|lower|cheaper|negative|los[st]|losing)\b/;
const LEAD =
  /\b(?:top|first|largest|biggest|highest|leading|last|latest|smallest|lowest|next|these|those|the|all|only|just)\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/;

/** "Only nine cost more than $5,000": counted by the limit, not from the top. */
const LIMIT = /\b(?:more|less|fewer|over|under|above|below|at least|at most)\b/;

/** A plain small whole number, which may count things. */
export function isCount({ value, step, unit }: Quantity): boolean {
  return unit === "" && Number.isInteger(value) && step <= 1 && value <= 500;
}

/** Whether so many rows, names or items are there to be counted. */
export function counts(claim: Quantity, context: CountContext): boolean {
  const { evidence, words, named, listed } = context;
  const { value } = claim;
  if (value === named || (listed > 1 && value === listed)) return true;
  if (OTHERS.test(words) && isRest(claim, evidence)) return true;
  return evidence.tables.some((table) => {
    const shown = table.rows.filter(({ label }) => !/^\d+ others?\b/.test(label)).length;
    if (value === shown || value === table.rows.length + table.more) return true;
    if (LEAD.test(words) && !(context.limits.length > 0 && LIMIT.test(words)) && value > 1 && value <= shown && !isCounted(claim, evidence))
      return true;
    if (byRank(table, context).includes(value)) return true;
    return groupsOf(table, words).includes(value) || bySign(table, words).includes(value) || byLimit(table, context).includes(value);
  });
}

const OTHERS = /\b(?:others?|remaining|rest|left)\b/;

/** "the other twelve services", where a source says "7 of 19 services". */
function isRest({ value, noun }: Quantity, { sentences }: Evidence): boolean {
  return sentences.some((group) =>
    group.some((all, i) => {
      const part = group[i - 1];
      return part !== undefined && isCount(all) && isCount(part) && all.value - part.value === value && stem(all.noun) === stem(noun);
    }),
  );
}

/** How many rows from the top come to a cumulative figure the sentence says. */
function byRank({ rows, headings }: SourceTable, { limits }: CountContext): number[] {
  const column = headings.findIndex((heading) => /cumul|running/i.test(heading));
  return rows.flatMap(({ cells }, i) => {
    const cell = cells[column];
    return cell && limits.some((limit) => limit.unit === cell.unit && fits(limit, cell.value)) ? [i + 1] : [];
  });
}

/** A source says how many of them there are. */
function isCounted({ noun }: Quantity, { counted }: Evidence): boolean {
  return (
    noun !== "" && counted.has(stem(noun)) && !/^(?:services|accounts|products|customers|regions|teams|rows|months|days|weeks)$/.test(noun)
  );
}

/** How many rows hold each word of a column of text, of the words the sentence says. */
export function groupsOf({ rows, headings }: SourceTable, words: string): number[] {
  return headings.flatMap((_, column) => {
    const sizes = new Map<string, number>();
    for (const { texts, cells } of rows) {
      const text = texts[column]?.toLowerCase() ?? "";
      if (!cells[column] && text !== "" && text.length < 40) sizes.set(text, (sizes.get(text) ?? 0) + 1);
    }
    return sizes.size > rows.length * 0.8 ? [] : [...sizes].filter(([text]) => words.includes(text.slice(0, 5))).map(([, size]) => size);
  });
}

function bySign({ rows, headings }: SourceTable, words: string): number[] {
  const wanted = [...(UP.test(words) ? [1] : []), ...(DOWN.test(words) ? [-1] : [])];
  return headings.flatMap((_, column) => {
    const cells = rows.flatMap(({ cells }) => cells[column] ?? []);
    if (!/change|diff|growth|trend|percent|%/i.test(headings[column] ?? "") && cells.every(({ sign }) => sign !== -1)) return [];
    return wanted.map((sign) => cells.filter((cell) => cell.value !== 0 && sign < 0 === cell.sign < 0).length);
  });
}

/** Rows above and below a limit the sentence says: "5 services cost more than $1,000". */
function byLimit({ rows, headings }: SourceTable, { limits }: CountContext): number[] {
  return limits.flatMap((limit) =>
    headings.flatMap((_, column) => {
      const cells = rows.flatMap(({ cells }) => cells[column] ?? []).filter(({ unit }) => unit === limit.unit && unit !== "");
      if (cells.length === 0) return [];
      const above = cells.filter(({ value }) => value >= limit.value).length;
      return [above, cells.length - above];
    }),
  );
}

/** Nouns of speech that a source may hold by chance. */
export const SOFT =
  /^(?:things?|ways?|reasons?|questions?|points?|figures?|numbers?|sources?|parts?|readings?|answers?|periods?|months?|days?|weeks?|years?|times?|others?|more|most|main|largest|options?|steps?|lists?|tables?|results?|values?|of|and|are|is|were|was|have|make|together|longer|shorter|higher|lower)$/;

/** A count of one thing is none of another: 3 incidents are not 3 services. Where either has no noun, or it is no noun a source counts, it may be. */
export function countsAlike(claim: Quantity, figure: SourceFigure): boolean {
  if (!isCount(claim) || claim.value > 60 || !claim.noun || !figure.noun) return true;
  return stem(claim.noun) === stem(figure.noun) || SOFT.test(claim.noun) || SOFT.test(figure.noun);
}
