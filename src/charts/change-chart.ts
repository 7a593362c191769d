import type { ChartBlock } from "../core/reply.ts";
import { heightFor, rankedRows } from "./bar-chart.ts";
import { formatPercent, formatValue } from "./format.ts";
import { cleanLabel, inSentence } from "./labels.ts";
import { altText, buildSpec, checkValues, type Heading, type Row, valueColumn } from "./spec.ts";

export interface Change {
  label: string;
  /** Value now minus value before. */
  change: number;
  /** Value before, for the change in percent. */
  before?: number;
}

export interface ChangeChart extends Heading {
  changes: readonly Change[];
  /** Sum over everything in each period. */
  totals: { before: number; after: number };
  /** What the earlier period is called. Default: "the previous period". */
  previousName?: string;
}

const MOST_BARS = 14;
const MOST_SPOKEN = 4;

interface Bar extends Change {
  tone: "up" | "down" | "rest";
}

/**
 * What moved between two periods: increases from the largest, then decreases down to the largest, what is left as "n others".
 * Throws UserError when nothing is given or a value is no number.
 */
export function changeChart(chart: ChangeChart): ChartBlock {
  const { before, after } = chart.totals;
  checkValues(chart.changes.map((item) => ({ label: item.label, values: [item.change, item.before, before, after] })));
  const bars = barsOf(chart.changes);
  const rows = bars.map(
    ({ change, before: was, tone }, i): Row => ({ i, value: change, at: change, tone, text: changeText(change, was, chart.unit) }),
  );
  const spec = buildSpec(chart, { height: heightFor(bars.length), ...rankedRows(bars, rows, false) }, [totalsText(chart, true)]);
  const columns = [{ label: "what", type: "text" } as const, valueColumn("change", chart), valueColumn("before", chart)];
  const figures = { columns, rows: bars.map(({ label, change, before: was }) => [cleanLabel(label), change, was ?? null]) };
  return { type: "chart", title: chart.title, spec, alt: changeAlt(chart), figures };
}

function barsOf(changes: readonly Change[]): Bar[] {
  const bySize = changes.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const shown = bySize.length > MOST_BARS + 1 ? bySize.slice(0, MOST_BARS) : bySize;
  const bars = shown.toSorted((a, b) => b.change - a.change).map((item): Bar => ({ ...item, tone: item.change < 0 ? "down" : "up" }));
  const left = bySize.slice(shown.length);
  if (left.length === 0) return bars;
  return [...bars, { label: `${left.length} others`, change: left.reduce((sum, item) => sum + item.change, 0), tone: "rest" }];
}

function changeText(change: number, before: number | undefined, unit: string | undefined): string {
  const amount = formatValue(change, unit, { compact: true, signed: true });
  if (before === undefined) return amount;
  return before === 0 ? `${amount}  (new)` : `${amount}  (${formatPercent(change / Math.abs(before), { signed: true })})`;
}

function totalsText({ totals: { before, after }, unit }: ChangeChart, compact: boolean): string {
  const change = after - before;
  const percent = before === 0 ? "" : `, ${formatPercent(change / Math.abs(before), { signed: true })}`;
  const style = { compact };
  return `total ${formatValue(before, unit, style)} → ${formatValue(after, unit, style)} (${formatValue(change, unit, { ...style, signed: true })}${percent})`;
}

function changeAlt(chart: ChangeChart): string {
  const spoken = (direction: 1 | -1) =>
    chart.changes
      .filter(({ change }) => change * direction > 0)
      .toSorted((a, b) => direction * (b.change - a.change))
      .slice(0, MOST_SPOKEN)
      .map(({ label, change }) => `${inSentence(label)} ${formatValue(change, chart.unit, { signed: true })}`)
      .join(", ");
  const increases = spoken(1);
  const decreases = spoken(-1);
  const versus = `Against ${chart.previousName ?? "the previous period"}: ${totalsText(chart, false)}.`;
  return altText(chart, [
    versus,
    increases ? `Largest increases: ${increases}.` : "Nothing increased.",
    decreases ? `Largest decreases: ${decreases}.` : "Nothing decreased.",
  ]);
}
