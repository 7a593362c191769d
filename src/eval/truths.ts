import type { Period } from "../core/fact.ts";
import type { World } from "../demo/world/index.ts";
import { UserError } from "../errors.ts";
import { daysOf, namedPeriod } from "./periods.ts";

/**
 * What is true of the simulated company, worked out from its records with plain loops: no tool, feed or analysis of ours has a part in it.
 * A truth is written "name(period, …, field=value, …)".
 */
export type Truths = (expression: string) => number | string;

interface Asked {
  world: World;
  periods: readonly Period[];
  fields: Readonly<Record<string, string>>;
}

type Truth = (asked: Asked) => number | string;

/** Throws UserError for a truth or a period that there is not. */
export function truthsOf(world: World): Truths {
  return (expression) => {
    const [, name = "", inside = ""] = /^(\w+)\((.*)\)$/.exec(expression.trim()) ?? [];
    const truth = TRUTHS[name];
    if (!truth) throw new UserError(`There is no truth “${expression}”. There is ${Object.keys(TRUTHS).join(", ")}.`);
    const parts = inside.split(",").map((part) => part.trim());
    const fields = Object.fromEntries(parts.filter((part) => part.includes("=")).map((part) => part.split("=").map((p) => p.trim())));
    const periods = parts.filter((part) => part !== "" && !part.includes("=")).map((part) => periodOf(part, world.today));
    return truth({ world, periods, fields });
  };
}

function periodOf(name: string, today: string): Period {
  const period = namedPeriod(name, today);
  if (!period) throw new UserError(`There is no period “${name}”.`);
  return period;
}

const first = ({ periods }: Asked): Period => periods[0] ?? { from: "0000", to: "9999" };
const second = ({ periods }: Asked): Period => periods[1] ?? { from: "0000", to: "9999" };
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const within = (instant: string | null, { from, to }: Period) =>
  instant !== null && instant.slice(0, 10) >= from && instant.slice(0, 10) <= to;

/** Records whose fields are as asked; "Amazon RDS" also fits what begins so. */
function matching<T extends object>(records: readonly T[], fields: Asked["fields"], left: readonly string[] = []): T[] {
  const wanted = Object.entries(fields).filter(([name]) => !left.includes(name));
  return records.filter((record) => wanted.every(([name, value]) => String((record as Record<string, unknown>)[name]).startsWith(value)));
}

function lines({ world, fields }: Asked, period: Period) {
  return daysOf(period).flatMap((day) => matching(world.costs(day), fields, ["by", "rank"]));
}

function cost(asked: Asked, period = first(asked)): number {
  return sum(lines(asked, period).map((line) => line.cost));
}

/** Sums by a field, largest first. */
function ranked<T extends object>(records: readonly T[], by: string, value: (record: T) => number): [string, number][] {
  const totals = new Map<string, number>();
  for (const record of records) {
    const name = String((record as Record<string, unknown>)[by]);
    totals.set(name, (totals.get(name) ?? 0) + value(record));
  }
  return [...totals].sort(([, a], [, b]) => b - a);
}

function ofRank<T>(list: readonly T[], { fields }: Asked): T {
  const found = list[Number(fields.rank ?? 1) - 1];
  if (found === undefined) throw new UserError("There is nothing of that rank.");
  return found;
}

function costRanking(asked: Asked, period = first(asked)) {
  return ranked(lines(asked, period), asked.fields.by ?? "service", (line) => line.cost);
}

function rises(asked: Asked): [string, number][] {
  const before = new Map(costRanking(asked, second(asked)));
  return costRanking(asked)
    .map(([name, value]): [string, number] => [name, value - (before.get(name) ?? 0)])
    .sort(([, a], [, b]) => b - a);
}

function aiUsage({ world, fields }: Asked, period: Period) {
  return daysOf(period).flatMap((day) => matching(world.aiUsage(day), fields, ["by", "rank"]));
}

function revenueDays({ world, fields }: Asked, period: Period) {
  return daysOf(period).flatMap((day) => matching(world.revenue(day), fields, ["by", "rank"]));
}

function coding({ world }: Asked, period: Period) {
  return daysOf(period).flatMap((day) => world.coding(day));
}

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
};

