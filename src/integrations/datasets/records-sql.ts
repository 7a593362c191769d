import type { RecordQuery } from "../../core/feed.ts";
import type { FeedRecord } from "../../core/records.ts";
import { UserError } from "../../errors.ts";
import type { ResolvedDataset } from "./dataset.ts";
import type { Dialect } from "./dialects.ts";
import type { Parameter, Row } from "./engine.ts";
import { filterSql } from "./query-sql.ts";
import type { RecordColumns } from "./schema.ts";

/** Most rows looked at one by one. */
export const MAX_RECORDS = 100_000;

/** The rows themselves: `id`, `day`, `title`, `text`, `l0` … labels, `n0` … numbers, `t0` … times; oldest first where there are dates. */
export function recordsStatement(
  name: string,
  dataset: ResolvedDataset,
  columns: RecordColumns,
  dialect: Dialect,
  relation: string,
  query: RecordQuery,
): { sql: string; parameters: Parameter[] } {
  const parameters: Parameter[] = [];
  const where = filterSql(name, dataset, dialect, query, parameters);
  const day = dataset.time === undefined ? undefined : dialect.day(dataset.time);
  if (query.period && !day)
    throw new UserError(`The dataset “${name}” has no time column, so it cannot be cut to a period.`, { path: "period" });
  if (query.period) {
    parameters.push(query.period.from, query.period.to);
    where.push(`${day} BETWEEN ${dialect.placeholder(parameters.length - 1)} AND ${dialect.placeholder(parameters.length)}`);
  }
  const text = (column: string | undefined) => (column === undefined ? "NULL" : dialect.text(column));
  const selected = [
    `${dialect.text(columns.id)} AS id`,
    `${text(dataset.time)} AS at`,
    `${text(columns.title)} AS title`,
    `${text(columns.text)} AS body`,
    ...dataset.dimensions.map(({ column }, i) => `${dialect.text(column)} AS l${i}`),
    ...dataset.measures.map(({ column }, i) => `${dialect.number(column)} AS n${i}`),
    ...Object.values(columns.times).map((column, i) => `${dialect.text(column)} AS t${i}`),
  ];
  const sql = `SELECT ${selected.join(", ")} FROM ${relation}${where.length ? ` WHERE ${where.join(" AND ")}` : ""}${day ? " ORDER BY 2, 1" : " ORDER BY 1"} LIMIT ${MAX_RECORDS + 1}`;
  return { sql, parameters };
}

/** A row without an id is left out: nothing could be said of it. */
export function toRecords(rows: readonly Row[], dataset: ResolvedDataset, columns: RecordColumns): FeedRecord[] {
  const names = Object.keys(columns.times);
  return rows.slice(0, MAX_RECORDS).flatMap((row) => {
    if (typeof row.id !== "string" || row.id === "") return [];
    const at = instantOf(row.at);
    return {
      id: row.id,
      ...(at ? { at } : {}),
      ...(filled(row.title) ? { title: String(row.title) } : {}),
      ...(filled(row.body) ? { text: String(row.body) } : {}),
      labels: Object.fromEntries(dataset.dimensions.flatMap(({ name }, i) => (filled(row[`l${i}`]) ? [[name, String(row[`l${i}`])]] : []))),
      numbers: Object.fromEntries(
        dataset.measures.flatMap(({ name }, i) => (typeof row[`n${i}`] === "number" ? [[name, Number(row[`n${i}`])]] : [])),
      ),
      times: Object.fromEntries(
        names.flatMap((name, i) => {
          const time = instantOf(row[`t${i}`]);
          return time ? [[name, time]] : [];
        }),
      ),
    };
  });
}

function filled(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "";
}

/** ISO text, a date alone as its midnight in UTC. undefined for anything else. */
function instantOf(value: unknown): Date | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const iso = /[T ]\d/.test(text) ? text.replace(" ", "T") : `${text}T00:00:00Z`;
  const at = new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
