import { setImmediate } from "node:timers/promises";
import { expectedDays } from "../analytics/anomalies/feedback.ts";
import type { AlertFeedback, AlertFigure } from "../core/alert.ts";
import { addDays, civilDate, daysBetween, toInstant } from "../core/civil-date.ts";
import type { CivilDate, Fact, Receipt } from "../core/fact.ts";
import type { Feed, FeedQuery } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { AGENT_FEED } from "../records/agents/feed-name.ts";
import { anomalyFeedback } from "./feedback.ts";
import { type DayVerdict, judgeSeries, runAt } from "./judge.ts";
import { type AlertRule, DEFAULT_ERRORS } from "./rules.ts";
import { type DaySeries, seriesOf } from "./series.ts";
import { type Signal, WINDOW_MS } from "./signal.ts";

/** Days read before the one that is judged: anomalies need a year to know its seasons. */
const HISTORY_DAYS: Partial<Record<AlertRule["kind"], number>> = {
  anomaly: 430,
  threshold: 60,
  change: 60,
  budget: 62,
  absence: 60,
  "agent-errors": 30,
};
const MOST_SERIES = 60;
const CHART_DAYS = 42;
/** Of what an average day is in all: a smaller excess is nobody's business, unless the rule says so. */
const LEAST_SHARE = 0.02;
const FEWEST_RESPONSES = 20;

/** All a rule over a measure knows, so that any of its days can be told of. */
export interface Judged {
  rule: AlertRule;
  feed: string;
  measure: string;
  /** Last day that was read. */
  to: CivilDate;
  series: readonly { series: DaySeries; verdicts: readonly DayVerdict[] }[];
  /** Smallest excess that counts. */
  least: number;
  receipts: readonly Receipt[];
}

type Reading = Pick<ToolContext, "feeds" | "signal" | "now">;

/** Reads what the rule is about and judges every day of it. Throws UserError when there is nothing of the kind, VendorError when a source fails. */
export async function judgeRule(
  rule: AlertRule,
  context: Reading,
  feedback: readonly AlertFeedback[],
  history?: number,
): Promise<Judged[]> {
  const to = addDays(civilDate(context.now, "UTC"), -1);
  const period = { from: addDays(to, -(history ?? HISTORY_DAYS[rule.kind] ?? 60)), to };
  const found: Judged[] = [];
  for (const source of await sourcesOf(rule, context)) {
    const by = rule.kind === "agent-errors" ? ["agent"] : (rule.by ?? []);
    const query = { measure: source.measure, by, period, grain: "day" as const, ...(rule.filter ? { filter: rule.filter } : {}) };
    const read =
      rule.kind === "agent-errors" ? errorRates : (feed: Feed, asked: FeedQuery, signal: AbortSignal) => feed.query(asked, signal);
    const { facts, receipts } = await read(source.feed, query, context.signal);
    if (facts.length === 0 && rule.kind !== "absence") continue;
    const series = seriesOf(facts, by, to);
    const least = rule.least ?? (rule.kind === "anomaly" || rule.kind === "change" ? usual(facts, series) * LEAST_SHARE : 0);
    const judged = await judgeAll(rule, series, { receipts, feedback, signal: context.signal });
    found.push({ rule, feed: source.feed.name, measure: source.measure, to, series: judged, least, receipts });
  }
  return found;
}

/** The largest ones. Gives way between two, and stops when the signal aborts. */
async function judgeAll(
  rule: AlertRule,
  all: readonly DaySeries[],
  { receipts, feedback, signal }: { receipts: readonly Receipt[]; feedback: readonly AlertFeedback[]; signal: AbortSignal },
): Promise<Judged["series"]> {
  const provisionalFrom = receipts.flatMap(({ provisional }) => /\d{4}-\d{2}-\d{2}/.exec(provisional ?? "") ?? []).sort()[0];
  const asked = rule.kind === "agent-errors" ? { ...rule, kind: "threshold" as const, above: rule.above ?? DEFAULT_ERRORS } : rule;
  const words = anomalyFeedback(feedback, rule.name);
  const judged = [];
  for (const series of all.slice(0, MOST_SERIES)) {
    await setImmediate();
    signal.throwIfAborted();
    const expected = expectedDays(series.name, words);
    judged.push({
      series,
      verdicts: judgeSeries(asked, series, { ...(provisionalFrom ? { provisionalFrom } : {}), ...(expected.size ? { expected } : {}) }),
    });
  }
  return judged;
}

