import type { Grain } from "../../core/feed.ts";
import { quoteName } from "./engine.ts";

/** The few expressions in which the databases differ. Each takes a column name and gives SQL; all read the same values alike. */
export interface Dialect {
  /** The finite number in a column, null when it is none. */
  number(column: string): string;
  /** The sum of an expression that gives numbers. */
  sum(number: string): string;
  /** The column as text. */
  text(column: string): string;
  /** The UTC day of a date, time or text column as "YYYY-MM-DD", null when there is no such day. Text begins with the year. */
  day(column: string): string;
  /** The first day of the grain, from an expression that gives a day. */
  bucket(grain: Grain, day: string): string;
  placeholder(position: number): string;
}

const YEAR_FIRST = String.raw`\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T].*)?`;

export const duckDb: Dialect = {
  number(column) {
    const number = `TRY_CAST(${quoteName(column)} AS DOUBLE)`;
    return `CASE WHEN isfinite(${number}) THEN ${number} END`;
  },
  sum: (number) => `fsum(${number})`,
  text: (column) => `CAST(${quoteName(column)} AS VARCHAR)`,
  day(column) {
    const text = `trim(CAST(${quoteName(column)} AS VARCHAR))`;
    return `CASE WHEN regexp_full_match(${text}, '${YEAR_FIRST}') THEN strftime(CAST(TRY_CAST(${text} AS TIMESTAMPTZ) AS TIMESTAMP), '%Y-%m-%d') END`;
  },
  bucket: (grain, day) => (grain === "day" ? day : `strftime(date_trunc('${grain}', CAST(${day} AS DATE)), '%Y-%m-%d')`),
  placeholder: (position) => `$${position}`,
};

const NUMERIC = String.raw`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`;

/** A month and a day that some month has; whether this month has it is asked beside. */
const ISO_TEXT = String.raw`^\s*\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d+)?)?)?( ?(Z|UTC|[-+]\d{2}(:?\d{2})?))?)?\s*$`;

export const postgres: Dialect = {
  number: (column) => `CASE WHEN ${quoteName(column)}::text ~ '${NUMERIC}' THEN ${quoteName(column)}::text::double precision END`,
  sum: (number) => `sum(${number})`,
  text: (column) => `${quoteName(column)}::text`,
  day(column) {
    const text = `${quoteName(column)}::text`;
    const lastDay = `extract(day FROM to_date(left(trim(${text}), 7), 'YYYY-MM') + interval '1 month' - interval '1 day')`;
    return `CASE WHEN ${text} ~ '${ISO_TEXT}' THEN CASE WHEN substr(trim(${text}), 9, 2)::int <= ${lastDay} THEN to_char(${text}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD') END END`;
  },
  bucket: (grain, day) => (grain === "day" ? day : `to_char(date_trunc('${grain}', (${day})::date), 'YYYY-MM-DD')`),
  placeholder: (position) => `$${position}`,
};

const SQLITE_BUCKETS: Record<Grain, (day: string) => string> = {
  day: (day) => day,
  week: (day) => `date(${day}, 'weekday 0', '-6 days')`,
  month: (day) => `strftime('%Y-%m-01', ${day})`,
  quarter: (day) => `strftime('%Y-', ${day}) || printf('%02d', ((CAST(strftime('%m', ${day}) AS INTEGER) - 1) / 3) * 3 + 1) || '-01'`,
  year: (day) => `strftime('%Y-01-01', ${day})`,
};

/** SQLite reads "2026-11-21" as 2026 and 30 February as 2 March, so it is asked whether the text is what it takes it for. */
export const sqlite: Dialect = {
  number(column) {
    const name = quoteName(column);
    const text = `trim(${name})`;
    const unsigned = `ltrim(${text}, '+-')`;
    const plain = `${text} GLOB '*[0-9]*' AND ${text} NOT GLOB '*[^0-9.eE+-]*' AND ${text} NOT GLOB '[+-][+-]*' AND ${unsigned} GLOB '[0-9.]*'`;
    const real = `CASE typeof(${name}) WHEN 'integer' THEN CAST(${name} AS REAL) WHEN 'real' THEN ${name} WHEN 'text' THEN CASE WHEN ${plain} AND json_valid('1' || ${unsigned}, 2) THEN CAST(${name} AS REAL) END END`;
    return `CASE WHEN abs(${real}) < 9e999 THEN ${real} END`;
  },
  sum: (number) => `sum(${number})`,
  text: (column) => `CAST(${quoteName(column)} AS TEXT)`,
  day(column) {
    const text = `trim(${quoteName(column)})`;
    const day = `substr(${text}, 1, 10)`;
    return `CASE WHEN ${text} GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*' AND date(${day}, '+0 days') = ${day} THEN date(${text}) END`;
  },
  bucket: (grain, day) => SQLITE_BUCKETS[grain](day),
  placeholder: (position) => `?${position}`,
};
