import type { SimulatedRequest, SimulatedResponse } from "../../simulator.ts";
import type { Signal, UserExperience, World } from "../../world/index.ts";
import { readSelector, violation, windowOf } from "./asked.ts";
import { entityId, watched } from "./names.ts";

const DAY_MS = 86_400_000;
const MOST_SELECTORS = 10;

/** What one entity reported in a slot: a figure with its weight. */
type Figure = { value: number; weight: number };
interface Metric {
  type: "SERVICE" | "APPLICATION";
  /** By aggregation, of one entity in one slot; nothing where nothing was reported. */
  of: Readonly<Record<string, (world: World, name: string, begin: number, end: number) => readonly Figure[]>>;
  adds?: true;
}

interface Selected {
  id: string;
  metric: Metric;
  aggregation: string;
  dimension: string | undefined;
  named: boolean;
}

export function queryMetrics(request: SimulatedRequest, world: World): SimulatedResponse {
  const { query } = request;
  const asked = (query.get("metricSelector") ?? "").split(/,(?=builtin:)/).map(select);
  const problem = asked.find((s): s is string => typeof s === "string");
  if (problem?.startsWith("404 ")) return { status: 404, body: { error: { code: 404, message: problem.slice(4) } } };
  if (problem !== undefined || asked.length > MOST_SELECTORS) return violation("metricSelector", problem ?? "Too many metrics");
  const window = windowOf(request, "now-2h");
  if (!window) return violation("from", "Timeframe is not valid");
  const resolution = query.get("resolution") ?? "120";
  if (resolution !== "1d" && resolution !== "Inf") return violation("resolution", "The simulated Dynatrace knows 1d and Inf");
  const text = query.get("entitySelector");
  const selector = text === null ? undefined : readSelector(text);
  if (text !== null && !selector) return violation("entitySelector", "Entity selector is not valid");
  const slots = resolution === "Inf" ? [[window.from, window.to] as const] : daysOf(window);
  const names = selector?.names?.map((name) => name.toLowerCase());
  const result = (asked as Selected[]).map((selected) => {
    const wanted = watched(world)
      .map(({ name }) => name)
      .filter((name) => (!selector || selector.type === selected.metric.type) && (!names || names.includes(name.toLowerCase())));
    const groups = selected.dimension === undefined ? [wanted] : wanted.map((name) => [name]);
    const data = groups.map((group) => seriesOf(selected, group, slots, world)).filter(({ values }) => values.some((v) => v !== null));
    return { metricId: selected.id, dataPointCountRatio: 0.001, dimensionCountRatio: 0.001, data };
  });
  return { status: 200, body: { totalCount: result.length, nextPageKey: null, resolution, result } };
}

/** A metric with splitBy, an aggregation and names, in this order; a message for what is not one. */
function select(id: string): Selected | string {
  const [, key = "", dimension, aggregation = "", names] = /^([\w:.]+):splitBy\((?:"([\w.]+)")?\):([\w()]+?)(:names)?$/.exec(id) ?? [];
  const metric = METRICS[key];
  if (key !== "" && !metric) return `404 The metric key ${key} is unknown`;
  if (!metric?.of[aggregation]) return `Could not parse the metric selector ${id}`;
  if (dimension !== undefined && dimension !== `dt.entity.${metric.type.toLowerCase()}`) return `The dimension ${dimension} does not exist`;
  return { id, metric, aggregation, dimension, named: names !== undefined };
}

function daysOf({ from, to }: { from: number; to: number }): [number, number][] {
  const first = Math.floor(from / DAY_MS) * DAY_MS;
  return Array.from({ length: Math.ceil((to - first) / DAY_MS) }, (_, i) => [first + i * DAY_MS, first + (i + 1) * DAY_MS]);
}

