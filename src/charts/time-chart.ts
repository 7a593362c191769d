import { startOf } from "../core/civil-date.ts";
import type { CivilDate } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import type { ChartBlock } from "../core/reply.ts";
import { alignToBuckets, bucketName, bucketsOf, dateTicks, type TimePoint } from "./buckets.ts";
import { formatValue } from "./format.ts";
import { cleanLabel, cutDistinct, inSentence } from "./labels.ts";
import { altText, buildSpec, checkValues, type Heading, type Row } from "./spec.ts";
import { SIZE } from "./theme.ts";
import { enclosingTicks } from "./ticks.ts";
import { lineLayers, timeEncoding } from "./time-layers.ts";

export interface TimeSeries {
  name: string;
  /** In any order. A bucket without a point is a gap, never a zero. Points of one bucket are added. */
  points: readonly TimePoint[];
}

export interface TimeChart extends Heading {
  grain: Grain;
  series: readonly TimeSeries[];
  /** The same measure in another period, already moved to these dates: "September 2026". */
  comparison?: TimeSeries;
  /** First day whose numbers the source may still change. */
  provisionalFrom?: CivilDate;
  /** data: the axis may start above zero, for measures whose distance from zero says nothing. Default: zero. */
  baseline?: "zero" | "data";
}

const MOST_SERIES = 8;
const MOST_SPOKEN = 4;
const LEGEND_WIDTH = 230;
const COMPARISON_KEY = "c";
const OTHERS_KEY = "others";

export interface Line {
  /** Ours, never a name from outside. */
  key: string;
  name: string;
  values: readonly (number | null)[];
}

/**
 * One or several lines over time. Missing buckets are gaps; lone points are dots; provisional buckets are dashed on a shaded ground.
 * Beyond eight series the smaller ones are added up as "n others" (ratios cannot be: they are left out, and the subtitle says so).
 * Throws UserError without a value, for a value that is no number, and for more than 4,000 buckets.
 */
export function timeChart(chart: TimeChart): ChartBlock {
  const all = [...chart.series, ...(chart.comparison ? [chart.comparison] : [])];
  checkValues(all.map(({ name, points }) => ({ label: name, values: points.map(({ value }) => value) })));
  const points = all.flatMap((series) => series.points);
  checkValues(points.filter(({ value }) => value !== null).map(({ value }) => ({ label: "", values: [value] })));
  const buckets = bucketsOf(chart.grain, points);
  const { lines, notes } = linesOf(chart, buckets);
  const comparison = chart.comparison && {
    key: COMPARISON_KEY,
    name: chart.comparison.name,
    values: alignToBuckets(chart.grain, chart.comparison.points, buckets),
  };
  const firm = firmBuckets(chart, buckets);
  if (firm < buckets.length) notes.push(`dashed: may still change (since ${bucketName(chart.grain, buckets[firm] ?? "")})`);
  return {
    type: "chart",
    title: chart.title,
    spec: timeSpec(chart, buckets, lines, comparison, firm, notes),
    alt: timeAlt(chart, buckets, lines, comparison, firm),
    plain: {
      kind: "line",
      ...(chart.unit ? { unit: chart.unit } : {}),
      categories: buckets.map((bucket) => bucketName(chart.grain, bucket)),
      series: [...lines, ...(comparison ? [comparison] : [])].map(({ name, values }) => ({ name: cleanLabel(name), values })),
    },
  };
}

function linesOf({ series, grain, unit }: TimeChart, buckets: readonly CivilDate[]): { lines: Line[]; notes: string[] } {
  const aligned = series.map(({ name, points }) => ({ name, values: alignToBuckets(grain, points, buckets) }));
  const ranked = aligned.toSorted((a, b) => weight(b.values) - weight(a.values));
  const lines: Line[] = ranked.slice(0, MOST_SERIES).map((line, i) => ({ ...line, key: `s${i}` }));
  const left = ranked.slice(MOST_SERIES);
  if (left.length === 0) return { lines, notes: [] };
  if (unit === "ratio") return { lines, notes: [`${left.length} more not shown`] };
  const values = buckets.map((_, i) => sumOfKnown(left.map((line) => line.values[i] ?? null)));
  return { lines: [...lines, { key: OTHERS_KEY, name: left.length === 1 ? "1 other" : `${left.length} others`, values }], notes: [] };
}

/** How many buckets, from the first, are settled. */
function firmBuckets({ provisionalFrom, grain }: TimeChart, buckets: readonly CivilDate[]): number {
  if (provisionalFrom === undefined) return buckets.length;
  const first = buckets.findIndex((bucket) => bucket >= startOf(grain, provisionalFrom));
  return first < 0 ? buckets.length : first;
}

