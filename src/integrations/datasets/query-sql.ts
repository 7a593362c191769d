import type { FeedQuery, Grain } from "../../core/feed.ts";
import { closest, listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import type { ResolvedDataset } from "./dataset.ts";
import type { Dialect } from "./dialects.ts";
import { type Parameter, quoteText } from "./engine.ts";
import type { DatasetMeasure } from "./schema.ts";

/** Most groups one answer may have; beyond it the question is too wide to be useful. */
export const MAX_GROUPS = 50_000;
/** How rows without a value in a dimension are called and asked for. */
export const NOT_SET = "(not set)";

/** From the finest to the coarsest. */
const STEPS: readonly Grain[] = ["day", "week", "month", "quarter", "year"];

export interface Statement {
  sql: string;
  parameters: Parameter[];
  measure: DatasetMeasure;
  by: readonly string[];
}

/**
 * One grouped sum. Names come from the description and values go in as parameters: nothing a person types becomes SQL.
 * Rows: `bucket` (day or null), `unit`, `d0` … in the order of `by`, `value`, `n`. A group whose values are all missing is left out.
 */
export function buildStatement(name: string, dataset: ResolvedDataset, dialect: Dialect, relation: string, query: FeedQuery): Statement {
  const measure = pick(name, "measure", dataset.measures, query.measure ?? dataset.measures[0]?.name ?? "");
  const by = [...new Set((query.by ?? []).map((d) => pick(name, "dimension", dataset.dimensions, d).name))];
  const parameters: Parameter[] = [];
  const where = [`${dialect.number(measure.column)} IS NOT NULL`, ...filterSql(name, dataset, dialect, query, parameters)];
  const day = dataset.time === undefined ? undefined : dialect.day(dataset.time);
  if (query.period) {
    if (!day)
      throw new UserError(
        `The dataset “${name}” has no time column, so it cannot be cut to a period. Ask without one, or add \`time: COLUMN\` to its description.`,
        { path: "period" },
      );
    parameters.push(query.period.from, query.period.to);
    where.push(`${day} BETWEEN ${dialect.placeholder(parameters.length - 1)} AND ${dialect.placeholder(parameters.length)}`);
  }
  if (query.grain && dataset.grain && STEPS.indexOf(query.grain) < STEPS.indexOf(dataset.grain))
    throw new UserError(
      `The dataset “${name}” is kept per ${dataset.grain}, so it cannot be split by ${query.grain}. Ask per ${dataset.grain}.`,
      { path: "grain", suggestions: [`per ${dataset.grain}`] },
    );
  if (query.grain && !day)
    throw new UserError(`The dataset “${name}” has no time column, so it cannot be split by ${query.grain}.`, { path: "grain" });
  const keys = [
    query.grain && day ? dialect.bucket(query.grain, day) : "NULL",
    measure.unitColumn ? dialect.text(measure.unitColumn) : quoteText(measure.unit ?? ""),
    ...by.map((d) => dialect.text(pick(name, "dimension", dataset.dimensions, d).column)),
  ];
  const selected = keys.map((key, i) => `${key} AS ${["bucket", "unit"][i] ?? `d${i - 2}`}`);
  const grouped = [...(query.grain ? [1] : []), ...(measure.unitColumn ? [2] : []), ...by.map((_, i) => i + 3)];
  const sql = `SELECT ${selected.join(", ")}, ${aggregate(measure, dialect)} AS value, count(*) AS n FROM ${relation} WHERE ${where.join(" AND ")}${grouped.length ? ` GROUP BY ${grouped.join(", ")}` : ""} LIMIT ${MAX_GROUPS + 1}`;
  return { sql, parameters, measure, by };
}

function aggregate(measure: DatasetMeasure, dialect: Dialect): string {
  const number = dialect.number(measure.column);
  return measure.aggregate === "mean" ? `avg(${number})` : dialect.sum(number);
}

export function filterSql(
  name: string,
  dataset: ResolvedDataset,
  dialect: Dialect,
  query: Pick<FeedQuery, "filter">,
  parameters: Parameter[],
): string[] {
  return Object.entries(query.filter ?? {}).map(([dimension, values]) => {
    const text = dialect.text(pick(name, "dimension", dataset.dimensions, dimension).column);
    const given = values.filter((v) => v !== NOT_SET);
    const slots = given.map((value) => dialect.placeholder(parameters.push(value)));
    const parts = [
      ...(slots.length ? [`${text} IN (${slots.join(", ")})`] : []),
      ...(given.length < values.length ? [`${text} IS NULL`] : []),
    ];
    return parts.length ? `(${parts.join(" OR ")})` : "1 = 0";
  });
}

/** The described thing of that name. Throws UserError that offers the near names. */
export function pick<T extends { name: string }>(dataset: string, kind: "measure" | "dimension", all: readonly T[], wanted: string): T {
  const found = all.find((item) => item.name.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  const names = all.map((item) => item.name);
  const near = closest(wanted, names);
  const field = kind === "measure" ? "measure" : "by";
  throw new UserError(
    `“${dataset}” has no ${kind} “${wanted.slice(0, 60)}”.${near ? ` Did you mean “${near}”?` : ""} It has ${listWords(names, 15) || "none"}.`,
    { path: field, suggestions: near ? [near] : [] },
  );
}
