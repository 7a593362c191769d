import type { CivilDate } from "../core/fact.ts";
import { plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { type HealthRead, USUAL_DAYS } from "./health-read.ts";

export interface Incident {
  id: string;
  title: string | null;
  service: string | null;
  severity: string | null;
  status: string | null;
  created: string | null;
}

interface Deployment {
  service: string | null;
  environment: string | null;
  status: string | null;
  started: string | null;
  finished: string | null;
}

export interface ErrorRate {
  feed: string;
  series: string;
  from: CivilDate;
  actual: number;
  high: number;
}

export interface HealthFacts {
  /** Of the last 24 hours, and older ones that are still open; the gravest first. undefined: not known. */
  incidents: readonly Incident[] | undefined;
  open: readonly Incident[];
  grave: readonly Incident[];
  /** More of them than on 99 days of a hundred. */
  many: boolean;
  /** A day, over four weeks; null when it is not known. */
  usualPerDay: number | null;
  /** To production, in the last 24 hours. `broken`: services whose newest one failed. `many`: more failed than their usual share explains. */
  deploys: { n: number; failed: number; broken: readonly string[]; many: boolean } | undefined;
  runs: { failed: number; all: number; worst: readonly string[]; many: boolean } | undefined;
  waiting: number | undefined;
  /** The furthest above its range first. */
  rates: readonly ErrorRate[];
  /** Whether error rates could be looked at. */
  looked: boolean;
  quiet: boolean;
}

const DAY_MS = 86_400_000;
const DEPLOY_MS = 6 * 3_600_000;
/** Above the expected range by so much of it: less is no news, however sure. */
const WORTH_SAYING = 0.25;
/** A larger share of failed pipeline runs is told by itself. */
const MANY_RUNS = 0.2;
const SEVERITIES = ["critical", "high", "medium", "low"];

/** What of the last 24 hours is beyond what is usual. */
export function judgeHealth(read: HealthRead, now: Date, yesterday: CivilDate): HealthFacts {
  const incidents = incidentsOf(read, now);
  const open = incidents?.filter(({ status }) => status === "open") ?? [];
  const grave = incidents?.filter(({ severity }) => severity === "critical" || severity === "high") ?? [];
  const usual = read.before?.data as { n: number } | undefined;
  const usualPerDay = usual ? usual.n / USUAL_DAYS : null;
  const fresh = incidents?.filter((incident) => isRecent(incident.created, now)).length ?? 0;
  const many = usualPerDay !== null && fresh > poissonLimit(usualPerDay);
  const deploys = deploysOf(read.deploys, now);
  const rates = ratesOf(read.errors, yesterday);
  const calm = open.length === 0 && grave.length === 0 && !many && rates.length === 0;
  return {
    ...{ incidents, open, grave, many, usualPerDay, deploys, rates },
    runs: runsOf(read.pipelines),
    waiting: (read.waiting?.data as { n: number } | undefined)?.n,
    looked: read.errors.some(({ finding }) => finding !== undefined),
    quiet: incidents !== undefined && calm && !deploys?.many && (deploys?.broken.length ?? 0) === 0,
  };
}

/** The newest deployment of an incident's service in the six hours before it, in minutes before; undefined when none is known. */
export function deployedBefore({ service, created }: Incident, { deploys }: Pick<HealthRead, "deploys">): number | undefined {
  const began = Date.parse(created ?? "");
  const before = deploymentsIn(deploys)
    .filter((one) => service !== null && shortName(one.service) === shortName(service))
    .map((one) => began - Date.parse(one.finished ?? one.started ?? ""))
    .filter((ms) => ms >= 0 && ms <= DEPLOY_MS);
  return before.length ? Math.round(Math.min(...before) / 60_000) : undefined;
}

export function incidentsIn(finding: Finding | undefined): readonly Incident[] {
  return (finding?.data as { incidents: Incident[] } | undefined)?.incidents ?? [];
}

/** The lists are of whole days; the digest is of the last 24 hours, and of what is still open. */
function incidentsOf({ incidents, before }: HealthRead, now: Date): Incident[] | undefined {
  if (!incidents) return undefined;
  const rank = ({ status, severity }: Incident) =>
    (status === "open" ? 0 : SEVERITIES.length + 1) +
    ((SEVERITIES.indexOf(severity ?? "") + SEVERITIES.length + 1) % (SEVERITIES.length + 1));
  return [...incidentsIn(incidents), ...incidentsIn(before)]
    .filter(({ created, status }) => Date.parse(created ?? "") <= now.getTime() && (status === "open" || isRecent(created, now)))
    .sort((a, b) => rank(a) - rank(b));
}

function isRecent(at: string | null, now: Date): boolean {
  const ms = now.getTime() - Date.parse(at ?? "");
  return ms >= 0 && ms < DAY_MS;
}

/** Rates that were still too high yesterday, each service once. */
function ratesOf(errors: HealthRead["errors"], yesterday: CivilDate): ErrorRate[] {
  const all = errors.flatMap(({ feed, finding }) => {
    const data = finding?.data as { anomalies: (Omit<ErrorRate, "feed"> & { to: string; kind: string })[] } | undefined;
    return (data?.anomalies ?? [])
      .filter(({ to, kind, actual, high }) => to >= yesterday && kind !== "drop" && actual > high * (1 + WORTH_SAYING))
      .map(({ series, from, actual, high }) => ({ feed, series, from, actual, high }));
  });
  const worstFirst = all.sort((a, b) => b.actual - b.high - (a.actual - a.high));
  return worstFirst.filter(({ series }, i) => worstFirst.findIndex((other) => other.series === series) === i);
}

/** The smallest number of events that no more than one day in a hundred exceeds, at so many a day (Poisson). */
export function poissonLimit(mean: number): number {
  let term = Math.exp(-mean);
  let below = term;
  let n = 0;
  while (below < 0.99 && n < 1_000) {
    n += 1;
    term *= mean / n;
    below += term;
  }
  return n;
}

function deploymentsIn(finding: Finding | undefined): Deployment[] {
  const all = (finding?.data as { deployments: Deployment[] } | undefined)?.deployments ?? [];
  return all.filter(({ environment }) => environment === null || /^prod/i.test(environment));
}

function deploysOf(finding: Finding | undefined, now: Date): HealthFacts["deploys"] {
  if (!finding) return undefined;
  const all = deploymentsIn(finding);
  const recent = all
    .filter(({ started }) => isRecent(started, now))
    .sort((a, b) => Date.parse(b.started ?? "") - Date.parse(a.started ?? ""));
  const failed = recent.filter(hasFailed).length;
  const before = all.filter(({ started }) => Date.parse(started ?? "") <= now.getTime() - DAY_MS);
  // Without any before, what is usual is not known.
  const usualShare = before.length ? before.filter(hasFailed).length / before.length : 1;
  const newest = new Map(recent.toReversed().map((one) => [shortName(one.service), one]));
  const broken = [...newest].flatMap(([service, one]) => (hasFailed(one) ? [service || "an unnamed service"] : []));
  return { n: recent.length, failed, broken, many: failed > poissonLimit(usualShare * recent.length) };
}

function hasFailed({ status }: Deployment): boolean {
  return status === "failure";
}

/** "gate-api" of "harbourline/gate-api" */
function shortName(name: string | null): string {
  return name?.split("/").at(-1) ?? "";
}

function runsOf(finding: Finding | undefined): HealthFacts["runs"] {
  const results = (
    finding?.data as
      | { results: { measure: string; total: number; rows: { labels: Record<string, string>; value: number }[] }[] }
      | undefined
  )?.results;
  const failed = results?.find(({ measure }) => measure === "failed_runs");
  const all = results?.find(({ measure }) => measure === "runs");
  if (!failed || !all) return undefined;
  const worst = failed.rows.filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
  return {
    failed: failed.total,
    all: all.total,
    worst: worst.map(({ labels, value }) => `${plainWords(labels.repository ?? "?")} ${value}`),
    many: failed.total > MANY_RUNS * all.total,
  };
}
