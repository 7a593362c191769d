import { copyButton, el, fileName, icon, saveFile } from "./dom.js";
import { cellFormatter, formatCount, isNumeric, unitNote } from "./format.js";

/**
 * @import { WireTable } from "../../wire.ts"
 * @import { Cell } from "./format.js"
 * @typedef {"none" | "ascending" | "descending"} Order
 */

/** Characters from which a text cell may take several lines. */
const LONG = 40;

/**
 * A table block: scrolls inside its own box, sorts by its headers, copies as CSV.
 * @param {WireTable} block
 * @param {(message: string) => void} announce
 */
export function tableBlock(block, announce) {
  const { title, columns, rows } = block;
  const formatters = columns.map((column, at) =>
    cellFormatter(
      column,
      rows.map((row) => row[at] ?? null),
    ),
  );
  const body = el("tbody");
  const drawn = rows.map((row) => ({
    row,
    element: el("tr", {}, ...columns.map((column, at) => cell(column, row[at] ?? null, formatters[at]))),
  }));
  body.append(...drawn.map(({ element }) => element));
  const headers = columns.map((column, at) => header(column, (order) => sort(at, order)));

  /**
   * @param {number} at
   * @param {Order} order
   */
  function sort(at, order) {
    for (const [index, { element }] of headers.entries()) {
      if (index !== at) element.removeAttribute("aria-sort");
    }
    const sorted = order === "none" ? drawn : drawn.toSorted((a, b) => compareCells(a.row[at] ?? null, b.row[at] ?? null, order));
    body.append(...sorted.map(({ element }) => element));
    const label = columns[at]?.label ?? "";
    announce(order === "none" ? "Sorted as given" : `Sorted by ${label}, ${order}`);
  }

  const name = title ?? "Table";
  return el(
    "section",
    { class: "card table-card", role: "group", "aria-label": name },
    el(
      "header",
      {},
      el("h3", { dir: "auto" }, name),
      el("span", { class: "count" }, rows.length === 1 ? "1 row" : `${formatCount(rows.length)} rows`),
      copyButton("Copy as CSV", () => toCsv(block), announce),
      csvButton(name, () => toCsv(block)),
    ),
    rows.length === 0
      ? el("p", { class: "empty" }, "No rows.")
      : el(
          "div",
          { class: "scroll", tabindex: 0, role: "group", "aria-label": `${name}, scrollable` },
          el("table", { "aria-label": name }, el("thead", {}, el("tr", {}, ...headers.map(({ element }) => element))), body),
        ),
  );
}

/**
 * @param {string} title
 * @param {() => string} csv
 */
export function csvButton(title, csv) {
  const onclick = () => saveFile(`${fileName(title, "table")}.csv`, new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  return el(
    "button",
    { type: "button", class: "quiet named", "aria-label": `Download ${title} as CSV`, onclick },
    icon("download"),
    el("span", {}, "CSV"),
  );
}

/**
 * @param {WireTable["columns"][number]} column
 * @param {(order: Order) => void} sort
 */
function header(column, sort) {
  const note = unitNote(column);
  const button = el(
    "button",
    { type: "button", class: "sort", onclick },
    el("span", {}, column.label, note ? el("small", {}, ` ${note}`) : null),
  );
  const element = el("th", { scope: "col", class: isNumeric(column) ? "number" : null }, button);
  function onclick() {
    const order = nextOrder(element.getAttribute("aria-sort"), isNumeric(column));
    if (order === "none") element.removeAttribute("aria-sort");
    else element.setAttribute("aria-sort", order);
    sort(order);
  }
  return { element };
}

/**
 * Numbers start with the largest, words with the first; a third click restores the order of the answer.
 * @param {string | null} current
 * @param {boolean} numeric
 * @returns {Order}
 */
export function nextOrder(current, numeric) {
  const first = numeric ? "descending" : "ascending";
  const second = numeric ? "ascending" : "descending";
  if (current === first) return second;
  return current === second ? "none" : first;
}

/**
 * Missing cells stay last in either order.
 * @param {Cell} a
 * @param {Cell} b
 * @param {Order} order
 * @returns {number}
 */
export function compareCells(a, b, order) {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const ascending = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  return order === "descending" ? -ascending : ascending;
}

/**
 * @param {WireTable["columns"][number]} column
 * @param {Cell} value
 * @param {((cell: string | number) => string) | undefined} format
 */
function cell(column, value, format = String) {
  const kind = isNumeric(column) ? "number" : column.type;
  const long = kind === "text" && String(value).length > LONG ? " long" : "";
  if (value === null) return el("td", { class: `${kind} missing`, title: "missing" }, "–");
  return el("td", { class: kind + long, dir: kind === "text" ? "auto" : null }, format(value));
}

/**
 * The raw values as RFC 4180, with percentages as ratios and missing cells empty. A text that a spreadsheet
 * would run as a formula gets an apostrophe before it.
 * @param {Pick<WireTable, "columns" | "rows">} table
 * @returns {string}
 */
export function toCsv({ columns, rows }) {
  const head = columns.map((column) => (column.unit && !isWordless(column.unit) ? `${column.label} (${column.unit})` : column.label));
  return [head, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/** @param {string} unit */
function isWordless(unit) {
  return unitNote({ label: "", type: "number", unit }) === "";
}

/** @param {Cell} value */
function csvCell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
