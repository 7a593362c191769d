import type { Period, Receipt } from "../core/fact.ts";
import { readable } from "../core/format.ts";
import type { FeedRecord } from "../core/records.ts";
import { listWords } from "../core/text.ts";
import type { ToolContext } from "../core/tool.ts";
import { explainError } from "../errors.ts";
import type { RiskSigns } from "./production-risk-score.ts";
import { readRecords } from "./record-question.ts";

/** A service with its signs and the counts they are made of. */
export interface ServiceRisk extends RiskSigns {
  service: string;
  incidentCount: number;
  incidentsBefore: number;
  critical: number;
  openCount: number;
  deploys: number;
  errorsNow?: number;
  errorsBefore?: number;
}

export interface RiskReading {
  services: ServiceRisk[];
  /** Incidents of the period that name no service. */
  unnamed: number;
  seen: string[];
  missing: string[];
  receipts: Receipt[];
}

const SEVERITY: Readonly<Record<string, number>> = { critical: 4, high: 3, medium: 2, low: 1 };
/** Measures that count errors or their share. */
const ERRORS = /^(?:errors?|error_?(?:rate|count|ratio)|exceptions)$/i;
const SERVICE = /^services?(?:_?name)?$/i;

/** Reads what speaks of the services' state: incidents, deployments, and error measures split by service. */
export async function readRisk(
  period: Period,
  before: Period,
  severity: string | undefined,
  context: ToolContext,
  notes: string[],
): Promise<RiskReading> {
  const span = { from: before.from, to: period.to };
  const [incidents, deploys] = [
    await readRecords("incidents", { period: span }, context, notes),
    await readRecords("deploys", { period }, context, notes),
  ];
  const errors = await readErrors(period, before, context, notes);
  const found = new Map<string, ServiceRisk>();
  const of = (service: string) => {
    const known = found.get(service) ?? { service, incidentCount: 0, incidentsBefore: 0, critical: 0, openCount: 0, deploys: 0 };
    found.set(service, known);
    return known;
  };
  let unnamed = 0;
  for (const record of incidents.records.filter(({ labels }) => severity === undefined || labels.severity === severity)) {
    const { service } = record.labels;
    if (!service) unnamed += isIn(record, period) ? 1 : 0;
    else addIncident(of(service), record, period);
  }
  for (const { labels } of deploys.records) addDeploy(of, labels);
  for (const [service, { now, then }] of errors.services) {
    const risk = of(service);
    if (now !== undefined) risk.errorsNow = now;
    if (then !== undefined) risk.errorsBefore = then;
    if (now !== undefined && then !== undefined) risk.errorRise = Math.max(0, now - then);
  }
  if (incidents.sources.length > 0)
    for (const risk of found.values()) {
      risk.incidents ??= 0;
      risk.open ??= 0;
    }
  const parts = [
    { name: "incidents", there: incidents.sources.length > 0 },
    { name: "deployments", there: deploys.sources.length > 0 },
    { name: "errors by service", there: errors.services.size > 0 },
  ];
  return {
    services: [...found.values()],
    unnamed,
    seen: parts.filter((p) => p.there).map((p) => p.name),
    missing: parts.filter((p) => !p.there).map((p) => p.name),
    receipts: [...incidents.receipts, ...deploys.receipts, ...errors.receipts],
  };
}

function isIn({ at }: FeedRecord, { from, to }: Period): boolean {
  const day = at?.toISOString().slice(0, 10);
  return day !== undefined && day >= from && day <= to;
}

function addDeploy(of: (service: string) => ServiceRisk, labels: FeedRecord["labels"]): void {
  const service = labels.service ?? labels.repository;
  if (!service || (labels.environment !== undefined && !/prod|live/i.test(labels.environment))) return;
  const risk = of(service);
  risk.deploys += 1;
  risk.failedDeploys = (risk.failedDeploys ?? 0) + (labels.status === "failure" ? 1 : 0);
}

function addIncident(risk: ServiceRisk, record: FeedRecord, period: Period): void {
  const { labels } = record;
  const weight = SEVERITY[labels.severity ?? ""] ?? 1;
  if (isIn(record, period)) {
    risk.incidentCount += 1;
    risk.incidents = (risk.incidents ?? 0) + weight;
    if (labels.severity === "critical") risk.critical += 1;
  } else risk.incidentsBefore += 1;
  if (labels.status !== undefined && labels.status !== "resolved" && !record.times.resolved) {
    risk.openCount += 1;
    risk.open = (risk.open ?? 0) + weight;
  }
}

/** The first source of metrics that has errors by service: units of two are never mixed. */
async function readErrors(period: Period, before: Period, context: ToolContext, notes: string[]) {
  const services = new Map<string, { now?: number; then?: number }>();
  const receipts: Receipt[] = [];
  const able: string[] = [];
  for (const feed of context.feeds.filter((f) => f.kind === "metrics")) {
    try {
      const about = await feed.describe(context.signal, "names");
      const measure = about.measures.find(({ name }) => ERRORS.test(name));
      const by = about.dimensions.find(({ name }) => SERVICE.test(name))?.name;
      if (!measure || by === undefined) continue;
      able.push(feed.name);
      if (able.length > 1) continue;
      for (const [key, days] of [
        ["now", period],
        ["then", before],
      ] as const) {
        const answer = await feed.query({ measure: measure.name, by: [by], period: days }, context.signal);
        receipts.push(...answer.receipts);
        for (const { labels, value } of answer.facts) {
          const service = labels[by];
          if (!service || service === "(not set)" || !Number.isFinite(value)) continue;
          services.set(service, { ...services.get(service), [key]: value });
        }
      }
    } catch (error) {
      context.signal.throwIfAborted();
      notes.push(`Left out “${feed.name}”: ${explainError(error)}`);
    }
  }
  if (able.length > 1) notes.push(`${readable("errors")} are those of ${able[0]}, without ${listWords(able.slice(1))}.`);
  return { services, receipts };
}
