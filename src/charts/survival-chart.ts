import type { SurvivalCurve } from "../analytics/survival/kaplan-meier.ts";
import type { ChartBlock } from "../core/reply.ts";
import { UserError } from "../errors.ts";
import { formatPercent, formatValue } from "./format.ts";
import { altText, buildSpec, type Heading, type Row } from "./spec.ts";
import { ticksWithin } from "./ticks.ts";

export interface SurvivalChart extends Heading {
  curve: SurvivalCurve;
  /** Unit of the times: "months", "days", "ms". */
  timeUnit: string;
}

/** With fewer left the curve is not drawn on: its steps are single cases. */
const LEAST_AT_RISK = 10;
const MOST_POINTS = 400;

/**
 * How many are left as time goes on, with its 95 % band and a mark where half are gone. The curve ends where fewer than ten are at
 * risk. Throws UserError when nothing is left to draw.
 */
export function survivalChart(chart: SurvivalChart): ChartBlock {
  const steps = chart.curve.steps.filter(({ atRisk }) => atRisk >= LEAST_AT_RISK);
  const end = steps.at(-1)?.time ?? 0;
  if (steps.length < 2 || end <= 0)
    throw new UserError("There are too few cases for a survival curve: it takes two times with ten at risk.");
  const every = Math.max(1, Math.ceil(steps.length / MOST_POINTS));
  const drawn = steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
  const rows: Row[] = [
    { t: 0, s: 1, low: 1, high: 1 },
    ...drawn.map(({ time, survival, low, high }) => ({ t: time, s: survival, low, high })),
  ];
  const x = ticksWithin(end, chart.timeUnit, 6);
  const half = steps.find(({ survival }) => survival <= 0.5)?.time;
  return {
    type: "chart",
    title: chart.title,
    spec: buildSpec(
      chart,
      {
        datasets: {
          curve: rows,
          grid: SHARES.map((s) => ({ s })),
          half:
            half === undefined ? [] : [{ t: half, s: 0.5, text: `half by ${formatValue(Number(half.toPrecision(3)), chart.timeUnit)}` }],
        },
        params: {
          times: x.values,
          timeTexts: x.texts.map((text) => withUnit(text, chart.timeUnit)),
          span: [0, end],
          shares: SHARES,
          shareTexts: SHARES.map((s) => formatPercent(s)),
        },
        body: { encoding: encoding(), layer: layers() },
      },
      ["light: 95% band"],
    ),
    alt: altText(chart, spoken(chart, end, half)),
    figures: {
      columns: [{ label: "time", type: "number", unit: chart.timeUnit }, ...SHARE_COLUMNS],
      rows: rows.map(({ t, s, low, high }) => [t ?? null, s ?? null, low ?? null, high ?? null]),
    },
  };
}

const SHARE_COLUMNS = ["left", "at least", "at most"].map((label) => ({ label, type: "percent" as const }));
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** "12 months" and "1k months", but "3 d" as it is: a ladder of units names its own. */
function withUnit(text: string, unit: string): string {
  return / [a-z]+$/i.test(text) ? text : `${text} ${unit}`;
}

function spoken({ curve, timeUnit }: SurvivalChart, end: number, half: number | undefined): string[] {
  const at = (share: number) => {
    const time = share * end;
    const left = curve.steps.filter((step) => step.time <= time).at(-1)?.survival ?? 1;
    return `${formatPercent(left)} after ${formatValue(Number(time.toPrecision(3)), timeUnit)}`;
  };
  return [
    `${curve.n} cases, ${curve.events} of them ended. Left: ${[0.25, 0.5, 0.75, 1].map(at).join(", ")}.`,
    half === undefined
      ? "Less than half have ended in the time shown."
      : `Half have ended by ${formatValue(Number(half.toPrecision(3)), timeUnit)}.`,
  ];
}

function encoding(): Record<string, unknown> {
  return {
    x: {
      field: "t",
      type: "quantitative",
      scale: { domain: { expr: "span" }, nice: false, zero: false },
      axis: { values: { expr: "times" }, labelExpr: "timeTexts[indexof(times, datum.value)]", grid: false },
    },
    y: {
      field: "s",
      type: "quantitative",
      scale: { domain: [0, 1], nice: false },
      axis: { values: { expr: "shares" }, labelExpr: "shareTexts[indexof(shares, datum.value)]", grid: false },
    },
  };
}

function layers(): unknown[] {
  return [
    {
      data: { name: "curve" },
      mark: { type: "area", interpolate: "step-after", fill: { expr: "theme.wash" }, line: false },
      encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } },
    },
    { data: { name: "grid" }, mark: { type: "rule", yOffset: 0.5, stroke: { expr: "theme.grid" } }, encoding: { x: null } },
    { data: { name: "curve" }, mark: { type: "line", interpolate: "step-after", strokeWidth: 3, stroke: { expr: "theme.strong" } } },
    { data: { name: "half" }, mark: { type: "point", filled: true, size: 110, opacity: 1, fill: { expr: "theme.accent" } } },
    {
      data: { name: "half" },
      mark: { type: "text", align: "left", dx: 12, dy: -14, fill: { expr: "theme.text" } },
      encoding: { text: { field: "text", type: "nominal" } },
    },
  ];
}
