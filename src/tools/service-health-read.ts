import { addDays, fromInstant } from "../core/civil-date.ts";
import type { Fact, Period, Receipt } from "../core/fact.ts";
import type { Feed, FeedAnswer, FeedDescription, FeedQuery } from "../core/feed.ts";
import { listWords, nearest } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { matchValues } from "../core/value-names.ts";
import { explainError, UserError } from "../errors.ts";
import { noSource } from "./feed-question.ts";
import { readRecords } from "./record-question.ts";
import type { GoldenSignals, ServiceSignals } from "./service-health-judge.ts";

const MEASURES = { requests: "requests", errorRate: "error_rate", p95: "latency_p95", apdex: "apdex" } as const;
const FIELDS = Object.keys(MEASURES) as (keyof GoldenSignals)[];
/** What a service is called; a front end watched through its users' browsers is an application. */
const DIMENSIONS = ["service", "application"] as const;
/** Days in which an incident that is still open may have begun. */
const OPEN_DAYS = 30;

export interface HealthSource {
  feed: Feed;
  about: FeedDescription;
  dimension: (typeof DIMENSIONS)[number];
  fields: readonly (keyof GoldenSignals)[];
}

export interface HealthReading {
  services: readonly ServiceSignals[];
  facts: readonly Fact[];
  receipts: readonly Receipt[];
  /** Open incidents of services that nobody measures, or of none; null when no source of incidents answered. */
  elsewhere: number | null;
}

/** Sources of golden signals per service. Throws UserError that names what to connect when there are none. */
export async function healthSources(context: ToolContext, detail: "names" | "values", notes: string[]): Promise<HealthSource[]> {
  const feeds = context.feeds.filter(({ kind }) => kind === "metrics");
  const settled = await Promise.allSettled(feeds.map((feed) => feed.describe(context.signal, detail)));
  context.signal.throwIfAborted();
  const found = settled.flatMap((result, i): HealthSource[] => {
    const feed = feeds[i];
    if (!feed) return [];
    if (result.status === "rejected") {
      notes.push(`Left out “${feed.name}”: ${explainError(result.reason)}`);
      return [];
    }
    const about = result.value;
    const dimension = DIMENSIONS.find((name) => about.dimensions.some((d) => d.name === name));
    const fields = FIELDS.filter((field) => about.measures.some(({ name }) => name === MEASURES[field]));
    // Requests alone would make every table of visits a service.
    return dimension && fields.some((field) => field !== "requests") ? [{ feed, about, dimension, fields }] : [];
  });
  if (found.length > 0) return found;
  const failed = settled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  throw new UserError(
    noSource("metrics", context).replace(
      "No connected source has metrics.",
      "No connected source measures services: error rates, latencies, Apdex.",
    ),
    { path: "feed" },
  );
}

/** The services somebody means; undefined for all. Throws UserError with near names. */
export function servicesMeant(spoken: string | undefined, sources: readonly HealthSource[]): readonly string[] | undefined {
  if (spoken === undefined) return undefined;
  const all = [
    ...new Set(sources.flatMap(({ about, dimension }) => about.dimensions.find(({ name }) => name === dimension)?.values ?? [])),
  ];
  const found = matchValues(spoken, all);
  if (found.length > 0) return found;
  const near = nearest(spoken, all).slice(0, 3);
  const hint = near.length > 0 ? `Did you mean ${listWords(near.map((name) => `“${name}”`))}?` : `There is ${listWords(all) || "none"}.`;
  throw new UserError(`No service is called “${spoken.slice(0, 80)}”. ${hint}`, { path: "service", suggestions: near });
}

