import { expect, it } from "vitest";
import { barChart } from "../../src/charts/bar-chart.ts";
import { changeChart } from "../../src/charts/change-chart.ts";
import { readFont } from "../../src/charts/font-file.ts";
import { prepareFonts } from "../../src/charts/fonts.ts";
import { forecastChart } from "../../src/charts/forecast-chart.ts";
import { NARROW_WIDTH, narrowed } from "../../src/charts/narrow.ts";
import { paretoChart } from "../../src/charts/pareto-chart.ts";
import { renderSvg } from "../../src/charts/render.ts";
import { takeTexts } from "../../src/charts/text-runs.ts";
import { textWidth } from "../../src/charts/text-width.ts";
import { timeChart } from "../../src/charts/time-chart.ts";
import type { ChartBlock } from "../../src/core/reply.ts";
import { HOSTILE_LABELS, paretoInput, SERVICES, serviceCosts } from "./samples.ts";

const days = Array.from({ length: 60 }, (_, i) => new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10));
const points = days.map((at, i) => ({ at, value: 1000 + i }));
const CHARTS: Readonly<Record<string, ChartBlock>> = {
  pareto: paretoChart(paretoInput(SERVICES, serviceCosts(), "7 of 20 services make up 80% of all that was spent in the cloud in October")),
  "pareto of three": paretoChart(paretoInput(SERVICES.slice(0, 3), [5, 3, 1])),
  hostile: paretoChart(
    paretoInput(
      HOSTILE_LABELS,
      HOSTILE_LABELS.map((_, i) => 100 - i),
    ),
  ),
  bars: barChart({
    title: "By service",
    unit: "USD",
    items: SERVICES.map((label, i) => ({ label, value: 1_000 * 2 ** i, previous: 900 * 2 ** i })),
  }),
  "bars of both signs": barChart({
    title: "Both signs",
    unit: "USD",
    items: [
      { label: "Up", value: 1_234_567.891, previous: 3 },
      { label: "Down", value: -1_234_567.891, previous: -3 },
    ],
  }),
  changes: changeChart({
    title: "Changes",
    unit: "USD",
    changes: [{ label: "Amazon Elastic Compute Cloud - Compute", change: 4040.5, before: 106_000 }],
    totals: { before: 106_000, after: 110_040 },
  }),
  lines: timeChart({ title: "Lines", unit: "USD", grain: "day", series: SERVICES.map((name) => ({ name, points })) }),
  forecast: forecastChart({
    title: "Forecast",
    unit: "USD",
    grain: "day",
    history: points,
    forecast: [{ at: "2026-10-31", mean: 1060, lo80: 1050, hi80: 1070, lo95: 1040, hi95: 1080 }],
  }),
};

const files = prepareFonts();
const fonts = { regular: readFont(files.regular), semiBold: readFont(files.semiBold) };

/** The texts of one line and where they begin and end on the picture. */
async function textsOf({ spec }: ChartBlock): Promise<{ text: string; left: number; right: number }[]> {
  return takeTexts(await renderSvg(narrowed(spec)), fonts).runs.map(({ text, font, fontSize, x, shift, anchor }) => {
    const width = textWidth(font, text, fontSize);
    const left = x + shift.x - anchor * width;
    return { text, left, right: left + width };
  });
}

it.each(Object.entries(CHARTS))("keeps every text of %s within the narrow picture", async (_, block) => {
  const texts = await textsOf(block);

  expect(texts.length).toBeGreaterThan(3);
  expect(texts.filter(({ left, right }) => left < 0 || right > NARROW_WIDTH)).toEqual([]);
});

it("says of a Pareto chart, row by row, what the line of the wide one shows", async () => {
  const texts = (await textsOf(paretoChart(paretoInput(["Compute", "Storage"], [75, 25], "One makes most")))).map(({ text }) => text);

  expect(texts).toEqual(expect.arrayContaining(["Compute", "$75  (75%)", "Storage", "$25  (100%)"]));
  expect(texts.join(" ")).toContain("in brackets: running share");
});

it("parts no line of the heading from nothing", async () => {
  const notes = Array.from({ length: 12 }, (_, i) => `note ${i}`);
  const svg = await renderSvg(narrowed(barChart({ title: "Bars", notes, items: [{ label: "a", value: 1 }] }).spec));

  expect(svg).toContain("note 11");
  expect(svg).not.toMatch(/>\s*·|·\s*</);
});

it("leaves the specification it was given as it was", () => {
  const before = structuredClone(CHARTS.lines?.spec);
  narrowed(CHARTS.lines?.spec ?? {});

  expect(CHARTS.lines?.spec).toEqual(before);
});
