import type { CivilDate } from "../core/fact.ts";
import type { ChartBlock } from "../core/reply.ts";
import { bucketName, bucketsOf, dateTicks } from "./buckets.ts";
import { formatValue } from "./format.ts";
import { cleanLabel, inSentence } from "./labels.ts";
import { altText, buildSpec, checkValues, type Heading, type Row, valueColumn } from "./spec.ts";
import { enclosingTicks } from "./ticks.ts";
import { timeEncoding } from "./time-layers.ts";

export interface AnomalyDay {
  day: CivilDate;
  /** null: known to be missing. */
  value: number | null;
  /** The expected range; null while too little is known. */
  low: number | null;
  high: number | null;
  anomalous: boolean;
}

export interface AnomalyChart extends Heading {
  /** What the line is: "Amazon S3". */
  name: string;
  /** In any order; a day that is not there is a gap. */
  days: readonly AnomalyDay[];
  /** First day whose numbers the source may still change; such days are not judged. */
  provisionalFrom?: CivilDate;
}

const MOST_SPOKEN = 4;

/**
 * One line per day in its expected range, with its anomalies as dots. Missing days are gaps, provisional days stand on a shaded ground.
 * The axis holds zero unless the range is far from it. Throws UserError without a value, or for a value that is no number.
 */
export function anomalyChart(chart: AnomalyChart): ChartBlock {
  const known = chart.days.filter((day) => day.value !== null);
  checkValues(known.map((day) => ({ label: chart.name, values: [day.value, day.low, day.high] })));
  const buckets = bucketsOf(
    "day",
    chart.days.map(({ day, value }) => ({ at: day, value })),
  );
  const byDay = new Map(chart.days.map((day) => [day.day, day]));
  const days = buckets.map((day): AnomalyDay => byDay.get(day) ?? { day, value: null, low: null, high: null, anomalous: false });
  const provisional = provisionalAt(chart, days) < days.length;
  const notes = ["band: expected range", "dots: anomalies", ...(provisional ? ["shaded: may still change"] : []), ...(chart.notes ?? [])];
  return {
    type: "chart",
    title: chart.title,
    spec: buildSpec({ ...chart, notes }, { ...dataOf(chart, days), body: { encoding: timeEncoding(), layer: layersOf(provisional) } }),
    alt: altOf(chart, days),
    figures: {
      columns: [
        { label: "day", type: "date" },
        ...[cleanLabel(chart.name), "expected from", "expected to"].map((label) => valueColumn(label, chart)),
        { label: "unusual", type: "text" },
      ],
      rows: days.map(({ day, value, low, high, anomalous }) => [day, value, low, high, anomalous ? "yes" : null]),
    },
  };
}

function provisionalAt({ provisionalFrom }: AnomalyChart, days: readonly AnomalyDay[]): number {
  const first = provisionalFrom === undefined ? -1 : days.findIndex(({ day }) => day >= provisionalFrom);
  return first < 0 ? days.length : first;
}

function dataOf(chart: AnomalyChart, days: readonly AnomalyDay[]) {
  const amounts = days.flatMap(({ value, low, high }) => [value, low, high].filter((amount) => amount !== null));
  const y = enclosingTicks(Math.min(0, ...amounts), Math.max(0, ...amounts), chart.unit);
  const x = dateTicks(
    "day",
    days.map(({ day }) => day),
  );
  const provisional = provisionalAt(chart, days);
  const end = days.length - 1;
  return {
    datasets: {
      grid: y.values.map((value): Row => ({ value })),
      range: days.map(({ low, high }, i): Row => ({ i, value: low, high })),
      line: days.map(({ value }, i): Row => ({ i, value })),
      lone: days.flatMap(({ value }, i): Row[] => (value !== null && isGap(days[i - 1]) && isGap(days[i + 1]) ? [{ i, value }] : [])),
      marks: days.flatMap(({ value, anomalous }, i): Row[] => (anomalous ? [{ i, value }] : [])),
      ...(provisional <= end ? { ground: [{ i: Math.max(0, provisional - 0.5), end: end + 0.5 }] } : {}),
    },
    params: {
      dates: x.values,
      dateTexts: x.texts,
      span: end > 0 ? [0, end + (provisional <= end ? 0.5 : 0)] : [-0.5, 0.5],
      ticks: y.values,
      tickTexts: y.texts,
      ends: [y.values[0], y.values.at(-1)],
    },
  };
}

function isGap(day: AnomalyDay | undefined): boolean {
  return day === undefined || day.value === null;
}

/** From the back: shaded ground, range, grid, line, lone days, anomalies. */
function layersOf(provisional: boolean): unknown[] {
  const point = { type: "point", filled: true, opacity: 1 };
  return [
    ...(provisional
      ? [{ data: { name: "ground" }, mark: { type: "rect", fill: { expr: "theme.band" } }, encoding: { x2: { field: "end" }, y: null } }]
      : []),
    { data: { name: "range" }, mark: { type: "area", fill: { expr: "theme.wash" }, opacity: 1 }, encoding: { y2: { field: "high" } } },
    { data: { name: "grid" }, mark: { type: "rule", yOffset: 0.5, stroke: { expr: "theme.grid" } }, encoding: { x: null } },
    {
      data: { name: "line" },
      mark: { type: "line", strokeWidth: 2.5, strokeJoin: "round", strokeCap: "round", stroke: { expr: "theme.strong" } },
    },
    { data: { name: "lone" }, mark: { ...point, size: 60, fill: { expr: "theme.strong" } } },
    { data: { name: "marks" }, mark: { ...point, size: 190, fill: { expr: "theme.accent" } } },
  ];
}

function altOf(chart: AnomalyChart, days: readonly AnomalyDay[]): string {
  const name = (day: AnomalyDay | undefined) => bucketName("day", day?.day ?? "");
  const amount = (value: number | null) => (value === null ? "missing" : formatValue(value, chart.unit));
  const anomalies = days.filter((day) => day.anomalous);
  const missing = days.filter((day) => day.value === null).length;
  const worst = anomalies.toSorted((a, b) => distance(b) - distance(a)).slice(0, MOST_SPOKEN);
  return altText(chart, [
    `${inSentence(cleanLabel(chart.name))} by day, ${name(days[0])} to ${name(days.at(-1))}, with the range that was expected.`,
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "day has" : "days have"} no value.`] : []),
    anomalies.length === 0 ? "No day is an anomaly." : `${anomalies.length} ${anomalies.length === 1 ? "day is" : "days are"} anomalous.`,
    ...worst.map((day) => `${name(day)}: ${amount(day.value)}, expected ${amount(day.low)} to ${amount(day.high)}.`),
  ]);
}

function distance({ value, low, high }: AnomalyDay): number {
  return value === null ? 0 : Math.max(value - (high ?? value), (low ?? value) - value);
}
