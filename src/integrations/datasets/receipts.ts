import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { Period, Receipt } from "../../core/fact.ts";
import type { FeedQuery } from "../../core/feed.ts";
import { formatInstant, formatNumber } from "../../core/format.ts";
import { formatPeriod } from "../../core/period.ts";
import type { Row } from "./engine.ts";
import { MAX_RECORDS } from "./records-sql.ts";
import type { DatasetDescription, DatasetMeasure } from "./schema.ts";
import type { Snapshot } from "./sources.ts";

interface About {
  id: string;
  description: DatasetDescription;
  /** What a person calls the source. */
  label: string;
  snapshot: Snapshot;
  now: Date;
  window: Period | undefined;
}

/** Where sums came from. */
export function factsReceipt(
  about: About & { query: FeedQuery; statement: { measure: DatasetMeasure; by: readonly string[] }; rows: readonly Row[] },
): Receipt {
  const { description, window, now, query, statement, rows } = about;
  const lines = rows.reduce((sum, row) => sum + Number(row.n), 0);
  const fresh = description.provisional_days ? addDays(fromInstant(now), -description.provisional_days) : undefined;
  return {
    ...common(about, queryWords(query, statement, window), lines),
    ...(fresh && window && window.to >= fresh ? { provisional: `since ${fresh}` } : {}),
  };
}

/** Where rows read one by one came from. */
export function recordsReceipt(about: About & { rows: number }): Receipt {
  const kept = Math.min(about.rows, MAX_RECORDS);
  return {
    ...common(about, `its rows one by one${about.window ? ` for ${formatPeriod(about.window)}` : ""}`, kept),
    ...(about.rows > MAX_RECORDS ? { truncated: `only the first ${formatNumber(MAX_RECORDS)} rows` } : {}),
  };
}

function common({ id, description, label, window, now, snapshot }: About, query: string, rows: number): Receipt {
  return {
    id,
    source: `${description.title ?? description.name} (${label})`,
    query,
    ...(window ? { window } : {}),
    fetchedAt: now,
    status: description.simulated ? "demo" : "live",
    notes: [`${formatNumber(rows)} rows`, ...(snapshot.modified ? [`file of ${formatInstant(snapshot.modified)}`] : [])],
  };
}

function queryWords(
  query: FeedQuery,
  { measure, by }: { measure: DatasetMeasure; by: readonly string[] },
  window: Period | undefined,
): string {
  const filters = Object.entries(query.filter ?? {}).map(
    ([d, values]) => `${d} = ${values.slice(0, 5).join(" or ")}${values.length > 5 ? ` (+${values.length - 5})` : ""}`,
  );
  return [
    `${measure.aggregate === "mean" ? "mean" : "sum"} of ${measure.name}`,
    by.length ? `by ${by.join(", ")}` : "",
    query.grain ? `per ${query.grain}` : "",
    filters.length ? `where ${filters.join(" and ")}` : "",
    window ? `for ${formatPeriod(window)}` : "",
  ]
    .filter(Boolean)
    .join(" ");
}
