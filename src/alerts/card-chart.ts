import { anomalyChart } from "../charts/anomaly-chart.ts";
import { timeChart } from "../charts/time-chart.ts";
import type { AlertFigure, AlertMember } from "../core/alert.ts";
import { addDays, daysBetween, endOf, startOf } from "../core/civil-date.ts";
import type { Receipt } from "../core/fact.ts";
import { formatValue, readable } from "../core/format.ts";
import { formatDay } from "../core/period.ts";
import type { ChartBlock } from "../core/reply.ts";
import { capital, isMonthly } from "./figure.ts";

/** The days around it with their normal range; nothing of a measure with no values. */
export function chartOf(
  figure: AlertFigure,
  { series, title }: Pick<AlertMember, "series" | "title">,
  receipts: readonly Receipt[],
): ChartBlock | undefined {
  const { days = [], unit, measure } = figure;
  const known = days.filter(({ value }) => value !== null);
  if (known.length < 2) return undefined;
  const notes = receipts.some(({ status }) => status === "demo") ? ["demo data"] : [];
  if (isMonthly(figure)) return monthChart(figure, title, notes);
  const heading = { title, subject: `${readable(measure)} by day`, notes, ...(unit ? { unit } : {}) };
  const name = series === "all" ? readable(measure) : series;
  // Without a range to draw, no day is odd by itself.
  if (days.every(({ high }) => high === null))
    return timeChart({ ...heading, grain: "day", series: [{ name, points: days.map(({ day, value }) => ({ at: day, value })) }] });
  return anomalyChart({
    ...heading,
    name,
    days: days.map(({ odd, ...day }) => ({ ...day, anomalous: odd })),
  });
}

/** What was spent until each day, the line it must not cross, and where this pace crosses it. */
function monthChart(
  { days = [], unit, measure, to, limit, expected }: AlertFigure & { limit: number; expected: number },
  title: string,
  notes: readonly string[],
): ChartBlock {
  const end = endOf("month", to);
  const spent = days.flatMap(({ day, value }) => (value === null ? [] : [{ at: day, value }]));
  const ahead = [spent.at(-1), { at: end, value: expected }].filter((point) => point !== undefined);
  const amount = (value: number) => formatValue(value, unit);
  const pace = to < end ? ` At this pace it ends at ${amount(expected)} on ${formatDay(end)}.` : "";
  const chart = timeChart({
    ...{ title, subject: `${readable(measure)} of the month so far`, notes, grain: "day", ...(unit ? { unit } : {}) },
    series: [
      { name: "spent", points: spent },
      ...(to < end ? [{ name: "at this pace", points: between(ahead) }] : []),
      {
        name: "the budget",
        points: between([
          { at: startOf("month", to), value: limit },
          { at: end, value: limit },
        ]),
      },
    ],
  });
  const said = `${capital(readable(measure))}: ${amount(spent.at(-1)?.value ?? 0)} by ${formatDay(to)}, of a budget of ${amount(limit)}.${pace}`;
  return { ...chart, alt: [`${title}.`, said, ...notes.map((note) => `${capital(note)}.`)].join(" ") };
}

/** A point for each day of the straight line between two. */
function between([from, to]: readonly { at: string; value: number }[]): { at: string; value: number }[] {
  if (!from || !to) return [];
  const length = daysBetween(from.at, to.at);
  return Array.from({ length: length + 1 }, (_, i) => ({
    at: addDays(from.at, i),
    value: from.value + ((to.value - from.value) * i) / Math.max(1, length),
  }));
}
