import { sum } from "../analytics/pareto.ts";
import { addDays, daysBetween, fromInstant } from "../core/civil-date.ts";
import type { Fact } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import { formatPercent, formatValue, readable } from "../core/format.ts";
import { formatDay, formatPeriod, wholeUnit } from "../core/period.ts";
import type { ChartBlock, TableBlock } from "../core/reply.ts";
import type { FeedReading } from "./feed-question.ts";
import { amountColumn, chartNotes, labelOf, ratioChange, sumBy, total } from "./finding.ts";

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

export interface BreakdownInput {
  unit: string;
  facts: readonly Fact[];
  before: readonly Fact[];
  reading: FeedReading;
  grain: Grain | undefined;
  top: number | undefined;
  order: "value" | "change" | "smallest";
}

interface Part {
  label: string;
  labels: Record<string, string>;
  value: number;
  share: number | undefined;
  previous: number | undefined;
}

export async function breakdown(input: BreakdownInput): Promise<Breakdown> {
  const { reading, unit, facts, grain } = input;
  const compared = reading.comparePeriod !== undefined;
  const whole = total(facts);
  const previous = compared ? total(input.before) : undefined;
  const parts = orderParts(partsOf(input, whole), input.order);
  const shown = parts.slice(0, input.top ?? parts.length);
  const change = previous === undefined ? undefined : ratioChange(whole, previous);
  const rows: BreakdownRow[] = grain
    ? facts.map((f) => ({ labels: { ...f.labels }, unit, at: fromInstant(f.at), value: f.value }))
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
      timeWords: courseWords(facts, unit, grain),
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
  const then = sumBy(before, reading.by);
  const labels = new Map(
    facts.concat(before).map((f) => [labelOf(f, reading.by), Object.fromEntries(reading.by.map((d) => [d, f.labels[d] ?? "(not set)"]))]),
  );
  const now = sumBy(facts, reading.by);
  return [...labels.keys()].map((label) => ({
    label,
    labels: labels.get(label) ?? {},
    value: now.get(label) ?? 0,
    share: whole > 0 ? (now.get(label) ?? 0) / whole : undefined,
    previous: reading.comparePeriod ? (then.get(label) ?? 0) : undefined,
  }));
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

function partsTable({ reading, unit, top }: BreakdownInput, shown: readonly Part[], all: readonly Part[]): TableBlock {
  const compared = reading.comparePeriod !== undefined;
  const rest = top === undefined ? [] : all.slice(shown.length);
  const amounts = (p: { value: number; share: number | undefined; previous: number | undefined }) => [
    p.value,
    p.share ?? null,
    ...(compared ? [p.previous ?? null, p.value - (p.previous ?? 0), ratioChange(p.value, p.previous)] : []),
  ];
  const others = {
    value: sum(rest.map((p) => p.value)),
    share: sum(rest.map((p) => p.share ?? 0)),
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
      ...(rest.length ? [[`${rest.length} others`, ...reading.by.slice(1).map(() => ""), ...amounts(others)]] : []),
    ],
  };
}

async function partsCharts(input: BreakdownInput, shown: readonly Part[], all: readonly Part[]): Promise<ChartBlock[]> {
  const { reading, unit } = input;
  const [first] = shown;
  if (shown.length < 2 || !first) return [];
  const names = reading.by.map(readable).join(" and ");
  const heading = { unit, ...(reading.period ? { period: reading.period } : {}), notes: chartNotes(reading.receipts) };
  if (input.order === "change" && reading.comparePeriod) {
    const changes = shown
      .map((p) => ({ label: p.label, change: p.value - (p.previous ?? 0), before: p.previous ?? 0 }))
      .filter((c) => c.change !== 0);
    if (changes.length === 0) return [];
    const title = `${first.label} changed ${readable(reading.measure)} the most`;
    const { changeChart } = await import("../charts/change-chart.ts");
    return [
      changeChart({
        ...heading,
        title,
        subject: `change of ${readable(reading.measure)} by ${names}`,
        changes,
        totals: { before: total(input.before), after: total(input.facts) },
        previousName: formatPeriod(reading.comparePeriod),
      }),
    ];
  }
  const rest = all.slice(shown.length);
  const title = `${first.label} is the ${input.order === "smallest" ? "smallest" : "largest"} ${names}${first.share === undefined || input.order === "smallest" ? "" : `: ${formatPercent(first.share)} of ${readable(reading.measure)}`}`;
  const { barChart } = await import("../charts/bar-chart.ts");
  return [
    barChart({
      ...heading,
      title,
      subject: `${readable(reading.measure)} by ${names}`,
      items: shown.map((p) => ({ label: p.label, value: p.value, ...(p.previous === undefined ? {} : { previous: p.previous }) })),
      ...(reading.comparePeriod ? { previousName: formatPeriod(reading.comparePeriod) } : {}),
      ...(rest.length ? { more: { n: rest.length, value: sum(rest.map((p) => p.value)) } } : {}),
    }),
  ];
}

