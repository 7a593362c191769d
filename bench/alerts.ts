import { judgeRule, signalsOn } from "../src/alerts/evaluate.ts";
import { incidentSignals, pipelineSignals } from "../src/alerts/records.ts";
import { type AlertRule, readPlan } from "../src/alerts/rules.ts";
import type { Signal } from "../src/alerts/signal.ts";
import { takeSignals } from "../src/alerts/take.ts";
import { openApp } from "../src/app/index.ts";
import type { Alert } from "../src/core/alert.ts";
import { addDays, civilDate, daysBetween, endOf, toInstant } from "../src/core/civil-date.ts";
import type { FeedRecord } from "../src/core/records.ts";
import type { ToolContext } from "../src/core/tool.ts";
import { DEMO_ALERTS } from "../src/demo/alert-rules.ts";
import { billOf } from "../src/demo/bill.ts";
import { BAD_DEPLOYS, type EventName, HISTORY_DAYS, LAUNCHES, type StoryEvent, turn, wholeStory } from "../src/demo/story.ts";
import { createWorld, SEED } from "../src/demo/world/index.ts";
import { createAlerts } from "../src/records/alerts.ts";
import { openDatabase } from "../src/storage/database.ts";
import { migrate } from "../src/storage/migrations.ts";

/**
 * The alerts that the demo's rules would have told of in its two years, held against what its story says happened: alerts per week, the share
 * that marks something real, and what was missed. Run: node bench/alerts.ts [--list]
 */

/** Days a detector needs before it can judge. */
const LEARNING_DAYS = 70;
const RECORD_DAYS = 400;

const app = await openApp({ demo: true });
const HOUR_MS = 3_600_000;
const never = new AbortController().signal;
const context: ToolContext = { ...app.toolContext(app.localUser, never), now: new Date(`${civilDate(new Date(), "UTC")}T06:00:00Z`) };
const today = civilDate(context.now, "UTC");
const from = addDays(today, LEARNING_DAYS - HISTORY_DAYS);
const { rules } = readPlan(DEMO_ALERTS);
const story = wholeStory(today);
const incidents = createWorld(today).incidents();
const listing = process.argv.includes("--list");

for (const rule of rules) report(rule, await replay(rule));
if (process.argv.includes("--sources"))
  for (const kind of ["incidents", "pipelines"] as const)
    for (const feed of context.feeds.filter((one) => one.kind === kind)) {
      const { records = [] } = (await feed.records?.({ period: { from, to: today } }, never)) ?? {};
      const by = Map.groupBy(records, ({ labels }) => `${labels.severity ?? labels.status}`);
      console.log(feed.name, kind, records[0]?.at?.toISOString(), [...by].map(([name, some]) => `${name}: ${some.length}`).join(", "));
    }
await app.close();

/** Every alert of one rule, as the engine's own steps make them, in the order of time. */
async function replay(rule: AlertRule): Promise<{ alerts: Alert[]; since: string }> {
  const database = await openDatabase("sqlite::memory:");
  await migrate(database);
  let clock = toInstant(from);
  let ids = 0;
  let since = from;
  const alerts = createAlerts(database, () => clock);
  const take = (signals: readonly Signal[], settled: readonly string[]) =>
    alerts.change((tx) => takeSignals(tx, signals, { now: clock, newId: () => `a${++ids}`, settled }));
  if (rule.kind === "incidents" || rule.kind === "pipelines")
    for (const { at, signals, first } of await recordSteps(rule)) {
      since = first;
      clock = at;
      await take(signals, []);
    }
  else {
    const judged = await judgeRule(rule, context, [], HISTORY_DAYS);
    const begin = judged.flatMap(({ series }) => series.map(({ series: { first } }) => first)).sort()[0] ?? from;
    since = [from, addDays(begin, LEARNING_DAYS)].sort()[1] ?? from;
    for (let day = from; day < today; day = addDays(day, 1)) {
      clock = new Date(toInstant(day).getTime() + 30 * 3_600_000);
      await take(
        judged.flatMap((one) => signalsOn(one, day)),
        [rule.name],
      );
    }
  }
  const found = await alerts.list({ limit: 10_000 });
  await database.close();
  return { alerts: found.reverse(), since };
}

async function recordSteps(rule: AlertRule): Promise<{ at: Date; signals: Signal[]; first: string }[]> {
  const kind = rule.kind === "incidents" ? "incidents" : "pipelines";
  const period = { from: rule.kind === "incidents" ? from : addDays(today, -RECORD_DAYS), to: today };
  const records: FeedRecord[] = [];
  for (const feed of context.feeds.filter((one) => one.kind === kind))
    records.push(...((await feed.records?.({ period }, never))?.records ?? []));
  const first = records.reduce((least, { at }) => (at && civilDate(at, "UTC") < least ? civilDate(at, "UTC") : least), today);
  if (kind === "incidents") {
    const times = records.flatMap(({ times: { created, resolved } }) => [created, resolved].filter((time) => time !== undefined));
    return times
      .sort((a, b) => a.getTime() - b.getTime())
      .map((at) => ({
        at,
        signals: incidentSignals(
          rule,
          records.filter((r) => Math.abs((r.at?.getTime() ?? 0) - at.getTime()) < 14 * 86_400_000),
          at,
        ),
        first,
      }));
  }
  const groups = [...Map.groupBy(records, ({ labels }) => `${labels.repository} ${labels.workflow} ${labels.branch}`).values()];
  const steps = groups.flatMap((runs) =>
    runs.map((run, i) => ({ at: run.times.finished ?? run.at ?? context.now, recent: runs.slice(Math.max(0, i - 12), i + 13) })),
  );
  return steps
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, recent }) => ({ at, signals: pipelineSignals(rule, recent, at), first }));
}

