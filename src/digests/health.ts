import { addDays, civilDate } from "../core/civil-date.ts";
import type { Digest } from "../core/digest.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import type { KpisBlock, Reply } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { Finding, ToolContext } from "../core/tool.ts";
import { chartOf, createParts, detailsOf, missingLine, type Parts, tablesOf } from "./parts.ts";
import { dayWords } from "./words.ts";

const DAY_MS = 86_400_000;
const USUAL_DAYS = 28;
const OLD_DAYS = 7;
const SHOWN = 3;

/** The last 24 hours: what broke, what was deployed, what fails, what waits; and the brief. */
export const healthDigest: Digest = {
  name: "health",
  title: "Health",
  summary: "Incidents, unusual error rates, deployments, failing pipelines and aging work of the last day, with the brief.",
  schedule: "every weekday at 9:00",

  async compose(order, context) {
    const parts = createParts(context);
    const today = civilDate(context.now, context.user.timeZone);
    const read = await readParts(parts, today, context);
    parts.requireAny("health digest");
    const facts = assess(read, context.now, addDays(today, -1));
    const heading = `**${order.title ?? healthDigest.title}, ${dayWords(today)}: ${pointOf(facts)}**`;
    const lines = facts.quiet ? [quietLine(facts)] : summaryLines(facts, read);
    const chart = facts.quiet
      ? undefined
      : ((facts.rates.length > 0 ? read.errors.map(({ finding }) => chartOf(finding)).find(Boolean) : undefined) ?? chartOf(read.course));
    const reply: Reply = {
      text: [heading, ...lines, ...missingLine(parts)].join("\n"),
      blocks: facts.quiet ? [] : [kpisOf(facts), ...(chart ? [chart] : [])],
      receipts: parts.receipts(),
      suggestions: ["Is there anything to worry about?", "incidents last week"],
      final: true,
    };
    const tables = [
      ...tablesOf(read.incidents),
      ...read.errors.flatMap(({ finding }) => tablesOf(finding).slice(0, 1)),
      ...tablesOf(read.pipelines).slice(0, 1),
      ...tablesOf(read.waiting),
      ...tablesOf(read.brief),
    ];
    return { reply, ...(facts.quiet ? {} : { details: detailsOf(parts, tables) }), quiet: facts.quiet, calls: parts.calls(read.incidents) };
  },
};

interface Read {
  incidents: Finding | undefined;
  usual: Finding | undefined;
  course: Finding | undefined;
  deploys: Finding | undefined;
  pipelines: Finding | undefined;
  waiting: Finding | undefined;
  brief: Finding | undefined;
  errors: { feed: string; finding: Finding | undefined }[];
}

async function readParts(parts: Parts, today: string, context: ToolContext): Promise<Read> {
  const yesterday = addDays(today, -1);
  const before = { from: addDays(yesterday, -USUAL_DAYS), to: addDays(yesterday, -1) };
  const [rates, pipelineFeed] = await Promise.all([
    feedsWith("metrics", "error_rate", context),
    feedsWith("pipelines", "failed_runs", context),
  ]);
  const incidentFeed = context.feeds.find(({ kind }) => kind === "incidents")?.name;
  const [incidents, usual, course, deploys, pipelines, waiting, brief, errors] = await Promise.all([
    parts.ask("incidents", "list_incidents", { period: { from: yesterday, to: today } }),
    parts.ask("usual incidents", "list_incidents", { period: before }),
    incidentFeed
      ? parts.askIfAny("incidents over time", "query_dataset", {
          dataset: incidentFeed,
          grain: "day",
          period: { from: before.from, to: yesterday },
        })
      : undefined,
    parts.ask("deployments", "list_deployments", { period: { from: yesterday, to: today } }),
    pipelineFeed[0]
      ? parts.askIfAny("pipelines", "query_dataset", {
          dataset: pipelineFeed[0],
          measures: ["failed_runs", "runs"],
          by: "repository",
          period: { from: yesterday, to: yesterday },
        })
      : undefined,
    parts.ask("old pull requests", "find_pull_requests", { state: "open", older_than_days: OLD_DAYS, top: 10 }),
    parts.ask("the brief", "brief", {}),
    Promise.all(
      rates.map(async (feed) => ({
        feed,
        finding: await parts.ask(`error rates (${feed})`, "find_anomalies", {
          dataset: feed,
          measure: "error_rate",
          by: "service",
          period: { from: addDays(yesterday, -6), to: yesterday },
        }),
      })),
    ),
  ]);
  return { incidents, usual, course, deploys, pipelines, waiting, brief, errors };
}