/** What the rule says on `day`: every series that is beyond its range. What is not named here is in order. */
export function signalsOn(judged: Judged, day: CivilDate): Signal[] {
  const { rule, feed, measure, receipts } = judged;
  return judged.series.flatMap(({ series, verdicts }) => {
    const at = daysBetween(series.first, day);
    const run = runAt(verdicts, at);
    if (!run) return [];
    const figure = figureOf(judged, series, verdicts, { ...run, at });
    if (rule.kind !== "budget" && Math.abs(figure.excess ?? Number.POSITIVE_INFINITY) < judged.least) return [];
    const month = rule.kind === "budget" ? `:${day.slice(0, 7)}` : "";
    return [
      {
        fingerprint: `${rule.name}:${feed}:${measure}:${series.unit}:${series.name}${month}`,
        rule: rule.name,
        group: groupOf(rule, series),
        series: series.name,
        title: titleOf(rule, series, figure),
        severity: rule.kind === "budget" && figure.actual > (rule.budget ?? 0) ? "critical" : rule.severity,
        state: "firing",
        at: toInstant(figure.from),
        windowMs: WINDOW_MS.daily,
        figure,
        receipts,
        ...(rule.project ? { project: rule.project } : {}),
      },
    ];
  });
}

/** The feeds a rule reads, with the measure there. A feed that has no such measure is passed over while another has it. */
async function sourcesOf(rule: AlertRule, { feeds, signal }: Reading): Promise<{ feed: Feed; measure: string }[]> {
  const kind = rule.feed ?? (rule.source === undefined ? "costs" : undefined);
  const meant =
    rule.kind === "agent-errors"
      ? feeds.filter(({ name }) => name === AGENT_FEED)
      : feeds.filter((feed) => (rule.source === undefined ? feed.kind === kind : feed.name === rule.source));
  // Agents that have reported nothing yet have made no errors.
  if (meant.length === 0 && rule.kind === "agent-errors") return [];
  if (meant.length === 0) throw new UserError(`Nothing is connected that gives ${rule.source ?? readable(kind ?? "")}.`);
  if (rule.kind === "agent-errors") return meant.map((feed) => ({ feed, measure: "agent_errors" }));
  const found: { feed: Feed; measure: string }[] = [];
  const known = new Set<string>();
  for (const feed of meant) {
    const { measures } = await feed.describe(signal, "names");
    for (const { name } of measures) known.add(name);
    const measure = rule.measure === undefined ? measures[0]?.name : measures.find(({ name }) => name === rule.measure)?.name;
    if (measure !== undefined) found.push({ feed, measure });
  }
  if (found.length > 0) return found;
  throw new UserError(`There is no measure “${rule.measure}” any more. There is ${[...known].slice(0, 12).join(", ") || "none"}.`);
}

/** Errors over all answers, of agents and days with enough of them. */
async function errorRates(
  feed: Feed,
  query: Parameters<Feed["query"]>[0],
  signal: AbortSignal,
): Promise<{ facts: Fact[]; receipts: readonly Receipt[] }> {
  const errors = await feed.query({ ...query, measure: "agent_errors" }, signal);
  const responses = await feed.query({ ...query, measure: "agent_responses" }, signal);
  const keyOf = ({ at, labels }: Fact) => `${at.getTime()} ${labels.agent}`;
  const failed = new Map(errors.facts.map((fact) => [keyOf(fact), fact.value]));
  const facts = responses.facts.flatMap((fact): Fact[] => {
    const bad = failed.get(keyOf(fact)) ?? 0;
    const all = fact.value + bad;
    return all < FEWEST_RESPONSES ? [] : [{ ...fact, measure: "error_rate", unit: "ratio", value: bad / all, average: true }];
  });
  return { facts, receipts: [...errors.receipts, ...responses.receipts] };
}

/** What all series add up to on an average day; nothing for averages, which do not add up. */
function usual(facts: readonly Fact[], series: readonly DaySeries[]): number {
  if (facts.some(({ average }) => average)) return 0;
  const longest = Math.max(1, ...series.map(({ values }) => values.length));
  return series.reduce((sum, { size }) => sum + size, 0) / longest;
}

function groupOf({ name, by, feed }: AlertRule, { labels }: DaySeries): string {
  const service = by?.includes("service") && feed !== undefined && feed !== "costs" ? labels.service : undefined;
  return service ? `service:${service}` : `rule:${name}`;
}

