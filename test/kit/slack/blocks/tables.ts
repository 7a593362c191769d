import type { Fields } from "../shapes.ts";
import type { Report } from "./report.ts";
import { checkRichText } from "./rich-text.ts";

const COLUMNS = 20;
const TABLE_ROWS = 100;
/** 100 rows and the header. Newer accounts say 200; the smaller number is kept. */
const DATA_ROWS = 101;
const DATA_CHARACTERS = 10_000;

export function checkTable(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type rows", "block_id column_settings");
  checkRows(report, block.rows, `${at}/rows`, { min: 1, max: TABLE_ROWS, richHeader: true });
  if (block.column_settings === undefined) return;
  for (const [i, item] of report.list(block.column_settings, `${at}/column_settings`, { max: COLUMNS }).entries()) {
    if (item === null) continue;
    const setting = report.object(item, `${at}/column_settings/${i}`);
    if (!setting) continue;
    report.fields(setting, `${at}/column_settings/${i}`, "", "align is_wrapped");
    if (setting.align !== undefined) report.oneOf(setting.align, `${at}/column_settings/${i}/align`, ["left", "center", "right"]);
    report.optionalBoolean(setting.is_wrapped, `${at}/column_settings/${i}/is_wrapped`);
  }
}

export function checkDataTable(report: Report, block: Fields, at: string): void {
  report.fields(block, at, "type caption rows", "block_id page_size row_header_column_index");
  report.string(block.caption, `${at}/caption`);
  const characters = checkRows(report, block.rows, `${at}/rows`, { min: 2, max: DATA_ROWS, richHeader: false });
  if (characters > DATA_CHARACTERS) report.add(`must hold less than ${DATA_CHARACTERS + 1} characters`, `${at}/rows`);
  if (block.page_size !== undefined) report.number(block.page_size, `${at}/page_size`, { min: 1, max: 100, integer: true });
  if (block.row_header_column_index !== undefined)
    report.number(block.row_header_column_index, `${at}/row_header_column_index`, { min: 0, max: COLUMNS - 1, integer: true });
}

/** Returns the characters in all cells. */
function checkRows(
  report: Report,
  value: unknown,
  at: string,
  { min, max, richHeader }: { min: number; max: number; richHeader: boolean },
): number {
  let characters = 0;
  let width: number | undefined;
  for (const [r, row] of report.list(value, at, { min, max }).entries()) {
    const cells = report.list(row, `${at}/${r}`, { max: COLUMNS });
    width ??= cells.length;
    if (cells.length !== width) report.add("rows must have the same number of cells", `${at}/${r}`);
    for (const [c, cell] of cells.entries()) characters += checkCell(report, cell, `${at}/${r}/${c}`, richHeader || r > 0);
  }
  return characters;
}

/** Empty cells are refused: a blank needs a space. Returns the characters shown. */
function checkCell(report: Report, value: unknown, at: string, rich: boolean): number {
  const cell = report.object(value, at);
  if (!cell) return 0;
  if (cell.type === "rich_text" && rich) {
    checkRichText(report, cell, at);
    return JSON.stringify(cell.elements ?? "").length;
  }
  if (cell.type === "raw_text") report.fields(cell, at, "type text");
  else if (cell.type === "raw_number") {
    report.fields(cell, at, "type value text");
    report.number(cell.value, `${at}/value`);
  } else {
    report.add(`unsupported type: ${String(cell.type)}`, `${at}/type`);
    return 0;
  }
  return report.string(cell.text, `${at}/text`) ? cell.text.length : 0;
}
