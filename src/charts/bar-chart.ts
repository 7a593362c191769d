import { formatPeriod } from "../core/period.ts";
import type { ChartBlock, PlainChart } from "../core/reply.ts";
import { formatPercent, formatValue } from "./format.ts";
import { cleanLabel, cutDistinct, estimateWidth, inSentence } from "./labels.ts";
import { altText, buildSpec, checkValues, HEIGHT, type Heading, INNER_WIDTH, type Row } from "./spec.ts";
import { SIZE } from "./theme.ts";

export interface BarItem {
  label: string;
  value: number;
  /** The same measure in the comparison period; null or absent: there was none. */
  previous?: number | null;
}

export interface BarChart extends Heading {
  items: readonly BarItem[];
  /** What `previous` is: "September 2026". Default: "previous period". */
  previousName?: string;
  /** Items not in the list: how many, and their sum. */
  more?: { n: number; value: number };
}

const MOST_BARS = 20;
const MOST_SPOKEN = 6;
const ROW_HEIGHT = 52;
/** Pixels of title, subtitle and paddings around the rows. */
const FRAME_HEIGHT = 170;
const LABEL_WIDTH = 320;
const TEXT_GAP = 12;

/**
 * One measure, ranked: horizontal bars with their values, and a mark where each stood before. Beyond twenty bars the rest is
 * one bar at the end. Values may be zero or negative. Throws UserError without items or for a value that is no number.
 */
export function barChart(chart: BarChart): ChartBlock {
  checkValues(chart.items.map(({ label, value, previous }) => ({ label, values: [value, previous, chart.more?.value] })));
  const ranked = chart.items.toSorted((a, b) => b.value - a.value);
  const bars = rowsOf(chart, ranked);
  return { type: "chart", title: chart.title, spec: barSpec(chart, bars), alt: barAlt(chart, ranked), plain: plainBars(chart, bars) };
}

function plainBars(chart: BarChart, bars: readonly Bar[]): PlainChart {
  const compared = bars.some(({ previous }) => previous != null);
  const series = [
    {
      name: compared && chart.period ? formatPeriod(chart.period) : cleanLabel(chart.subject ?? "value"),
      values: bars.map(({ value }) => value),
    },
    ...(compared ? [{ name: chart.previousName ?? "previous period", values: bars.map(({ previous }) => previous ?? null) }] : []),
  ];
  return { kind: "bar", ...(chart.unit ? { unit: chart.unit } : {}), categories: bars.map(({ label }) => cleanLabel(label)), series };
}

interface Bar extends BarItem {
  tone: "strong" | "rest";
}

function rowsOf({ more }: BarChart, ranked: readonly BarItem[]): Bar[] {
  const shown = ranked.length > MOST_BARS + 1 || more ? ranked.slice(0, MOST_BARS) : ranked;
  const bars: Bar[] = shown.map((item) => ({ ...item, tone: "strong" }));
  const left = ranked.slice(shown.length);
  const n = left.length + (more?.n ?? 0);
  if (n === 0) return bars;
  const value = left.reduce((sum, item) => sum + item.value, more?.value ?? 0);
  return [...bars, { label: n === 1 ? "1 other" : `${n} others`, value, tone: "rest" }];
}

function barSpec(chart: BarChart, bars: readonly Bar[]): Record<string, unknown> {
  const compared = bars.some(({ previous }) => previous != null);
  const rows = bars.map(({ value, previous, tone }, i): Row => {
    const text = formatValue(value, chart.unit, { compact: true }) + changeOf(value, previous);
    const ends = [0, value, previous ?? 0];
    return { i, value, previous: previous ?? null, tone, text, at: value < 0 ? Math.min(...ends) : Math.max(...ends) };
  });
  const notes = compared ? [`upright mark: ${chart.previousName ?? "previous period"}`] : [];
  return buildSpec(chart, { height: heightFor(bars.length), ...rankedRows(bars, rows, compared) }, notes);
}

