import { addDays, fromInstant, toInstant } from "../../core/civil-date.ts";
import type { Period } from "../../core/fact.ts";
import { quoteForeign } from "../../errors.ts";
import { readPages, stampOf } from "../http.ts";
import type { MeasuredQuestion, MeasuredSource, Reading, SourceMeasure } from "../measured-feed.ts";
import { type DynatraceClient, pagesOf } from "./client.ts";
import { entitiesAnswer, type MetricResult, metricAnswer } from "./schema.ts";

interface Measure extends SourceMeasure {
  /** Metric key and its aggregation: "builtin:service.response.time", "avg". */
  metric: readonly [key: string, aggregation: string];
  /** The count behind it, which is its weight. Absent: it is a count itself. */
  weight?: string;
  /** The figure is a count, and the measure its share of the weight. */
  isShare?: true;
  /** Ours of one of theirs: 0.001 for microseconds. */
  scale?: number;
}

const REQUESTS = "builtin:service.requestCount.total";
const ERRORS = "builtin:service.errors.total.count";
const TIME = "builtin:service.response.time";
const service = { dimension: "service" } as const;
const MILLISECONDS = { unit: "ms", aggregate: "mean", scale: 0.001, weight: REQUESTS, ...service } as const;

const SERVICE_MEASURES: readonly [Measure, ...Measure[]] = [
  { name: "requests", unit: "count", metric: [REQUESTS, "value"], ...service },
  { name: "error_rate", unit: "ratio", aggregate: "mean", metric: [ERRORS, "value"], weight: REQUESTS, isShare: true, ...service },
  { name: "latency", metric: [TIME, "avg"], ...MILLISECONDS },
  { name: "latency_p50", metric: [TIME, "percentile(50)"], isPercentile: true, ...MILLISECONDS },
  { name: "latency_p95", metric: [TIME, "percentile(95)"], isPercentile: true, ...MILLISECONDS },
  { name: "errors", unit: "count", metric: [ERRORS, "value"], weight: REQUESTS, ...service },
];

const ACTIONS = "builtin:apps.web.actionCount.category";
const LOADS = "builtin:apps.web.actionCount.load.browser";
const application = { dimension: "application" } as const;
const PAGE = { unit: "ms", aggregate: "mean", isPercentile: true, weight: LOADS, ...application } as const;

const APPLICATION_MEASURES: readonly [Measure, ...Measure[]] = [
  { name: "user_actions", unit: "count", metric: [ACTIONS, "value"], ...application },
  { name: "page_loads", unit: "count", metric: [LOADS, "value"], ...application },
  { name: "page_load_median", metric: ["builtin:apps.web.actionDuration.load.browser", "median"], ...PAGE },
  { name: "largest_paint_p75", metric: ["builtin:apps.web.largestContentfulPaint.load.browser", "percentile(75)"], ...PAGE },
  { name: "apdex", aggregate: "mean", metric: ["builtin:apps.web.apdex.userType", "avg"], weight: ACTIONS, ...application },
  { name: "page_errors", unit: "count", metric: ["builtin:apps.web.countOfErrors", "value"], weight: ACTIONS, ...application },
];

/** Dynatrace keeps days for five years; nobody compares with more than two. */
const KEEPS_DAYS = 760;
const NAMES_PAGES = 10;
const METRIC_PAGES = 20;
const AT_ONCE = 4;

/** Throughput, failures and response times of services. */
export function serviceSource(client: DynatraceClient): MeasuredSource {
  return source(client, "dynatrace_services", "Dynatrace services", SERVICE_MEASURES, "service");
}

/** What real users' browsers report. */
export function applicationSource(client: DynatraceClient): MeasuredSource {
  return source(client, "dynatrace_user_experience", "Dynatrace user experience", APPLICATION_MEASURES, "application");
}

function source(
  client: DynatraceClient,
  name: string,
  title: string,
  measures: readonly [Measure, ...Measure[]],
  dimension: "service" | "application",
): MeasuredSource {
  return {
    ...{ name, title, measures, now: client.now, keepsDays: KEEPS_DAYS },
    values: async (_, signal) => (await namesOf(client, dimension, signal)).value,
    async read(question, signal) {
      const measure = measures.find((m) => m.name === question.measure) ?? measures[0];
      const key = JSON.stringify([measure.name, question.by, question.only, question.daily, question.windows]);
      const found = await client.http.cached(`metrics ${name} ${key}`, (inner) => readWindows(client, measure, question, inner), signal, {
        operation: "query metrics",
      });
      const { by, only = [], period, words, daily, windows } = question;
      const step = daily ? "-daily" : windows.length > 1 ? "-steps" : "";
      const id = `dynatrace-${measure.name}${by ? `-${by}` : ""}${step}-${period.from}-${period.to}`;
      const { readings, truncated } = found.value;
      return {
        readings,
        receipt: {
          ...stampOf(found),
          ...client.source,
          id: `${id}${only.length > 0 ? `-${encodeURIComponent(only.join(","))}` : ""}`,
          query: `${quoteForeign(words)}, ${period.from} to ${period.to}`,
          window: period,
          ...(truncated ? { truncated } : {}),
        },
      };
    },
  };
}

interface Windows {
  readings: readonly Reading[];
  truncated?: string;
}

async function readWindows(client: DynatraceClient, measure: Measure, question: MeasuredQuestion, signal: AbortSignal): Promise<Windows> {
  const answers: Windows[] = [];
  for (let i = 0; i < question.windows.length; i += AT_ONCE) {
    const some = question.windows.slice(i, i + AT_ONCE);
    answers.push(...(await Promise.all(some.map((window) => readWindow(client, measure, question, window, signal)))));
  }
  const truncated = answers.flatMap((answer) => answer.truncated ?? [])[0];
  return { readings: answers.flatMap(({ readings }) => readings), ...(truncated ? { truncated } : {}) };
}