function timeSpec(
  chart: TimeChart,
  buckets: readonly CivilDate[],
  lines: readonly Line[],
  comparison: Line | undefined,
  firm: number,
  notes: readonly string[],
) {
  const drawn = comparison ? [...lines, comparison] : lines;
  const known = drawn.flatMap(({ values }) => values.filter((value) => value !== null));
  const low = Math.min(...known);
  const high = Math.max(...known);
  const y =
    chart.baseline === "data" ? enclosingTicks(low, high, chart.unit) : enclosingTicks(Math.min(0, low), Math.max(0, high), chart.unit);
  const x = dateTicks(chart.grain, buckets);
  const provisional = firm < buckets.length;
  const end = buckets.length - 1 + (provisional ? 0.5 : 0);
  const wash = lines.length === 1 && chart.baseline !== "data" && low >= 0;
  const keys = drawn.map(({ key }) => key);
  return buildSpec(
    chart,
    {
      datasets: {
        grid: y.values.map((value) => ({ value })),
        lines: lines.flatMap((line) => rowsOf(line, 0, firm)),
        dots: drawn.flatMap((line) => lonePoints(line)),
        ...(provisional
          ? {
              tails: lines.flatMap((line) => rowsOf(line, Math.max(0, firm - 1), buckets.length)),
              band: [{ i: Math.max(0, firm - 0.5), end }],
            }
          : {}),
        ...(wash ? { area: lines.flatMap((line) => rowsOf(line, 0, buckets.length)) } : {}),
        ...(comparison ? { compared: rowsOf(comparison, 0, buckets.length) } : {}),
      },
      params: {
        dates: x.values,
        dateTexts: x.texts,
        span: end > 0 ? [0, end] : [-0.5, 0.5],
        ticks: y.values,
        tickTexts: y.texts,
        ends: [y.values[0], y.values.at(-1)],
        keys,
        names: cutDistinct(
          drawn.map(({ name }) => cleanLabel(name)),
          LEGEND_WIDTH,
          SIZE.label,
        ),
      },
      body: { encoding: timeEncoding(), layer: lineLayers({ keys, provisional, wash, comparison: comparison !== undefined }) },
    },
    notes,
  );
}

function rowsOf({ key, values }: Line, from: number, to: number): Row[] {
  return values.slice(from, to).map((value, i) => ({ i: from + i, value, key }));
}

/** Values with no neighbour, which a line cannot show. */
function lonePoints({ key, values }: Line): Row[] {
  return values.flatMap((value, i) =>
    value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [{ i, value, key }] : [],
  );
}

function weight(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0);
}

function sumOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

function timeAlt(
  chart: TimeChart,
  buckets: readonly CivilDate[],
  lines: readonly Line[],
  comparison: Line | undefined,
  firm: number,
): string {
  const name = (i: number) => bucketName(chart.grain, buckets[i] ?? "");
  const value = (amount: number) => formatValue(amount, chart.unit);
  const sentences = [`By ${chart.grain}, ${name(0)} to ${name(buckets.length - 1)}.`];
  for (const line of [...lines.slice(0, MOST_SPOKEN), ...(comparison ? [comparison] : [])]) {
    const known = line.values.flatMap((amount, i) => (amount === null ? [] : [{ amount, i }]));
    const last = known.at(-1);
    if (!last) continue;
    const high = known.reduce((best, point) => (point.amount > best.amount ? point : best));
    const low = known.reduce((best, point) => (point.amount < best.amount ? point : best));
    const mean = known.reduce((sum, { amount }) => sum + amount, 0) / known.length;
    const missing = buckets.length - known.length;
    const gaps = missing > 0 ? `, ${missing} without a value` : "";
    // Its dates were moved to lie beside these; to say them would be wrong.
    if (line === comparison)
      sentences.push(`${inSentence(line.name)}: average ${value(mean)}, from ${value(low.amount)} to ${value(high.amount)}.`);
    else
      sentences.push(
        `${inSentence(line.name)}: average ${value(mean)}, highest ${value(high.amount)} (${name(high.i)}), lowest ${value(low.amount)} (${name(low.i)}), last ${value(last.amount)} (${name(last.i)})${gaps}.`,
      );
  }
  if (lines.length > MOST_SPOKEN)
    sentences.push(
      lines.length === MOST_SPOKEN + 1 ? "One more line is smaller." : `${lines.length - MOST_SPOKEN} more lines are smaller.`,
    );
  if (firm < buckets.length) sentences.push(`Since ${name(firm)} the numbers may still change.`);
  return altText(chart, sentences);
}
