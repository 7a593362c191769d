/** A table as CSV (RFC 4180 but for plain line feeds). */

/** null is an empty cell. */
export type CsvRow = Readonly<Record<string, string | number | boolean | null>>;

export function toCsv(columns: readonly string[], rows: readonly CsvRow[]): string {
  const lines = rows.map((row) => columns.map((column) => csvCell(row[column] ?? null)).join(","));
  return [columns.map(csvCell).join(","), ...lines].join("\n").concat("\n");
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  // A cell that begins so would be run as a formula, in quotes too.
  const text = /^\s*[=+\-@＝＋－＠|\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