/** "It was highest on 3 March 2026 ($412.00) and lowest …": only with three points or more. */
function courseWords(facts: readonly Fact[], unit: string, grain: Grain): string {
  const buckets = [...sumBuckets(facts)].sort((a, b) => b[1] - a[1]);
  const [high, low] = [buckets[0], buckets.at(-1)];
  if (buckets.length < 3 || !high || !low) return "";
  const name = (day: string) =>
    grain === "day"
      ? `on ${formatDay(day)}`
      : `in ${grain === "week" ? `the week of ${formatDay(day)}` : formatPeriod(wholeUnit(grain, day))}`;
  return ` It was highest ${name(high[0])} (${formatValue(high[1], unit)}) and lowest ${name(low[0])} (${formatValue(low[1], unit)}); the mean per ${grain} is ${formatValue(sum(buckets.map((b) => b[1])) / buckets.length, unit)}.`;
}

function sumBuckets(facts: readonly Fact[]): Map<string, number> {
  const buckets = new Map<string, number[]>();
  for (const fact of facts) {
    const day = fromInstant(fact.at);
    const values = buckets.get(day);
    if (values) values.push(fact.value);
    else buckets.set(day, [fact.value]);
  }
  return new Map([...buckets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, values]) => [day, sum(values)]));
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

async function courseCharts(
  { facts, before, reading, unit, grain = "day" }: BreakdownInput,
  shown: readonly Part[],
): Promise<ChartBlock[]> {
  const points = (some: readonly Fact[], shift = 0) => [...sumBuckets(some)].map(([day, value]) => ({ at: addDays(day, shift), value }));
  const whole = { name: reading.subject || readable(reading.measure), points: points(facts) };
  if (whole.points.length < 2) return [];
  const series =
    reading.by.length === 0
      ? [whole]
      : shown.map((p) => ({ name: p.label, points: points(facts.filter((f) => labelOf(f, reading.by) === p.label)) }));
  const provisionalFrom = reading.receipts.map((r) => /\d{4}-\d{2}-\d{2}/.exec(r.provisional ?? "")?.[0]).find((d) => d !== undefined);
  const { period, comparePeriod } = reading;
  const comparable = period && comparePeriod && before.length > 0 && reading.by.length === 0;
  const { timeChart } = await import("../charts/time-chart.ts");
  return [
    timeChart({
      title: courseTitle(whole.points, grain, `${readable(reading.measure)}${reading.subject ? ` of ${reading.subject}` : ""}`, unit),
      subject: `${readable(reading.measure)} per ${grain}${reading.by.length ? ` by ${reading.by.map(readable).join(" and ")}` : ""}`,
      unit,
      grain,
      series,
      ...(period ? { period } : {}),
      notes: chartNotes(reading.receipts),
      ...(comparable
        ? { comparison: { name: formatPeriod(comparePeriod), points: points(before, daysBetween(comparePeriod.from, period.from)) } }
        : {}),
      ...(provisionalFrom && grain === "day" ? { provisionalFrom } : {}),
    }),
  ];
}

function courseTitle(points: readonly { at: string; value: number }[], grain: Grain, measure: string, unit: string): string {
  const mean = sum(points.map((p) => p.value)) / points.length;
  return `${measure.slice(0, 1).toUpperCase()}${measure.slice(1)} averages ${formatValue(mean, unit)} per ${grain}`;
}