interface Mark {
  names: readonly EventName[];
  /** What the event does to this series. */
  touches(event: StoryEvent, series: string): boolean;
  /** Days after its beginning in which it may still be noticed first. */
  days: number;
}

function marksOf(rule: AlertRule): Mark {
  const service = (name: string) => (_: StoryEvent, series: string) => series.includes(name);
  const costs: Partial<Record<EventName, (event: StoryEvent, series: string) => boolean>> = {
    launch: ({ round }, series) => [turn(LAUNCHES, round).service, "CloudFront", "Lambda"].some((one) => series.includes(one)),
    "price-change": service("Relational Database"),
    experiment: service("Elastic Compute"),
    leak: service("CloudWatch"),
    transfer: service("Virtual Private Cloud"),
    "idle-database": service("Relational Database"),
    "model-upgrade": service("Bedrock"),
  };
  // A month is over its budget or it is not: what counts as real is below.
  if (rule.kind === "budget") return { names: [], touches: () => false, days: 0 };
  if (rule.feed === "costs")
    return { names: Object.keys(costs) as EventName[], touches: (event, series) => costs[event.name]?.(event, series) ?? false, days: 35 };
  if (rule.source === "stock") return { names: ["stock-drift"], touches: () => true, days: 14 };
  if (rule.source === "streaming") return { names: ["video-quality"], touches: (_, series) => /android/i.test(series), days: 10 };
  if (rule.kind === "pipelines") return { names: ["flaky-tests"], touches: (_, series) => series.includes("berth-planner"), days: 20 };
  return {
    names: ["bad-deploy", "outage"],
    touches: ({ name, round }, series) => series.includes(name === "outage" ? "gate-api" : turn(BAD_DEPLOYS, round).service),
    days: 2,
  };
}

function report(rule: AlertRule, { alerts, since }: { alerts: readonly Alert[]; since: string }): void {
  const { names, touches, days } = marksOf(rule);
  const known = story.filter(({ name }) => names.includes(name));
  const events = known.filter(({ from: begin }) => begin >= since);
  const seen = new Set<string>();
  const matched = alerts.filter((alert) => {
    // A creep's first day is a guess; the day it was told is not.
    const own = known.filter((event) =>
      alert.members.some(
        ({ series, since }) => touches(event, series) && [since, alert.openedAt].some((at) => isWithin(event, civilDate(at, "UTC"), days)),
      ),
    );
    for (const event of own) if (events.includes(event)) seen.add(event.id);
    return own.length > 0;
  });
  const real = alerts.filter((alert) => matched.includes(alert) || isReal(rule, alert));
  const missed = events.filter(({ id }) => !seen.has(id));
  const weeks = daysBetween(since, today) / 7;
  console.log(
    `${rule.name.padEnd(20)} since ${since}: ${alerts.length} alerts (${(alerts.length / weeks).toFixed(2)} a week), ${real.length} real (${Math.round((100 * real.length) / Math.max(1, alerts.length))} %), ${matched.length} of the story, ${seen.size} of ${events.length} events seen; missed: ${missed.map(({ id, from: day }) => `${id} ${day}`).join(", ") || "none"}`,
  );
  if (!listing) return;
  for (const alert of alerts) {
    const figure = alert.members[0]?.figure;
    const why = matched.includes(alert) ? "+" : real.includes(alert) ? "o" : "-";
    console.log(
      `  ${why} ${alert.openedAt.toISOString().slice(0, 10)} ${alert.members.map(({ series, since }) => `${series} since ${civilDate(since, "UTC")}`).join(" | ")} ${figure ? `${Math.round(figure.actual ?? Number.NaN)} instead of ${Math.round(figure.expected ?? 0)}, excess ${Math.round(figure.excess ?? 0)}` : alert.title} ${alert.endedAt ? `to ${civilDate(alert.endedAt, "UTC")}` : "open"}`,
    );
  }
}

/** Besides the story's events: an incident the company really had, a pipeline that really failed again and again, a month that cost too much. */
function isReal(rule: AlertRule, { members }: Alert): boolean {
  if (rule.kind === "pipelines") return true;
  if (rule.kind === "budget") return members.some(({ figure }) => figure !== undefined && costOfMonth(figure.to) > (rule.budget ?? 0));
  return (
    rule.kind === "incidents" &&
    members.some(({ series, since }) =>
      incidents.some((one) => one.service === series && Math.abs(Date.parse(one.openedAt) - since.getTime()) < HOUR_MS),
    )
  );
}

/** To its end, also where that lies ahead: the story is told by its calendar. */
function costOfMonth(day: string): number {
  const first = `${day.slice(0, 7)}-01`;
  const days = Array.from({ length: daysBetween(first, endOf("month", first)) + 1 }, (_, i) => addDays(first, i));
  return days.flatMap((one) => billOf(one, SEED)).reduce((sum, { cost }) => sum + cost, 0);
}

function isWithin({ from: begin, to }: StoryEvent, day: string, days: number): boolean {
  const last = addDays(begin, days) < to ? addDays(begin, days) : addDays(to, 2);
  return day >= addDays(begin, -2) && day <= last;
}
