import type { AnyBlock, KnownBlock } from "@slack/types";
import { isCurrency } from "../../core/format.ts";
import type { Block, ChartBlock, PlainChart, Reply } from "../../core/reply.ts";
import { within } from "./text.ts";

/** Slack draws simple charts itself: sharp, in the reader's colours, with values to point at. What it cannot hold stays a picture. */

/** Slack's limits. Its page says six series; others have seen more pass. */
const MOST = { charts: 2, label: 20, points: 20, series: 6 } as const;
export const NATIVE_TITLE = 50;
const NAME = "firstmate_chart:";

/** The charts of a reply that Slack may draw, by their place among the blocks. */
export function nativeCharts({ blocks = [] }: Reply): ReadonlySet<number> {
  const fitting = blocks.flatMap((block, i) => (isSimple(block) ? [i] : []));
  return new Set(fitting.slice(0, MOST.charts));
}

/**
 * Slack wants a value for each name of each series: a gap would have to be a zero, and cut names would mix up what they name.
 * One point makes no line. What looks like markup is left to the picture: nothing says how Slack reads it in a chart.
 */
function isSimple(block: Block): boolean {
  if (block.type !== "chart" || !block.plain || block.title.trim() === "" || MARKUP.test(block.title)) return false;
  const { kind, categories, series } = block.plain;
  return (
    categories.length >= (kind === "line" ? 2 : 1) &&
    categories.length <= MOST.points &&
    areNames(categories) &&
    series.length >= 1 &&
    series.length <= MOST.series &&
    areNames(series.map(({ name }) => name)) &&
    series.every(({ values }) => values.length === categories.length && values.every((value) => Number.isFinite(value)))
  );
}

function areNames(names: readonly string[]): boolean {
  return (
    new Set(names).size === names.length && names.every((name) => name.trim() !== "" && name.length <= MOST.label && !MARKUP.test(name))
  );
}

const MARKUP = /[<>]/;

/** `place` among the blocks of the reply is its name, so that a picture can take its place. */
export function renderNativeChart(title: string, plain: PlainChart, place: number): KnownBlock {
  const { kind, unit, categories, series } = plain;
  const names = withoutCommonYear(categories);
  const label = unit === "ratio" ? "%" : unit === "count" ? "" : (unit ?? "");
  return {
    type: "data_visualization",
    block_id: `${NAME}${place}`,
    title: within(title.trim(), NATIVE_TITLE),
    chart: {
      type: kind,
      series: series.map(({ name, values }) => ({
        name,
        data: names.map((label, i) => ({ label, value: rounded(values[i] ?? 0, unit) })),
      })),
      axis_config: { categories: names, ...(label.trim() ? { y_label: within(label, NATIVE_TITLE) } : {}) },
    },
    // The SDK's types do not know it yet.
  } as unknown as KnownBlock;
}

/** Twenty names side by side have little room; the year that all share stands in the words below. */
function withoutCommonYear(names: readonly string[]): readonly string[] {
  const [, , year] = /^(.+) (\d{4})$/.exec(names[0] ?? "") ?? [];
  return year && names.every((name) => name.length > 5 && name.endsWith(` ${year}`)) ? names.map((name) => name.slice(0, -5)) : names;
}

/** As it is shown when pointed at. Shares become percentages. */
function rounded(value: number, unit: string | undefined): number {
  const shown = unit === "ratio" ? value * 100 : value;
  const size = Math.abs(shown);
  if (size !== 0 && size < 0.01) return Number(shown.toPrecision(2));
  return Number(shown.toFixed(size >= 100_000 && isCurrency(unit) ? 0 : 2));
}

/** The chart a block draws natively; undefined for every other block. */
export function chartDrawnBy(block: AnyBlock, { blocks = [] }: Reply): { chart: ChartBlock; place: number } | undefined {
  if (!isNativeChart(block)) return undefined;
  const place = Number(block.block_id?.slice(NAME.length));
  const chart = blocks[place];
  return chart?.type === "chart" ? { chart, place } : undefined;
}

export function isNativeChart(block: AnyBlock): boolean {
  return (block.type as string) === "data_visualization";
}