/** Rows of bars with a name at the left and a text at each bar's end. `at` is where the text stands. */
export function rankedRows(bars: readonly { label: string }[], rows: readonly Row[], compared: boolean) {
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domainMin: { expr: "from" }, domainMax: { expr: "to" }, nice: false },
    axis: null,
  });
  const text = { field: "text", type: "nominal" };
  const layer = [
    { mark: { type: "bar", height: { band: 1 }, fill: { expr: "theme[datum.tone]" } }, encoding: { x: x("value") } },
    {
      mark: { type: "rule", strokeWidth: 2, stroke: { expr: "theme.grid" } },
      encoding: { x: { ...x("value"), field: undefined, datum: 0 }, y: null },
    },
    {
      mark: {
        type: "text",
        fontSize: { expr: "size" },
        baseline: "middle",
        align: { expr: "datum.at < 0 ? 'right' : 'left'" },
        dx: { expr: `datum.at < 0 ? -${TEXT_GAP} : ${TEXT_GAP}` },
      },
      encoding: { x: x("at"), text },
    },
    ...(compared
      ? [
          {
            mark: { type: "tick", thickness: 4, opacity: 1, bandSize: { expr: "tickLength" }, fill: { expr: "theme.text" } },
            encoding: { x: x("previous") },
          },
        ]
      : []),
  ];
  const y = {
    field: "i",
    type: "ordinal",
    scale: { paddingInner: 0.34, paddingOuter: 0.1 },
    axis: { labelExpr: "labels[datum.value]", labelFontSize: { expr: "size" }, labelColor: { expr: "theme.text" } },
  };
  return {
    datasets: { rows },
    params: {
      ...fitRows(
        bars.map(({ label }) => label),
        rows,
      ),
      tickLength: Math.min(ROW_HEIGHT, (HEIGHT - FRAME_HEIGHT) / bars.length) * 0.84,
    },
    body: { data: { name: "rows" }, encoding: { y }, layer },
  };
}

/** How names, bars and texts share a width in pixels: the names as they are shown, both ends of the axis, the size of the letters. */
export function fitRows(names: readonly string[], rows: readonly Row[], width = INNER_WIDTH, labelWidth = LABEL_WIDTH) {
  const size = rows.length > 16 ? 16 : SIZE.label;
  const labels = cutDistinct(names.map(cleanLabel), labelWidth, size);
  const plot = width - Math.max(...labels.map((label) => estimateWidth(label, size))) - 20;
  const [from, to] = domainWithTexts(rows, plot, size);
  return { labels, from, to, size };
}

/** Pixels of a picture with so many rows. */
export function heightFor(rows: number): number {
  return Math.min(HEIGHT, FRAME_HEIGHT + ROW_HEIGHT * rows);
}

/** The values' own extent, widened so that the texts at the bars' ends stay inside `plot` pixels. */
function domainWithTexts(rows: readonly Row[], plot: number, size: number): [from: number, to: number] {
  const ofOneSide = rows.every(({ at }) => Number(at) >= 0);
  const ends = rows.map(({ at, text }) => ({
    at: Number(at),
    room: Math.min(ofOneSide ? 0.7 : 0.45, (estimateWidth(String(text), size) + TEXT_GAP) / plot),
  }));
  const left = ends.filter(({ at }) => at < 0);
  const right = ends.filter(({ at }) => at >= 0);
  const leftRoom = Math.max(0, ...left.map(({ room }) => room));
  const rightRoom = Math.max(0, ...right.map(({ room }) => room));
  const low = Math.min(0, ...left.map(({ at }) => at));
  const high = Math.max(0, ...right.map(({ at }) => at));
  const perPlot = (high - low || 1) / (1 - leftRoom - rightRoom);
  return [low - leftRoom * perPlot, high + rightRoom * perPlot];
}

function changeOf(value: number, previous: number | null | undefined): string {
  if (previous === null || previous === undefined || previous === 0) return "";
  return `  (${formatPercent((value - previous) / Math.abs(previous), { signed: true })})`;
}

function barAlt(chart: BarChart, ranked: readonly BarItem[]): string {
  const n = ranked.length + (chart.more?.n ?? 0);
  const before = chart.previousName ?? "the previous period";
  const spoken = ranked.slice(0, MOST_SPOKEN).map(({ label, value, previous }) => {
    const was = previous == null ? "" : ` (${formatValue(previous, chart.unit)} in ${before})`;
    return `${inSentence(label)} ${formatValue(value, chart.unit)}${was}`;
  });
  return altText(chart, [`From the largest: ${spoken.join(", ")}${n > MOST_SPOKEN ? `, then ${n - MOST_SPOKEN} more` : ""}.`]);
}
