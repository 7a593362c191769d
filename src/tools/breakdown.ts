import { z } from "zod";
import { sum } from "../analytics/pareto.ts";
import { fromInstant } from "../core/civil-date.ts";
import type { Fact } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import { formatPercent, formatValue, readable } from "../core/format.ts";
import { formatDay, formatPeriod, wholeUnit } from "../core/period.ts";
import type { ChartBlock, TableBlock } from "../core/reply.ts";
import { courseCharts, partsCharts } from "./breakdown-charts.ts";
import type { FeedReading } from "./feed-question.ts";
import { amountColumn, byUnit, isAverage, labelOf, otherLines, ratioChange, sumBuckets, total, wholeSteps } from "./finding.ts";

/** Facts of one unit, cut up as asked: the total, its parts, its course, and how each compares with before. */
export interface Breakdown {
  reading: FeedReading;
  unit: string;
  by: readonly string[];
  total: number;
  previous: number | undefined;
  change: number | null | undefined;
  /** What the figures are of, when a filter names it: "Amazon S3". */
  subject: string;
  leaders: { label: string; words: string }[];
  lead: string;
  /** How many parts there are in all. */
  count: number;
  timeWords: string;
  rows: BreakdownRow[];
  tables: TableBlock[];
  charts: ChartBlock[];
}

export interface BreakdownRow {
  labels: Record<string, string>;
  unit: string;
  at?: string;
  value: number;
  share?: number;
  previous?: number;
  change?: number | null;
}

/** The field of tools that show parts. */
export const orderParameter = z
  .enum(["value", "change", "smallest"])
  .optional()
  .describe("What comes first: the largest amount (default), the largest change, or the smallest amount.");

export interface BreakdownInput {
  unit: string;
  facts: readonly Fact[];
  before: readonly Fact[];
  reading: FeedReading;
  grain: Grain | undefined;
  top: number | undefined;
  order: "value" | "change" | "smallest";
}

export interface Part {
  label: string;
  labels: Record<string, string>;
  value: number;
  share: number | undefined;
  previous: number | undefined;
}

/** One breakdown per unit of what was read. */
export function breakdowns(
  reading: FeedReading,
  asked: { grain?: Grain | undefined; top?: number | undefined; order?: BreakdownInput["order"] | undefined },
): Promise<Breakdown[]> {
  const { grain, top, order = "value" } = asked;
  return Promise.all(byUnit(reading).map(({ unit, facts, before }) => breakdown({ unit, facts, before, reading, grain, top, order })));
}

async function breakdown(asked: BreakdownInput): Promise<Breakdown> {
  const { reading, unit, facts, grain } = asked;
  const compared = reading.comparePeriod !== undefined;
  const input: BreakdownInput = asked.order === "change" && !compared ? { ...asked, order: "value" } : asked;
  const { overall } = reading;
  const ofUnit = (some: readonly Fact[]) => some.filter((fact) => (fact.unit ?? "") === unit);
  const whole = total(overall ? ofUnit(overall.facts) : facts);
  const previous = compared ? total(overall ? ofUnit(overall.before) : input.before) : undefined;
  const parts = orderParts(partsOf(input, whole), input.order);
  const shown = parts.slice(0, input.top ?? parts.length);
  const change = previous === undefined ? undefined : ratioChange(whole, previous);
  const rows: BreakdownRow[] = grain
    ? courseRows(facts, reading.by, unit)
    : shown.map((p) => ({
        labels: p.labels,
        unit,
        value: p.value,
        ...(p.share === undefined ? {} : { share: p.share }),
        ...(compared && p.previous !== undefined ? { previous: p.previous, change: ratioChange(p.value, p.previous) } : {}),
      }));
  const base = { reading, unit, by: reading.by, total: whole, previous, change, subject: reading.subject, rows, count: parts.length };
  const leaders = reading.by.length === 0 ? [] : shown.slice(0, 3).map((p) => ({ label: p.label, words: wordsFor(p, unit, input.order) }));
  const lead = input.order === "change" ? "Changed most" : input.order === "smallest" ? "Smallest" : "Largest";
  if (grain)
    return {
      ...base,
      leaders,
      lead,
      timeWords: courseWords(input, grain),
      tables: [courseTable(input, shown)],
      charts: await courseCharts(input, shown),
    };
  if (reading.by.length === 0) return { ...base, leaders, lead, timeWords: "", tables: [], charts: [] };
  return {
    ...base,
    leaders,
    lead,
    timeWords: "",
    tables: [partsTable(input, shown, parts)],
    charts: await partsCharts(input, shown, parts),
  };
}

function partsOf({ facts, before, reading }: BreakdownInput, whole: number): Part[] {
  const key = (f: Fact) => JSON.stringify(reading.by.map((d) => f.labels[d] ?? null));
  const now = Map.groupBy(facts, key);
  const then = Map.groupBy(before, key);
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((k) => {
    const sample = now.get(k)?.[0] ?? then.get(k)?.[0];
    if (!sample) return [];
    const value = total(now.get(k) ?? []);
    return {
      label: labelOf(sample, reading.by),
      labels: labelsOf(sample, reading.by),
      value,
      share: whole > 0 && !isAverage(facts) ? value / whole : undefined,
      previous: reading.comparePeriod ? total(then.get(k) ?? []) : undefined,
    };
  });
}

