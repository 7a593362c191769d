import { setImmediate } from "node:timers/promises";
import { expectedDays } from "../analytics/anomalies/feedback.ts";
import type { AlertFeedback } from "../core/alert.ts";
import { addDays, civilDate, daysBetween, toInstant } from "../core/civil-date.ts";
import type { CivilDate, Fact, Receipt } from "../core/fact.ts";
import type { Feed, FeedQuery } from "../core/feed.ts";
import { readable } from "../core/format.ts";
import type { ToolContext } from "../core/tool.ts";
import { UserError } from "../errors.ts";
import { AGENT_FEED } from "../records/agents/feed-name.ts";
import { anomalyFeedback } from "./feedback.ts";
import { figureOf, titleOf } from "./figure.ts";
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
    if (!run || (rule.kind === "budget" && isOtherMonth(series, run.last, day))) return [];
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
        severity: rule.kind === "budget" && (figure.actual ?? 0) > (rule.budget ?? 0) ? "critical" : rule.severity,
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

/** A quiet day does not part what fires around it, but a new month has a new budget. */
function isOtherMonth({ first }: DaySeries, index: number, day: CivilDate): boolean {
  return addDays(first, index).slice(0, 7) !== day.slice(0, 7);
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
