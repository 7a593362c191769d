import { formatNumber, formatPercent, formatValue } from "../../core/format.ts";
import type { Cell, Column, TableBlock } from "../../core/reply.ts";
import { type Element, heading, note } from "./elements.ts";
import { escapeText, within } from "./text.ts";

export const TABLE_LIMITS = { rows: 40, columns: 8, cell: 120 } as const;

/** A card's table with its first `most` rows; what is left out is said below it. */
export function renderTable(table: TableBlock, most: number = TABLE_LIMITS.rows): Element[] {
  const columns = table.columns.slice(0, TABLE_LIMITS.columns);
  const rows = table.rows.slice(0, Math.min(most, TABLE_LIMITS.rows));
  const texts = rows.map((row) => columns.map((c, i) => cellText(row[i] ?? null, c)));
  return [
    ...(table.title ? [heading(table.title)] : []),
    {
      type: "Table",
      firstRowAsHeaders: true,
      showGridLines: false,
      columns: widthsOf(columns, texts).map((width) => ({ width })),
      rows: [
        { type: "TableRow", cells: columns.map((c) => tableCell(headingOf(c), c, true)) },
        ...texts.map((row) => ({ type: "TableRow", cells: columns.map((c, i) => tableCell(row[i] ?? "", c, false)) })),
      ],
    },
    ...leftOut(table, rows.length, columns.length),
  ];
}

/** Characters a card as wide as a chat shows side by side. */
const ROOM = 72;
const TEXT = { least: 8, word: 16, most: 28 } as const;

/** Shares of the width: a figure never breaks, text only between words as long as they are not endless, and has what is left. */
function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  const cells = columns.map((_, i) => rows.map((row) => row[i] ?? ""));
  const wordOf = (i: number) => longest([headingOf(columns[i]), ...(cells[i] ?? [])].flatMap((text) => text.split(/\s+/)));
  const wanted = columns.map((_, i) => Math.max(longest(cells[i] ?? []), wordOf(i)) + 1);
  const isText = (i: number) => !isFigure(columns[i]);
  const figures = sum(wanted.filter((_, i) => !isText(i)));
  const texts = wanted.map((width, i) => (isText(i) ? Math.min(TEXT.most, width) : 0));
  const squeeze = Math.min(1, Math.max(0, ROOM - figures) / Math.max(1, sum(texts)));
  const least = (i: number) => Math.max(TEXT.least, Math.min(TEXT.word, wordOf(i) + 1));
  return wanted.map((width, i) => (isText(i) ? Math.max(least(i), Math.round((texts[i] ?? 0) * squeeze)) : width));
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function isFigure(column: Column | undefined): boolean {
  return column !== undefined && column.type !== "text" && column.type !== "date";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function leftOut(table: TableBlock, rows: number, columns: number): Element[] {
  const parts = [
    ...(table.rows.length > rows ? [`${formatNumber(table.rows.length - rows)} more rows`] : []),
    ...(table.columns.length > columns ? [`${formatNumber(table.columns.length - columns)} more columns`] : []),
  ];
  return parts.length > 0 ? [note(`${parts.join(" and ")} in the console.`)] : [];
}

function tableCell(content: string, column: Column, bold: boolean): Element {
  return {
    type: "TableCell",
    items: [
      {
        type: "TextBlock",
        text: escapeText(within(content, TABLE_LIMITS.cell)) || " ",
        wrap: true,
        ...(bold ? { weight: "Bolder" } : {}),
        ...(isFigure(column) ? { horizontalAlignment: "Right" } : {}),
      },
    ],
  };
}

function headingOf({ label, type, unit }: Column = { label: "", type: "text" }): string {
  return type === "number" && unit && unit !== "count" ? `${label} (${unit})` : label;
}

function cellText(cell: Cell, column: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column.type === "percent") return formatPercent(cell);
  return column.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}
