import { addDays, fromInstant, startOf, toInstant } from "../../core/civil-date.ts";
import type { CivilDate, Fact, Period } from "../../core/fact.ts";
import type { Feed, FeedQuery } from "../../core/feed.ts";
import { listWords } from "../../core/text.ts";
import { UserError } from "../../errors.ts";
import type { RailwayClient } from "./client.ts";
import { namesOf, type Projects } from "./projects.ts";
import { receiptOf } from "./receipts.ts";
import { reachOf, type Usage, type UsageDay } from "./usage.ts";

/** Railway states no money here, so these are no costs: its price list and the plan's credits make them some. */
export const MEASURES = [
  { name: "cpu_minutes", unit: "vCPU minutes", measurement: "CPU_USAGE" },
  { name: "memory_gb_minutes", unit: "GB minutes", measurement: "MEMORY_USAGE_GB" },
  { name: "network_gb", unit: "GB", measurement: "NETWORK_TX_GB" },
  { name: "disk_gb_minutes", unit: "GB minutes", measurement: "DISK_USAGE_GB" },
] as const;
const DIMENSIONS = ["project", "service", "environment"];
const DESCRIBED_DAYS = 30;
/** What a filter calls a missing label. */
const NOT_SET = "(not set)";
/** Of a project, service or environment that is no longer there. */
const DELETED = "(deleted)";

/** What projects use, by UTC day: outgoing network, and the rest in minutes of use. */
export function usageFeed(client: RailwayClient, projects: Projects, usage: Usage): Feed {
  const today = () => fromInstant(client.now());
  const about = {
    title: "Railway usage",
    measures: MEASURES.map(({ name, unit }) => ({ name, unit })),
  };
  return {
    name: "railway_usage",
    kind: "metrics",
    withoutPeriod: "recent",

    async query(query, signal) {
      signal.throwIfAborted();
      const measure = measureOf(query.measure);
      for (const name of [...(query.by ?? []), ...Object.keys(query.filter ?? {})]) dimensionOf(name);
      const reach = reachOf(today());
      const period = query.period ?? reach;
      const estate = await projects(signal);
      const parts = await usage(estate.value, period, signal);
      const names = namesOf(estate.value);
      const rows = parts.flatMap(({ value }) => value).flatMap((day) => rowsOf(day, measure.measurement, names));
      const cut = period.from < reach.from ? [`days before ${reach.from}, which are not read`] : [];
      const receipt = receiptOf(
        client,
        {
          ...{ what: `usage-${measure.name}`, window: period, provisional: period.to >= today() ? today() : undefined },
          query: `${measure.name}${query.by?.length ? ` by ${listWords(query.by)}` : ""}`,
          truncated: [...cut, ...(estate.value.truncated ? [estate.value.truncated] : [])].join("; ") || undefined,
          notes: parts.length === 0 ? ["No day of it can be asked for."] : [],
        },
        [estate, ...parts],
      );
      return { facts: addUp(rows, measure, query, period), receipts: [receipt] };
    },

    async describe(signal, detail = "values") {
      signal.throwIfAborted();
      const covers = reachOf(today());
      if (detail === "names") return { ...about, covers, dimensions: DIMENSIONS.map((name) => ({ name, values: [], more: true })) };
      const estate = await projects(signal);
      const parts = await usage(estate.value, { from: addDays(today(), -DESCRIBED_DAYS), to: today() }, signal);
      const rows = parts.flatMap(({ value }) => value).flatMap((day) => rowsOf(day, "CPU_USAGE", namesOf(estate.value)));
      const dimensions = DIMENSIONS.map((name) => {
        const sums = new Map<string, number>();
        for (const { labels, value } of rows) if (labels[name]) sums.set(labels[name], (sums.get(labels[name]) ?? 0) + value);
        return { name, values: [...sums].sort((a, b) => b[1] - a[1]).map(([value]) => value), more: true };
      });
      return { ...about, covers, dimensions };
    },
  };
}

interface Row {
  day: CivilDate;
  value: number;
  labels: Readonly<Record<string, string>>;
}

export function rowsOf({ day, used }: UsageDay, measurement: string, names: ReadonlyMap<string, string>): Row[] {
  return used
    .filter((node) => node.measurement === measurement)
    .map(({ value, tags }) => {
      const ids = { project: tags.projectId, service: tags.serviceId, environment: tags.environmentId };
      const labels = Object.entries(ids).flatMap(([name, id]) => (id ? [[name, names.get(id) ?? DELETED]] : []));
      return { day, value, labels: Object.fromEntries(labels) as Record<string, string> };
    });
}

function addUp(
  rows: readonly Row[],
  { name, unit }: (typeof MEASURES)[number],
  { by = [], filter = {}, grain }: FeedQuery,
  period: Period,
): Fact[] {
  const facts = new Map<string, Fact>();
  for (const { day, value, labels } of rows) {
    if (day < period.from || day > period.to) continue;
    if (!Object.entries(filter).every(([dimension, values]) => values.includes(labels[dimension] ?? NOT_SET))) continue;
    const bucket = grain ? startOf(grain, day) : period.from;
    const own = Object.fromEntries(by.flatMap((dimension) => (labels[dimension] === undefined ? [] : [[dimension, labels[dimension]]])));
    const key = JSON.stringify([bucket, ...by.map((dimension) => own[dimension] ?? null)]);
    const known = facts.get(key) ?? { at: toInstant(bucket), measure: name, unit, value: 0, labels: own };
    facts.set(key, { ...known, value: known.value + value });
  }
  return [...facts.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
}

function measureOf(wanted: string | undefined): (typeof MEASURES)[number] {
  const found = wanted === undefined ? MEASURES[0] : MEASURES.find(({ name }) => name === wanted);
  if (found) return found;
  throw new UserError(`Railway has no measure “${wanted}”. It has ${listWords(MEASURES.map(({ name }) => name))}.`, { path: "measure" });
}

function dimensionOf(wanted: string): void {
  if (!DIMENSIONS.includes(wanted))
    throw new UserError(`Railway has no dimension “${wanted}”. It has ${listWords(DIMENSIONS)}.`, { path: "by" });
}
