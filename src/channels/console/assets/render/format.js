/**
 * Values as people read them. One locale for all, so that tables read like the sentences above them.
 *
 * @import { Column } from "../../../../core/reply.ts"
 * @typedef {string | number | null} Cell
 */

const LOCALE = "en-US";
const WORDLESS_UNITS = new Set(["count", "ratio", "none", ""]);

/** @param {Column} column */
export function isNumeric({ type }) {
  return type === "number" || type === "money" || type === "percent";
}

/**
 * A formatter for one column. It sees all cells, so that every row shows the same number of decimals;
 * only a value that would then read as zero shows two digits of its own.
 * Null is never passed to it: the table marks missing cells itself.
 * @param {Column} column
 * @param {readonly Cell[]} cells
 * @returns {(cell: string | number) => string}
 */
export function cellFormatter(column, cells) {
  if (column.type === "date") return (cell) => formatDate(String(cell));
  if (!isNumeric(column)) return String;
  const values = cells.filter((cell) => typeof cell === "number");
  const { options, smallest } = numberOptions(column, values);
  const usual = new Intl.NumberFormat(LOCALE, options);
  const { minimumFractionDigits, maximumFractionDigits, ...style } = options;
  const tiny = new Intl.NumberFormat(LOCALE, { ...style, maximumSignificantDigits: 2 });
  return (cell) => {
    if (typeof cell !== "number") return cell;
    return (cell !== 0 && Math.abs(cell) < smallest ? tiny : usual).format(cell).replace("-", "\u2212");
  };
}

/**
 * How a column is written, and the smallest value that is not rounded to zero that way.
 * @param {Column} column
 * @param {readonly number[]} values
 * @returns {{ options: Intl.NumberFormatOptions, smallest: number }}
 */
function numberOptions({ type, unit }, values) {
  if (type === "percent") return { options: { style: "percent", ...decimals(1) }, smallest: 0.0005 };
  if (type === "money") return moneyOptions(unit, values);
  if (values.every(Number.isInteger)) return { options: decimals(0), smallest: 0 };
  const large = values.some((value) => Math.abs(value) >= 1000);
  return { options: decimals(large ? 1 : 2), smallest: large ? 0.05 : 0.005 };
}

/**
 * The currency's own decimals; four where there are prices per call, which are fractions of a cent.
 * @param {string | undefined} unit
 * @param {readonly number[]} values
 * @returns {{ options: Intl.NumberFormatOptions, smallest: number }}
 */
function moneyOptions(unit, values) {
  const small = values.some((value) => value !== 0 && Math.abs(value) < 0.01);
  const style = isCurrency(unit) ? { style: /** @type {const} */ ("currency"), currency: unit } : decimals(2);
  return small ? { options: { ...style, ...decimals(4) }, smallest: 0.00005 } : { options: style, smallest: 0.005 };
}

/** @param {number} count */
function decimals(count) {
  return { minimumFractionDigits: count, maximumFractionDigits: count };
}

/**
 * @param {string | undefined} unit
 * @returns {unit is string}
 */
function isCurrency(unit) {
  return unit !== undefined && /^[A-Z]{3}$/.test(unit);
}

/**
 * What stands beside a column's label: the unit, where the cells do not show it.
 * @param {Column} column
 * @returns {string}
 */
export function unitNote({ type, unit = "" }) {
  if (type === "number") return WORDLESS_UNITS.has(unit) ? "" : unit;
  return type === "money" && unit && !isCurrency(unit) ? unit : "";
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/**
 * "21 November 2026" for a civil date; an instant also shows its time, in UTC. Anything else is shown as it is.
 * @param {string} text
 */
export function formatDate(text) {
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::[\d.]+)?Z)?$/.exec(text);
  const day = new Date(`${match?.[1]}T00:00:00Z`);
  if (!match || Number.isNaN(day.getTime())) return text;
  return match[2] ? `${DAY.format(day)}, ${match[2]} UTC` : DAY.format(day);
}

/**
 * "1–31 October 2026", "28 October – 3 November 2026"
 * @param {{ from: string, to: string }} window whole days, both included
 */
export function formatWindow({ from, to }) {
  const [start, end] = [new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)];
  const readable = start.getTime() <= end.getTime();
  return readable ? DAY.formatRange(start, end).replaceAll("\u2009", " ") : `${from} – ${to}`;
}

/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} */
const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/**
 * "3 minutes ago", "yesterday"; "just now" within a minute, and for a clock that is a little ahead.
 * @param {string} instant ISO
 * @param {number} now milliseconds since the epoch
 */
export function formatAge(instant, now) {
  const seconds = (now - Date.parse(instant)) / 1000;
  if (Number.isNaN(seconds)) return "";
  for (const [unit, size] of UNITS) {
    if (seconds >= size) return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
  }
  return "just now";
}

/** @param {number} count */
export function formatCount(count) {
  return count.toLocaleString(LOCALE);
}
