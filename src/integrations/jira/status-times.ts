import type { Issue } from "./issues.ts";
import type { Category, Setup } from "./setup.ts";

const DAY_MS = 86_400_000;

/** One time in a status, by its name. */
export interface Stay {
  status: string;
  from: Date;
  to: Date;
}

/** What issues spent in a status, over all its visits; only issues that were in it count. */
export interface StatusTime {
  status: string;
  /** Of the status today; undefined for one that is no more. */
  category: Category | undefined;
  /** One for each issue, ascending. */
  days: readonly number[];
  median: number;
  p85: number;
  /** Of the time of all issues in all statuses. */
  share: number;
}

/** The statuses an issue went through, oldest first, until `end`. Names are today's; of statuses that are no more, the old ones. */
export function staysOf({ created, moves, status }: Issue, { statuses }: Setup, end: Date): Stay[] {
  const nameOf = (id: string, fallback: string) => statuses.get(id)?.name ?? (fallback || "(a status that is no more)");
  const first = moves[0];
  const starts = [
    { status: first ? nameOf(first.from, first.fromName) : status.name, from: created },
    ...moves.map(({ at, to }, i) => ({ status: nameOf(to, moves[i + 1]?.fromName ?? status.name), from: at })),
  ];
  return starts
    .map((start, i) => ({ ...start, to: new Date(Math.min(end.getTime(), (starts[i + 1]?.from ?? end).getTime())) }))
    .filter(({ from, to }) => to > from);
}

/** By the time spent, most first. Until they were resolved; `end` for those that are not. */
export function timesOf(issues: readonly Issue[], setup: Setup, end?: Date): StatusTime[] {
  const spent = new Map<string, number[]>();
  for (const issue of issues) {
    const until = issue.resolved ?? end;
    if (!until) continue;
    const groups = Map.groupBy(staysOf(issue, setup, until), (stay) => stay.status);
    for (const [status, stays] of groups) {
      const days = stays.reduce((sum, { from, to }) => sum + (to.getTime() - from.getTime()) / DAY_MS, 0);
      spent.set(status, [...(spent.get(status) ?? []), days]);
    }
  }
  const sums = [...spent].map(([status, list]) => ({ status, days: list.sort((a, b) => a - b), sum: list.reduce((a, b) => a + b, 0) }));
  const categories = new Map([...setup.statuses.values()].map(({ name, category }) => [name, category]));
  const total = sums.reduce((all, { sum }) => all + sum, 0);
  return sums
    .sort((a, b) => b.sum - a.sum)
    .map(({ status, days, sum }) => ({
      status,
      category: categories.get(status),
      days,
      median: quantile(days, 0.5),
      p85: quantile(days, 0.85),
      share: total > 0 ? sum / total : 0,
    }));
}

/** Linear between the nearest ranks (Hyndman and Fan, type 7); 0 of nothing. */
function quantile(ascending: readonly number[], q: number): number {
  const place = (ascending.length - 1) * q;
  const low = ascending[Math.floor(place)] ?? 0;
  const high = ascending[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}
