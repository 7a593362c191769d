import { displaySize, formatTick, formatValue } from "../../charts/format.ts";
import type { ChartBlock, PlainChart } from "../../core/reply.ts";
import type { Element } from "./elements.ts";
import { bytesOf, harmless, within } from "./text.ts";

/**
 * Teams draws simple charts itself: sharp, in the reader's colours, read aloud. What it would draw wrongly or not at all stays a picture:
 * it puts bars below zero at zero, joins a line across a gap, and takes four bars side by side.
 */

const MOST = {
  bars: 21,
  groups: 8,
  side: 4,
  lines: 6,
  name: 24,
  groupName: 16,
  points: 12,
  pointName: 8,
  legend: 60,
  bytes: 6_000,
  fallback: 12,
} as const;
/** Named by us: Teams gives each bar of one measure another colour, and begins a set of lines with red. */
const COLOURS = [
  "categoricalBlue",
  "categoricalMarigold",
  "categoricalTeal",
  "categoricalLavender",
  "categoricalGreen",
  "categoricalPurple",
] as const;
const NO_CHARTS = "This Teams draws no charts; the console does.";

/** The chart as an element of a card, with its figures in words for a Teams that draws none; undefined when a picture must show it. */
export function nativeChart({ title, plain }: Pick<ChartBlock, "title" | "plain">): Element | undefined {
  if (!plain || !isWhole(plain)) return undefined;
  const drawn = plain.kind === "line" ? lines(plain) : plain.series.length === 1 ? bars(plain) : groups(plain);
  if (!drawn) return undefined;
  // Teams reads the title aloud; what is seen above the chart is a text of ours, which is never cut.
  const chart = { ...drawn, title: within(harmless(title), 120), fallback: inWords(plain) };
  return bytesOf(chart) <= MOST.bytes ? chart : undefined;
}

/** Values for names that are there and differ. */
function isWhole({ categories, series }: PlainChart): boolean {
  return (
    categories.length > 0 &&
    areNames(categories) &&
    series.length > 0 &&
    areNames(series.map(({ name }) => name)) &&
    series.every(({ values }) => values.length === categories.length && values.every((v) => v === null || Number.isFinite(v)))
  );
}

function areNames(names: readonly string[]): boolean {
  return new Set(names.map(harmless)).size === names.length && names.every((name) => harmless(name) !== "");
}

function bars({ categories, series, unit }: PlainChart): Element | undefined {
  const values = series[0]?.values ?? [];
  const names = categories.map((name) => within(harmless(name), MOST.name));
  if (names.length > MOST.bars || new Set(names).size < names.length || !values.every((v) => v !== null && v >= 0)) return undefined;
  const scale = scaleOf(values, unit);
  return {
    type: "Chart.HorizontalBar",
    color: COLOURS[0],
    // The axis says no unit, so the figure stands at its name.
    data: names.map((name, i) => ({ x: `${name} · ${shown(values[i] ?? null, unit)}`, y: scale.of(values[i] ?? 0) })),
    ...(scale.unit ? { xAxisTitle: scale.unit } : {}),
  };
}

/** Beside each other, as far as their names can be read below. A bar without a figure is left out. */
function groups({ categories, series, unit }: PlainChart): Element | undefined {
  const short = categories.every((name) => harmless(name).length <= MOST.groupName);
  if (!short || categories.length > MOST.groups || series.length > MOST.side || !all(series).every((v) => v >= 0)) return undefined;
  const names = categories.map(harmless);
  return { type: "Chart.VerticalBar.Grouped", ...sets({ names, series, unit }) };
}

/** Over time, or over a few short names: Teams cuts the others off under the axis. */
function lines({ categories, series, unit }: PlainChart): Element | undefined {
  if (categories.length < 2 || series.length > MOST.lines || series.some(({ values }) => values.includes(null))) return undefined;
  const days = daysOf(categories);
  const isShort = categories.length <= MOST.points && categories.every((name) => harmless(name).length <= MOST.pointName);
  if (!days && !isShort) return undefined;
  return {
    type: "Chart.Line",
    ...sets({ names: days ?? categories.map(harmless), series, unit }),
    ...(categories[0]?.startsWith(WEEK) ? { xAxisTitle: WEEK.trim() } : {}),
  };
}

const WEEK = "week of ";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The first days of buckets, as Teams wants them for an axis of time, from their names: "18 Nov 2026", "week of 16 Nov 2026", "Nov 2026", "2026". */
function daysOf(names: readonly string[]): string[] | undefined {
  const days = names.map((name) => {
    const [, day = "1", month = "Jan", year = ""] = /^(?:week of )?(?:(?:(\d{1,2}) )?([A-Z][a-z]{2}) )?(\d{4})$/.exec(name) ?? [];
    const number = MONTHS.indexOf(month) + 1;
    return year && number > 0 ? `${year}-${String(number).padStart(2, "0")}-${day.padStart(2, "0")}` : "";
  });
  return days.every((day, i) => day !== "" && day > (days[i - 1] ?? "")) ? days : undefined;
}

interface Sets {
  names: readonly string[];
  series: PlainChart["series"];
  unit: string | undefined;
}

function sets({ names, series, unit }: Sets): Element {
  const scale = scaleOf(all(series), unit);
  const data = series.map(({ name, values }, n) => ({
    legend: within(harmless(name), MOST.legend),
    color: COLOURS[n % COLOURS.length],
    values: names.flatMap((x, i) => {
      const value = values[i] ?? null;
      return value === null ? [] : [{ x, y: scale.of(value) }];
    }),
  }));
  return { data, ...(scale.unit ? { yAxisTitle: scale.unit } : {}) };
}

function all(series: PlainChart["series"]): number[] {
  return series.flatMap(({ values }) => values.filter((v) => v !== null));
}

/** Milliseconds as hours, ratios as percent: an axis shows bare numbers, so they and their unit must fit each other. */
function scaleOf(values: readonly (number | null)[], unit: string | undefined): { unit: string; of(value: number): number } {
  const max = Math.max(0, ...values.map((v) => Math.abs(v ?? 0)));
  const size = displaySize(max, unit);
  const scaled = unit === "ratio" || size !== 1 || unit === "ms" || unit === "bytes";
  const name = scaled ? formatTick(size, unit, max).replace(/^1 ?/, "") : unit === "count" ? "" : (unit ?? "");
  return { unit: within(harmless(name), 40), of: (value) => Number((value / size).toPrecision(6)) };
}

function shown(value: number | null, unit: string | undefined): string {
  return value === null ? "–" : harmless(formatValue(value, unit, { compact: true }));
}

function inWords({ categories, series, unit }: PlainChart): Element {
  if (categories.length > MOST.fallback) return { type: "TextBlock", text: NO_CHARTS, wrap: true, isSubtle: true };
  return {
    type: "FactSet",
    facts: categories.map((category, i) => ({
      title: within(harmless(category), MOST.legend),
      value: series
        .map(
          ({ name, values }) => `${series.length > 1 ? `${within(harmless(name), MOST.legend)}: ` : ""}${shown(values[i] ?? null, unit)}`,
        )
        .join(" · "),
    })),
  };
}
