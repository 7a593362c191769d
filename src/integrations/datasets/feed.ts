import { fromInstant, toInstant } from "../../core/civil-date.ts";
import type { Fact } from "../../core/fact.ts";
import type { Feed, FeedAnswer, FeedDescription, FeedQuery, RecordAnswer, RecordQuery } from "../../core/feed.ts";
import { formatNumber } from "../../core/format.ts";
import { createLru } from "../../core/lru.ts";
import { UserError, VendorError } from "../../errors.ts";
import { type ResolvedDataset, resolveDataset } from "./dataset.ts";
import type { Row } from "./engine.ts";
import { type Inspection, inspect, listValues, refuseUnreadable } from "./inspect.ts";
import { buildStatement, MAX_GROUPS, NOT_SET } from "./query-sql.ts";
import { factsReceipt, recordsReceipt } from "./receipts.ts";
import { recordsStatement, toRecords } from "./records-sql.ts";
import type { DatasetDescription, DatasetMeasure } from "./schema.ts";
import type { OpenSource, Snapshot } from "./sources.ts";

/** A dataset as a feed. What was read is kept while the source's stamp stays the same. */
export function createDatasetFeed(description: DatasetDescription, source: OpenSource, now: () => Date): Feed {
  let current: Known | undefined;
  let counter = 0;
  const answers = createLru<FeedAnswer>(64);

  async function look(snapshot: Snapshot, signal: AbortSignal) {
    if (current?.stamp === snapshot.stamp) return current;
    const dataset = resolveDataset(description, await source.columns(snapshot.relation, signal));
    const inspection = await inspect(description.name, dataset, source, snapshot, signal);
    await stillThere(description.name, source, snapshot);
    current = { stamp: snapshot.stamp, dataset, inspection, names: describe(description, dataset, inspection, new Map()) };
    return current;
  }

  /** The same object while the source stays the same: whoever derives something from it can tell. */
  async function withValues(snapshot: Snapshot, known: Known, signal: AbortSignal): Promise<FeedDescription> {
    if (known.full) return known.full;
    const values = await listValues(known.dataset, source, snapshot.relation, signal);
    await stillThere(description.name, source, snapshot);
    known.full ??= describe(description, known.dataset, known.inspection, values);
    return known.full;
  }

  /** Works on one state of the source. A file that changed meanwhile explains every other failure, so that is asked first. */
  async function onSnapshot<T>(signal: AbortSignal, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return retryOnChange(async () => {
      const snapshot = await source.snapshot();
      try {
        return await work(snapshot);
      } catch (error) {
        if (!signal.aborted) await stillThere(description.name, source, snapshot);
        throw error;
      }
    });
  }

  async function read(snapshot: Snapshot, query: FeedQuery, signal: AbortSignal): Promise<FeedAnswer> {
    const key = `${snapshot.stamp} ${JSON.stringify(query)} ${fromInstant(now())}`;
    const cached = answers.get(key);
    if (cached) return cached;
    const { dataset, inspection } = await look(snapshot, signal);
    const statement = buildStatement(description.name, dataset, source.dialect, snapshot.relation, query);
    refuseUnreadable(description.name, inspection, statement.measure.name);
    const rows = await source.rows(statement.sql, statement.parameters, signal);
    await stillThere(description.name, source, snapshot);
    if (rows.length > MAX_GROUPS)
      throw new UserError(`That would give more than ${formatNumber(MAX_GROUPS)} lines. Filter it, or split it by fewer dimensions.`, {
        path: "by",
      });
    const start = query.period?.from ?? inspection.covers?.from ?? fromInstant(now());
    const facts = rows.flatMap((row) => toFact(row, statement.measure, statement.by, start));
    const window = query.period ?? inspection.covers;
    counter += 1;
    const receipt = factsReceipt({ ...about(snapshot), query, statement, window, rows });
    const answer = { facts, receipts: [receipt] };
    answers.set(key, answer);
    return answer;
  }

  const about = (snapshot: Snapshot) => ({ id: `${description.name}-${counter}`, description, label: source.label, snapshot, now: now() });

  async function readRecords(snapshot: Snapshot, query: RecordQuery, signal: AbortSignal): Promise<RecordAnswer> {
    const { dataset, inspection } = await look(snapshot, signal);
    const { records: columns } = dataset;
    if (!columns) return { records: [], receipts: [] };
    for (const { name } of dataset.measures) refuseUnreadable(description.name, inspection, name);
    const { sql, parameters } = recordsStatement(description.name, dataset, columns, source.dialect, snapshot.relation, query);
    const rows = await source.rows(sql, parameters, signal);
    await stillThere(description.name, source, snapshot);
    const window = query.period ?? inspection.covers;
    counter += 1;
    const receipt = recordsReceipt({ ...about(snapshot), window, rows: rows.length });
    return { records: toRecords(rows, dataset, columns), receipts: [receipt] };
  }

  return {
    name: description.name,
    kind: description.feed ?? (description.measures ? "metrics" : "costs"),
    withoutPeriod: description.rolling ? "recent" : "all",
    query: (query, signal) => onSnapshot(signal, (snapshot) => read(snapshot, query, signal)),
    ...(description.records ? { records: (query, signal) => onSnapshot(signal, (snapshot) => readRecords(snapshot, query, signal)) } : {}),
    // The same object while the source stays the same: whoever derives something from it can tell.
    describe: (signal, detail = "values") =>
      onSnapshot(signal, async (snapshot) => {
        const known = await look(snapshot, signal);
        return detail === "names" ? (known.full ?? known.names) : withValues(snapshot, known, signal);
      }),
  };
}