const TRUTHS: Readonly<Record<string, Truth>> = {
  cloud_cost: (asked) => cost(asked),
  cloud_change: (asked) => cost(asked) - cost(asked, second(asked)),
  cloud_growth: (asked) => cost(asked) / cost(asked, second(asked)) - 1,
  cloud_share: (asked) => cost(asked) / cost({ ...asked, fields: {} }),
  cost_leader: (asked) => ofRank(costRanking(asked), asked)[0],
  cost_of_leader: (asked) => ofRank(costRanking(asked), asked)[1],
  cost_riser: (asked) => ofRank(rises(asked), asked)[0],
  cost_rise: (asked) => ofRank(rises(asked), asked)[1],
  items_for_80: (asked) => {
    const all = costRanking(asked).filter(([, value]) => value > 0);
    const total = sum(all.map(([, value]) => value));
    return all.findIndex((_, i) => sum(all.slice(0, i + 1).map(([, value]) => value)) >= total * 0.8) + 1;
  },
  dearest_day: (asked) =>
    ofRank(
      ranked(lines(asked, first(asked)), "day", (line) => line.cost),
      asked,
    )[0],
  cost_of_dearest_day: (asked) =>
    ofRank(
      ranked(lines(asked, first(asked)), "day", (line) => line.cost),
      asked,
    )[1],
  average_day: (asked) => cost(asked) / daysOf(first(asked)).length,

  incidents: (asked) => matching(asked.world.incidents(), asked.fields).filter((i) => within(i.openedAt, first(asked))).length,
  /** What monitoring raised, each incident once whatever number of alerts it had. */
  problems: (asked) => {
    const alerts = matching(asked.world.alerts(), asked.fields).filter((a) => within(a.openedAt, first(asked)));
    return new Set(alerts.map(({ id, incident }) => incident ?? id)).size;
  },
  deployments: (asked) =>
    matching(asked.world.deployments(), asked.fields).filter((d) => within(d.finishedAt ?? d.createdAt, first(asked))).length,
  pulls_merged: (asked) => matching(asked.world.pulls(), asked.fields).filter((p) => within(p.mergedAt, first(asked))).length,
  pulls_opened: (asked) => matching(asked.world.pulls(), asked.fields).filter((p) => within(p.createdAt, first(asked))).length,
  pulls_open: (asked) => matching(asked.world.pulls(), { ...asked.fields, state: "open" }).length,
  issues_created: (asked) => matching(asked.world.issues(), asked.fields).filter((i) => within(i.createdAt, first(asked))).length,

  ai_cost: (asked) => sum(aiUsage(asked, first(asked)).map((usage) => usage.cost)),
  ai_requests: (asked) => sum(aiUsage(asked, first(asked)).map((usage) => usage.requests)),
  ai_leader: (asked) =>
    ofRank(
      ranked(aiUsage(asked, first(asked)), asked.fields.by ?? "model", (usage) => usage.cost),
      asked,
    )[0],
  ai_cost_of_leader: (asked) =>
    ofRank(
      ranked(aiUsage(asked, first(asked)), asked.fields.by ?? "model", (usage) => usage.cost),
      asked,
    )[1],
  coding_sessions: (asked) => sum(coding(asked, first(asked)).map((row) => row.sessions)),
  coding_people: (asked) => new Set(coding(asked, first(asked)).map((row) => row.email)).size,
  completions_accepted: (asked) =>
    sum(daysOf(first(asked)).flatMap((day) => asked.world.completions(day)?.byLanguage.map((row) => row.acceptances) ?? [])),
  coding_lines: (asked) => sum(coding(asked, first(asked)).map((row) => row.linesAdded)),

  revenue: (asked) => sum(revenueDays(asked, first(asked)).map((row) => row.subscription + row.usage)),
  refunds: (asked) => sum(revenueDays(asked, first(asked)).map((row) => row.refunds)),
  revenue_growth: (asked) => {
    const of = (period: Period) => sum(revenueDays(asked, period).map((row) => row.subscription + row.usage));
    return of(first(asked)) / of(second(asked)) - 1;
  },
  revenue_leader: (asked) =>
    ofRank(
      ranked(revenueDays(asked, first(asked)), asked.fields.by ?? "region", (r) => r.subscription + r.usage),
      asked,
    )[0],
  tickets: (asked) => matching(asked.world.tickets(), asked.fields).filter((t) => within(t.createdAt, first(asked))).length,
  ticket_leader: (asked) =>
    ofRank(
      ranked(
        asked.world.tickets().filter((t) => within(t.createdAt, first(asked))),
        asked.fields.by ?? "service",
        () => 1,
      ),
      asked,
    )[0],
  customers_now: (asked) => matching(asked.world.customers(), asked.fields).filter((c) => c.cancelledOn === null).length,
  customers_left: (asked) => matching(asked.world.customers(), asked.fields).filter((c) => within(c.cancelledOn, first(asked))).length,
  stock_issues: (asked) => matching(asked.world.stockIssues(), asked.fields).filter((s) => within(s.openedAt, first(asked))).length,
  sessions: (asked) =>
    sum(daysOf(first(asked)).flatMap((day) => matching(asked.world.streaming(day), asked.fields).map((row) => row.sessions))),
  start_failure_rate: (asked) => {
    const rows = daysOf(first(asked)).flatMap((day) => matching(asked.world.streaming(day), asked.fields));
    return sum(rows.map((row) => row.startFailures)) / sum(rows.map((row) => row.sessions));
  },
  rebuffering: (asked) => {
    const rows = daysOf(first(asked)).flatMap((day) => matching(asked.world.streaming(day), asked.fields));
    return sum(rows.map((row) => row.rebufferMinutes)) / sum(rows.map((row) => row.minutes));
  },
  resources: (asked) => matching(asked.world.resources(), asked.fields).length,
  median_recovery_minutes: (asked) =>
    median(
      asked.world
        .incidents()
        .filter((i) => i.resolvedAt && within(i.openedAt, first(asked)))
        .map((i) => (Date.parse(i.resolvedAt ?? "") - Date.parse(i.openedAt)) / 60_000),
    ),
};
