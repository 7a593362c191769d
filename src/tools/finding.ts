import { sum } from "../analytics/pareto.ts";
import { endOf, fromInstant, startOf } from "../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../core/fact.ts";
import type { Grain } from "../core/feed.ts";
import { formatNumber, formatPercent, formatValue } from "../core/format.ts";
import { formatPeriod } from "../core/period.ts";
import type { Cell, Column, TableBlock } from "../core/reply.ts";
import { cut } from "../core/text.ts";
import type { FeedReading } from "./feed-question.ts";

/** Facts of one unit: what may be added up. The unit with the most facts comes first, one that only was there before comes last. */
export function byUnit({ facts, before }: Pick<FeedReading, "facts" | "before">): { unit: string; facts: Fact[]; before: Fact[] }[] {
  const now = Map.groupBy(facts, (f) => f.unit ?? "");
  const then = Map.groupBy(before, (f) => f.unit ?? "");
  return [...new Set([...now.keys(), ...then.keys()])]
    .map((unit) => ({ unit, facts: now.get(unit) ?? [], before: then.get(unit) ?? [] }))
    .sort((a, b) => b.facts.length - a.facts.length || (a.unit < b.unit ? -1 : 1));
}

/** Sums (means of averages) per value of the dimensions, joined by " · " where there are several. Order of first appearance. */
export function sumBy(facts: readonly Fact[], by: readonly string[]): Map<string, number> {
  return new Map([...Map.groupBy(facts, (fact) => labelOf(fact, by))].map(([label, some]) => [label, total(some)]));
}

/** Sums (means of averages) per step of time, by its first day, in order. */
export function sumBuckets(facts: readonly Fact[]): Map<string, number> {
  const buckets = Map.groupBy(facts, (fact) => fromInstant(fact.at));
  return new Map([...buckets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, some]) => [day, total(some)]));
}

export function labelOf(fact: Fact, by: readonly string[]): string {
  return by.map((dimension) => fact.labels[dimension] ?? "(not set)").join(" · ");
}

/** The sum of amounts; the plain mean of averages, which weighs each the same. */
export function total(facts: readonly Fact[]): number {
  const added = sum(facts.map((f) => f.value));
  return isAverage(facts) ? added / facts.length : added;
}

/** Averages have no total and no shares. */
export function isAverage(facts: readonly Fact[]): boolean {
  return facts[0]?.average === true;
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

/** "1 other", "12 others" */
export function otherLines(count: number): string {
  return `${count} ${count === 1 ? "other" : "others"}`;
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

const CHARACTERS_FOR_MODEL = 7_500;
const ROWS_FOR_MODEL = 40;
const CELL_FOR_MODEL = 80;

/** The answer with its tables as compact markdown for the model: the first rows of each, and how many more there are. */
export function contentOf(text: string, tables: readonly TableBlock[]): string {
  const parts = [cut(text, CHARACTERS_FOR_MODEL)];
  let left = CHARACTERS_FOR_MODEL - text.length;
  for (const [i, table] of tables.entries()) {
    const written = tableText(table, Math.floor(left / (tables.length - i)));
    left -= written.length;
    parts.push(written);
  }
  return parts.filter(Boolean).join("\n\n");
}

function tableText(table: TableBlock, budget: number): string {
  const cell = (value: Cell, column: Column | undefined) =>
    value === null ? "missing" : typeof value === "string" ? plainCell(value) : cellNumber(value, column);
  const lines = [`| ${table.columns.map((c) => plainCell(c.label)).join(" | ")} |`, `|${table.columns.map(() => "---").join("|")}|`];
  const heading = lines.join("\n").length;
  let left = budget - heading;
  for (const row of table.rows.slice(0, ROWS_FOR_MODEL)) {
    const line = `| ${row.map((value, i) => cell(value, table.columns[i])).join(" | ")} |`;
    left -= line.length + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const more = table.rows.length - (lines.length - 2);
  if (more === table.rows.length && more > 0) return `… and a table of ${more} rows`;
  if (more > 0) lines.push(`… and ${more} more rows`);
  return lines.join("\n");
}

/** A name from a source as one cell: it may hold anything. */
function plainCell(text: string): string {
  return cut(text.replace(/\s+/g, " ").replaceAll("|", "/"), CELL_FOR_MODEL);
}

function cellNumber(value: number, column: Column | undefined): string {
  if (column?.type === "percent") return formatPercent(value);
  return column?.type === "money" ? formatValue(value, column.unit) : formatNumber(value);
}

/**
 * The facts of steps that lie whole in the period: half a week at its edge would look like a fall. All of them when that leaves
 * fewer than two steps, or nothing is cut.
 */
export function wholeSteps(facts: readonly Fact[], grain: Grain, period: Period | undefined): readonly Fact[] {
  if (!period || grain === "day") return facts;
  const whole = facts.filter(({ at }) => startOf(grain, fromInstant(at)) >= period.from && endOf(grain, fromInstant(at)) <= period.to);
  return sumBuckets(whole).size < 2 ? facts : whole;
}
