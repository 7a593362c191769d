import type { Fields } from "../shapes.ts";
import type { Report } from "./report.ts";

const TITLE = 50;
const LABEL = 20;
const POINTS = 20;
/** Slack's page says 6; others have seen 12 pass. The smaller number is kept. */
const SERIES = 6;

export function checkChart(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type title chart", "block_id");
  report.string(block.title, `${at}/title`, { max: TITLE });
  const chart = report.object(block.chart, `${at}/chart`);
  if (!chart) return;
  if (chart.type === "pie") checkPie(report, chart, `${at}/chart`);
  else if (["bar", "line", "area"].includes(chart.type as string)) checkAxes(report, chart, `${at}/chart`);
  else report.add(`unsupported type: ${String(chart.type)}`, `${at}/chart/type`);
}

function checkPie(report: Report, chart: Fields, at: string): void {
  report.fields(chart, at, "type segments");
  for (const [i, item] of report.list(chart.segments, `${at}/segments`, { max: SERIES }).entries()) {
    const segment = report.object(item, `${at}/segments/${i}`);
    if (!segment) continue;
    report.fields(segment, `${at}/segments/${i}`, "label value");
    report.string(segment.label, `${at}/segments/${i}/label`, { max: LABEL });
    report.number(segment.value, `${at}/segments/${i}/value`, { min: Number.MIN_VALUE });
  }
}

function checkAxes(report: Report, chart: Fields, at: string): void {
  report.fields(chart, at, "type series axis_config");
  const axis = report.object(chart.axis_config, `${at}/axis_config`);
  if (!axis) return;
  report.fields(axis, `${at}/axis_config`, "categories", "x_label y_label");
  report.optionalString(axis.x_label, `${at}/axis_config/x_label`, { max: TITLE });
  report.optionalString(axis.y_label, `${at}/axis_config/y_label`, { max: TITLE });
  const categories = report.list(axis.categories, `${at}/axis_config/categories`, { max: POINTS });
  for (const [i, name] of categories.entries()) report.string(name, `${at}/axis_config/categories/${i}`, { max: LABEL });
  if (new Set(categories).size < categories.length) report.add("categories must be unique", `${at}/axis_config/categories`);
  const names = new Set<unknown>();
  for (const [i, item] of report.list(chart.series, `${at}/series`, { max: SERIES }).entries()) {
    const series = report.object(item, `${at}/series/${i}`);
    if (!series) continue;
    if (names.has(series.name)) report.add("series names must be unique", `${at}/series/${i}/name`);
    names.add(series.name);
    checkSeries(report, series, categories, `${at}/series/${i}`);
  }
}

/** One point for each category, in any order, and no other. */
function checkSeries(report: Report, series: Fields, categories: readonly unknown[], at: string): void {
  report.fields(series, at, "name data");
  report.string(series.name, `${at}/name`, { max: LABEL });
  const labels: unknown[] = [];
  for (const [i, item] of report.list(series.data, `${at}/data`, { max: POINTS }).entries()) {
    const point = report.object(item, `${at}/data/${i}`);
    if (!point) continue;
    report.fields(point, `${at}/data/${i}`, "label value");
    report.number(point.value, `${at}/data/${i}/value`);
    labels.push(point.label);
  }
  const matches = labels.length === categories.length && categories.every((category) => labels.includes(category));
  if (!matches) report.add("data labels must match the axis categories", `${at}/data`);
}
