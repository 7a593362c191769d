import type { CalibrationBin } from "../analytics/churn/calibration.ts";
import { wilsonInterval } from "../analytics/churn/wilson.ts";
import type { ChartBlock } from "../core/reply.ts";
import { UserError } from "../errors.ts";
import { formatPercent } from "./format.ts";
import { altText, buildSpec, type Heading } from "./spec.ts";

export interface CalibrationChart extends Heading {
  bins: readonly CalibrationBin[];
}

const SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * What was forecast against what came true, one point per band of probabilities with its 95 % interval (Wilson); on the diagonal they
 * agree. Throws UserError without bands.
 */
export function calibrationChart(chart: CalibrationChart): ChartBlock {
  if (chart.bins.length === 0) throw new UserError("There is no band of probabilities to draw.");
  const points = chart.bins.map(({ forecast, observed, rows }) => {
    const { low, high } = wilsonInterval(Math.round(observed * rows), rows);
    return { forecast, observed, low, high, text: String(rows) };
  });
  return {
    type: "chart",
    title: chart.title,
    spec: buildSpec(
      chart,
      {
        datasets: { points, diagonal: [0, 1].map((v) => ({ forecast: v, observed: v })), grid: SHARES.map((observed) => ({ observed })) },
        params: { shares: SHARES, shareTexts: SHARES.map((s) => formatPercent(s)) },
        body: { encoding: { x: axis("forecast", "Forecast"), y: axis("observed", "Came true") }, layer: layers() },
      },
      ["number of cases at each point"],
    ),
    figures: {
      columns: [
        ...["forecast", "came true", "at least", "at most"].map((label) => ({ label, type: "percent" as const })),
        { label: "cases", type: "text" },
      ],
      rows: points.map(({ forecast, observed, low, high, text }) => [forecast, observed, low, high, text]),
    },
    alt: altText(
      chart,
      chart.bins.map((b) => `Forecast ${formatPercent(b.forecast)}: ${formatPercent(b.observed)} of ${b.rows} came true.`),
    ),
  };
}

function axis(field: string, title: string): Record<string, unknown> {
  return {
    field,
    type: "quantitative",
    scale: { domain: [0, 1], nice: false },
    axis: { values: { expr: "shares" }, labelExpr: "shareTexts[indexof(shares, datum.value)]", grid: false, title, titlePadding: 14 },
  };
}

function layers(): unknown[] {
  const strong = { expr: "theme.strong" };
  return [
    { data: { name: "grid" }, mark: { type: "rule", yOffset: 0.5, stroke: { expr: "theme.grid" } }, encoding: { x: null } },
    { data: { name: "diagonal" }, mark: { type: "line", strokeWidth: 2, strokeDash: [7, 6], stroke: { expr: "theme.muted" } } },
    {
      data: { name: "points" },
      mark: { type: "rule", strokeWidth: 2.5, stroke: { expr: "theme.soft" } },
      encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
    },
    { data: { name: "points" }, mark: { type: "point", filled: true, size: 130, opacity: 1, fill: strong } },
    {
      data: { name: "points" },
      mark: { type: "text", align: "left", dx: 13, dy: 20, fill: { expr: "theme.muted" }, fontSize: 15 },
      encoding: { text: { field: "text", type: "nominal" } },
    },
  ];
}
