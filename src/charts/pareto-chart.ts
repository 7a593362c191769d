import type { ChartBlock } from "../core/reply.ts";
import { UserError } from "../errors.ts";
import { formatPercent, formatValue } from "./format.ts";
import { cleanLabel, cutDistinct, estimateWidth, inSentence, wrapToWidth } from "./labels.ts";
import { paretoBody, SLANTED_SIZE } from "./pareto-layers.ts";
import { altText, buildSpec, checkValues, type Heading, INNER_WIDTH, valueColumn } from "./spec.ts";
import { SIZE } from "./theme.ts";
import { ticksWithin } from "./ticks.ts";

export interface ParetoItem {
  label: string;
  value: number;
  /** Ratio of the total, 0 to 1. */
  share: number;
  /** Ratio of the total of this item and all before it, 0 to 1. */
  cumulativeShare: number;
}

export interface ParetoChart extends Heading {
  /** Largest first; values are zero or more. */
  items: readonly ParetoItem[];
  /** How many items from the start make 80%. */
  itemsTo80: number;
  total: number;
  /** Items not in the list: how many, and their sum. */
  more?: { n: number; value: number };
}

interface Bar {
  label: string;
  value: number;
  cumulativeShare: number;
  tone: "strong" | "soft" | "rest";
}

const MOST_BARS = 20;
const MOST_FLAT_LABELS = 8;
const MOST_LINES = 3;
const LABEL_GAP = 14;
/** Beyond this the values above the bars are short. */
const MANY_BARS = 12;
const THE_LINE = 0.8;
/** Named in the alt text. */
const MOST_SPOKEN = 5;
/** About what the axes leave of the picture's width. */
const PLOT_WIDTH = INNER_WIDTH - 190;
const WIDEST_BAR = 130;
const SLANTED_LABEL = 200;
/** What a value above a bar takes of the plot's height, with its distance. */
const VALUE_HEIGHT = 0.065;

type ParetoRow = Readonly<{ i: number; value: number; share: number; tone: string; text: string; at: number }>;

/**
 * Bars from the largest down, the running share as a line on an axis of percent, and the 80 % rule. Both axes end at the total,
 * so the line starts at the first bar's top. Beyond twenty bars the rest is one bar. Throws UserError without items, for values
 * below zero, and for a total that is not positive.
 */
export function paretoChart(chart: ParetoChart): ChartBlock {
  checkValues(
    chart.items.map(({ label, value, share, cumulativeShare }) => ({
      label,
      values: [value, share, cumulativeShare, chart.total, chart.more?.value],
    })),
  );
  if (chart.items.some((item) => item.value < 0)) {
    throw new UserError(
      "A Pareto chart ranks positive values, and some of these are below zero. Leave credits and refunds out, or ask for a ranking.",
    );
  }
  if (!(chart.total > 0)) throw new UserError("A Pareto chart needs a total above zero; all of these values are zero.");
  const bars = barsOf(chart);
  return { type: "chart", title: chart.title, spec: paretoSpec(chart, bars), alt: paretoAlt(chart), figures: figuresOf(chart, bars) };
}

function barsOf({ items, itemsTo80, more }: ParetoChart): Bar[] {
  const shown = items.length > MOST_BARS + 1 || more ? items.slice(0, MOST_BARS) : items;
  const bars: Bar[] = shown.map(({ label, value, cumulativeShare }, i) => ({
    label,
    value,
    cumulativeShare,
    tone: i < itemsTo80 ? "strong" : "soft",
  }));
  const left = items.slice(shown.length);
  const n = left.length + (more?.n ?? 0);
  if (n === 0) return bars;
  const value = left.reduce((sum, item) => sum + item.value, more?.value ?? 0);
  return [...bars, { label: n === 1 ? "1 other" : `${n} others`, value, cumulativeShare: 1, tone: "rest" }];
}

function figuresOf(chart: ParetoChart, bars: readonly Bar[]): NonNullable<ChartBlock["figures"]> {
  return {
    columns: [{ label: "what", type: "text" }, valueColumn("value", chart), { label: "cumulative share", type: "percent" }],
    rows: bars.map(({ label, value, cumulativeShare }) => [cleanLabel(label), value, cumulativeShare]),
  };
}

function paretoSpec(chart: ParetoChart, bars: readonly Bar[]): Record<string, unknown> {
  const step = PLOT_WIDTH / bars.length;
  const { flat, labels } = axisLabels(bars, step);
  const many = bars.length > MANY_BARS;
  const ticks = ticksWithin(chart.total, chart.unit);
  const size = many ? SIZE.small : SIZE.value;
  const whole = bars.map((bar, i) => rowOf(bar, i, chart, many ? 2 : 3));
  const rows = whole.map((row) => (estimateWidth(row.text, size) > step ? { ...row, text: "" } : row));
  return buildSpec(chart, {
    datasets: { bars: rows, halos: rows.filter((row, i) => meetsLine(row, rows[i - 1])), rule: [{ at: THE_LINE }] },
    params: {
      labels,
      // Also those that have no room above their bars: a narrow picture says them beside.
      said: whole.map(({ text }) => text),
      ticks: ticks.values,
      tickTexts: ticks.texts,
      total: chart.total,
      gap: Math.max(0.2, 1 - WIDEST_BAR / step),
      valueSize: size,
    },
    body: paretoBody(flat),
  });
}

/** `at` is where the value stands, as a share of the total: above its bar, or at the foot of a tall bar of others, where no line passes. */
function rowOf({ value, cumulativeShare, tone }: Bar, i: number, { total, unit }: ParetoChart, digits: number): ParetoRow {
  const share = value / total;
  const text = formatValue(value, unit, { compact: true, digits });
  return { i, value, share: cumulativeShare, tone, text, at: tone === "rest" && share > 2 * VALUE_HEIGHT ? 0 : share };
}

/** True when the line runs through the value above a bar: among bars of almost one size. */
function meetsLine(row: ParetoRow, before: ParetoRow | undefined): boolean {
  return before !== undefined && before.share + 0.2 * (row.share - before.share) < row.at + VALUE_HEIGHT;
}

/** Lines under the bars when there is room for every word of every name, else slanted names. */
function axisLabels(bars: readonly Bar[], step: number): { flat: boolean; labels: (string | string[])[] } {
  const names = bars.map(({ label }) => cleanLabel(label));
  const lines = names.map((name) => wrapToWidth(name, step - LABEL_GAP, SIZE.label, MOST_LINES));
  const whole = lines.every(
    (label, i) => label.at(-1)?.endsWith("…") === names[i]?.endsWith("…") && !label.slice(0, -1).some((line) => line.endsWith("…")),
  );
  const flat = names.length <= MOST_FLAT_LABELS && whole;
  return { flat, labels: flat ? lines : cutDistinct(names, SLANTED_LABEL, SLANTED_SIZE) };
}

function paretoAlt(chart: ParetoChart): string {
  const n = chart.items.length + (chart.more?.n ?? 0);
  const value = (amount: number) => formatValue(amount, chart.unit);
  const largest = chart.items
    .slice(0, MOST_SPOKEN)
    .map(({ label, value: amount, share }) => `${inSentence(label)} ${value(amount)} (${formatPercent(share)})`);
  return altText(chart, [
    n === 1
      ? `One item holds the whole total of ${value(chart.total)}.`
      : `Total ${value(chart.total)} over ${n} items; the first ${chart.itemsTo80} make 80%.`,
    `Largest: ${largest.join(", ")}${n > MOST_SPOKEN ? `, then ${n - MOST_SPOKEN} smaller` : ""}.`,
  ]);
}
