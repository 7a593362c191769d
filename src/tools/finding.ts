import { sum } from "../analytics/pareto.ts";
import type { Fact, Period, Receipt } from "../core/fact.ts";
import { formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { Cell, Column, TableBlock } from "../core/reply.ts";
import type { FeedReading } from "./feed-question.ts";

/** Facts of one unit: what may be added up. The unit with the most facts comes first. */
export function byUnit(facts: readonly Fact[]): { unit: string; facts: Fact[] }[] {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.unit ?? "");
    if (group) group.push(fact);
    else groups.set(fact.unit ?? "", [fact]);
  }
  return [...groups]
    .map(([unit, members]) => ({ unit, facts: members }))
    .sort((a, b) => b.facts.length - a.facts.length || (a.unit < b.unit ? -1 : 1));
}

/** Sums per value of the dimensions, joined by " · " where there are several. Order of first appearance. */
export function sumBy(facts: readonly Fact[], by: readonly string[]): Map<string, number> {
  const groups = new Map<string, number[]>();
  for (const fact of facts) {
    const label = labelOf(fact, by);
    const values = groups.get(label);
    if (values) values.push(fact.value);
    else groups.set(label, [fact.value]);
  }
  return new Map([...groups].map(([label, values]) => [label, sum(values)]));
}

export function labelOf(fact: Fact, by: readonly string[]): string {
  return by.map((dimension) => fact.labels[dimension] ?? "(not set)").join(" · ");
}

export function total(facts: readonly Fact[]): number {
  return sum(facts.map((f) => f.value));
}

/** A column for amounts of the unit. */
export function amountColumn(label: string, unit: string): Column {
  return /^[A-Z]{3}$/.test(unit)
    ? { label, type: "money", unit }
    : unit === "ratio"
      ? { label, type: "percent" }
      : { label, type: "number", ...(unit && unit !== "count" ? { unit } : {}) };
}

/** "in October 2026", or nothing for an undated source. */
export function inPeriod(period: Period | undefined): string {
  return period ? ` for ${formatPeriod(period)}` : "";
}

/** The plural of a dimension's name: "service" → "services", "category" → "categories". */
export function plural(name: string): string {
  if (/(?:s|x|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** "up 12.5% ($1,234.00 more)"; a base that is zero or missing gives no percentage. */
export function changeWords(value: number, before: number | undefined, unit: string): string {
  if (before === undefined) return "";
  const difference = value - before;
  if (Math.abs(difference) < 1e-9 * Math.max(1, Math.abs(before))) return "unchanged";
  const more = `${formatValue(Math.abs(difference), unit)} ${difference > 0 ? "more" : "less"}`;
  return before > 0 ? `${difference > 0 ? "up" : "down"} ${formatPercent(Math.abs(difference) / before)}, ${more}` : more;
}

/** value / before − 1, or null when there is no positive base: growth from nothing has no percentage. */
export function ratioChange(value: number, before: number | undefined): number | null {
  return before === undefined || before <= 0 ? null : value / before - 1;
}

/** Notes as one markdown paragraph. */
export function notesText(reading: Pick<FeedReading, "notes">): string {
  return reading.notes.length === 0 ? "" : `\n\n${[...new Set(reading.notes)].map((note) => `_${note}_`).join(" ")}`;
}

/** What a picture must say when it is taken out of its answer. */
export function chartNotes(receipts: readonly Receipt[]): string[] {
  return [
    ...(receipts.some((r) => r.status === "demo") ? ["demo data"] : []),
    ...(receipts.some((r) => r.status === "stale") ? ["stale"] : []),
    ...(receipts.some((r) => r.truncated) ? ["incomplete"] : []),
  ];
}

const ROWS_FOR_MODEL = 40;

/** A table as compact markdown for the model: at most 40 rows, and how many more there are. */
export function tableText(table: TableBlock): string {
  const cell = (value: Cell, column: Column | undefined) =>
    value === null ? "missing" : typeof value === "string" ? value.replaceAll("|", "/") : cellNumber(value, column);
  const lines = [
    `| ${table.columns.map((c) => c.label).join(" | ")} |`,
    `|${table.columns.map(() => "---").join("|")}|`,
    ...table.rows.slice(0, ROWS_FOR_MODEL).map((row) => `| ${row.map((value, i) => cell(value, table.columns[i])).join(" | ")} |`),
  ];
  if (table.rows.length > ROWS_FOR_MODEL) lines.push(`… and ${table.rows.length - ROWS_FOR_MODEL} more rows`);
  return lines.join("\n");
}

function cellNumber(value: number, column: Column | undefined): string {
  if (column?.type === "percent") return formatPercent(value);
  return column?.type === "money" ? formatValue(value, column.unit) : formatNumber(value);
}
