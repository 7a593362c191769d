import type { Period } from "../../core/fact.ts";
import { formatNumber } from "../../core/format.ts";
import { VendorError } from "../../errors.ts";
import type { ResolvedDataset } from "./dataset.ts";
import type { Dialect } from "./dialects.ts";
import { quoteName, quoteText } from "./engine.ts";
import type { OpenSource, Snapshot } from "./sources.ts";

/** What one look over the whole source tells: the days it covers and what cannot be read. */
export interface Inspection {
  rows: number;
  covers?: Period;
  /** Measure or "time" → its first value that is no number or date. */
  unreadable: ReadonlyMap<string, Unreadable>;
}

export interface Unreadable {
  /** Of the file or table called `label`, counted without the header. */
  row: number;
  label: string;
  value: string;
  /** How many such rows there are in all. */
  count: number;
}

/** Identifiers have too many values to be worth listing. */
const IDENTIFIERS = new Set(["resource", "sku"]);
const LISTED = 201;

export async function inspect(
  name: string,
  dataset: ResolvedDataset,
  source: OpenSource,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<Inspection> {
  const { dialect } = source;
  const { relation } = snapshot;
  const numbers = dataset.measures.map((m) => ({ key: m.name, column: m.column, read: dialect.number(m.column) }));
  const times = dataset.time ? [{ key: "time", column: dataset.time, read: dialect.day(dataset.time) }] : [];
  const checked = [...numbers, ...times];
  const [summary] = await source.rows(summarySql(numbers, dataset.time, dialect, relation), [], signal);
  if (!summary || Number(summary.n) === 0) throw new VendorError(name, `The dataset “${name}” (${source.label}) has no rows.`);
  const unreadable = new Map<string, Unreadable>();
  for (const [i, { key, column, read }] of checked.entries()) {
    const count = Number(summary[`bad${i}`] ?? 0);
    if (count > 0) unreadable.set(key, { ...(await firstBad(source, snapshot, column, read, signal)), count });
  }
  return {
    rows: Number(summary.n),
    ...(typeof summary.first === "string" && typeof summary.last === "string" ? { covers: { from: summary.first, to: summary.last } } : {}),
    unreadable,
  };
}

/**
 * Rows, first and last day, and per column how many of its values cannot be read. Rows are first put together by their time as it
 * is written: reading a date is dear, and a bill has few of them.
 */
function summarySql(
  numbers: readonly { column: string; read: string }[],
  time: string | undefined,
  dialect: Dialect,
  relation: string,
): string {
  const bad = numbers.map(
    ({ column, read }, i) => `sum(CASE WHEN ${quoteName(column)} IS NOT NULL AND ${read} IS NULL THEN 1 ELSE 0 END) AS bad${i}`,
  );
  if (time === undefined) return `SELECT ${["count(*) AS n", "NULL AS first", "NULL AS last", ...bad].join(", ")} FROM ${relation}`;
  const grouped = `SELECT ${[`${quoteName(time)}`, "count(*) AS n", ...bad].join(", ")} FROM ${relation} GROUP BY ${quoteName(time)}`;
  const dated = `SELECT ${quoteName(time)}, ${dialect.day(time)} AS read_day, n${numbers.map((_, i) => `, bad${i}`).join("")} FROM (${grouped}) AS by_time`;
  const unreadable = `sum(CASE WHEN ${quoteName(time)} IS NOT NULL AND read_day IS NULL THEN n ELSE 0 END) AS bad${numbers.length}`;
  const sums = numbers.map((_, i) => `sum(bad${i}) AS bad${i}`);
  return `SELECT ${["sum(n) AS n", "min(read_day) AS first", "max(read_day) AS last", ...sums, unreadable].join(", ")} FROM (${dated}) AS dated`;
}

/** Throws when the measure or the time of some row is no number or date: a sum without it would be wrong in silence. */
export function refuseUnreadable(name: string, inspection: Inspection, measure: string): void {
  for (const key of [measure, "time"]) {
    const bad = inspection.unreadable.get(key);
    if (!bad) continue;
    const more = bad.count > 1 ? ` and ${formatNumber(bad.count - 1)} more rows` : "";
    throw new VendorError(
      name,
      `${bad.label}, row ${bad.row}${more}: the ${key === "time" ? "time is not a date" : `${key} is not a number`}. Correct the file; nothing of it was used.`,
      { detail: bad.value },
    );
  }
}

async function firstBad(source: OpenSource, snapshot: Snapshot, column: string, read: string, signal: AbortSignal) {
  for (const { label, relation } of snapshot.parts?.() ?? [{ label: source.label, relation: snapshot.relation }]) {
    const [row] = await source
      .rows(
        `SELECT position, bad FROM (SELECT row_number() OVER () AS position, ${source.dialect.text(column)} AS bad, ${read} AS good FROM ${relation}) AS numbered WHERE bad IS NOT NULL AND good IS NULL ORDER BY position LIMIT 1`,
        [],
        signal,
      )
      .catch(() => []); // A file of several may lack the column.
    if (row) return { label, row: Number(row.position), value: String(row.bad) };
  }
  return { label: source.label, row: 0, value: "" };
}

/** Most frequent values first; at most 201 per dimension. */
export async function listValues(
  dataset: ResolvedDataset,
  source: OpenSource,
  relation: string,
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const listed = dataset.dimensions.filter((d) => !IDENTIFIERS.has(d.name));
  if (listed.length === 0) return new Map();
  const columns = listed.map((d, i) => `${source.dialect.text(d.column)} AS v${i}`).join(", ");
  const groups = listed.map((_, i) => i + 1).join(", ");
  const parts = listed.map(
    (d, i) =>
      `SELECT * FROM (SELECT ${quoteText(d.name)} AS dimension, v${i} AS value, sum(n) AS n FROM combinations WHERE v${i} IS NOT NULL GROUP BY v${i} ORDER BY sum(n) DESC LIMIT ${LISTED}) AS s${i}`,
  );
  const rows = await source.rows(
    `WITH combinations AS MATERIALIZED (SELECT ${columns}, count(*) AS n FROM ${relation} GROUP BY ${groups}) ${parts.join(" UNION ALL ")}`,
    [],
    signal,
  );
  const values = new Map<string, string[]>(listed.map((d) => [d.name, []]));
  for (const row of rows) values.get(String(row.dimension))?.push(String(row.value));
  return values;
}
