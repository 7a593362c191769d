/** The fixed part of a time chart's specification: nothing in it comes from outside. */
export interface LineParts {
  /** Keys of the series in the order of the legend; ours. */
  keys: readonly string[];
  provisional: boolean;
  wash: boolean;
  comparison: boolean;
}

export function timeEncoding(): Record<string, unknown> {
  return {
    x: {
      // Labels at the ends stand under their day like the others: pushed inwards they run into their neighbours.
      field: "i",
      type: "quantitative",
      scale: { domain: { expr: "span" }, nice: false, zero: false },
      axis: {
        values: { expr: "dates" },
        labelExpr: "dateTexts[indexof(dates, datum.value)]",
        grid: false,
        labelFlush: false,
        labelLineHeight: 23,
      },
    },
    y: {
      field: "value",
      type: "quantitative",
      scale: { domain: { expr: "ends" }, nice: false, zero: false },
      axis: { values: { expr: "ticks" }, labelExpr: "tickTexts[indexof(ticks, datum.value)]", grid: false },
    },
  };
}

/** From the back: shaded ground, wash, grid (an axis would draw it behind them), comparison, lines, their provisional ends, lone points. */
export function lineLayers({ keys, provisional, wash, comparison }: LineParts): unknown[] {
  const color = { field: "key", type: "nominal", scale: { domain: keys, range: keys.map(colourOf) }, legend: legend(keys) };
  const line = { type: "line", strokeWidth: keys.length > 4 ? 2.5 : 3, strokeJoin: "round", strokeCap: "round" };
  const layers: unknown[] = [];
  if (provisional)
    layers.push({
      data: { name: "band" },
      mark: { type: "rect", fill: { expr: "theme.band" } },
      encoding: { x2: { field: "end" }, y: null },
    });
  if (wash) layers.push({ data: { name: "area" }, mark: { type: "area", fill: { expr: "theme.wash" }, line: false } });
  layers.push({ data: { name: "grid" }, mark: { type: "rule", yOffset: 0.5, stroke: { expr: "theme.grid" } }, encoding: { x: null } });
  if (comparison) layers.push({ data: { name: "compared" }, mark: { ...line, strokeWidth: 2.5 }, encoding: { color } });
  layers.push({ data: { name: "lines" }, mark: line, encoding: { color } });
  if (provisional) layers.push({ data: { name: "tails" }, mark: { ...line, strokeCap: "butt", strokeDash: [5, 5] }, encoding: { color } });
  layers.push({ data: { name: "dots" }, mark: { type: "point", filled: true, size: 70, opacity: 1 }, encoding: { color } });
  return layers;
}

function legend(keys: readonly string[]): Record<string, unknown> | null {
  if (keys.length < 2) return null;
  return { labelExpr: "names[indexof(keys, datum.value)]", columns: Math.min(4, keys.length) };
}

function colourOf(key: string): { expr: string } {
  if (key === "c") return { expr: "theme.muted" };
  if (key === "others") return { expr: "theme.others" };
  return { expr: `theme.series[${Number(key.slice(1))}]` };
}