/** What is known of one state of the source. */
interface Known {
  stamp: string;
  dataset: ResolvedDataset;
  inspection: Inspection;
  names: FeedDescription;
  /** Once someone asked for the values of its dimensions. */
  full?: FeedDescription;
}

function describe(
  description: DatasetDescription,
  dataset: ResolvedDataset,
  inspection: Inspection,
  values: ReadonlyMap<string, readonly string[]>,
): FeedDescription {
  return {
    title: description.title ?? description.name,
    measures: dataset.measures.map((m) => ({
      name: m.name,
      ...(m.unitColumn ? { unit: "currency" } : m.unit ? { unit: m.unit } : {}),
      ...(m.aggregate ? { aggregate: m.aggregate } : {}),
    })),
    dimensions: dataset.dimensions.map((d) => ({
      name: d.name,
      values: values.get(d.name)?.slice(0, 200) ?? [],
      more: (values.get(d.name)?.length ?? 201) > 200,
    })),
    ...(inspection.covers ? { covers: inspection.covers } : {}),
  };
}

function toFact(row: Row, measure: DatasetMeasure, by: readonly string[], start: string): Fact[] {
  if (typeof row.value !== "number" || !Number.isFinite(row.value)) return [];
  const labels = Object.fromEntries(by.map((dimension, i) => [dimension, row[`d${i}`] === null ? NOT_SET : String(row[`d${i}`])]));
  return [
    {
      at: toInstant(typeof row.bucket === "string" ? row.bucket : start),
      measure: measure.name,
      value: row.value,
      ...(measure.aggregate === "mean" ? { average: true as const } : {}),
      ...(row.unit ? { unit: String(row.unit) } : {}),
      labels,
    },
  ];
}

class Changed extends Error {}

/** Throws Changed when the files are not those the reading began with: part old, part new would be a wrong number. */
async function stillThere(name: string, source: OpenSource, before: Snapshot): Promise<void> {
  const after = await source.snapshot().catch(() => undefined);
  if (after?.stamp !== before.stamp) throw new Changed(name);
}

async function retryOnChange<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Changed)) throw error;
      if (attempt === 3)
        throw new VendorError(
          error.message,
          `The dataset “${error.message}” is being written while it is read. Ask again when the export has finished.`,
        );
    }
  }
}
