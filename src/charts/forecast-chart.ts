import type { CivilDate } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import type { ChartBlock } from "../core/reply.ts";
import { alignToBuckets, bucketName, bucketsOf, dateTicks, type TimePoint } from "./buckets.ts";
import { formatValue } from "./format.ts";
import { altText, buildSpec, checkValues, type Heading, type Row } from "./spec.ts";
import { enclosingTicks } from "./ticks.ts";
import { timeEncoding } from "./time-layers.ts";

export interface ForecastPoint {
  at: CivilDate;
  mean: number;
  lo80: number;
  hi80: number;
  lo95: number;
  hi95: number;
}

export interface ForecastChart extends Heading {
  grain: Grain;
  /** In any order. A step without a point is a gap. */
  history: readonly TimePoint[];
  /** In order, after the history. */
  forecast: readonly ForecastPoint[];
}

const KEYS = ["known", "forecast", "80%", "95%"];

/**
 * What was, and what is to come: a line that goes on dashed, within the ranges that hold 80% and 95%.
 * Throws UserError without a value, for a value that is no number, and for more than 4,000 steps.
 */
export function forecastChart(chart: ForecastChart): ChartBlock {
  const { grain, history, forecast } = chart;
  checkValues(history.length + forecast.length === 0 ? [] : [{ label: "history", values: history.map(({ value }) => value) }]);
  checkValues(forecast.map((p) => ({ label: p.at, values: [p.mean, p.lo80, p.hi80, p.lo95, p.hi95] })));
  const buckets = bucketsOf(grain, [...history, ...forecast.map(({ at, mean }) => ({ at, value: mean }))]);
  const known = alignToBuckets(grain, history, buckets);
  const place = new Map(buckets.map((day, i) => [day, i]));
  const coming = forecast.map((point) => ({ ...point, i: place.get(point.at) ?? 0 }));
  return {
    type: "chart",
    title: chart.title,
    spec: forecastSpec(chart, buckets, known, coming),
    alt: forecastAlt(chart, buckets, known),
    plain: {
      kind: "line",
      ...(chart.unit ? { unit: chart.unit } : {}),
      categories: buckets.map((bucket) => bucketName(grain, bucket)),
      series: [
        { name: "known", values: known },
        ...(["mean", "lo80", "hi80", "lo95", "hi95"] as const).map((key) => ({
          name: NAMES[key],
          values: aligned(coming, key, buckets.length),
        })),
      ],
    },
  };
}

const NAMES = { mean: "forecast", lo80: "80% from", hi80: "80% to", lo95: "95% from", hi95: "95% to" } as const;

type Coming = ForecastPoint & { i: number };

function aligned(coming: readonly Coming[], key: keyof typeof NAMES, length: number): (number | null)[] {
  const values: (number | null)[] = new Array(length).fill(null);
  for (const point of coming) values[point.i] = point[key];
  return values;
}

function forecastSpec(chart: ForecastChart, buckets: readonly CivilDate[], known: readonly (number | null)[], coming: readonly Coming[]) {
  const all = [...known.filter((value) => value !== null), ...coming.flatMap(({ lo95, hi95 }) => [lo95, hi95])];
  const y = enclosingTicks(Math.min(0, ...all), Math.max(0, ...all), chart.unit);
  const x = dateTicks(chart.grain, buckets);
  const last = known.findLastIndex((value) => value !== null);
  const joint: Row[] =
    last >= 0 && coming[0]?.i === last + 1
      ? [{ i: last, value: known[last] ?? null, low: known[last] ?? null, high: known[last] ?? null }]
      : [];
  const range = (low: "lo80" | "lo95", high: "hi80" | "hi95"): Row[] => [
    ...joint,
    ...coming.map((p) => ({ i: p.i, low: p[low], high: p[high] })),
  ];
  return buildSpec(chart, {
    datasets: {
      grid: y.values.map((value) => ({ value })),
      wide: range("lo95", "hi95"),
      narrow: range("lo80", "hi80"),
      lines: known.map((value, i) => ({ i, value, key: "known" })),
      ahead: [...joint, ...coming.map(({ i, mean }) => ({ i, value: mean }))].map((row) => ({ ...row, key: "forecast" })),
      dots: known.flatMap((value, i) =>
        value !== null && (known[i - 1] ?? null) === null && (known[i + 1] ?? null) === null ? [{ i, value, key: "known" }] : [],
      ),
    },
    params: {
      dates: x.values,
      dateTexts: x.texts,
      span: buckets.length > 1 ? [0, buckets.length - 1] : [-0.5, 0.5],
      ticks: y.values,
      tickTexts: y.texts,
      ends: [y.values[0], y.values.at(-1)],
    },
    body: { encoding: timeEncoding(), layer: layers() },
  });
}

/** From the back: the wide range, the narrow one, the grid, the lines. */
function layers(): unknown[] {
  const range = ["theme.series[0]", "theme.series[0]", "theme.soft", "theme.wash"].map((expr) => ({ expr }));
  const color = {
    field: "key",
    type: "nominal",
    scale: { domain: KEYS, range },
    legend: { columns: KEYS.length, symbolDash: { expr: "datum.value === 'forecast' ? [5, 5] : []" } },
  };
  const area = (name: string, fill: string) => ({
    data: { name },
    mark: { type: "area", fill: { expr: fill }, opacity: 1, line: false },
    encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
  });
  const line = { type: "line", strokeWidth: 3, strokeJoin: "round", strokeCap: "round" };
  return [
    area("wide", "theme.wash"),
    area("narrow", "theme.soft"),
    { data: { name: "grid" }, mark: { type: "rule", yOffset: 0.5, stroke: { expr: "theme.grid" } }, encoding: { x: null } },
    { data: { name: "lines" }, mark: line, encoding: { color } },
    { data: { name: "ahead" }, mark: { ...line, strokeCap: "butt", strokeDash: [5, 5] }, encoding: { color } },
    { data: { name: "dots" }, mark: { type: "point", filled: true, size: 70, opacity: 1 }, encoding: { color } },
  ];
}

function forecastAlt(chart: ForecastChart, buckets: readonly CivilDate[], known: readonly (number | null)[]): string {
  const value = (amount: number) => formatValue(amount, chart.unit);
  const name = (i: number) => bucketName(chart.grain, buckets[i] ?? "");
  const last = known.findLastIndex((amount) => amount !== null);
  const [first] = chart.forecast;
  const end = chart.forecast.at(-1);
  const sentences = [`By ${chart.grain}, ${name(0)} to ${name(buckets.length - 1)}.`];
  if (last >= 0) sentences.push(`Last known: ${value(known[last] ?? 0)} (${name(last)}).`);
  if (first && end)
    sentences.push(
      `Forecast: ${value(first.mean)} (${bucketName(chart.grain, first.at)}) to ${value(end.mean)} (${bucketName(chart.grain, end.at)}); at the end 80% between ${value(end.lo80)} and ${value(end.hi80)}, 95% between ${value(end.lo95)} and ${value(end.hi95)}.`,
    );
  return altText(chart, sentences);
}
