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
      columns: columns.map((c, i) => ({ width: widthOf([headingOf(c), ...texts.map((row) => row[i] ?? "")]) })),
      rows: [
        { type: "TableRow", cells: columns.map((c) => tableCell(headingOf(c), c, true)) },
        ...texts.map((row) => ({ type: "TableRow", cells: columns.map((c, i) => tableCell(row[i] ?? "", c, false)) })),
      ],
    },
    ...leftOut(table, rows.length, columns.length),
  ];
}

/** Shares of the width by what stands in a column, so that no number breaks while a name has room to spare. */
function widthOf(texts: readonly string[]): number {
  return Math.min(28, Math.max(6, ...texts.map((text) => text.length)));
}

function leftOut(table: TableBlock, rows: number, columns: number): Element[] {
  const parts = [
    ...(table.rows.length > rows ? [`${formatNumber(table.rows.length - rows)} more rows`] : []),
    ...(table.columns.length > columns ? [`${formatNumber(table.columns.length - columns)} more columns`] : []),
  ];
  return parts.length > 0 ? [note(`${parts.join(" and ")} in the console.`)] : [];
}

function tableCell(content: string, column: Column, bold: boolean): Element {
  const right = column.type !== "text" && column.type !== "date";
  return {
    type: "TableCell",
    items: [
      {
        type: "TextBlock",
        text: escapeText(within(content, TABLE_LIMITS.cell)) || " ",
        wrap: true,
        ...(bold ? { weight: "Bolder" } : {}),
        ...(right ? { horizontalAlignment: "Right" } : {}),
      },
    ],
  };
}

function headingOf({ label, type, unit }: Column): string {
  return type === "number" && unit && unit !== "count" ? `${label} (${unit})` : label;
}

function cellText(cell: Cell, column: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column.type === "percent") return formatPercent(cell);
  return column.type === "money" ? formatValue(cell, column.unit) : formatNumber(cell);
}
