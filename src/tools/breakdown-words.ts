import { formatValue, readable } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Breakdown } from "./breakdown.ts";
import { changeWords, inPeriod, plural } from "./finding.ts";

/** The answer in one or two sentences: the total, how it changed, and what leads. */
export function breakdownSentence(part: Breakdown): string {
  const { reading, unit, total, previous, leaders, by } = part;
  const measure = readable(reading.measure);
  const subject = part.subject ? `${measure} of ${plainWords(part.subject)}` : measure;
  const change =
    reading.comparePeriod && previous !== undefined
      ? `, ${changeWords(total, previous, unit)} than ${formatPeriod(reading.comparePeriod)} (${formatValue(previous, unit)})`.replace(
          "unchanged than",
          "unchanged from",
        )
      : "";
  const head = `**${capital(subject)}${inPeriod(reading.period)}: ${formatValue(total, unit)}**${change}.`;
  const dimension = by.length > 0 ? listWords(by.map(readable)) : "";
  const lead =
    leaders.length === 0 || !dimension
      ? ""
      : ` ${part.lead}: ${listWords(leaders.map((l) => `${plainWords(l.label)} (${l.words})`))}${part.count > leaders.length ? `, of ${part.count} ${by.length > 1 ? "combinations" : plural(dimension)}` : ""}.`;
  return `${head}${lead}${part.timeWords}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
