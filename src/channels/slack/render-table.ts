import type { KnownBlock, TableBlock as SlackTable } from "@slack/types";
import { formatNumber, formatPercent, formatValue } from "../../core/format.ts";
import type { Cell, Column, TableBlock } from "../../core/reply.ts";
import { context, section } from "./render-text.ts";
import { escapedWithin, within } from "./text.ts";

/** Slack's 100 rows with the header and 20 columns; characters as for its other kind of table, to be on the safe side. */
const MOST = { rows: 99, columns: 20, cell: 200, characters: 10_000, title: 150 } as const;

/** A native table with its title above, and below it what was left out. */
export function renderTable(table: TableBlock): KnownBlock[] {
  const columns = table.columns.slice(0, MOST.columns);
  const title = table.title ? [section(`*${escapedWithin(table.title, MOST.title)}*`)] : [];
  if (columns.length === 0) return [...title, context("A table without columns.")];
  const head = columns.map((column) => cellOf(column.label));
  const rows = fitting(table.rows.slice(0, MOST.rows).map((row) => columns.map((column, i) => cellOf(cellText(row[i] ?? null, column)))));
  const block: SlackTable = {
    type: "table",
    column_settings: columns.map(({ type }) => ({
      align: type === "text" || type === "date" ? "left" : "right",
      is_wrapped: type === "text",
    })),
    rows: [head, ...rows],
  };
  const left = leftOut(table, rows.length, columns.length);
  return [...title, block, ...(left ? [context(left)] : [])];
}

function cellOf(content: string) {
  return { type: "raw_text" as const, text: within(content.trim(), MOST.cell) || " " };
}

function fitting<T extends { text: string }>(rows: readonly T[][]): T[][] {
  let characters = 0;
  const end = rows.findIndex((row) => {
    characters += row.reduce((sum, { text }) => sum + text.length, 0);
    return characters > MOST.characters;
  });
  return end < 0 ? [...rows] : rows.slice(0, end);
}

function leftOut(table: TableBlock, rows: number, columns: number): string {
  if (table.rows.length === 0) return "No rows.";
  const [moreRows, moreColumns] = [table.rows.length - rows, table.columns.length - columns];
  const parts = [
    ...(moreRows > 0 ? [`${formatNumber(moreRows)} more ${moreRows === 1 ? "row" : "rows"}`] : []),
    ...(moreColumns > 0 ? [`${moreColumns} more ${moreColumns === 1 ? "column" : "columns"}`] : []),
  ];
  return parts.length ? `${parts.join(" and ")} in the console.` : "";
}

/** A missing cell is shown as missing, never as zero. */
export function cellText(cell: Cell, column: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column.type === "percent") return formatPercent(cell);
  return column.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}
