import type { Grain } from "../../core/feed.ts";
import { quoteName } from "./engine.ts";

/** The few expressions in which the databases differ. Each takes a column name and gives SQL. */
export interface Dialect {
  /** The number in a column, null when it is none. */
  number(column: string): string;
  /** The column as text. */
  text(column: string): string;
  /** The UTC day of a date, time or text column as "YYYY-MM-DD", null when it is none. */
  day(column: string): string;
  /** The first day of the grain, from an expression that gives a day. */
  bucket(grain: Grain, day: string): string;
  placeholder(position: number): string;
}

export const duckDb: Dialect = {
  number: (column) => `TRY_CAST(${quoteName(column)} AS DOUBLE)`,
  text: (column) => `CAST(${quoteName(column)} AS VARCHAR)`,
  day: (column) => `strftime(CAST(TRY_CAST(${quoteName(column)} AS TIMESTAMPTZ) AS TIMESTAMP), '%Y-%m-%d')`,
  bucket: (grain, day) => (grain === "day" ? day : `strftime(date_trunc('${grain}', CAST(${day} AS DATE)), '%Y-%m-%d')`),
  placeholder: (position) => `$${position}`,
};

const NUMERIC = String.raw`^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$`;

export const postgres: Dialect = {
  number: (column) => `CASE WHEN ${quoteName(column)}::text ~ '${NUMERIC}' THEN ${quoteName(column)}::text::double precision END`,
  text: (column) => `${quoteName(column)}::text`,
  day: (column) => `to_char(${quoteName(column)}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
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

export const sqlite: Dialect = {
  number: (column) => {
    const name = quoteName(column);
    return `CASE typeof(${name}) WHEN 'integer' THEN CAST(${name} AS REAL) WHEN 'real' THEN ${name} WHEN 'text' THEN CASE WHEN trim(${name}) GLOB '*[0-9]*' AND trim(${name}) NOT GLOB '*[^0-9.eE+-]*' THEN CAST(${name} AS REAL) END END`;
  },
  text: (column) => `CAST(${quoteName(column)} AS TEXT)`,
  day: (column) => `date(${quoteName(column)})`,
  bucket: (grain, day) => SQLITE_BUCKETS[grain](day),
  placeholder: (position) => `?${position}`,
};