/** Points stand at the end of their slots. */
function seriesOf(selected: Selected, group: readonly string[], slots: readonly (readonly [number, number])[], world: World) {
  const { metric, aggregation, dimension, named } = selected;
  const [name = ""] = group;
  const id = entityId(metric.type, name);
  const map = dimension === undefined ? {} : { ...(named ? { [`${dimension}.name`]: name } : {}), [dimension]: id };
  const values = slots.map(([begin, end]) => {
    const figures = group.flatMap((one) => metric.of[aggregation]?.(world, one, begin, end) ?? []);
    const weight = figures.reduce((sum, f) => sum + f.weight, 0);
    if (figures.length === 0 || weight === 0) return null;
    return metric.adds ? figures.reduce((sum, f) => sum + f.value, 0) : figures.reduce((sum, f) => sum + f.value * f.weight, 0) / weight;
  });
  return { dimensions: Object.values(map), dimensionMap: map, timestamps: slots.map(([, end]) => end), values };
}

const signals = new WeakMap<World, Map<string, readonly Signal[]>>();

function ofService(value: (signal: Signal) => number) {
  return (world: World, name: string, begin: number, end: number): Figure[] => {
    const known = signals.get(world) ?? new Map<string, readonly Signal[]>();
    signals.set(world, known);
    const instant = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, "");
    const found: Figure[] = [];
    const isWhole = begin % DAY_MS === 0;
    for (let at = begin; at < end; at += DAY_MS) {
      const key = `${name} ${at} ${Math.min(end, at + DAY_MS)}`;
      const of = known.get(key) ?? world.signals(name, instant(at), instant(Math.min(end, at + DAY_MS)), isWhole ? "day" : "hour");
      known.set(key, of);
      found.push(...of.filter(({ requests }) => requests > 0).map((signal) => ({ value: value(signal), weight: signal.requests })));
    }
    return found;
  };
}

function ofUsers(value: (experience: UserExperience) => number, weight: (experience: UserExperience) => number) {
  return (world: World, name: string, begin: number, end: number): Figure[] => {
    const found: Figure[] = [];
    for (let at = begin; at < end; at += DAY_MS) {
      const day = new Date(at).toISOString().slice(0, 10);
      const own = world.userExperience(day).find(({ application }) => application === name);
      if (own) found.push({ value: value(own), weight: weight(own) });
    }
    return found;
  };
}

/** Microseconds; the mean of a log-normal from its median and 95th percentile. */
function meanTime({ p50, p95 }: Signal): number {
  const sigma = Math.log(Math.max(p95 / p50, 1.05)) / 1.645;
  return 1_000 * p50 * Math.exp((sigma * sigma) / 2);
}

const actions = ({ actions: n }: UserExperience) => n;
const loads = ({ pageLoads }: UserExperience) => pageLoads;

const METRICS: Readonly<Record<string, Metric>> = {
  "builtin:service.requestCount.total": { type: "SERVICE", adds: true, of: { value: ofService(({ requests }) => requests) } },
  "builtin:service.errors.total.count": { type: "SERVICE", adds: true, of: { value: ofService(({ errors }) => errors) } },
  "builtin:service.response.time": {
    type: "SERVICE",
    of: {
      avg: ofService(meanTime),
      "percentile(50)": ofService(({ p50 }) => 1_000 * p50),
      "percentile(95)": ofService(({ p95 }) => 1_000 * p95),
    },
  },
  "builtin:apps.web.actionCount.category": { type: "APPLICATION", adds: true, of: { value: ofUsers(actions, actions) } },
  "builtin:apps.web.actionCount.load.browser": { type: "APPLICATION", adds: true, of: { value: ofUsers(loads, loads) } },
  "builtin:apps.web.actionDuration.load.browser": { type: "APPLICATION", of: { median: ofUsers(({ loadMedian }) => loadMedian, loads) } },
  "builtin:apps.web.largestContentfulPaint.load.browser": {
    type: "APPLICATION",
    of: { "percentile(75)": ofUsers(({ largestPaintP75 }) => largestPaintP75, loads) },
  },
  "builtin:apps.web.apdex.userType": { type: "APPLICATION", of: { avg: ofUsers(({ apdex }) => apdex, actions) } },
  "builtin:apps.web.countOfErrors": {
    type: "APPLICATION",
    adds: true,
    of: { value: ofUsers(({ scriptErrors }) => scriptErrors, actions) },
  },
};
