import { fitRows, heightFor, rankedRows } from "./bar-chart.ts";
import { formatPercent } from "./format.ts";
import { cleanText, cutDistinct, wrapToWidth } from "./labels.ts";
import { HEIGHT, type Row } from "./spec.ts";
import { BOLD_WIDTH, PADDING, SIZE } from "./theme.ts";

/** Pixels. On a phone, where a picture is some 340 wide, letters of 18 are then read as letters of 11. */
export const NARROW_WIDTH = 560;

const INNER = NARROW_WIDTH - 2 * PADDING;
const TALLEST = 600;
const LABEL_WIDTH = 190;
const LEGEND_WIDTH = 180;
const LEGEND_COLUMNS = 2;

type Spec = Readonly<Record<string, unknown>>;
type Params = Readonly<Record<string, unknown>>;

/**
 * A chart of this folder, laid out anew for a narrow screen: its heading takes more lines, names less room, dates that would meet are
 * left out. A Pareto chart becomes ranked bars, with the running share in words where the line was.
 */
export function narrowed(spec: Spec): Spec {
  const params = Object.fromEntries((spec.params as { name: string; value: unknown }[]).map(({ name, value }) => [name, value]));
  const { rows, bars } = spec.datasets as Readonly<Record<string, readonly Row[]>>;
  const { layout, height, notes } = bars ? ranked(params, bars) : rows ? refitted(spec, params, rows) : ofTime(spec, params);
  const title = wrapToWidth(joined(params.title), INNER / BOLD_WIDTH, SIZE.title, 3);
  const parts = wrapToWidth([joined(params.subtitle), ...notes].join("  ·  "), INNER, SIZE.subtitle, 4);
  // A line neither begins nor ends with what parts it from its neighbours.
  const subtitle = parts.map((line) => line.replace(/^[\s·]+|[\s·]+$/g, ""));
  // The two axes of a Pareto chart.
  const { resolve: _, ...frame } = spec;
  return {
    ...frame,
    ...layout.body,
    datasets: layout.datasets ?? spec.datasets,
    params: Object.entries({ ...layout.params, theme: params.theme, title, subtitle }).map(([name, value]) => ({ name, value })),
    width: NARROW_WIDTH,
    height: height + 38 * (title.length - 1) + 26 * (subtitle.length - 1),
  };
}

interface Narrowed {
  layout: { body: object; params: Params; datasets?: Readonly<Record<string, readonly Row[]>> };
  /** Pixels, with one line of title and one of subtitle. */
  height: number;
  /** More words for the subtitle. */
  notes: readonly string[];
}

function ranked({ labels, said }: Params, bars: readonly Row[]): Narrowed {
  const rows = bars.map((bar, i): Row => {
    const { value = null, share, tone = null } = bar;
    return { i, value, at: value, tone, text: `${(said as string[] | undefined)?.[i] ?? ""}  (${formatPercent(Number(share))})`.trim() };
  });
  const names = (labels as readonly unknown[]).map((label) => ({ label: joined(label) }));
  const { datasets, params, body } = rankedRows(names, rows, false);
  return {
    layout: { datasets, body, params: { ...params, ...fitRows(params.labels, rows, INNER, LABEL_WIDTH) } },
    height: heightFor(rows.length),
    notes: ["in brackets: running share"],
  };
}

function refitted(spec: Spec, params: Params, rows: readonly Row[]): Narrowed {
  const fitted = fitRows(params.labels as readonly string[], rows, INNER, LABEL_WIDTH);
  return { layout: { body: {}, params: { ...params, ...fitted } }, height: Number(spec.height ?? HEIGHT), notes: [] };
}

/** What runs over an axis: fewer dates below it, and a legend of two columns. */
function ofTime(spec: Spec, params: Params): Narrowed {
  const encoding = spec.encoding as { x: { axis: object } };
  const x = { ...encoding.x, axis: { ...encoding.x.axis, labelOverlap: "parity", labelSeparation: 6 } };
  const names = params.names as readonly string[] | undefined;
  return {
    layout: {
      body: { encoding: { ...encoding, x }, layer: (spec.layer as readonly Layer[]).map(foldLegend) },
      params: { ...params, ...(names ? { names: cutDistinct(names.map(cleanText), LEGEND_WIDTH, SIZE.label) } : {}) },
    },
    height: Math.min(TALLEST, Number(spec.height ?? HEIGHT)),
    notes: [],
  };
}

interface Layer {
  encoding?: { color?: { legend?: { columns?: number } | null } };
}

function foldLegend(layer: Layer): Layer {
  const color = layer.encoding?.color;
  if (!color?.legend?.columns) return layer;
  const legend = { ...color.legend, columns: Math.min(LEGEND_COLUMNS, color.legend.columns) };
  return { ...layer, encoding: { ...layer.encoding, color: { ...color, legend } } };
}

/** Lines as the one text they were. */
function joined(lines: unknown): string {
  return cleanText(Array.isArray(lines) ? lines.join(" ") : String(lines ?? ""));
}
