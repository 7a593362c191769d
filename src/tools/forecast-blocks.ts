import { type Range, type SeriesForecast, sumInterval } from "../analytics/forecast/forecast-series.ts";
import { startOf } from "../core/civil-date.ts";
import { readable } from "../core/format.ts";
import type { Cell, TableBlock } from "../core/reply.ts";
import { cut } from "../core/text.ts";
import type { FeedReading } from "./feed-question.ts";
import { amountColumn, chartNotes } from "./finding.ts";
import type { ForecastData } from "./forecast-data.ts";
import { type History, stepsFrom } from "./forecast-history.ts";
import type { Projection, Slice } from "./forecast-projection.ts";
import { headline, type Outlook } from "./forecast-words.ts";

/** Shown of the history at least. */
const CHART_STEPS = 60;

export function pointAt({ mean, lo80, hi80, lo95, hi95 }: SeriesForecast, k: number): Range {
  return { mean: mean[k] ?? 0, lo80: lo80[k] ?? 0, hi80: hi80[k] ?? 0, lo95: lo95[k] ?? 0, hi95: hi95[k] ?? 0 };
}

/** Days up to a fortnight, weeks up to a quarter, months beyond: the steps ahead in so many lines. */
export function stepTable(
  { forecast: found, days, from, to }: Projection,
  { step }: History,
  measure: string,
  unit: string,
  average: boolean,
): TableBlock {
  const shown = days.slice(from, to);
  const chunk = step !== "day" || shown.length <= 14 ? step : shown.length <= 92 ? "week" : "month";
  const groups = [...Map.groupBy(shown, (day) => startOf(chunk, day)).values()];
  const rows = groups.map((group): Cell[] => {
    const first = days.indexOf(group[0] ?? "");
    const sum = sumInterval(found, first, first + group.length);
    const size = average ? group.length : 1;
    return [group[0] ?? "", sum.mean / size, sum.lo80 / size, sum.hi80 / size, sum.lo95 / size, sum.hi95 / size];
  });
  const amount = (label: string) => amountColumn(label, unit);
  return {
    type: "table",
    title: `Forecast by ${chunk}`,
    columns: [
      { label: `${chunk}${chunk === step ? "" : " from"}`, type: "date" },
      amount(measure),
      amount("80% from"),
      amount("80% to"),
      amount("95% from"),
      amount("95% to"),
    ],
    rows,
  };
}

export function sliceTable(slices: readonly Slice[], whole: Projection, measure: string, unit: string, read: FeedReading): TableBlock {
  const amount = (label: string) => amountColumn(label, unit);
  const begun = whole.knownSteps > 0;
  const row = (label: string, known: number, projection: Projection | undefined): Cell[] => [
    label,
    ...(begun ? [known] : []),
    projection?.end.mean ?? null,
    projection?.end.lo80 ?? null,
    projection?.end.hi80 ?? null,
    projection ? (projection.forecast.backTest.total ?? projection.forecast.backTest.step ?? null) : null,
  ];
  return {
    type: "table",
    columns: [
      { label: readable(read.by[0] ?? ""), type: "text" },
      ...(begun ? [amount("known")] : []),
      amount(measure),
      amount("80% from"),
      amount("80% to"),
      { label: "missed in the past", type: "percent" },
    ],
    rows: [...slices.map(({ label, known, projection }) => row(cut(label, 120), known, projection)), row("everything", whole.known, whole)],
  };
}

export function sliceData({ label, known, projection }: Slice): NonNullable<ForecastData["slices"]>[number] {
  if (!projection) return { label, known };
  const { mean, lo80, hi80, lo95, hi95 } = projection.end;
  const error = projection.forecast.backTest.total ?? projection.forecast.backTest.step;
  return { label, known, mean, lo80, hi80, lo95, hi95, ...(error === undefined ? {} : { error }) };
}

export async function chartOf(outlook: Outlook, whole: Projection, history: History, read: FeedReading, measure: string) {
  const { forecastChart } = await import("../charts/forecast-chart.ts");
  const past = stepsFrom(history.step, history.first, history.last);
  const shown = past.slice(-Math.max(CHART_STEPS, 2 * whole.days.length));
  return forecastChart({
    title: headline(outlook),
    subject: `${measure} per ${history.step}`,
    notes: chartNotes(read.receipts),
    unit: outlook.unit,
    grain: history.step,
    history: shown.map((at) => ({ at, value: history.values.get(at) ?? null })),
    forecast: whole.days.map((at, k) => ({ at, ...pointAt(whole.forecast, k) })),
  });
}