function figureOf(
  judged: Judged,
  series: DaySeries,
  verdicts: readonly DayVerdict[],
  run: { first: number; last: number; at: number },
): AlertFigure {
  const { rule, measure, feed } = judged;
  const first = firstOf(rule, series, run);
  const verdict = verdicts[run.last];
  const newest = series.values[run.last];
  const day = (i: number) => addDays(series.first, i);
  const monthly = rule.kind === "budget" ? monthToDate(series, run.last) : undefined;
  return {
    measure: rule.kind === "agent-errors" ? "error_rate" : measure,
    unit: series.unit,
    from: day(first),
    to: day(run.last),
    actual: monthly ?? orNull(newest) ?? 0,
    ...whenKnown("expected", verdict?.expected),
    ...whenKnown("low", verdict?.low),
    ...whenKnown("high", verdict?.high),
    ...(rule.kind === "anomaly" || rule.kind === "change"
      ? whenKnown("excess", excessOf(series, verdicts, { first, last: run.last }))
      : {}),
    ...(rule.budget !== undefined ? { limit: rule.budget } : {}),
    ...(rule.kind === "threshold" || rule.kind === "agent-errors"
      ? whenKnown("limit", rule.above ?? rule.below ?? (rule.kind === "agent-errors" ? DEFAULT_ERRORS : undefined))
      : {}),
    days: Array.from({ length: Math.min(CHART_DAYS, run.at + 1) }, (_, i) => {
      const index = run.at + 1 - Math.min(CHART_DAYS, run.at + 1) + i;
      const own = verdicts[index];
      return { day: day(index), value: orNull(series.values[index]), ...rangeOf(rule, own), odd: own?.firing ?? false };
    }),
    asked: {
      feed,
      measure,
      by: rule.by ?? [],
      filter: { ...rule.filter, ...Object.fromEntries(Object.entries(series.labels).map(([dimension, value]) => [dimension, [value]])) },
    },
  };
}

/** A change is of its day alone, a budget of its month. */
function firstOf({ kind }: AlertRule, { first }: DaySeries, run: { first: number; last: number; at: number }): number {
  if (kind === "change") return run.last;
  return kind === "budget" ? Math.max(run.first, run.at - Number(addDays(first, run.at).slice(8)) + 1) : run.first;
}

/** Above what was expected, over the days that are known. */
function excessOf({ values }: DaySeries, verdicts: readonly DayVerdict[], { first, last }: { first: number; last: number }): number {
  let excess = 0;
  for (let i = first; i <= last; i++) excess += orNull((values[i] ?? Number.NaN) - (verdicts[i]?.expected ?? Number.NaN)) ?? 0;
  return excess;
}

/** A limit on one side alone has no band to draw, but for amounts, which begin at zero. */
function rangeOf({ kind }: AlertRule, verdict: DayVerdict | undefined): { low: number | null; high: number | null } {
  const [low, high] = kind === "budget" ? [null, null] : [orNull(verdict?.low), orNull(verdict?.high)];
  if (low === null && high !== null && high > 0) return { low: 0, high };
  return low === null || high === null ? { low: null, high: null } : { low, high };
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function monthToDate({ first, values }: DaySeries, index: number): number {
  const dayOfMonth = Number(addDays(first, index).slice(8));
  return values.slice(Math.max(0, index - dayOfMonth + 1), index + 1).reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
}

function whenKnown<K extends string>(name: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined || Number.isNaN(value) ? {} : ({ [name]: value } as { [key in K]: number });
}

function titleOf(rule: AlertRule, { name }: DaySeries, figure: AlertFigure): string {
  const what = readable(figure.measure);
  const whose = name === "all" ? what : `${what} of ${name}`;
  if (rule.title && name === "all") return rule.title;
  if (rule.title) return `${rule.title}: ${name}`;
  switch (rule.kind) {
    case "anomaly":
      return `${capital(whose)} ${(figure.excess ?? 0) >= 0 ? "above" : "below"} its normal range`;
    case "threshold":
    case "agent-errors":
      return `${capital(whose)} ${rule.below !== undefined && figure.actual < rule.below ? "below" : "above"} its limit`;
    case "change":
      return `${capital(whose)} ${(figure.excess ?? 0) >= 0 ? "rose" : "fell"} against the ${rule.compare === "day" ? "day" : "week"} before`;
    case "budget":
      return figure.actual > (rule.budget ?? 0)
        ? `${capital(whose)} is over the month's budget`
        : `${capital(whose)} is on its way over the month's budget`;
    default:
      return `No ${what}${name === "all" ? "" : ` of ${name}`} since ${figure.from}`;
  }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