async function feedsWith(kind: string, measure: string, { feeds, signal }: ToolContext): Promise<string[]> {
  const some = feeds.filter((feed) => feed.kind === kind);
  const described = await Promise.all(some.map((feed) => feed.describe(signal, "names").catch(() => undefined)));
  return some.flatMap(({ name }, i) => (described[i]?.measures.some((m) => m.name === measure) ? [name] : []));
}

interface Incident {
  title: string | null;
  service: string | null;
  severity: string | null;
  status: string | null;
  created: string | null;
}

interface Facts {
  incidents: readonly Incident[] | undefined;
  open: readonly Incident[];
  grave: readonly Incident[];
  /** A day, over four weeks; null when it is not known. */
  usualPerDay: number | null;
  deploys: { n: number; failed: number } | undefined;
  runs: { failed: number; all: number; worst: string[] } | undefined;
  waiting: number | undefined;
  rates: readonly { series: string; from: string; actual: number; high: number }[];
  /** Whether error rates could be looked at. */
  looked: boolean;
  quiet: boolean;
}

function assess(read: Read, now: Date, yesterday: string): Facts {
  const listed = (read.incidents?.data as { incidents: Incident[] } | undefined)?.incidents;
  // The list is of whole days; the digest is of the last 24 hours, and of what is still open.
  const incidents = listed?.filter((i) => {
    const began = Date.parse(i.created ?? "");
    return began <= now.getTime() && (i.status === "open" || began > now.getTime() - DAY_MS);
  });
  const open = incidents?.filter(({ status }) => status === "open") ?? [];
  const grave = incidents?.filter(({ severity }) => severity === "critical" || severity === "high") ?? [];
  const usual = read.usual?.data as { n: number } | undefined;
  const usualPerDay = usual ? usual.n / USUAL_DAYS : null;
  const deploys = deploysOf(read.deploys, now);
  const rates = read.errors.flatMap(({ finding }) => ratesOf(finding, yesterday));
  const waiting = (read.waiting?.data as { n: number } | undefined)?.n;
  const many = incidents !== undefined && usualPerDay !== null && incidents.length > poissonLimit(usualPerDay);
  return {
    incidents,
    open,
    grave,
    usualPerDay,
    deploys,
    runs: runsOf(read.pipelines),
    waiting,
    rates,
    looked: read.errors.some(({ finding }) => finding !== undefined),
    quiet:
      incidents !== undefined && open.length === 0 && grave.length === 0 && rates.length === 0 && !many && (deploys?.failed ?? 0) === 0,
  };
}

/** Above the expected range by so much of it: less is no news, however sure. */
const WORTH_SAYING = 0.25;

/** Rates that were still too high yesterday. */
function ratesOf(finding: Finding | undefined, yesterday: string): Facts["rates"] {
  const data = finding?.data as { anomalies: (Facts["rates"][number] & { to: string; kind: string })[] } | undefined;
  return (data?.anomalies ?? []).filter(
    ({ to, kind, actual, high }) => to >= yesterday && kind !== "drop" && actual > high * (1 + WORTH_SAYING),
  );
}

/** The smallest number of events that no more than one day in a hundred exceeds, at so many a day (Poisson). */
function poissonLimit(mean: number): number {
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

function deploysOf(finding: Finding | undefined, now: Date): Facts["deploys"] {
  const data = finding?.data as
    | { deployments: { status: string | null; environment: string | null; started: string | null }[] }
    | undefined;
  const production = data?.deployments.filter(({ started, environment }) => {
    const at = Date.parse(started ?? "");
    return at <= now.getTime() && at > now.getTime() - DAY_MS && (environment === null || /^prod/i.test(environment));
  });
  return production && { n: production.length, failed: production.filter(({ status }) => status === "failure").length };
}

function runsOf(finding: Finding | undefined): Facts["runs"] {
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
    worst: worst.slice(0, SHOWN).map(({ labels, value }) => `${plainWords(labels.repository ?? "?")} ${value}`),
  };
}

function kpisOf({ incidents, open, deploys, runs, waiting }: Facts): KpisBlock {
  const bad = (is: boolean) => (is ? ("bad" as const) : ("good" as const));
  return {
    type: "kpis",
    items: [
      ...(incidents
        ? [
            {
              label: "incidents, 24 h",
              value: `${incidents.length}${open.length ? `, ${open.length} open` : ""}`,
              tone: bad(open.length > 0),
            },
          ]
        : []),
      ...(deploys
        ? [
            {
              label: "production deployments",
              value: `${deploys.n}${deploys.failed ? `, ${deploys.failed} failed` : ""}`,
              tone: bad(deploys.failed > 0),
            },
          ]
        : []),
      ...(runs && runs.all > 0
        ? [{ label: "pipeline runs that failed", value: `${runs.failed} of ${runs.all}`, tone: bad(runs.failed / runs.all > 0.2) }]
        : []),
      ...(waiting === undefined ? [] : [{ label: `pull requests over ${OLD_DAYS} days`, value: `${waiting}`, tone: bad(waiting > 0) }]),
    ],
  };
}

