import type { World } from "../../world/index.ts";
import { errorsOf, hostsOf, type Measured, servicesOf } from "./measured.ts";

/** The NRQL that is asked of it: one FROM, WHERE … IN, FACET, SINCE and UNTIL in milliseconds, TIMESERIES of days. */
export interface Nrql {
  from: "Metric" | "Transaction" | "SystemSample" | "TransactionError";
  select: readonly { expression: string; name: string }[];
  where?: { attribute: string; values: readonly string[] };
  facet: readonly string[];
  limit: number;
  since: number;
  until: number;
  step: number | undefined;
}

export type NrqlAnswer = { problem: string } | { results: object[]; metadata: object };

const DAY_MS = 86_400_000;
const MOST_BUCKETS = 366;
const MOST_FACETS = 5_000;
const PATTERN =
  /^FROM (Metric|Transaction|SystemSample|TransactionError) SELECT (.+?)(?: WHERE ([\w.]+) IN \(((?:'(?:[^'\\]|\\.)*'(?:, )?)+)\))?(?: FACET ([\w., ]+?))?(?: LIMIT (\d+|MAX))? SINCE (\d+) UNTIL (\d+)( TIMESERIES 1 day)?$/;

export function runNrql(text: string, world: World): NrqlAnswer {
  const asked = read(text);
  if ("problem" in asked) return asked;
  const { from, facet, since, until, step, limit } = asked;
  const slots = slotsOf(asked);
  if (step !== undefined && slots.length > MOST_BUCKETS)
    return { problem: `The specified TIMESERIES has more than ${MOST_BUCKETS} buckets.` };
  const now = Date.parse(world.now);
  const rowsOf = { Metric: servicesOf, Transaction: servicesOf, SystemSample: hostsOf, TransactionError: errorsOf }[from];
  const groups = new Map<string, { names: string[]; rows: object[]; size: number }>();
  for (const [begin, end] of slots) {
    const found = begin >= now ? [] : rowsOf(world, begin, Math.min(end, now)).filter((row) => passes(row, asked));
    const split = facet.length === 0 ? new Map([["", found]]) : Map.groupBy(found, (row) => JSON.stringify(namesOf(row, facet)));
    for (const [key, rows] of split) {
      const names = facet.length === 0 ? [] : (JSON.parse(key) as string[]);
      const group = groups.get(key) ?? { names, rows: [], size: 0 };
      groups.set(key, group);
      const own = Object.fromEntries(asked.select.map(({ expression, name }) => [name, EXPRESSIONS[expression]?.(rows) ?? null]));
      group.size += typeof own.n === "number" ? own.n : 0;
      group.rows.push({ ...(step === undefined ? {} : { beginTimeSeconds: begin / 1_000, endTimeSeconds: end / 1_000 }), ...own });
    }
  }
  const kept = [...groups.values()].sort((a, b) => b.size - a.size).slice(0, limit);
  return {
    results: kept.flatMap(({ names, rows }) => rows.map((row) => ({ ...facetFields(names, facet), ...row }))),
    metadata: { eventTypes: [from], facets: facet, timeWindow: { begin: since, end: until } },
  };
}

function read(text: string): Nrql | { problem: string } {
  const [, from, selected = "", attribute, values = "", facet, limit, since, until, series] = PATTERN.exec(text) ?? [];
  if (from === undefined) return { problem: "Error at line 1, unexpected input." };
  const select = selected.split(/(?<='), /).map((item) => {
    const [, expression = item, name = item] = /^(.+) AS '(\w+)'$/.exec(item) ?? [];
    return { expression, name };
  });
  const unknown = select.find(({ expression }) => !(expression in EXPRESSIONS));
  if (unknown) return { problem: `Error at line 1, unexpected '${unknown.expression}'.` };
  const strings = [...values.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, inner = ""]) => inner.replace(/\\(.)/g, "$1"));
  return {
    from: from as Nrql["from"],
    select,
    ...(attribute === undefined ? {} : { where: { attribute, values: strings } }),
    facet: facet === undefined ? [] : facet.split(/,\s*/),
    limit: limit === undefined ? 10 : limit === "MAX" ? MOST_FACETS : Math.min(Number(limit), MOST_FACETS),
    since: Number(since),
    until: Number(until),
    step: series ? DAY_MS : undefined,
  };
}

function slotsOf({ since, until, step }: Nrql): [number, number][] {
  if (step === undefined) return [[since, until]];
  return Array.from({ length: Math.max(0, Math.ceil((until - since) / step)) }, (_, i) => [since + i * step, since + (i + 1) * step]);
}

function passes(row: Measured, { where }: Nrql): boolean {
  return !where || where.values.includes(row.attributes[where.attribute] ?? "");
}

function namesOf({ attributes }: Measured, facet: readonly string[]): string[] {
  return facet.map((name) => attributes[name] ?? "");
}

function facetFields(names: readonly string[], facet: readonly string[]): object {
  if (facet.length === 0) return {};
  return { facet: names.length === 1 ? names[0] : names, ...Object.fromEntries(facet.map((name, i) => [name, names[i]])) };
}

type Expression = (rows: readonly Measured[]) => unknown;
const count = (rows: readonly Measured[]) => rows.reduce((sum, { n }) => sum + n, 0);
const errors = (rows: readonly Measured[]) => rows.reduce((sum, row) => sum + (row.errors ?? 0), 0);
/** What several things together have, each with the weight of its count. */
const mean =
  (of: (row: Measured) => number | undefined): Expression =>
  (rows) =>
    count(rows) === 0 ? null : rows.reduce((sum, row) => sum + (of(row) ?? 0) * row.n, 0) / count(rows);
const percentile =
  (key: string, of: (row: Measured) => number | undefined): Expression =>
  (rows) => ({ [key]: mean(of)(rows) });
const newest = (rows: readonly Measured[]) => rows.toSorted((a, b) => (b.last ?? 0) - (a.last ?? 0))[0];

const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  "count(*)": count,
  "count(apm.service.transaction.duration)": count,
  "count(apm.service.error.count)": errors,
  "count(apm.service.error.count) / count(apm.service.transaction.duration)": (rows) =>
    count(rows) === 0 ? null : errors(rows) / count(rows),
  "average(apm.service.transaction.duration)": mean(({ seconds }) => seconds?.mean),
  "percentile(duration, 50)": percentile("50", ({ seconds }) => seconds?.p50),
  "percentile(duration, 95)": percentile("95", ({ seconds }) => seconds?.p95),
  "apdex(apm.service.apdex)": mean(({ apdex }) => apdex),
  "average(cpuPercent)": mean(({ cpu }) => cpu),
  "average(memoryUsedPercent)": mean(({ memory }) => memory),
  "latest(error.message)": (rows) => newest(rows)?.message ?? null,
  "min(timestamp)": (rows) => (rows.length === 0 ? null : Math.min(...rows.map(({ first = 0 }) => first))),
  "max(timestamp)": (rows) => newest(rows)?.last ?? null,
};
