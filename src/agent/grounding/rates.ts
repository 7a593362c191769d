import type { Evidence } from "./evidence.ts";
import { fits } from "./match.ts";
import { cellsOf, type Derivation, derivation, isOfKind, type Operands } from "./operands.ts";
import type { Quantity } from "./quantities.ts";
import { type Measure, measureOf } from "./units.ts";

export const MEAN =
  /\b(?:average|averaged|averages|averaging|mean|typical|typically|per|each|every|daily|weekly|monthly|an? (?:day|week|month|hour|year|quarter|service|customer|order|account))\b/;

const YEARLY = /\b(?:annual|annuali[sz]ed|annually|a year|per year|yearly|run[- ]rate|twelve months|12 months)\b/;

/** A figure over the length of its period, or as a year: "$3,041 a day", "$1.1M a year". */
export function ofRates(claim: Quantity, { evidence, words, near, rows, counts }: Operands): Derivation | undefined {
  const [mean, yearly] = [MEAN.test(words), YEARLY.test(words)];
  if (!mean && !yearly) return undefined;
  const whole = [...near, ...rows.flatMap(cellsOf), ...evidence.sentences.flat()].filter(({ unit }) => isOfKind(claim, unit));
  const spans = [...evidence.spans];
  const lengths = ratesSaid(words);
  // "a day" divides by days and by nothing else.
  const parts = mean
    ? lengths.length > 0
      ? [...lengths.flatMap((length) => spans.map((days) => Math.round((10 * days) / length) / 10)), ...conversions(lengths)]
      : [...counts, ...lengthsOf(evidence), ...spans]
    : [];
  const factors = [
    ...parts.filter((part) => part > 1).map((part) => 1 / part),
    ...(yearly ? [12, 52, 365, 4, ...spans.map((days) => 365 / days)] : []),
  ];
  for (const operand of whole)
    for (const factor of factors)
      if (fits(claim, operand.value * factor, (operand.step / 2) * factor)) return derivation("rate of", [operand]);
  return undefined;
}

const RATES: Readonly<Record<string, number>> = { da: 1, week: 7, month: 30.44, quarter: 91.3, year: 365 };

/** Days of "a week", "daily" and "per month", as said. */
function ratesSaid(words: string): number[] {
  const said = [
    ...words.matchAll(
      /\b(?:an?|per|each|every)\s+(da(?=y)|week|month|quarter|year)|\b(da(?=ily)|week(?=ly)|month(?=ly)|quarter(?=ly)|year(?=ly))/g,
    ),
  ];
  return [...new Set(said.flatMap(([, a, b]) => RATES[a ?? b ?? ""] ?? []))];
}

/** From one rate to the other: seven days a week. */
function conversions(lengths: readonly number[]): number[] {
  return lengths.flatMap((long) => lengths.filter((short) => short < long).map((short) => long / short));
}

const EACH =
  /\b(?:an?|per|each|every)\s+(minute|hour|day|week|month|year)\b|\b(hour|dai|week|month|year)ly\b|\b(?:each|apiece|per|times)\b|×/;

const LENGTHS: Readonly<Record<string, Measure | undefined>> = { dai: measureOf("day") };

/** A rate times how long, or a price times how many, both named beside it: "$70 a day, 9 days: $630", "12 seats at $40 each: $480". */
export function ofProducts(claim: Quantity, { words, near }: Operands): Derivation | undefined {
  const each = EACH.exec(words);
  if (!each || claim.unit === "" || claim.unit === "percent") return undefined;
  const length = each[1] ?? each[2];
  const per = length === undefined ? undefined : (LENGTHS[length] ?? measureOf(length));
  for (const rate of near.filter(({ unit }) => unit === claim.unit))
    for (const many of near) {
      const isMany = per ? many.unit === per.unit : many.unit === "";
      const factor = many.value / (per?.scale ?? 1);
      if (isMany && factor > 1 && fits(claim, rate.value * factor, (rate.step / 2) * factor)) return derivation("product of", [rate, many]);
    }
  return undefined;
}

function lengthsOf(evidence: Evidence): number[] {
  return evidence.tables.map((table) => table.rows.length + table.more);
}
