import { SMALLEST_SAMPLE } from "../analytics/anomalies/daily.ts";
import { addDays, daysBetween } from "../core/civil-date.ts";
import type { Period } from "../core/fact.ts";
import { formatChange, formatNumber, formatPercent, formatValue, isCurrency, readable } from "../core/format.ts";
import { formatDay, formatPeriod } from "../core/period.ts";
import type { ChartBlock, TableBlock } from "../core/reply.ts";
import { listWords, plainWords } from "../core/text.ts";
import type { Anomaly, JudgedSeries, Judgement } from "./find-anomalies-judge.ts";
import { amountColumn, plural } from "./finding.ts";

export interface Asked {
  measure: string;
  dimension: string;
  unit: string;
  period: Period;
  provisionalFrom?: string;
  /** Words a picture must carry: "demo data". */
  chartNotes: readonly string[];
}

const MOST_TOLD = 3;

/** The answer in words: what, how sure, what was left out. */
export function anomalySentences(found: Judgement, asked: Asked): string {
  const { anomalies } = found;
  const told = anomalies.slice(0, MOST_TOLD).map((anomaly) => `- ${anomalyWords(anomaly, asked, found.average)}`);
  const more = anomalies.length - told.length;
  return [
    `**${headline(found, asked)}** for ${formatPeriod(asked.period)}.${told.length ? "" : reach(found, asked)}`,
    ...(told.length ? [[...told, ...(more > 0 ? [`- ${more} more in the table`] : [])].join("\n")] : []),
    [freshWords(found, asked), dropWords(found, asked), heldWords(found), leftOut(found, asked)].filter(Boolean).join(" "),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function headline({ anomalies, judged }: Judgement, { measure, dimension }: Asked): string {
  const of = dimension ? `${readable(measure)} by ${readable(dimension)}` : readable(measure);
  if (judged.length === 0) return `Too little data to judge ${of}`;
  if (anomalies.length === 0) return `No anomaly in ${of}`;
  return `${anomalies.length} ${anomalies.length === 1 ? "anomaly" : "anomalies"} in ${of}`;
}

/** How much was looked at, when nothing was found. */
function reach({ judged }: Judgement, { dimension }: Asked): string {
  if (judged.length === 0) return ` A day is judged by at least ${SMALLEST_SAMPLE} days before it.`;
  const word = readable(dimension);
  return dimension
    ? ` ${judged.length} ${judged.length === 1 ? word : plural(word)} stayed within what was expected.`
    : " Every day stayed within what was expected.";
}

/** "Amazon S3 cost $412.00 on 3 May 2026, expected $280.00 to $330.00 ($107.00 above, +35%; 98% sure)." */
function anomalyWords(anomaly: Anomaly, { measure, unit, dimension }: Asked, average: boolean): string {
  const { series, from, to, days, actual, expected, low, high, excess, kind, chance } = anomaly;
  const value = (amount: number) => formatValue(amount, unit);
  const when = from === to ? `on ${formatDay(from)}` : `on ${days} days, ${formatPeriod({ from, to })}`;
  const name = average && days > 1 ? `average ${readable(measure)}` : readable(measure);
  const what = dimension ? `${plainWords(series)}: ${name} of` : `${name} of`;
  const ratio = expected > 0 ? `, ${formatChange(excess / expected)}` : "";
  const growing = kind === "creep" ? " It crept up day by day." : "";
  const side = excess >= 0 ? "above" : "below";
  return `${what} **${value(actual)}** ${when}, expected ${value(notBelowZero(low, actual))} to ${value(high)} (${distanceWords(excess, unit)} ${side}${ratio}; ${sureness(chance)}).${growing}`;
}

/** Two percentages are points apart, not percent. */
function distanceWords(excess: number, unit: string): string {
  const size = Math.abs(excess);
  return unit === "ratio" ? `${formatNumber(Number((100 * size).toPrecision(2)))} points` : formatValue(size, unit);
}

/** Amounts that never are below zero are not expected to be. */
function notBelowZero(low: number, actual: number): number {
  return actual >= 0 ? Math.max(0, low) : low;
}

function sureness(chance: number): string {
  return chance >= 0.999 ? "over 99.9% sure" : `${formatPercent(Math.floor(chance * 1000) / 1000)} sure`;
}

function freshWords({ fresh }: Judgement, { unit, dimension }: Asked): string {
  if (fresh.length === 0) return "";
  const names = fresh
    .slice(0, MOST_TOLD)
    .map((f) => `${plainWords(f.series)} (since ${formatDay(f.since)}, ${formatValue(f.total, unit)})`);
  const more = fresh.length - names.length;
  return `New, so not judged: ${listWords(names)}${more > 0 ? ` and ${more} more ${plural(readable(dimension))}` : ""}.`;
}

function dropWords({ drops }: Judgement, { unit }: Asked): string {
  if (drops.length === 0) return "";
  const names = drops
    .slice(0, MOST_TOLD)
    .map((d) => `${plainWords(d.series)} (${formatValue(Math.abs(d.excess), unit)} from ${formatDay(d.from)})`);
  const more = drops.length - names.length;
  return `Below what was expected, for information: ${listWords(names)}${more > 0 ? ` and ${more} more` : ""}.`;
}

function heldWords({ held }: Judgement): string {
  if (held.length === 0) return "";
  return `Not counted: ${listWords(held.slice(0, MOST_TOLD).map(({ anomaly, reason }) => `${plainWords(anomaly.series)} (${plainWords(reason)})`))}${held.length > MOST_TOLD ? ` and ${held.length - MOST_TOLD} more` : ""}.`;
}

function leftOut(found: Judgement, { unit, dimension, provisionalFrom, period }: Asked): string {
  const names = (count: number) => `${count} ${count === 1 ? readable(dimension || "series") : plural(readable(dimension || "series"))}`;
  return [
    found.judged.length > 0 && found.tooLittle > 0
      ? `${names(found.tooLittle)} with fewer than ${SMALLEST_SAMPLE} days could not be judged.`
      : "",
    found.smaller > 0
      ? `${names(found.smaller)}, smaller than the ${found.judged.length + found.tooLittle + found.fresh.length} looked at, were not.`
      : "",
    found.belowFloor > 0
      ? `${found.belowFloor} below ${formatValue(found.floor, unit)} ${found.belowFloor === 1 ? "was" : "were"} left out.`
      : "",
    provisionalFrom && provisionalFrom <= period.to ? `Days since ${formatDay(provisionalFrom)} may still change and were not judged.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Day, series, actual, expected range, excess and how sure. */
export function anomalyTable({ anomalies }: Judgement, { measure, unit, dimension }: Asked, title?: string): TableBlock {
  return {
    type: "table",
    ...(title ? { title } : {}),
    columns: [
      { label: "since", type: "date" },
      { label: "days", type: "number" },
      { label: readable(dimension || "series"), type: "text" },
      amountColumn(readable(measure), unit),
      amountColumn("expected from", unit),
      amountColumn("to", unit),
      amountColumn("excess", unit),
      { label: "kind", type: "text" },
      { label: "sure", type: "percent" },
    ],
    rows: anomalies.map((a) => [
      a.from,
      a.days,
      a.series,
      a.actual,
      notBelowZero(a.low, a.actual),
      a.high,
      a.excess,
      a.kind,
      Math.floor(a.chance * 1000) / 1000,
    ]),
  };
}

const DAYS_BEFORE = 45;

/** The series of the largest anomaly in its expected range. */
export async function anomalyPicture(found: Judgement, asked: Asked): Promise<ChartBlock[]> {
  const [worst] = found.anomalies;
  const series = found.judged.find((s) => s.name === worst?.series);
  if (!worst || !series) return [];
  const { anomalyChart } = await import("../charts/anomaly-chart.ts");
  const { measure, unit, dimension, period, provisionalFrom, chartNotes } = asked;
  const from = addDays(period.from < worst.from ? period.from : worst.from, -DAYS_BEFORE);
  const days = daysOf(series, from, found.anomalies, isCurrency(unit));
  const known = days.map((d) => d.day);
  const name = dimension ? series.name : readable(measure);
  return [
    anomalyChart({
      title: `${name}: ${titleWords(worst, unit, found.average)}, ${formatPeriod(worst)}`,
      subject: dimension ? `${readable(measure)} of ${series.name} by day` : `${readable(measure)} by day`,
      unit,
      period: { from: known[0] ?? period.from, to: known.at(-1) ?? period.to },
      notes: chartNotes,
      name,
      days,
      ...(provisionalFrom ? { provisionalFrom } : {}),
    }),
  ];
}

/** An average is told by its level. */
function titleWords({ actual, expected, excess }: Anomaly, unit: string, average: boolean): string {
  if (average) return `${formatValue(actual, unit)} where ${formatValue(expected, unit)} was expected`;
  return `${formatValue(Math.abs(excess), unit)} ${excess >= 0 ? "more" : "less"} than expected`;
}

function daysOf({ name, first, values, days }: JudgedSeries, from: string, anomalies: readonly Anomaly[], money: boolean) {
  const start = Math.max(0, daysBetween(first, from));
  const own = anomalies.filter((a) => a.series === name);
  return days.slice(start).map((judged, k) => {
    const day = addDays(first, start + k);
    const value = values[start + k] ?? Number.NaN;
    const low = money && value >= 0 ? Math.max(0, judged.low) : judged.low;
    return {
      day,
      value: Number.isNaN(value) ? null : value,
      low: Number.isNaN(low) ? null : low,
      high: Number.isNaN(judged.high) ? null : judged.high,
      anomalous: judged.state !== "normal" && judged.state !== "unjudged" && own.some((a) => day >= a.from && day <= a.to),
    };
  });
}