/** Signals of the period and the one before, per service, with its incidents. A source that fails becomes a note. */
export async function readHealth(
  sources: readonly HealthSource[],
  names: readonly string[] | undefined,
  { period, before, today }: { period: Period; before: Period; today: string },
  context: ToolContext,
  notes: string[],
): Promise<HealthReading> {
  const asks = sources.flatMap((source) => [
    ...source.fields.flatMap((field) => [
      { source, field, slot: "now" as const, query: { period } },
      { source, field, slot: "before" as const, query: { period: before } },
    ]),
    ...(source.fields.includes("errorRate")
      ? [{ source, field: "errorRate" as const, slot: "days" as const, query: { period, grain: "day" as const } }]
      : []),
  ]);
  const opened = { from: [addDays(today, -OPEN_DAYS), period.from].toSorted()[0] ?? period.from, to: today };
  const [answers, incidents] = await Promise.all([
    Promise.allSettled(asks.map(({ source, field, query }) => source.feed.query(queryFor(source, field, names, query), context.signal))),
    readRecords("incidents", { period: opened }, context, notes),
  ]);
  context.signal.throwIfAborted();
  const given: Answered[] = [];
  for (const [i, result] of answers.entries()) {
    const ask = asks[i];
    if (result.status === "fulfilled" && ask) given.push({ ...ask, answer: result.value });
    else if (result.status === "rejected" && ask)
      notes.push(`Left out ${MEASURES[ask.field]} of “${ask.source.feed.name}”: ${explainError(result.reason)}`);
  }
  const [failed] = answers.filter((result) => result.status === "rejected");
  if (given.length === 0 && failed) throw failed.reason;
  if (incidents.sources.length === 0) notes.push("No source of incidents answered, so none is counted.");
  const services = signalsOf(given, notes);
  const isOpen = (status: string | undefined) => status !== "resolved";
  const known = new Set(services.map(({ service }) => service.toLowerCase()));
  const open = incidents.records.filter(({ labels }) => isOpen(labels.status));
  return {
    services: services.map((one) => {
      if (incidents.sources.length === 0) return { ...one, open: null, incidents: null };
      const own = incidents.records.filter(({ labels }) => labels.service?.toLowerCase() === one.service.toLowerCase());
      const began = own.filter(({ at }) => at && fromInstant(at) >= period.from && fromInstant(at) <= period.to);
      return { ...one, open: own.filter(({ labels }) => isOpen(labels.status)), incidents: began.length };
    }),
    facts: given.filter(({ slot }) => slot === "now").flatMap(({ answer }) => answer.facts),
    receipts: [...given.flatMap(({ answer }) => answer.receipts), ...incidents.receipts],
    elsewhere:
      incidents.sources.length === 0
        ? null
        : names
          ? 0
          : open.filter(({ labels }) => !known.has(labels.service?.toLowerCase() ?? "")).length,
  };
}

interface Answered {
  source: HealthSource;
  field: keyof GoldenSignals;
  slot: "now" | "before" | "days";
  answer: FeedAnswer;
}

function queryFor(source: HealthSource, field: keyof GoldenSignals, names: readonly string[] | undefined, query: FeedQuery): FeedQuery {
  const only = names && { filter: { [source.dimension]: names } };
  return { measure: MEASURES[field], by: [source.dimension], ...only, ...query };
}

/** Per service. Where two sources measure the same thing, the worse counts: they are never added, and their mean would be nobody's. */
function signalsOf(given: readonly Answered[], notes: string[]): Omit<ServiceSignals, "open" | "incidents">[] {
  const none: GoldenSignals = { requests: null, errorRate: null, p95: null, apdex: null };
  const services = new Map<
    string,
    { now: GoldenSignals; before: GoldenSignals; days: Map<string, number>; sources: Map<string, Set<string>> }
  >();
  for (const { source, field, slot, answer } of given)
    for (const { labels, value, at } of answer.facts) {
      const name = labels[source.dimension];
      if (name === undefined) continue;
      const one = services.get(name) ?? { now: { ...none }, before: { ...none }, days: new Map(), sources: new Map() };
      services.set(name, one);
      const measuredBy = one.sources.get(field) ?? new Set<string>();
      one.sources.set(field, measuredBy.add(source.about.title));
      if (slot === "days") one.days.set(fromInstant(at), Math.max(value, one.days.get(fromInstant(at)) ?? 0));
      else one[slot][field] = worse(field, one[slot][field], value);
    }
  const twice = [...services].filter(([, { sources }]) => [...sources.values()].some((titles) => titles.size > 1)).map(([name]) => name);
  if (twice.length > 0) notes.push(`${listWords(twice)}: measured by several sources; the worse figure counts, nothing is added.`);
  return [...services].map(([service, { now, before, days, sources }]) => ({
    service,
    now,
    before,
    days: [...days].map(([day, value]) => ({ day, value })).sort((a, b) => (a.day < b.day ? -1 : 1)),
    sources: [...new Set([...sources.values()].flatMap((titles) => [...titles]))],
  }));
}

function worse(field: keyof GoldenSignals, known: number | null, value: number): number {
  if (known === null) return value;
  return field === "apdex" ? Math.min(known, value) : Math.max(known, value);
}