function labelsOf(fact: Fact, by: readonly string[]): Record<string, string> {
  return Object.fromEntries(by.map((d) => [d, fact.labels[d] ?? "(not set)"]));
}

/** One row per step and part, in the order of time; what several sources say of it is added up. */
function courseRows(facts: readonly Fact[], by: readonly string[], unit: string): BreakdownRow[] {
  const groups = Map.groupBy(facts, (f) => JSON.stringify([fromInstant(f.at), ...by.map((d) => f.labels[d] ?? null)]));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]) => (some[0] ? [{ labels: labelsOf(some[0], by), unit, at: fromInstant(some[0].at), value: total(some) }] : []));
}

function orderParts(parts: Part[], order: BreakdownInput["order"]): Part[] {
  const weight = (p: Part) => (order === "change" ? Math.abs(p.value - (p.previous ?? 0)) : order === "smallest" ? -p.value : p.value);
  return parts.sort((a, b) => weight(b) - weight(a) || (a.label < b.label ? -1 : 1));
}

function wordsFor(part: Part, unit: string, order: BreakdownInput["order"]): string {
  if (order !== "change" || part.previous === undefined)
    return `${formatValue(part.value, unit)}${part.share === undefined ? "" : `, ${formatPercent(part.share)}`}`;
  const difference = part.value - part.previous;
  return `${difference >= 0 ? "+" : "−"}${formatValue(Math.abs(difference), unit)}, now ${formatValue(part.value, unit)}`;
}

function partsTable({ facts, reading, unit, top }: BreakdownInput, shown: readonly Part[], all: readonly Part[]): TableBlock {
  const compared = reading.comparePeriod !== undefined;
  const rest = top === undefined || isAverage(facts) ? [] : all.slice(shown.length);
  const amounts = (p: { value: number; share: number | undefined; previous: number | undefined }) => [
    p.value,
    p.share ?? null,
    ...(compared ? [p.previous ?? null, p.value - (p.previous ?? 0), ratioChange(p.value, p.previous)] : []),
  ];
  const others = {
    value: sum(rest.map((p) => p.value)),
    share: rest.some((p) => p.share === undefined) ? undefined : sum(rest.map((p) => p.share ?? 0)),
    previous: sum(rest.map((p) => p.previous ?? 0)),
  };
  return {
    type: "table",
    columns: [
      ...reading.by.map((d) => ({ label: readable(d), type: "text" as const })),
      amountColumn(readable(reading.measure), unit),
      { label: "share", type: "percent" },
      ...(compared
        ? [
            amountColumn(reading.comparePeriod ? formatPeriod(reading.comparePeriod) : "before", unit),
            amountColumn("difference", unit),
            { label: "change", type: "percent" as const },
          ]
        : []),
    ],
    rows: [
      ...shown.map((p) => [...reading.by.map((d) => p.labels[d] ?? ""), ...amounts(p)]),
      ...(rest.length ? [[otherLines(rest.length), ...reading.by.slice(1).map(() => ""), ...amounts(others)]] : []),
    ],
  };
}

/** "It was highest on 3 March 2026 ($412.00) and lowest …": only with three steps or more, of those that are whole. */
function courseWords({ facts, unit, reading }: BreakdownInput, grain: Grain): string {
  const whole = wholeSteps(facts, grain, reading.period);
  const buckets = [...sumBuckets(whole)].sort((a, b) => b[1] - a[1]);
  const [high, low] = [buckets[0], buckets.at(-1)];
  if (buckets.length < 3 || !high || !low) return "";
  const name = (day: string) =>
    grain === "day"
      ? `on ${formatDay(day)}`
      : `in ${grain === "week" ? `the week of ${formatDay(day)}` : formatPeriod(wholeUnit(grain, day))}`;
  const mean = sum(buckets.map((b) => b[1])) / buckets.length;
  const counted = whole.length < facts.length ? `; only whole ${grain}s are compared here` : "";
  return ` It was highest ${name(high[0])} (${formatValue(high[1], unit)}) and lowest ${name(low[0])} (${formatValue(low[1], unit)}); the mean per ${grain} is ${formatValue(mean, unit)}${counted}.`;
}

const SERIES_IN_TABLE = 6;

function courseTable({ facts, reading, unit, grain }: BreakdownInput, shown: readonly Part[]): TableBlock {
  const names = reading.by.length === 0 ? [] : shown.slice(0, SERIES_IN_TABLE).map((p) => p.label);
  const series = names.map((name) => sumBuckets(facts.filter((f) => labelOf(f, reading.by) === name)));
  const totals = sumBuckets(facts);
  return {
    type: "table",
    columns: [
      { label: grain ?? "day", type: "date" },
      ...names.map((name) => amountColumn(name, unit)),
      amountColumn(names.length ? "all" : readable(reading.measure), unit),
    ],
    rows: [...totals].map(([day, value]) => [day, ...series.map((s) => s.get(day) ?? null), value]),
  };
}