async function readWindow(
  client: DynatraceClient,
  measure: Measure,
  { by, only, daily }: MeasuredQuestion,
  window: Period,
  signal: AbortSignal,
): Promise<Windows> {
  const entityDimension = `dt.entity.${measure.dimension}`;
  const split = by === undefined ? ":splitBy()" : `:splitBy("${entityDimension}")`;
  const names = by === undefined ? "" : ":names";
  const [key, aggregation] = measure.metric;
  const selectors = [`${key}${split}:${aggregation}${names}`, ...(measure.weight ? [`${measure.weight}${split}:value${names}`] : [])];
  const end = Math.min(toInstant(addDays(window.to, 1)).getTime(), client.now().getTime());
  const query = {
    metricSelector: selectors.join(","),
    ...(only ? { entitySelector: entitySelector(measure.dimension, only) } : {}),
    from: toInstant(window.from).getTime(),
    to: end,
    resolution: daily ? "1d" : "Inf",
  };
  const ask = (asked: typeof query | object) => client.get("metrics/query", { ...asked }, "query metrics", metricAnswer, signal);
  const { items, truncated } = await readPages(
    pagesOf(ask, query, ({ result }) => result),
    { pages: METRIC_PAGES, what: "series" },
  );
  const figures = seriesOf(items, key, entityDimension, window, daily);
  const weights = measure.weight === undefined ? figures : seriesOf(items, measure.weight, entityDimension, window, daily);
  if (!figures || !weights) return { readings: [], truncated: "Dynatrace has no such metric in this environment" };
  return { readings: readingsOf(measure, figures, weights, by !== undefined), ...(truncated ? { truncated } : {}) };
}

/** Values in quotes; a tilde makes a quote or a tilde an ordinary character. */
function entitySelector(dimension: string, names: readonly string[]): string {
  const quoted = names.map((name) => `"${name.replace(/[~"]/g, "~$&")}"`);
  return `type("${dimension.toUpperCase()}"),entityName.in(${quoted.join(",")})`;
}

interface Series {
  name: string;
  entity: string;
  /** By day. */
  values: Map<string, number>;
}

/** The series of one metric, by entity; undefined when Dynatrace has no such metric. What has no value is not in it. */
function seriesOf(
  result: readonly MetricResult[],
  key: string,
  entityDimension: string,
  window: Period,
  daily: boolean,
): Map<string, Series> | undefined {
  const mine = result.filter(({ metricId }) => metricId.includes(key));
  if (mine.length === 0) return undefined;
  const found = new Map<string, Series>();
  for (const { dimensionMap, timestamps, values } of mine.flatMap(({ data }) => data)) {
    const entity = dimensionMap[entityDimension] ?? "";
    const name = dimensionMap[`${entityDimension}.name`] ?? entity;
    const series = found.get(entity) ?? { name, entity, values: new Map<string, number>() };
    found.set(entity, series);
    for (const [i, day] of daysOf(timestamps, window, daily).entries()) {
      const value = values[i];
      if (typeof value === "number" && day !== undefined && day >= window.from && day <= window.to) series.values.set(day, value);
    }
  }
  return found;
}

/** A point stands at the end of its slot; where one stands at the very beginning of the time asked for, at its start. */
function daysOf(timestamps: readonly number[], window: Period, daily: boolean): (string | undefined)[] {
  const shift = timestamps.some((t) => t <= toInstant(window.from).getTime()) ? 0 : 1;
  return timestamps.map((t) => (daily ? dayOf(t - shift) : window.from));
}

function readingsOf(
  measure: Measure,
  figures: ReadonlyMap<string, Series>,
  weights: ReadonlyMap<string, Series>,
  isSplit: boolean,
): Reading[] {
  const counted = Map.groupBy(weights.values(), ({ name }) => name);
  return [...weights.values()].flatMap(({ entity, name, values }) => {
    // Two services of one name are two, each with its id behind it.
    const label = quoteForeign((counted.get(name)?.length ?? 0) > 1 ? `${name} (${entity})` : name);
    if (isSplit && label === "") return [];
    return [...values].flatMap(([day, weight]): Reading[] => {
      const own = figures.get(entity)?.values.get(day);
      // A count that is not there beside requests that are is none; a duration that is not there is not known.
      const value = own ?? (measure.metric[1] === "value" ? 0 : undefined);
      if (value === undefined || weight <= 0) return [];
      const scaled = measure.isShare ? value / weight : value * (measure.scale ?? 1);
      return [{ day, ...(isSplit ? { label } : {}), value: scaled, weight }];
    });
  });
}

/** Names of services or applications seen in the last month. */
export function namesOf(client: DynatraceClient, dimension: "service" | "application", signal: AbortSignal) {
  return client.http.cached(
    `names ${dimension}`,
    async (inner) => {
      const first = { entitySelector: `type("${dimension.toUpperCase()}")`, from: "now-30d", pageSize: 500 };
      const ask = (query: typeof first | object) => client.get("entities", { ...query }, "list entities", entitiesAnswer, inner);
      const { items } = await readPages(
        pagesOf(ask, first, ({ entities }) => entities),
        { pages: NAMES_PAGES, what: "entities" },
      );
      return [...new Set(items.map(({ displayName, entityId }) => quoteForeign(displayName ?? entityId)))];
    },
    signal,
    { operation: "list entities" },
  );
}

function dayOf(ms: number): string | undefined {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? undefined : fromInstant(at);
}
