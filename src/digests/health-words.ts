import type { CivilDate } from "../core/fact.ts";
import { formatNumber, formatPercent } from "../core/format.ts";
import type { KpisBlock } from "../core/reply.ts";
import { cut, listWords, plainWords } from "../core/text.ts";
import type { Finding } from "../core/tool.ts";
import { deployedBefore, type ErrorRate, type HealthFacts, type Incident } from "./health-judge.ts";
import { type HealthRead, OLD_DAYS } from "./health-read.ts";
import { shortDay } from "./words.ts";

const SHOWN = 3;

/** What a list of mails, or a phone's lock screen, shows of it. */
export function pointOf({ quiet, incidents, open, grave, many, rates, deploys }: HealthFacts): string {
  if (quiet) return "all within range";
  const broken = deploys?.broken ?? [];
  const said = [
    ...(open.length > 0 ? [`${count(open.length, "incident")} open`] : []),
    ...(rates.length > 0 ? [`more errors in ${listWords(rates.slice(0, 2).map(({ series }) => plainWords(series)))}`] : []),
    ...(broken.length > 0 ? [`the last deployment of ${listWords(broken.map(plainWords), 2)} failed`] : []),
    ...(deploys?.many ? [count(deploys.failed, "failed deployment")] : []),
    ...(open.length === 0 && grave.length > 0 ? [`${count(grave.length, "serious incident")}, over by now`] : []),
    ...(open.length === 0 && grave.length === 0 && many ? [`${count(incidents?.length ?? 0, "incident")}, over by now`] : []),
  ];
  return said.slice(0, 2).join(", ") || "incidents are not known";
}

/** All of a day on which nothing was beyond what is usual. */
export function quietLine({ incidents, usualPerDay, deploys, looked }: HealthFacts): string {
  const n = incidents?.length ?? 0;
  const usual = usualPerDay === null ? "" : ` (${usualWords(usualPerDay)})`;
  const rates = looked ? "error rates as usual, " : "";
  return `${n === 0 ? "No incident" : `${count(n, "incident")}, over by now`}${usual}, ${rates}${deploymentWords(deploys)}.`;
}

export function summaryLines(facts: HealthFacts, read: HealthRead, yesterday: CivilDate): string[] {
  const { rates, deploys, runs } = facts;
  const broken = deploys?.broken.length ? ` The newest one of ${listWords(deploys.broken.map(plainWords), SHOWN)} did.` : "";
  return [
    ...incidentLine(facts, read),
    ...rates.slice(0, SHOWN).map((rate) => rateWords(rate, yesterday)),
    ...(rates.length > SHOWN ? [`${count(rates.length - SHOWN, "more service")} with too many errors; see the thread.`] : []),
    ...(deploys?.many || broken ? [`**${deploys?.failed} of ${count(deploys?.n ?? 0, "production deployment")} failed.**${broken}`] : []),
    ...(runs?.many
      ? [`${runs.failed} of ${runs.all} pipeline runs failed yesterday, most in ${listWords(runs.worst.slice(0, SHOWN))}.`]
      : []),
    ...briefLines(read.brief),
  ].map((line) => `- ${line}`);
}

function incidentLine({ incidents, open, usualPerDay }: HealthFacts, read: HealthRead): string[] {
  if (!incidents) return [];
  const usual = usualPerDay === null ? "" : ` (${usualWords(usualPerDay)})`;
  if (incidents.length === 0) return [`No incident${usual}.`];
  const told = listWords(incidents.slice(0, SHOWN).map((incident) => incidentWords(incident, read)));
  return [`**${count(incidents.length, "incident")}**${usual}, ${open.length ? `**${open.length} open**` : "none open"}: ${told}.`];
}

function incidentWords(incident: Incident, read: HealthRead): string {
  const { title, severity, status } = incident;
  const minutes = deployedBefore(incident, read);
  const marks = [
    ...(severity ? [severity] : []),
    ...(status === "open" ? ["open"] : []),
    ...(minutes === undefined ? [] : [`${minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`} after a deployment of it`]),
  ];
  return `“${cut(plainWords(title ?? "untitled"), 70)}”${marks.length ? ` (${marks.join(", ")})` : ""}`;
}

function rateWords({ series, actual, high, from }: ErrorRate, yesterday: CivilDate): string {
  const since = from >= yesterday ? "yesterday" : `since ${shortDay(from)}`;
  return `Errors of **${plainWords(series)}: ${formatPercent(actual)}** ${since}, expected at most ${formatPercent(high)}.`;
}

function briefLines(finding: Finding | undefined): string[] {
  const data = finding?.data as
    | { risk: { title: string } | null; opportunity: { title: string } | null; first: string | null; confidence: string }
    | undefined;
  if (!data) return [];
  return [
    ...(data.risk ? [`Biggest risk: ${data.risk.title}.`] : []),
    ...(data.opportunity ? [`Biggest opportunity: ${data.opportunity.title}.`] : []),
    ...(data.first ? [`**Do first:** ${data.first.replace(/\.$/, "")} (confidence ${data.confidence}).`] : []),
  ];
}

/** The row of figures; nothing for what is not known. */
export function kpisOf({ incidents, open, deploys, runs, waiting }: HealthFacts): KpisBlock {
  const item = (label: string, value: string, isBad: boolean) => ({
    label,
    value,
    tone: isBad ? ("bad" as const) : value.endsWith(" failed") ? ("neutral" as const) : ("good" as const),
  });
  const failed = deploys?.failed ? `, ${deploys.failed} failed` : "";
  return {
    type: "kpis",
    items: [
      ...(incidents ? [item("incidents, 24 h", `${incidents.length}${open.length ? `, ${open.length} open` : ""}`, open.length > 0)] : []),
      ...(deploys ? [item("production deployments", `${deploys.n}${failed}`, deploys.many || deploys.broken.length > 0)] : []),
      ...(runs && runs.all > 0 ? [item("pipeline runs that failed", `${runs.failed} of ${runs.all}`, runs.many)] : []),
      ...(waiting === undefined ? [] : [item(`pull requests over ${OLD_DAYS} days`, `${waiting}`, waiting > 0)]),
    ],
  };
}

/** "usually 3 a day", "usually one in 2 days", "usually none". */
export function usualWords(perDay: number): string {
  if (perDay === 0) return "usually none";
  const days = Math.round(1 / perDay);
  if (days <= 1) return `usually ${Math.round(perDay) === 1 ? "one" : formatNumber(Math.round(perDay))} a day`;
  return `usually one in ${formatNumber(days)} days`;
}

function deploymentWords(deploys: HealthFacts["deploys"]): string {
  if (!deploys) return "deployments not known";
  if (deploys.n === 0) return "no production deployment";
  const failed = deploys.failed === 0 ? "none failed" : `${deploys.failed} failed, put right since`;
  return `${count(deploys.n, "production deployment")}, ${failed}`;
}

function count(n: number, what: string): string {
  return `${formatNumber(n)} ${what}${n === 1 ? "" : "s"}`;
}
