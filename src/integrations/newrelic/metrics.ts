import { addDays, fromInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { quoteForeign } from "../../errors.ts";
import { stampOf } from "../http.ts";
import type { MeasuredQuestion, MeasuredSource, Reading, SourceMeasure } from "../measured-feed.ts";
import { type NewRelicClient, sourceOf } from "./client.ts";
import { during, whereIn } from "./nrql.ts";
import { type MetricRow, metricRow, nameRow } from "./schema.ts";

interface Measure extends SourceMeasure {
  dimension: "service" | "host";
  from: "Metric" | "Transaction" | "SystemSample";
  /** NRQL, in New Relic's own units. */
  select: string;
  /** Ours of one of theirs: 1,000 for seconds. */
  scale?: number;
}

const REQUESTS = "count(apm.service.transaction.duration)";
const ERRORS = "count(apm.service.error.count)";
const SERVICE = { dimension: "service", from: "Metric" } as const;
/** Percentiles are only in the transactions themselves, which are kept for a shorter time than what is reckoned from them. */
const PERCENTILE = { unit: "ms", aggregate: "mean", isPercentile: true, dimension: "service", from: "Transaction", scale: 1_000 } as const;
const HOST = { unit: "ratio", aggregate: "mean", dimension: "host", from: "SystemSample", scale: 0.01 } as const;

const MEASURES: readonly [Measure, ...Measure[]] = [
  { name: "requests", unit: "count", select: REQUESTS, ...SERVICE },
  { name: "error_rate", unit: "ratio", aggregate: "mean", select: `${ERRORS} / ${REQUESTS}`, ...SERVICE },
  { name: "latency", unit: "ms", aggregate: "mean", select: "average(apm.service.transaction.duration)", scale: 1_000, ...SERVICE },
  { name: "latency_p50", select: "percentile(duration, 50)", ...PERCENTILE },
  { name: "latency_p95", select: "percentile(duration, 95)", ...PERCENTILE },
  { name: "apdex", aggregate: "mean", select: "apdex(apm.service.apdex)", ...SERVICE },
  { name: "errors", unit: "count", select: ERRORS, ...SERVICE },
  { name: "cpu", select: "average(cpuPercent)", ...HOST },
  { name: "memory", select: "average(memoryUsedPercent)", ...HOST },
];
const ATTRIBUTES = { service: "appName", host: "hostname" } as const;
/** What a figure weighs. Where it is nothing, nothing was measured: New Relic answers 0 for days without an agent. */
const WEIGHTS = { Metric: REQUESTS, Transaction: "count(*)", SystemSample: "count(*)" } as const;

/** New Relic keeps metrics for thirteen months. */
const KEEPS_DAYS = 395;
/** Buckets of a TIMESERIES, and values of a FACET. */
const MOST_BUCKETS = 366;
const MOST_FACETS = 5_000;
const NAMES_DAYS = 7;
const DAY_SECONDS = 86_400;

export function metricSource(client: NewRelicClient): MeasuredSource {
  return {
    name: "newrelic_metrics",
    title: "New Relic",
    measures: MEASURES,
    now: client.now,
    keepsDays: KEEPS_DAYS,
    values: async (dimension, signal) => (await namesOf(client, dimension === "host" ? "host" : "service", signal)).value,
    async read(question, signal) {
      const measure = MEASURES.find(({ name }) => name === question.measure) ?? MEASURES[0];
      const windows = question.daily ? question.windows.flatMap(cutWindow) : question.windows;
      const queries = windows.map((window) => nrqlFor(measure, question, window));
      const found = await client.http.cached(
        `metrics ${JSON.stringify(queries)}`,
        (during) => client.nrql("read metrics", queries, metricRow, during),
        signal,
        { operation: "read metrics" },
      );
      const rows = found.value.flatMap((results, i) => results.map((row) => ({ row, window: windows[i] ?? question.period })));
      const isCut = found.value.some((results) => results.length >= MOST_FACETS);
      const { by, only = [], period, words, daily } = question;
      const step = daily ? "-daily" : windows.length > 1 ? "-steps" : "";
      const id = `newrelic-${measure.name}${by ? `-${by}` : ""}${step}-${period.from}-${period.to}`;
      return {
        readings: rows.flatMap(({ row, window }) => readingOf(row, window, measure, by !== undefined)),
        receipt: {
          ...stampOf(found),
          ...sourceOf(client),
          id: `${id}${only.length > 0 ? `-${encodeURIComponent(only.join(","))}` : ""}`,
          query: `${quoteForeign(words)}, ${period.from} to ${period.to}`,
          window: period,
          ...(isCut ? { truncated: `the first ${MOST_FACETS} results of more` } : {}),
        },
      };
    },
  };
}

/** Names seen in the last days, busiest first. */
export function namesOf(client: NewRelicClient, dimension: "service" | "host", signal: AbortSignal) {
  const from = dimension === "service" ? "Metric" : "SystemSample";
  return client.http.cached(
    `names ${dimension}`,
    async (inner) => {
      const today = fromInstant(client.now());
      const window = during({ from: addDays(today, 1 - NAMES_DAYS), to: today });
      const query = `FROM ${from} SELECT ${WEIGHTS[from]} AS 'n' FACET ${ATTRIBUTES[dimension]} LIMIT MAX${window}`;
      const [rows = []] = await client.nrql("read names", [query], nameRow, inner);
      return rows.filter(({ n }) => n > 0).map(({ facet }) => quoteForeign(facet));
    },
    signal,
    { operation: "read names" },
  );
}

function nrqlFor(measure: Measure, { by, only, daily }: MeasuredQuestion, window: Period): string {
  const attribute = ATTRIBUTES[measure.dimension];
  const facet = by === undefined ? "" : ` FACET ${attribute} LIMIT MAX`;
  const select = `SELECT ${measure.select} AS 'value', ${WEIGHTS[measure.from]} AS 'n'`;
  return `FROM ${measure.from} ${select}${whereIn(attribute, only)}${facet}${during(window)}${daily ? " TIMESERIES 1 day" : ""}`;
}

function cutWindow({ from, to }: Period): Period[] {
  const windows: Period[] = [];
  for (let start = from; start <= to; start = addDays(start, MOST_BUCKETS)) {
    const end = addDays(start, MOST_BUCKETS - 1);
    windows.push({ from: start, to: end < to ? end : to });
  }
  return windows;
}

function readingOf(row: MetricRow, window: Period, measure: Measure, isSplit: boolean): Reading[] {
  const value = valueIn(row);
  if (value === undefined || row.n === null || row.n <= 0) return [];
  const label = [row.facet].flat()[0];
  if (isSplit && (label === undefined || label === null)) return [];
  const day = row.beginTimeSeconds === undefined ? window.from : dayOf(row.beginTimeSeconds);
  const named = isSplit ? { label: quoteForeign(label ?? "") } : {};
  return day === undefined || day < window.from || day > window.to
    ? []
    : [{ day, ...named, value: value * (measure.scale ?? 1), weight: row.n }];
}

function valueIn({ value, score }: MetricRow): number | undefined {
  if (typeof value === "number") return value;
  const inside = value ? (value.score ?? Object.values(value)[0]) : score;
  return inside ?? undefined;
}

function dayOf(seconds: number): string | undefined {
  const at = new Date(Math.floor(seconds / DAY_SECONDS) * DAY_SECONDS * 1_000);
  return Number.isNaN(at.getTime()) ? undefined : fromInstant(at);
}