function summaryLines(facts: Facts, { brief }: Read): string[] {
  const { incidents, open, grave, rates, deploys, runs, usualPerDay } = facts;
  const first = [...new Set([...open, ...grave, ...(incidents ?? [])])].slice(0, SHOWN);
  const usual = usualPerDay === null ? "" : ` (${usualWords(usualPerDay)})`;
  return [
    ...(incidents
      ? [
          `- ${incidents.length === 0 ? "No incident" : `**${incidents.length} incident${incidents.length === 1 ? "" : "s"}**`}${usual}${open.length ? `, **${open.length} open**` : incidents.length ? ", none open" : ""}${first.length ? `: ${listWords(first.map(incidentWords))}` : ""}.`,
        ]
      : []),
    ...rates
      .slice(0, SHOWN)
      .map(
        (a) =>
          `- Error rate of **${plainWords(a.series)} ${formatPercent(a.actual)}** since ${a.from}, expected at most ${formatPercent(a.high)}.`,
      ),
    ...(deploys?.failed ? [`- **${deploys.failed} of ${deploys.n} production deployments failed.**`] : []),
    ...(runs?.failed ? [`- ${runs.failed} of ${runs.all} pipeline runs failed yesterday, most in ${listWords(runs.worst)}.`] : []),
    ...briefLines(brief),
  ];
}

function incidentWords({ title, severity, status }: Incident): string {
  return `“${cut(plainWords(title ?? "untitled"), 70)}”${severity || status === "open" ? ` (${[severity, status === "open" ? "open" : ""].filter(Boolean).join(", ")})` : ""}`;
}

function briefLines(finding: Finding | undefined): string[] {
  const data = finding?.data as
    | { risk: { title: string } | null; opportunity: { title: string } | null; first: string | null; confidence: string }
    | undefined;
  if (!data) return [];
  return [
    ...(data.risk ? [`- Biggest risk: ${data.risk.title}.`] : []),
    ...(data.opportunity ? [`- Biggest opportunity: ${data.opportunity.title}.`] : []),
    ...(data.first ? [`- **Do first:** ${data.first.replace(/\.$/, "")} (confidence ${data.confidence}).`] : []),
  ];
}

/** What a list of mails, or a phone's lock screen, shows of it. */
function pointOf({ quiet, incidents = [], open, grave, rates, deploys }: Facts): string {
  if (quiet) return "all within range";
  const said = [
    ...(open.length > 0 ? [`${open.length} incident${open.length === 1 ? "" : "s"} open`] : []),
    ...(rates.length > 0 ? [`more errors in ${listWords(rates.slice(0, 2).map(({ series }) => plainWords(series)))}`] : []),
    ...(deploys?.failed ? [`${deploys.failed} failed deployment${deploys.failed === 1 ? "" : "s"}`] : []),
    ...(open.length === 0 && grave.length > 0 ? [`${grave.length} serious incident${grave.length === 1 ? "" : "s"}, over by now`] : []),
  ];
  return said.length > 0 ? said.slice(0, 2).join(", ") : `${incidents.length} incident${incidents.length === 1 ? "" : "s"}`;
}

function quietLine({ incidents, usualPerDay, deploys, looked }: Facts): string {
  const n = incidents?.length ?? 0;
  const usual = usualPerDay === null ? "" : ` (${usualWords(usualPerDay)})`;
  const rates = looked ? "error rates as usual, " : "";
  return `${n === 0 ? "No incident" : `${n} incident${n === 1 ? "" : "s"}, over by now`}${usual}, ${rates}${deploymentWords(deploys)}.`;
}

/** "usually 3 a day", "usually one in 2 days", "usually none". */
function usualWords(perDay: number): string {
  if (perDay === 0) return "usually none";
  const days = Math.round(1 / perDay);
  if (days <= 1) return `usually ${Math.round(perDay) === 1 ? "one" : formatNumber(Math.round(perDay))} a day`;
  return `usually one in ${formatNumber(days)} days`;
}

function deploymentWords(deploys: Facts["deploys"]): string {
  if (!deploys) return "deployments not known";
  return deploys.n === 0 ? "no production deployment" : `${deploys.n} production deployment${deploys.n === 1 ? "" : "s"}, none failed`;
}
